import { expect, it } from 'vitest';
import { makeChunk } from '../testing/make-chunk.ts';
import { fuseRanks } from './fuse-ranks.ts';

const list = (...ids: string[]) => ids.map((id, place) => ({ chunk: makeChunk(id, id), score: 9 - place }));
const idsOf = (found: ReturnType<typeof fuseRanks>) => found.map(({ chunk }) => chunk.id);

it('leaves a single list as it is', () => {
  expect(fuseRanks([list('a', 'b')])).toEqual(list('a', 'b'));
  expect(fuseRanks([])).toEqual([]);
});

it('puts what several searches found first, then takes from each in turn', () => {
  expect(idsOf(fuseRanks([list('a', 'b', 'c'), list('d', 'c', 'e')]))).toEqual(['c', 'a', 'd', 'b', 'e']);
});
