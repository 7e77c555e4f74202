import { toSearchTerms } from '@parley/text';
import { Bm25Index } from '../lexical/bm25-index.ts';
import type { Chunk } from '../retrieval/passage-index.ts';
import type { RetrievalPorts } from '../retrieval/retrieval-ports.ts';

/** A fake knowledge base: passages in memory, searched by words alone; each passage is its document's text. */
export class FakeKnowledge {
  readonly #chunks: readonly Chunk[];
  readonly #index: Bm25Index;

  constructor(chunks: readonly Chunk[]) {
    this.#chunks = chunks;
    this.#index = new Bm25Index(chunks);
  }

  get ports(): RetrievalPorts {
    return {
      searchWords: async (query, { limit }) => {
        const found = await this.#index.search(query, { limit });
        const hits = found.map(({ chunk, score }) => ({
          chunkId: chunk.id,
          documentId: chunk.documentId,
          baseId: chunk.baseId ?? '',
          score,
        }));
        return { hits, terms: toSearchTerms(query).length };
      },
      searchMeaning: null,
      rerank: null,
      readChunks: async (ids) => this.#chunks.filter(({ id }) => ids.includes(id)),
      readSpan: async ({ documentId, start, end }) =>
        this.#chunks.find((chunk) => chunk.documentId === documentId && chunk.start === start && chunk.end === end)
          ?.text ?? null,
    };
  }
}
