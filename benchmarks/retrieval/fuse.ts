import { fuseLegs, tuneDenseWeight, type Judgements, type SearchLegs } from '@parley/rag';

/** What both searches found for a judged query. */
export interface JudgedSearch {
  legs: SearchLegs;
  judgements: Judgements;
}

export interface FusedRankings {
  /** Ids, best first, in the order of the searches. */
  rankings: string[][];
  /** The share of the dense leg; the mean where halves were tuned apart. */
  denseWeight: number;
  tunedOn: 'train' | 'the other half';
}

/**
 * Fuses what was found for the test queries with a weight that was tuned on the train queries; where
 * there are none, each half of the test queries with the one that was tuned on the other half.
 */
export function fuseTuned(test: readonly JudgedSearch[], train: readonly JudgedSearch[]): FusedRankings {
  if (train.length > 0) {
    const { weight } = tuneDenseWeight(train);
    return { rankings: test.map(({ legs }) => rank(legs, weight)), denseWeight: weight, tunedOn: 'train' };
  }
  const halves = [0, 1].map((half) => test.filter((_, place) => place % 2 === half));
  const weights = halves.toReversed().map((other) => tuneDenseWeight(other).weight);
  return {
    rankings: test.map(({ legs }, place) => rank(legs, weights[place % 2] ?? 0)),
    denseWeight: weights.reduce((sum, weight) => sum + weight / weights.length, 0),
    tunedOn: 'the other half',
  };
}

function rank(legs: SearchLegs, weight: number): string[] {
  return fuseLegs(legs, () => weight).map(({ chunkId }) => chunkId);
}
