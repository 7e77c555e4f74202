import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChunkVector, VectorIndex, VectorSpace } from '../knowledge/knowledge-index.ts';
import { seededRandom } from './random-text.ts';

export interface VectorIndexUnderTest {
  open: () => Promise<VectorIndex>;
  close: () => Promise<void>;
  /** The same data after the store was killed and started again; null where that is not ours to do. */
  reopen: (() => Promise<VectorIndex>) | null;
  /** Least share of the exact nearest that must be found; 1 for an exact search. */
  recall: number;
}

const DIMENSIONS = 32;
let spaces = 0;

function newSpace(dimensions = DIMENSIONS): VectorSpace {
  spaces += 1;
  return { id: `space-${process.pid}-${Date.now()}-${spaces}`, baseId: 'base', dimensions };
}

/** Points of some clusters, as embeddings are, and not evenly spread, which no search by neighbours likes. */
function randomVectors(count: number, random = seededRandom(count)): ChunkVector[] {
  const centres = Array.from({ length: 12 }, () => Array.from({ length: DIMENSIONS }, () => random() - 0.5));
  return Array.from({ length: count }, (_, place) => {
    const centre = centres[place % centres.length]!;
    return {
      chunkId: `块-${place}`,
      documentId: `document ${place % 1000}`,
      vector: normalised(centre.map((value) => value + (random() - 0.5) * 0.5)),
    };
  });
}

export function normalised(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
}

function nearest(vectors: readonly ChunkVector[], to: Float32Array, limit: number): string[] {
  const dot = (one: Float32Array) => one.reduce((sum, value, place) => sum + value * (to[place] ?? 0), 0);
  return vectors
    .map(({ chunkId, vector }) => ({ chunkId, score: dot(vector) }))
    .toSorted((one, other) => other.score - one.score)
    .slice(0, limit)
    .map(({ chunkId }) => chunkId);
}

/** What every store of vectors must do, whatever it is made of. */
export function describeVectorIndex(store: VectorIndexUnderTest): void {
  describe('as a vector index', () => {
    const everything = { documentIds: null, limit: 10 };
    const vectors = randomVectors(5_000);
    const shared = newSpace();
    let index: VectorIndex;

    beforeAll(async () => {
      index = await store.open();
      await index.put(shared, vectors);
    }, 60_000);
    afterAll(async () => {
      await index.removeSpace(shared.id);
      await store.close();
    });

    it('finds the nearest by cosine, best first', async () => {
      let found = 0;
      for (const { vector } of vectors.slice(0, 20)) {
        const hits = await index.search(shared, vector, everything);
        const wanted = new Set(nearest(vectors, vector, 10));
        found += hits.filter(({ chunkId }) => wanted.has(chunkId)).length;
        expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).toSorted((a, b) => b - a));
        expect(hits[0]?.score).toBeCloseTo(1, 4);
      }
      expect(found / 200).toBeGreaterThanOrEqual(store.recall);
    });

    it('says which passage, of which document and base', async () => {
      const [best] = await index.search(shared, vectors[7]!.vector, everything);
      expect(best).toMatchObject({ chunkId: '块-7', documentId: 'document 7', baseId: 'base' });
    });

    it.each([2, 499, 999])('searches in %d documents alone', async (count) => {
      const documentIds = Array.from({ length: count }, (_, place) => `document ${place + 1}`);
      const inside = vectors.filter(({ documentId }) => documentIds.includes(documentId));
      const hits = await index.search(shared, vectors[0]!.vector, { documentIds, limit: 5 });
      expect(hits.every(({ documentId }) => documentIds.includes(documentId))).toBe(true);
      const wanted = new Set(nearest(inside, vectors[0]!.vector, 5));
      expect(hits.filter(({ chunkId }) => wanted.has(chunkId)).length).toBeGreaterThanOrEqual(5 * store.recall - 1);
      expect(hits).toHaveLength(5);
    });

    it('takes a filter of 10,000 documents, and one of none', async () => {
      const documentIds = Array.from({ length: 10_000 }, (_, place) => `document ${place}`);
      expect(await index.search(shared, vectors[3]!.vector, { documentIds, limit: 3 })).toHaveLength(3);
      expect(await index.search(shared, vectors[3]!.vector, { documentIds: [], limit: 3 })).toEqual([]);
    });

    it('names every passage that it holds', async () => {
      const ids = await index.chunkIds(shared);
      expect(ids.toSorted()).toEqual(vectors.map(({ chunkId }) => chunkId).toSorted());
    });

    describe.each(store.reopen === null ? [] : [store.reopen])('once it was killed', (reopen) => {
      it('holds everything', async () => {
        index = await reopen();
        expect((await index.chunkIds(shared)).length).toBe(vectors.length);
        const [best] = await index.search(shared, vectors[42]!.vector, everything);
        expect(best?.chunkId).toBe('块-42');
      }, 60_000);
    });

    describe('a small space', () => {
      let space: VectorSpace;
      const [a, b, c] = [normalised([1, 0]), normalised([1, 1]), normalised([0, 1])];
      beforeEach(async () => {
        space = newSpace(2);
        await index.put(space, [
          { chunkId: 'a', documentId: 'one', vector: a },
          { chunkId: 'b', documentId: 'one', vector: b },
          { chunkId: 'c', documentId: 'two', vector: c },
        ]);
      });
      const idsNear = async (vector: Float32Array) =>
        (await index.search(space, vector, everything)).map(({ chunkId }) => chunkId);

      it('replaces the vector of a passage that it holds', async () => {
        await index.put(space, [{ chunkId: 'a', documentId: 'one', vector: c }]);
        expect((await idsNear(a))[0]).toBe('b');
        expect((await index.chunkIds(space)).length).toBe(3);
      });

      it('removes passages, documents, and what is not there', async () => {
        await index.remove(space, ['a', 'nobody']);
        expect(await idsNear(a)).toEqual(['b', 'c']);
        await index.removeDocument(space, 'one');
        await index.removeDocument(space, 'nobody');
        expect(await idsNear(a)).toEqual(['c']);
      });

      it('refuses a vector of another length, and keeps what it has', async () => {
        const wrong = { chunkId: 'd', documentId: 'two', vector: normalised([1, 1, 1]) };
        await expect(index.put(space, [wrong])).rejects.toThrow(RangeError);
        await expect(index.search(space, wrong.vector, everything)).rejects.toThrow(RangeError);
        expect((await index.chunkIds(space)).length).toBe(3);
      });

      it('is empty once it is removed, and can be filled again', async () => {
        await index.removeSpace(space.id);
        expect(await idsNear(a)).toEqual([]);
        await index.put(space, [{ chunkId: 'z', documentId: 'one', vector: a }]);
        expect(await idsNear(a)).toEqual(['z']);
      });

      it('finds nothing where nothing was ever put, and no more than asked for', async () => {
        expect(await index.search(newSpace(2), a, everything)).toEqual([]);
        expect(await index.search(space, a, { documentIds: null, limit: 1 })).toHaveLength(1);
        expect(await index.search(space, a, { documentIds: null, limit: 0 })).toEqual([]);
      });
    });
  });
}
