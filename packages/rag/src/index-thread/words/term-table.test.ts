import { expect, it } from 'vitest';
import { PostingReader, PostingWriter } from './posting-list.ts';
import { countOf } from './term-counts.ts';
import { TermTable } from './term-table.ts';

const all = () => true;

function read(table: TermTable, term: string, isKept: (place: number) => boolean = all) {
  const data = table.encode(term, new PostingWriter(), isKept);
  if (!data) return null;
  const { count, places, counts } = new PostingReader().read(data);
  return { places: [...places.subarray(0, count)], counts: [...counts.subarray(0, count)] };
}

it('has every passage of every term once, however many there are', () => {
  const table = new TermTable();
  const terms = Array.from({ length: 3_000 }, (_, number) => `term${number}`);
  const expected = new Map<string, number[]>(terms.map((term) => [term, []]));
  for (let place = 0; place < 2_000; place += 1) {
    for (let step = 0; step < 20; step += 1) {
      const term = terms[(place * 7 + step * step * 31) % terms.length]!;
      table.count(term, place, 'text');
      const places = expected.get(term)!;
      if (places.at(-1) !== place) places.push(place);
    }
  }
  for (const [term, places] of expected) expect(read(table, term)?.places ?? []).toEqual(places);
  expect(table.postings).toBe([...expected.values()].flat().length);
  expect(table.postings).toBeGreaterThan(2 ** 15);
  expect(table.terms().toSorted()).toEqual(
    [...expected].flatMap(([term, at]) => (at[0] === undefined ? [] : term)).toSorted(),
  );
});

it('counts per field', () => {
  const table = new TermTable();
  for (const field of ['text', 'text', 'heading', 'title', 'text'] as const) table.count('apple', 3, field);
  table.count('apple', 4, 'heading');
  const [first, second] = read(table, 'apple')!.counts;
  expect((['text', 'title', 'heading'] as const).map((field) => countOf(first!, field))).toEqual([3, 1, 1]);
  expect((['text', 'title', 'heading'] as const).map((field) => countOf(second!, field))).toEqual([0, 0, 1]);
});

it('leaves out what is not kept, and knows no term of which nothing is left', () => {
  const table = new TermTable();
  for (const place of [0, 2, 5]) table.count('a-term-of-more-letters', place, 'text');
  expect(read(table, 'a-term-of-more-letters', (place) => place !== 2)?.places).toEqual([0, 5]);
  expect(read(table, 'a-term-of-more-letters', () => false)).toBeNull();
  expect(read(table, 'another')).toBeNull();
});
