import type { ChunkVector, VectorIndex, VectorSpace } from '../knowledge/knowledge-index.ts';
import type { IndexThread } from './index-thread.ts';
import type { VectorBatch } from './vectors/vector-store.ts';

/** Vectors per message to the thread: what it stores in one go. */
const MESSAGE_VECTORS = 256;

/** The vectors, asked of the thread. */
export function createVectorIndex(thread: IndexThread): VectorIndex {
  return {
    async put(space, vectors) {
      for (const { vector } of vectors) checkLength(space, vector);
      for (let start = 0; start < vectors.length; start += MESSAGE_VECTORS) {
        const batch = toBatch(space, vectors.slice(start, start + MESSAGE_VECTORS));
        await thread.ask('putVectors', { space, batch }, [batch.values.buffer]);
      }
    },
    remove: (space, chunkIds) => thread.ask('removeVectors', { space, chunkIds }),
    removeDocument: (space, documentId) => thread.ask('removeDocumentVectors', { space, documentId }),
    removeSpace: (spaceId) => thread.ask('removeSpace', { spaceId }),
    async search(space, vector, { documentIds, limit }) {
      checkLength(space, vector);
      return thread.ask('searchVectors', { space, vector, scope: { documentIds, limit } });
    },
    chunkIds: (space) => thread.ask('vectorChunkIds', { space }),
  };
}

function checkLength({ id, dimensions }: VectorSpace, vector: Float32Array): void {
  if (vector.length === dimensions) return;
  throw new RangeError(`The space ${id} has vectors of ${dimensions} numbers, not of ${vector.length}.`);
}

function toBatch({ dimensions }: VectorSpace, vectors: readonly ChunkVector[]): VectorBatch<ArrayBuffer> {
  const values = new Float32Array(vectors.length * dimensions);
  for (const [index, { vector }] of vectors.entries()) values.set(vector, index * dimensions);
  return {
    chunkIds: vectors.map(({ chunkId }) => chunkId),
    documentIds: vectors.map(({ documentId }) => documentId),
    values,
  };
}
