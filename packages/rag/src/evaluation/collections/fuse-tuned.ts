import { fuseLegs, type SearchLegs } from '../../retrieval/fuse-legs.ts';
import { tuneDenseWeight, type JudgedSearch } from '../../retrieval/tune-dense-weight.ts';

export interface FusedRankings {
  /** Ids, best first, in the order of the searches. */
  rankings: string[][];
  /** The share of the dense leg; the mean where halves were tuned apart. */
  denseWeight: number;
  tunedOn: 'train' | 'the other half';
}

/**
 * Fuses what was found for the test queries with a weight that was tuned on the train queries; where
 * there are none, each half of the test queries with the one that was tuned on the other half. A
 * weight that was tuned on the very queries would look better than it is.
 */
export function fuseTuned(test: readonly JudgedSearch[], train: readonly JudgedSearch[]): FusedRankings {
  if (train.length > 0) {
    const { weight } = tuneDenseWeight(train);
    return { rankings: test.map(({ legs }) => fusedRanking(legs, weight)), denseWeight: weight, tunedOn: 'train' };
  }
  const halves = [0, 1].map((half) => test.filter((_, place) => place % 2 === half));
  const weights = halves.toReversed().map((other) => tuneDenseWeight(other).weight);
  return {
    rankings: test.map(({ legs }, place) => fusedRanking(legs, weights[place % 2] ?? 0)),
    denseWeight: weights.reduce((sum, weight) => sum + weight / weights.length, 0),
    tunedOn: 'the other half',
  };
}

/** The ids of what was found, best first, the dense leg having this share. */
export function fusedRanking(legs: SearchLegs, denseWeight: number): string[] {
  return fuseLegs(legs, () => denseWeight).map(({ chunkId }) => chunkId);
}
