import { seededRandom, shuffled } from '../random.ts';

/** Dimensions that hold what a token means; those behind them are for the mechanics. */
export const MEANING = 96;

/** Directions of +1 and -1 with the mean 0, of which two are almost at right angles. */
export function directionSource(seed: number): () => number[] {
  const random = seededRandom(seed);
  const balanced = Array.from({ length: MEANING }, (_, index) => (index % 2 === 0 ? 1 : -1));
  return () => shuffled(balanced, random);
}
