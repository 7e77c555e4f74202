import { toHalf } from './half-float.ts';

/** How the values of a tensor are stored. */
export type TensorType = 'f32' | 'f16' | 'q8_0';

/** ggml's numbers of these types in a tensor's entry, and of a file that mostly holds them (`general.file_type`). */
export const tensorTypes: Readonly<Record<TensorType, { id: number; fileType: number }>> = {
  f32: { id: 0, fileType: 0 },
  f16: { id: 1, fileType: 1 },
  q8_0: { id: 8, fileType: 7 },
};

/** q8_0 stores 32 values as one half-precision scale and 32 signed bytes. */
export const Q8_BLOCK = { values: 32, bytes: 34 } as const;

/** The bytes that `values` values take. */
export function byteLength(type: TensorType, values: number): number {
  if (type === 'f32') return values * 4;
  if (type === 'f16') return values * 2;
  return (values / Q8_BLOCK.values) * Q8_BLOCK.bytes;
}

/** The stored form of computed values; a q8_0 file is for random weights only, which are made in their stored form. */
export function encodeValues(values: Float32Array, type: 'f32' | 'f16'): Buffer {
  if (type === 'f32') return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const halves = new Uint16Array(values.length);
  // Most weights of a constructed model are zero: those need no conversion.
  values.forEach((value, index) => {
    if (value !== 0) halves[index] = toHalf(value);
  });
  return Buffer.from(halves.buffer);
}
