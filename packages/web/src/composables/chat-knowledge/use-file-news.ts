import type { BaseDocument } from '@parley/contracts';
import { useI18n } from 'vue-i18n';
import type { Ref } from 'vue';
import { useCounts } from '../knowledge/use-counts.ts';
import { useDocumentNews } from '../knowledge/use-document-news.ts';

/** What a screen reader is told while the files of a conversation are read. */
export function useFileNews(documents: Readonly<Ref<readonly BaseDocument[]>>): Readonly<Ref<string>> {
  const { t } = useI18n();
  const { count } = useCounts();

  function say(kind: 'ready' | 'failed', some: readonly BaseDocument[]): string {
    const [first] = some;
    if (first === undefined) return '';
    return some.length === 1
      ? t(`knowledge.news.${kind}`, { name: first.name })
      : count(`knowledge.news.${kind}Many`, some.length);
  }

  return useDocumentNews(documents, ({ ready, failed }) => `${say('ready', ready)} ${say('failed', failed)}`.trim());
}
