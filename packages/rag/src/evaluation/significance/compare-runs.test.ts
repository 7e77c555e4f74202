import { describe, expect, it } from 'vitest';
import { compareRuns, type RunScores } from './compare-runs.ts';
import { seededRandom } from './seeded-random.ts';

const toRun = (scores: readonly number[]): RunScores =>
  Object.fromEntries(scores.map((score, id) => [`q${id}`, score]));
const first = toRun([0.63, 0.5, 1, 0.39, 0, 0.43, 0.92, 0.31, 0.77, 0.15]);
const second = toRun([0.7, 0.5, 0.95, 0.61, 0.25, 0.4, 1, 0.52, 0.8, 0.33]);

describe('two runs over the same queries', () => {
  it('are compared as SciPy compares them', () => {
    // scipy.stats.permutation_test (samples, exact): p = 0.03515625; bootstrap (percentile, 200,000 resamples): 0.032 to 0.162.
    const { queries, difference, interval, p, better, worse } = compareRuns(first, second);
    expect([queries, better, worse]).toEqual([10, 7, 2]);
    expect(difference).toBeCloseTo(0.096, 12);
    expect(p).toBeCloseTo(0.03515625, 12);
    expect(interval[0]).toBeCloseTo(0.032, 2);
    expect(interval[1]).toBeCloseTo(0.162, 2);
  });

  it('differ the other way round when they are swapped, as probably', () => {
    const one = compareRuns(first, second);
    const other = compareRuns(second, first);
    expect([other.difference, other.p]).toEqual([-one.difference, one.p]);
    expect([other.first, other.second]).toEqual([one.second, one.first]);
  });

  it('give an exact p for few queries: three wins have 2 chances in 8', () => {
    expect(compareRuns(toRun([0, 0, 0]), toRun([0.1, 0.2, 0.3])).p).toBe(0.25);
  });

  it('are the same when nothing differs', () => {
    expect(compareRuns(first, first)).toMatchObject({ difference: 0, interval: [0, 0], p: 1 });
  });

  it('are compared on the queries that both have', () => {
    const { queries, first: mean } = compareRuns({ a: 1, b: 0, c: 1 }, { b: 0, c: 0, d: 1 });
    expect([queries, mean]).toEqual([2, 0.5]);
    expect(compareRuns({ a: 1 }, { b: 1 })).toMatchObject({ queries: 0, difference: 0, p: 1 });
  });
});

describe('many queries', () => {
  const random = seededRandom(5);
  const scores = Array.from({ length: 200 }, () => random());
  const noise = scores.map((score) => score + (random() - 0.5) / 10);
  const improved = scores.map((score) => score + random() / 10);

  it('give the same figures for the same seed', () => {
    const compare = (seed: number) => compareRuns(toRun(scores), toRun(noise), { seed, resamples: 500 });
    expect(compare(3)).toEqual(compare(3));
    expect(compare(3)).not.toEqual(compare(4));
  });

  it('tell a real difference from chance, and never say that p is 0', () => {
    expect(compareRuns(toRun(scores), toRun(noise)).p).toBeGreaterThan(0.05);
    const { p, interval } = compareRuns(toRun(scores), toRun(improved), { resamples: 999 });
    expect(p).toBe(0.001);
    expect(interval[0]).toBeGreaterThan(0.04);
    expect(interval[1]).toBeLessThan(0.06);
  });
});
