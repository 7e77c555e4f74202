import type { VectorSpace } from '../knowledge/knowledge-index.ts';

/** Throws `RangeError` for a vector that is not of this space. */
export function checkLength({ dimensions }: VectorSpace, vector: Float32Array): void {
  if (vector.length === dimensions) return;
  throw new RangeError(`A vector of this space has ${dimensions} numbers, not ${vector.length}.`);
}
