import { computed, shallowRef, watch, type Ref } from 'vue';
import type { ChatFile } from './chat-file.ts';

export interface HeldQuestionOptions {
  draft: Ref<string>;
  /** The page is ready for a question: model and conversation are there. */
  canAsk: Readonly<Ref<boolean>>;
  files: Readonly<Ref<readonly ChatFile[]>>;
  /** Changes when the reader goes to another conversation. */
  visit: Readonly<Ref<number>>;
  ask: (text: string) => void;
}

/**
 * A question that was sent before all was ready for it: it stays in the box and goes by itself. A
 * file that fails meanwhile stops it, so that nobody is answered without a file they count on.
 */
export function useHeldQuestion({ draft, canAsk, files, visit, ask }: HeldQuestionOptions) {
  const isHeld = shallowRef(false);
  /** Files that failed while a question waited for them, by name. */
  const lost = shallowRef<string[]>([]);
  let failedBefore = new Set<string>();

  const namesOf = (group: ChatFile['group']) =>
    files.value.filter((file) => file.group === group).map(({ name }) => name);
  const awaited = computed(() => namesOf('working'));
  const hold = computed(() => {
    if (lost.value.length > 0) return 'lost' as const;
    if (!isHeld.value) return null;
    return awaited.value.length > 0 ? ('files' as const) : ('page' as const);
  });

  function send(text: string): void {
    const isSecondWish = lost.value.length > 0;
    lost.value = [];
    if (canAsk.value && (awaited.value.length === 0 || isSecondWish)) return go(text);
    if (!isHeld.value) failedBefore = new Set(namesOf('failed'));
    draft.value = text;
    isHeld.value = true;
  }

  function go(text: string): void {
    release();
    ask(text);
  }

  /** With the files that are ready now. */
  function sendNow(): void {
    if (canAsk.value) go(draft.value);
  }

  function release(): void {
    isHeld.value = false;
    lost.value = [];
  }

  function proceed(): void {
    if (!isHeld.value || !canAsk.value || awaited.value.length > 0) return;
    const failed = namesOf('failed').filter((name) => !failedBefore.has(name));
    isHeld.value = false;
    lost.value = failed;
    if (failed.length === 0 && draft.value.trim() !== '') ask(draft.value);
  }

  watch([canAsk, awaited], proceed);
  watch(visit, release);
  watch(draft, () => (lost.value = []));

  return { hold, awaited, lost, send, sendNow, release };
}
