import type { IndexHit, KnowledgeIndex, VectorSpace } from '../../knowledge/knowledge-index.ts';
import type { CollectionDocument } from './collection.ts';

/** Vectors of texts, in the same order; null for a text that has none. */
export type EmbedCollection = (texts: readonly string[]) => Promise<readonly (Float32Array | null)[]>;

/** How deep each ranking goes: recall is counted to here. */
export const RANKING_DEPTH = 100;
const BASE = 'collection';
/** Documents that go to the index in one go. */
const BATCH = 100;
const SCOPE = { baseIds: [BASE], documentIds: null, limit: RANKING_DEPTH };

/** A collection in the index that knowledge bases are searched with; each of its documents is one passage. */
export class CollectionIndex {
  readonly #index: KnowledgeIndex;
  readonly #embed: EmbedCollection | null;
  #space: VectorSpace | null = null;

  /** Whoever opened `index` closes it. Without `embed` there are words only. */
  constructor(index: KnowledgeIndex, embed: EmbedCollection | null) {
    this.#index = index;
    this.#embed = embed;
  }

  async addWords(documents: readonly CollectionDocument[]): Promise<void> {
    for (const { documentId, batch } of toBatches(documents)) {
      const chunks = batch.map(({ id, title, text }) => ({ id, title, text, headingPath: [] }));
      await this.#index.words.replaceDocument({ baseId: BASE, documentId }, [chunks]);
    }
  }

  /** `onProgress` hears how many documents have their vectors. */
  async addVectors(documents: readonly CollectionDocument[], onProgress?: (done: number) => void): Promise<void> {
    let done = 0;
    for (const { documentId, batch } of toBatches(documents)) {
      const vectors = (await this.#embed?.(batch.map(toEmbeddedText))) ?? [];
      const rows = batch.flatMap(({ id: chunkId }, place) => {
        const vector = vectors[place];
        return vector ? [{ chunkId, documentId, vector }] : [];
      });
      const dimensions = rows[0]?.vector.length;
      if (dimensions !== undefined) {
        this.#space ??= { id: 'space', baseId: BASE, dimensions };
        await this.#index.vectors.put(this.#space, rows);
      }
      onProgress?.((done += batch.length));
    }
  }

  async searchWords(query: string): Promise<IndexHit[]> {
    return (await this.#index.words.search(query, SCOPE)).hits;
  }

  /** Nothing where there are no vectors. */
  async searchVectors(query: string): Promise<IndexHit[]> {
    if (this.#space === null) return [];
    const [vector] = (await this.#embed?.([query])) ?? [];
    return vector ? this.#index.vectors.search(this.#space, vector, SCOPE) : [];
  }
}

/** What is embedded of a document. */
export function toEmbeddedText({ title, text }: CollectionDocument): string {
  return title === '' ? text : `${title}\n${text}`;
}

function toBatches(documents: readonly CollectionDocument[]): { documentId: string; batch: CollectionDocument[] }[] {
  return Array.from({ length: Math.ceil(documents.length / BATCH) }, (_, number) => ({
    documentId: `batch ${number}`,
    batch: documents.slice(number * BATCH, (number + 1) * BATCH),
  }));
}
