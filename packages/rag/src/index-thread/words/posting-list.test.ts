import { expect, it } from 'vitest';
import { PostingReader, PostingWriter } from './posting-list.ts';
import { addOne, countOf, MOST_IN_TEXT, type FieldName } from './term-counts.ts';

const FIELDS: FieldName[] = ['text', 'title', 'heading'];

it('reads what was written, whatever the gaps and counts', () => {
  const places = [0, 1, 2, 130, 131, 20_000, 500_000_000];
  const counts = [1, 2, 127, 4_095, 1 << 12, (3 << 19) + 7, 2 ** 30];
  const writer = new PostingWriter();
  for (const [at, place] of places.entries()) writer.add(place, counts[at]!);
  const read = new PostingReader().read(writer.take());
  expect(read.count).toBe(places.length);
  expect([...read.places.subarray(0, read.count)]).toEqual(places);
  expect([...read.counts.subarray(0, read.count)]).toEqual(counts);
});

it('takes about a byte for a passage that has a common term once', () => {
  const writer = new PostingWriter();
  for (let place = 0; place < 10_000; place += 1) writer.add(place, 1);
  expect(writer.take()).toHaveLength(10_000);
  expect(writer.isEmpty).toBe(true);
});

it.each(FIELDS)('counts a term in the %s up to the most there is room for, and in no other field', (field) => {
  let counts = FIELDS.reduce((sum, name) => addOne(sum, name), 0);
  for (let time = 0; time < 10_000; time += 1) counts = addOne(counts, field);
  expect(countOf(counts, field)).toBeGreaterThan(100);
  const others = FIELDS.filter((other) => other !== field);
  expect(others.map((other) => countOf(counts, other))).toEqual([1, 1]);
  expect(counts > MOST_IN_TEXT).toBe(true);
});
