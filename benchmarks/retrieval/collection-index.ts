import type { IndexHit, KnowledgeIndex, VectorSpace } from '@parley/rag';
import type { Embedder } from './embedder.ts';
import type { Collection, CollectionDocument } from './read-collection.ts';

/** How deep each ranking goes: recall is counted to here. */
export const DEPTH = 100;
const BASE = 'collection';
/** Documents that go to the index in one go. */
const BATCH = 100;
const SCOPE = { baseIds: [BASE], documentIds: null, limit: DEPTH };

/** A collection in the index that knowledge bases are searched with; each of its documents is one passage. */
export class CollectionIndex {
  readonly #index: KnowledgeIndex;
  readonly #embedder: Embedder;
  #space: VectorSpace | null = null;

  constructor(index: KnowledgeIndex, embedder: Embedder) {
    this.#index = index;
    this.#embedder = embedder;
  }

  async addWords({ documents }: Collection): Promise<void> {
    for (const [number, batch] of toBatches(documents).entries()) {
      const chunks = batch.map(({ id, title, text }) => ({ id, title, text, headingPath: [] }));
      await this.#index.words.replaceDocument({ baseId: BASE, documentId: `batch ${number}` }, [chunks]);
    }
  }

  async addVectors({ documents }: Collection): Promise<void> {
    for (const [number, batch] of toBatches(documents).entries()) {
      const vectors = await this.#embedder.embed(batch.map(toText));
      const rows = batch.flatMap(({ id }, place) => {
        const vector = vectors[place];
        return vector ? [{ chunkId: id, documentId: `batch ${number}`, vector }] : [];
      });
      const dimensions = rows[0]?.vector.length;
      if (dimensions === undefined) continue;
      this.#space ??= { id: 'space', baseId: BASE, dimensions };
      await this.#index.vectors.put(this.#space, rows);
    }
  }

  async searchWords(query: string): Promise<IndexHit[]> {
    return (await this.#index.words.search(query, SCOPE)).hits;
  }

  async searchVectors(query: string): Promise<IndexHit[]> {
    const [vector] = await this.#embedder.embed([query]);
    return vector && this.#space ? this.#index.vectors.search(this.#space, vector, SCOPE) : [];
  }
}

/** What is embedded of a document. */
export function toText({ title, text }: CollectionDocument): string {
  return title === '' ? text : `${title}\n${text}`;
}

function toBatches(documents: readonly CollectionDocument[]): CollectionDocument[][] {
  return Array.from({ length: Math.ceil(documents.length / BATCH) }, (_, number) =>
    documents.slice(number * BATCH, (number + 1) * BATCH),
  );
}
