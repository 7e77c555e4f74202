import { ParleyError } from '@parley/contracts';

/** How far from 1 the length of a normalised vector may be. */
const TOLERANCE = 0.01;

/** A vector as a row keeps it: Float32, little-endian. Throws `embedding_failed` for one that no model gives. */
export function toBytes(vector: Float32Array): Uint8Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  // Also what is not a number fails here; a zero vector would be near to nothing, silently.
  if (!(Math.abs(Math.sqrt(sum) - 1) <= TOLERANCE)) {
    throw new ParleyError('embedding_failed', 'The embedding model answered a vector that cannot be used.');
  }
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** A vector from its row. Copied: the bytes of a row need not begin where a number may. */
export function fromBytes(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}
