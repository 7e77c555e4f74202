import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { splitSentences } from '@parley/text';
import type { ShownMessage } from '../conversation/message-tree.ts';
import { toPlainText } from '../markdown/plain-text.ts';

/** Sentences are collected this long before they are said, so that a screen reader is not cut off by each. */
const PAUSE_MS = 1500;

export interface Announcements {
  answering(): string;
  ended(answer: ShownMessage): string;
}

/** What the polite live region says while an answer is written: whole sentences, then how it ended. */
export function useAnnouncer(answer: Readonly<Ref<ShownMessage | null>>, words: Announcements): Readonly<Ref<string>> {
  const spoken = ref('');
  let key: string | null = null;
  let said = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;

  function say(): void {
    timer = null;
    const current = answer.value;
    if (current === null || current.key !== key) return;
    const rest = current.content.slice(said);
    const finished = splitSentences(rest).slice(0, -1).at(-1);
    if (finished === undefined) return;
    spoken.value = toPlainText(rest.slice(0, finished.end));
    said += finished.end;
  }

  function cancel(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }

  watch(answer, (current) => {
    if (current === null) return;
    if (current.status === 'streaming') {
      if (current.key !== key) [key, said, spoken.value] = [current.key, current.content.length, words.answering()];
      timer ??= setTimeout(say, PAUSE_MS);
    } else if (current.key === key) {
      cancel();
      spoken.value = `${toPlainText(current.content.slice(said))} ${words.ended(current)}`.trim();
      key = null;
    }
  });
  onScopeDispose(cancel);

  return spoken;
}
