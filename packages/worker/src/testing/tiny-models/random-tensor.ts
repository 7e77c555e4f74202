import { toHalf } from './gguf/half-float.ts';
import { Q8_BLOCK, byteLength } from './gguf/tensor-types.ts';
import { seededIntegers } from './random.ts';

/** A tensor of evenly distributed weights. */
export interface RandomTensor {
  readonly type: 'f16' | 'q8_0';
  readonly dimensions: readonly [columns: number, rows: number];
  /** Standard deviation of its weights. */
  readonly deviation: number;
  readonly seed: number;
  /** So many rows at its begin are zero. */
  readonly zeroRows?: number;
}

/** The standard deviation of a signed random byte. */
const BYTE_DEVIATION = 256 / Math.sqrt(12);

/** The stored form of a random tensor, made without its numbers: a random byte is a weight. */
export function randomBytes(tensor: RandomTensor): Buffer {
  const { type, dimensions, zeroRows = 0 } = tensor;
  const [columns, rows] = dimensions;
  const bytes = type === 'f16' ? randomHalves(tensor, columns * rows) : randomBlocks(tensor, columns * rows);
  return bytes.fill(0, 0, byteLength(type, columns * zeroRows));
}

function randomHalves({ deviation, seed }: RandomTensor, count: number): Buffer {
  const unit = deviation / BYTE_DEVIATION;
  const halves = Uint16Array.from({ length: 256 }, (_, byte) => toHalf((byte - 127.5) * unit));
  const weights = new Uint16Array(count);
  evenBytes(seed, count).forEach((byte, index) => {
    weights[index] = halves[byte] ?? 0;
  });
  return Buffer.from(weights.buffer);
}

function randomBlocks({ deviation, seed }: RandomTensor, count: number): Buffer {
  const bytes = evenBytes(seed, byteLength('q8_0', count));
  const scale = toHalf(deviation / BYTE_DEVIATION);
  for (let start = 0; start < bytes.length; start += Q8_BLOCK.bytes) bytes.writeUInt16LE(scale, start);
  return bytes;
}

function evenBytes(seed: number, count: number): Buffer {
  const next = seededIntegers(seed);
  const integers = new Uint32Array(Math.ceil(count / 4));
  for (let index = 0; index < integers.length; index++) integers[index] = next();
  return Buffer.from(integers.buffer, 0, count);
}
