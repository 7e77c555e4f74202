import { expect, it } from 'vitest';
import { FAN_IN, planMerge } from './plan-merge.ts';

const segments = (...live: number[]) => live.map((count, number) => ({ number, live: count, count }));
const numbersOf = (...live: number[]) => planMerge(segments(...live), 10)?.map(({ number }) => number) ?? null;
const FRESH = Array<number>(FAN_IN).fill(10);

it('merges so many neighbours of about one size', () => {
  expect(numbersOf(...FRESH)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(numbersOf(...FRESH.slice(1))).toBeNull();
});

it('leaves what was merged out until there is as much of it', () => {
  expect(numbersOf(60, ...FRESH.slice(1))).toBeNull();
  expect(numbersOf(60, ...FRESH)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(numbersOf(60, 60, 10, 60, 60, 60, 10)).toBeNull();
  expect(numbersOf(...Array<number>(FAN_IN).fill(60))).toEqual([0, 1, 2, 3, 4, 5]);
  expect(numbersOf(60, 60, 10, 60, 60, 10, 60, 60, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

it('leaves very large ones as they are', () => {
  expect(numbersOf(...Array<number>(FAN_IN * 2).fill(300_000))).toBeNull();
});

it('writes a segment anew of which almost a third is dead', () => {
  expect(planMerge([{ number: 1, live: 71, count: 100 }], 10)).toBeNull();
  expect(planMerge([{ number: 1, live: 69, count: 100 }], 10)).toHaveLength(1);
});
