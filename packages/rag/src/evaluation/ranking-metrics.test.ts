import { describe, expect, it } from 'vitest';
import { ndcg, recall, reciprocalRank } from './ranking-metrics.ts';

const judgements = new Map([
  ['a', 3],
  ['b', 2],
  ['c', 1],
]);

describe('ranking metrics', () => {
  it('give 1 to the ideal order', () => {
    const ideal = ['a', 'b', 'c', 'x'];
    expect([ndcg(ideal, judgements, 10), recall(ideal, judgements, 10), reciprocalRank(ideal, judgements, 10)]).toEqual(
      [1, 1, 1],
    );
  });

  it('discount by log2 of the rank plus one', () => {
    // By hand: (2/log2(2) + 3/log2(4)) / (3/log2(2) + 2/log2(3) + 1/log2(4)).
    expect(ndcg(['b', 'x', 'a'], judgements, 3)).toBeCloseTo(3.5 / (3 + 2 / Math.log2(3) + 0.5), 12);
    expect(reciprocalRank(['x', 'y', 'a'], judgements, 10)).toBeCloseTo(1 / 3, 12);
  });

  it('look no further than the cutoff', () => {
    const late = ['x', 'y', 'a'];
    expect([ndcg(late, judgements, 2), recall(late, judgements, 2), reciprocalRank(late, judgements, 2)]).toEqual([
      0, 0, 0,
    ]);
    expect(recall(late, judgements, 3)).toBeCloseTo(1 / 3, 12);
  });

  it('compare with the best that the cutoff allows', () => {
    expect(ndcg(['a'], judgements, 1)).toBe(1);
  });

  it('give 0 where nothing is relevant or nothing was found', () => {
    expect(ndcg(['a'], new Map([['a', 0]]), 10)).toBe(0);
    expect(recall(['a'], new Map(), 10)).toBe(0);
    expect(ndcg([], judgements, 10)).toBe(0);
  });
});
