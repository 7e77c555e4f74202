import { toSearchTerms } from '@parley/text';
import { Bm25Index } from '../../lexical/bm25-index.ts';
import type { Chunk } from '../../retrieval/passage-index.ts';
import type { RetrievalPorts } from '../../retrieval/retrieval-ports.ts';

/** Searches the words of a few passages, which are counted now and kept in memory. */
export function searchInMemory(chunks: readonly Chunk[], baseId: string): RetrievalPorts['searchWords'] {
  const index = new Bm25Index(chunks);
  return async (query, { limit }) => {
    const found = await index.search(query, { limit });
    const hits = found.map(({ chunk, score }) => ({ chunkId: chunk.id, documentId: chunk.documentId, baseId, score }));
    return { hits, terms: toSearchTerms(query).length };
  };
}
