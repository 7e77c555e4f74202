import { onBeforeUnmount, onWatcherCleanup, shallowRef, watch } from 'vue';
import type { Source } from '@parley/contracts';

const WIDTH = 340;
const GAP = 8;
/** A card with its quote cut to seven lines is no higher. */
const HIGHEST = 250;
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
    if (next === null || found === undefined || isUnmeant(event)) return;
    if (next === chip) return keep();
    hide();
    chip = next;
    chip.setAttribute('aria-describedby', id);
    place.value = placeNear(chip.getBoundingClientRect());
    source.value = found;
  }

  function hide(): void {
    clearTimeout(timer);
    chip?.removeAttribute('aria-describedby');
    chip = null;
    source.value = null;
  }

  const keep = () => clearTimeout(timer);
  function leave(): void {
    keep();
    timer = setTimeout(hide, LEAVE_MS);
  }

  watch(root, (element) => element && listen(element, { show, leave }), { immediate: true });
  watch(source, (shown) => shown && dismissOutside(hide));
  onBeforeUnmount(hide);

  return { source, place, keep, leave };
}

/**
 * A chip can come under a pointer that rests, when the page moves; and the focus comes back to it
 * when its panel closes, whose reader has just read more than the card says.
 */
function isUnmeant(event: Event): boolean {
  if (event instanceof PointerEvent) return event.movementX === 0 && event.movementY === 0;
  if (!(event instanceof FocusEvent)) return false;
  return !(event.relatedTarget instanceof Element) || event.relatedTarget.closest('[role="dialog"]') !== null;
}

/** Until the watcher that calls it runs again. */
function listen(element: HTMLElement, on: { show: (event: Event) => void; leave: () => void }): void {
  const leaving = new AbortController();
  const { signal } = leaving;
  for (const name of ['pointermove', 'focusin']) element.addEventListener(name, on.show, { signal });
  for (const name of ['pointerout', 'focusout']) element.addEventListener(name, on.leave, { signal });
  onWatcherCleanup(() => leaving.abort());
}

/** Escape, a click and any scrolling close the card; it stands at a place of the window, not of the text. */
function dismissOutside(hide: () => void): void {
  const leaving = new AbortController();
  const { signal } = leaving;
  addEventListener('keydown', (event) => event.key === 'Escape' && hide(), { signal });
  addEventListener('scroll', hide, { signal, capture: true });
  addEventListener('click', hide, { signal });
  onWatcherCleanup(() => leaving.abort());
}

/** Above the chip, where it covers what has been read already; below it where there is more room. */
function placeNear(chip: DOMRect): Record<string, string> {
  const width = Math.min(WIDTH, window.innerWidth - 2 * GAP);
  const left = Math.max(GAP, Math.min(chip.left + chip.width / 2 - width / 2, window.innerWidth - width - GAP));
  const isBelow = chip.top < HIGHEST && chip.top < window.innerHeight - chip.bottom;
  const edge = isBelow ? { top: `${chip.bottom + GAP}px` } : { bottom: `${window.innerHeight - chip.top + GAP}px` };
  return { left: `${left}px`, width: `${width}px`, ...edge };
}
