import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChunkVector, KnowledgeIndex, VectorSpace } from '../knowledge/knowledge-index.ts';
import { TemporaryIndex } from '../testing/temporary-index.ts';

const space: VectorSpace = { id: 's', baseId: 'b', dimensions: 3 };
const EAST = [1, 0, 0];
const NORTH = [0, 1, 0];
const WEST = [-1, 0, 0];
const NORTH_EAST = [0.6, 0.8, 0];

let home: TemporaryIndex;
let index: KnowledgeIndex;

beforeEach(async () => {
  home = new TemporaryIndex();
  index = await home.open();
});

afterEach(() => home.remove());

const toVector = (chunkId: string, numbers: readonly number[], documentId = 'd'): ChunkVector => ({
  chunkId,
  documentId,
  vector: Float32Array.from(numbers),
});

async function find(numbers: readonly number[], documentIds: string[] | null = null): Promise<string[]> {
  const hits = await index.vectors.search(space, Float32Array.from(numbers), { documentIds, limit: 10 });
  return hits.map(({ chunkId }) => chunkId);
}

const putFour = () =>
  index.vectors.put(space, [
    toVector('west', WEST),
    toVector('north', NORTH, 'up'),
    toVector('east', EAST),
    toVector('both', NORTH_EAST, 'up'),
  ]);

describe('searching vectors', () => {
  it('answers the nearest first, with the cosine, also what points away', async () => {
    await putFour();
    const hits = await index.vectors.search(space, Float32Array.from(EAST), { documentIds: null, limit: 10 });
    expect(hits.map(({ chunkId }) => chunkId)).toEqual(['east', 'both', 'north', 'west']);
    expect(hits[1]).toEqual({ chunkId: 'both', documentId: 'up', baseId: 'b', score: expect.closeTo(0.6, 6) });
    expect(hits[3]!.score).toBe(-1);
  });

  it('answers no more than asked for', async () => {
    await putFour();
    const hits = await index.vectors.search(space, Float32Array.from(EAST), { documentIds: null, limit: 1 });
    expect(hits).toHaveLength(1);
  });

  it('searches only in the documents that are named, 10,000 of them', async () => {
    await putFour();
    const named = Array.from({ length: 10_000 }, (_, number) => `other${number}`);
    expect(await find(EAST, [...named, 'up'])).toEqual(['both', 'north']);
    expect(await find(EAST, [])).toEqual([]);
  });

  it('finds nothing in a space that it does not know', async () => {
    expect(await find(EAST)).toEqual([]);
  });

  it('agrees with a comparison one by one, in memory and from the file', async () => {
    const wide: VectorSpace = { id: 'wide', baseId: 'b', dimensions: 10 };
    const makeUnit = (seed: number) => {
      const numbers = Array.from({ length: 10 }, (_, place) => Math.sin(seed * 13.7 + place * 7.3));
      const length = Math.hypot(...numbers);
      return numbers.map((number) => number / length);
    };
    const vectors = Array.from({ length: 9_000 }, (_, number) => toVector(`c${number}`, makeUnit(number)));
    await index.vectors.put(wide, vectors);
    const query = Float32Array.from(makeUnit(0.5));
    const cosine = ({ vector }: ChunkVector) => vector.reduce((sum, value, place) => sum + value * query[place]!, 0);
    const best = vectors.toSorted((one, other) => cosine(other) - cosine(one)).slice(0, 20);
    const search = () => index.vectors.search(wide, query, { documentIds: null, limit: 20 });
    const inMemory = await search();
    await index.close();
    index = await home.open({ vectorMemoryBytes: 1_000 });
    expect(inMemory.map(({ chunkId }) => chunkId)).toEqual(best.map(({ chunkId }) => chunkId));
    expect(await search()).toEqual(inMemory);
  });
});

describe('changing vectors', () => {
  it.each(['before', 'after'])('replaces and removes %s the space was searched', async (when) => {
    await putFour();
    if (when === 'after') await find(EAST);
    await index.vectors.put(space, [toVector('west', EAST), toVector('new', NORTH)]);
    await index.vectors.remove(space, ['east', 'unknown']);
    await index.vectors.removeDocument(space, 'up');
    expect(await find(EAST)).toEqual(['west', 'new']);
    expect((await index.vectors.chunkIds(space)).toSorted()).toEqual(['new', 'west']);
    await index.vectors.put(space, [toVector('again', EAST, 'up')]);
    expect(await find(EAST, ['up'])).toEqual(['again']);
  });

  it('removes a document of thousands of vectors', async () => {
    await index.vectors.put(
      space,
      Array.from({ length: 2_000 }, (_, number) => toVector(`c${number}`, EAST)),
    );
    await putFour();
    await find(EAST);
    await index.vectors.removeDocument(space, 'd');
    expect(await find(NORTH)).toEqual(['north', 'both']);
  });

  it('removes a space, and takes another of the same name with another length', async () => {
    await putFour();
    await index.vectors.removeSpace('s');
    await index.vectors.removeSpace('unknown');
    expect(await find(EAST)).toEqual([]);
    const wider = { ...space, dimensions: 4 };
    await index.vectors.put(wider, [toVector('c', [0, 0, 0, 1])]);
    expect(await index.vectors.chunkIds(wider)).toEqual(['c']);
  });

  it('refuses a vector of another length, and stores nothing of its batch', async () => {
    await putFour();
    const put = index.vectors.put(space, [toVector('good', EAST), toVector('long', [0, 0, 0, 1])]);
    await expect(put).rejects.toThrow(RangeError);
    await expect(find([1, 0])).rejects.toThrow('The space s has vectors of 3 numbers, not of 2.');
    const wider = { ...space, dimensions: 4 };
    await expect(index.vectors.put(wider, [toVector('c', [0, 0, 0, 1])])).rejects.toThrow(RangeError);
    expect(await index.vectors.chunkIds(space)).toHaveLength(4);
  });

  it('keeps spaces apart and has them after reopening', async () => {
    const other = { ...space, id: 'other' };
    await putFour();
    await index.vectors.put(other, [toVector('elsewhere', EAST)]);
    await index.close();
    index = await home.open();
    expect(await find(EAST)).toEqual(['east', 'both', 'north', 'west']);
    expect(await index.vectors.chunkIds(other)).toEqual(['elsewhere']);
  });
});
