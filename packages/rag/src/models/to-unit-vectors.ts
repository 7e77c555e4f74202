import { ParleyError } from '@parley/contracts';

/**
 * What a model answered for `count` texts, each brought to length 1. Throws `embedding_failed` when
 * it is no vector for each of them, in finite numbers, not all of them zero, all of one length: what
 * is stored in its place would be found for nothing, or for everything, and nobody would know why.
 */
export function toUnitVectors(vectors: readonly ArrayLike<number>[], count: number): Float32Array[] {
  if (vectors.length !== count) throw failed(`answered ${vectors.length} vectors for ${count} texts`);
  const isOneLength = vectors.every(({ length }) => length === vectors[0]?.length);
  if (!isOneLength) throw failed('answered vectors of different lengths');
  return vectors.map(toUnitVector);
}

function toUnitVector(values: ArrayLike<number>): Float32Array {
  const vector = Float64Array.from(values);
  const length = Math.hypot(...vector);
  if (!Number.isFinite(length) || length === 0) throw failed('answered a vector without a direction');
  return Float32Array.from(vector, (value) => value / length);
}

function failed(what: string): ParleyError {
  return new ParleyError('embedding_failed', `The embedding model ${what}.`);
}
