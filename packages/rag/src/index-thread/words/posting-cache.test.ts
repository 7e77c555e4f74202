import { expect, it } from 'vitest';
import { PostingCache } from './posting-cache.ts';

const COUNT = 1_000;
let reads = 0;
/** The same lists every time, as a reader has them. */
const lists = { count: COUNT, places: new Int32Array(2_000), counts: new Int32Array(2_000) };

const read =
  (value: number, count = COUNT) =>
  () => {
    reads += 1;
    lists.places.fill(value);
    return { ...lists, count };
  };

it('keeps a copy of what is long, and lets go of what was used longest ago', () => {
  const cache = new PostingCache(20_000);
  reads = 0;
  cache.get(1, 'a', read(1));
  cache.get(2, 'a', read(2));
  expect(cache.get(1, 'a', read(9))?.places[999]).toBe(1);
  expect(reads).toBe(2);
  cache.get(3, 'b', read(3));
  cache.get(1, 'a', read(9));
  expect(reads).toBe(3);
  expect(cache.get(2, 'a', read(4))?.places[0]).toBe(4);
});

it('reads again what is short, and what is not there', () => {
  const cache = new PostingCache(20_000);
  reads = 0;
  cache.get(1, 'a', read(1, 10));
  expect(cache.get(1, 'a', read(2, 10))?.places[0]).toBe(2);
  expect(reads).toBe(2);
  expect(cache.get(1, 'b', () => null)).toBeNull();
});
