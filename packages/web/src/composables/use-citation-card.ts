import { onBeforeUnmount, shallowRef, watch } from 'vue';
import type { Source } from '@parley/contracts';

const WIDTH = 340;
const GAP = 8;
/** Long enough to move the pointer from the chip onto the card. */
const LEAVE_MS = 180;

export interface CitationCardOptions {
  root: () => HTMLElement | null;
  sources: () => readonly Source[];
  id: string;
}

/** Which source's card is shown, and where: that of the chip under the pointer or the focus. */
export function useCitationCard({ root, sources, id }: CitationCardOptions) {
  const source = shallowRef<Source | null>(null);
  const place = shallowRef<Record<string, string>>({});
  let chip: HTMLElement | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function show(event: Event): void {
    const next = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-citation]') : null;
    const found = sources().find(({ index }) => String(index) === next?.dataset['citation']);
    if (next === null || found === undefined) return;
    keep();
    chip?.removeAttribute('aria-describedby');
    chip = next;
    chip.setAttribute('aria-describedby', id);
    place.value = placeNear(chip.getBoundingClientRect());
    source.value = found;
  }

  function hide(): void {
    chip?.removeAttribute('aria-describedby');
    chip = null;
    source.value = null;
  }

  function keep(): void {
    clearTimeout(timer);
  }

  function leave(): void {
    keep();
    timer = setTimeout(hide, LEAVE_MS);
  }

  const onKeydown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') hide();
  };

  watch(
    root,
    (element, before) => {
      for (const name of ['pointerover', 'focusin']) {
        before?.removeEventListener(name, show);
        element?.addEventListener(name, show);
      }
      for (const name of ['pointerout', 'focusout']) {
        before?.removeEventListener(name, leave);
        element?.addEventListener(name, leave);
      }
    },
    { immediate: true },
  );
  watch(source, (shown) => {
    const change = shown ? addEventListener : removeEventListener;
    change('keydown', onKeydown);
    change('scroll', hide, true);
    change('click', hide);
  });
  onBeforeUnmount(() => {
    keep();
    hide();
    removeEventListener('keydown', onKeydown);
    removeEventListener('scroll', hide, true);
    removeEventListener('click', hide);
  });

  return { source, place, keep, leave };
}

/** Below the chip, or above it where there is more room; always inside the window. */
function placeNear(chip: DOMRect): Record<string, string> {
  const width = Math.min(WIDTH, window.innerWidth - 2 * GAP);
  const left = Math.max(GAP, Math.min(chip.left + chip.width / 2 - width / 2, window.innerWidth - width - GAP));
  const isBelow = window.innerHeight - chip.bottom > 260 || chip.top < window.innerHeight - chip.bottom;
  const edge = isBelow ? { top: `${chip.bottom + GAP}px` } : { bottom: `${window.innerHeight - chip.top + GAP}px` };
  return { left: `${left}px`, width: `${width}px`, ...edge };
}
