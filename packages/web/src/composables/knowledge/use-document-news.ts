import type { BaseDocument } from '@parley/contracts';
import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { isFailed, isWorking } from './document-groups.ts';

export interface DocumentNews {
  ready: BaseDocument[];
  failed: BaseDocument[];
}

/** News are collected this long before they are said, so that a screen reader is not cut off by each file. */
const PAUSE_MS = 2000;

/** What the polite live region says while documents are worked on: those that came to their end. */
export function useDocumentNews(
  documents: Readonly<Ref<readonly BaseDocument[]>>,
  toWords: (news: DocumentNews) => string,
): Readonly<Ref<string>> {
  const spoken = ref('');
  let news: DocumentNews = { ready: [], failed: [] };
  let timer: ReturnType<typeof setTimeout> | undefined;

  function say(): void {
    timer = undefined;
    spoken.value = toWords(news);
    news = { ready: [], failed: [] };
  }

  watch(documents, (now, before) => {
    const working = new Set(before.filter(isWorking).map(({ id }) => id));
    if (working.size === 0) return;
    const ended = now.filter((document) => working.has(document.id) && !isWorking(document));
    if (ended.length === 0) return;
    for (const document of ended) news[isFailed(document) ? 'failed' : 'ready'].push(document);
    timer ??= setTimeout(say, PAUSE_MS);
  });
  onScopeDispose(() => clearTimeout(timer));

  return spoken;
}
