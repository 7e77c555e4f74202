import { expect, it } from 'vitest';
import { pickBest } from './pick-best.ts';

it('answers the highest first and of equals the earlier one', () => {
  expect(pickBest(Float64Array.of(1, 3, 2, 3, 0, 2), { limit: 4 })).toEqual([1, 3, 2, 5]);
});

it('leaves out what is not above, and what is no number', () => {
  const scores = Float64Array.of(-1, 0, Number.NaN, -Infinity, 2);
  expect(pickBest(scores, { limit: 9 })).toEqual([4]);
  expect(pickBest(scores, { limit: 9, above: -Infinity })).toEqual([4, 1, 0]);
});

it('looks at the first ones only when it is told so, and at none for a limit of 0', () => {
  expect(pickBest(Float64Array.of(1, 2, 3), { limit: 9, length: 2 })).toEqual([1, 0]);
  expect(pickBest(Float64Array.of(1, 2, 3), { limit: 0 })).toEqual([]);
});
