import type { BaseDocument } from '@parley/contracts';
import { computed, ref, watch, type Ref } from 'vue';
import { countGroups, isIn, type DocumentGroup } from './document-groups.ts';

/** Rows on one page of the table. */
const PAGE_SIZE = 50;

/** Which of the documents the table shows: by name, by group, and page by page. */
export function useDocumentFilter(documents: Readonly<Ref<readonly BaseDocument[]>>) {
  const search = ref('');
  const group = ref<DocumentGroup>('all');
  const page = ref(1);

  const named = computed(() => {
    const wanted = search.value.trim().toLowerCase();
    return wanted === '' ? documents.value : documents.value.filter((document) => hasName(document, wanted));
  });
  const counts = computed(() => countGroups(named.value));
  const found = computed(() => named.value.filter((document) => isIn(group.value, document)));
  const pages = computed(() => Math.max(1, Math.ceil(found.value.length / PAGE_SIZE)));
  const shown = computed(() => found.value.slice((page.value - 1) * PAGE_SIZE, page.value * PAGE_SIZE));

  watch([search, group], () => (page.value = 1));
  watch(pages, (count) => (page.value = Math.min(page.value, count)));

  return { search, group, page, pages, counts, found, shown };
}

function hasName({ name, title }: BaseDocument, wanted: string): boolean {
  return name.toLowerCase().includes(wanted) || title.toLowerCase().includes(wanted);
}
