import type { ChunkVector, IndexHit, SearchScope, VectorIndex, VectorSpace } from '../knowledge/knowledge-index.ts';
import { checkLength } from './check-length.ts';

/** Vectors in this process's memory, searched one by one: exact, for some thousands, gone with the process. */
export function createMemoryVectorIndex(): VectorIndex {
  return new MemoryVectorIndex();
}

class MemoryVectorIndex implements VectorIndex {
  readonly #spaces = new Map<string, Map<string, ChunkVector>>();

  async put(space: VectorSpace, vectors: readonly ChunkVector[]): Promise<void> {
    for (const { vector } of vectors) checkLength(space, vector);
    const held = this.#spaces.get(space.id) ?? new Map<string, ChunkVector>();
    for (const one of vectors) held.set(one.chunkId, one);
    this.#spaces.set(space.id, held);
  }

  async remove({ id }: VectorSpace, chunkIds: readonly string[]): Promise<void> {
    for (const chunkId of chunkIds) this.#spaces.get(id)?.delete(chunkId);
  }

  async removeDocument(space: VectorSpace, documentId: string): Promise<void> {
    const gone = this.#held(space).filter((one) => one.documentId === documentId);
    await this.remove(
      space,
      gone.map(({ chunkId }) => chunkId),
    );
  }

  async removeSpace(spaceId: string): Promise<void> {
    this.#spaces.delete(spaceId);
  }

  async search(
    space: VectorSpace,
    vector: Float32Array,
    { documentIds, limit }: Pick<SearchScope, 'documentIds' | 'limit'>,
  ): Promise<IndexHit[]> {
    checkLength(space, vector);
    const wanted = documentIds && new Set(documentIds);
    return this.#held(space)
      .filter(({ documentId }) => !wanted || wanted.has(documentId))
      .map(({ chunkId, documentId, vector: held }) => ({
        chunkId,
        documentId,
        baseId: space.baseId,
        score: cosine(held, vector),
      }))
      .toSorted((one, other) => other.score - one.score)
      .slice(0, limit);
  }

  async chunkIds(space: VectorSpace): Promise<string[]> {
    return this.#held(space).map(({ chunkId }) => chunkId);
  }

  #held({ id }: VectorSpace): ChunkVector[] {
    return [...(this.#spaces.get(id)?.values() ?? [])];
  }
}

/** Of two vectors of length 1. */
function cosine(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let place = 0; place < one.length; place += 1) sum += (one[place] ?? 0) * (other[place] ?? 0);
  return sum;
}
