import { ParleyError } from '@parley/contracts';
import type {
  ChunkVector,
  IndexedChunk,
  IndexedDocument,
  IndexHit,
  KnowledgeIndex,
  VectorIndex,
  VectorSpace,
  WordHits,
  WordIndex,
} from '@parley/rag';

/** A fake: holds what it is given in memory, and finds nothing. */
export class MemoryIndex implements KnowledgeIndex {
  readonly words = new MemoryWords();
  readonly vectors = new MemoryVectors();

  async close(): Promise<void> {}
}

class MemoryWords implements WordIndex {
  readonly held = new Map<string, { baseId: string; chunks: IndexedChunk[] }>();
  /** What it throws instead of writing. */
  error: Error | null = null;
  #position = 0;

  async replaceDocument(
    { baseId, documentId }: { baseId: string; documentId: string },
    pages: AsyncIterable<readonly IndexedChunk[]> | Iterable<readonly IndexedChunk[]>,
  ): Promise<void> {
    if (this.error) throw this.error;
    const chunks: IndexedChunk[] = [];
    for await (const page of pages) chunks.push(...page);
    if (chunks.length === 0) this.held.delete(documentId);
    else this.held.set(documentId, { baseId, chunks });
  }

  async removeBase(baseId: string): Promise<void> {
    for (const [id, document] of this.held) if (document.baseId === baseId) this.held.delete(id);
  }

  async search(): Promise<WordHits> {
    return { hits: [], terms: 0 };
  }

  async documents(baseId: string): Promise<IndexedDocument[]> {
    return [...this.held]
      .filter(([, document]) => document.baseId === baseId)
      .map(([documentId, { chunks }]) => ({ documentId, chunkIds: chunks.map(({ id }) => id) }));
  }

  async position(): Promise<number> {
    return this.#position;
  }

  async setPosition(sequence: number): Promise<void> {
    this.#position = sequence;
  }

  /** All texts of a base, sorted. */
  texts(baseId: string): string[] {
    return [...this.held.values()]
      .filter((document) => document.baseId === baseId)
      .flatMap(({ chunks }) => chunks.map(({ text }) => text))
      .toSorted();
  }
}

export class MemoryVectors implements VectorIndex {
  readonly spaces = new Map<string, Map<string, ChunkVector>>();
  /** A server that does not answer. */
  isDown = false;

  async put({ id, dimensions }: VectorSpace, vectors: readonly ChunkVector[]): Promise<void> {
    this.#check();
    const space = this.spaces.get(id) ?? new Map<string, ChunkVector>();
    this.spaces.set(id, space);
    for (const vector of vectors) {
      if (vector.vector.length !== dimensions) throw new RangeError('A vector of another length.');
      space.set(vector.chunkId, vector);
    }
  }

  async remove({ id }: VectorSpace, chunkIds: readonly string[]): Promise<void> {
    this.#check();
    for (const chunkId of chunkIds) this.spaces.get(id)?.delete(chunkId);
  }

  async removeDocument(space: VectorSpace, documentId: string): Promise<void> {
    const of = [...(this.spaces.get(space.id)?.values() ?? [])].filter((vector) => vector.documentId === documentId);
    await this.remove(
      space,
      of.map(({ chunkId }) => chunkId),
    );
  }

  async removeSpace(spaceId: string): Promise<void> {
    this.#check();
    this.spaces.delete(spaceId);
  }

  async search(): Promise<IndexHit[]> {
    return [];
  }

  async chunkIds({ id }: VectorSpace): Promise<string[]> {
    this.#check();
    return [...(this.spaces.get(id)?.keys() ?? [])];
  }

  #check(): void {
    if (this.isDown) throw new ParleyError('vector_store_failed', 'The vector store does not answer.');
  }
}
