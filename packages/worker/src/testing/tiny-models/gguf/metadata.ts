/** A value of the file's head. Plain whole numbers are stored as u32; a number of another type says so, `{ f32: 0.5 }`. */
export type MetadataValue =
  | string
  | number
  | boolean
  | { readonly f32: number }
  | { readonly u16: number }
  | { readonly i32: number }
  | readonly string[]
  | Int32Array;

/** GGUF's numbers of the value types that occur here. */
const TYPE = { u16: 2, u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;

/** The stored form of one entry: key, type, value. */
export function encodeEntry(key: string, value: MetadataValue): Buffer {
  return Buffer.concat([encodeString(key), ...encodeValue(value)]);
}

/** A length of 8 bytes and the text as UTF-8. */
export function encodeString(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([encodeU64(bytes.length), bytes]);
}

export function encodeU32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function encodeU64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function encodeValue(value: MetadataValue): Buffer[] {
  if (typeof value === 'string') return [encodeU32(TYPE.string), encodeString(value)];
  if (typeof value === 'number') return [encodeU32(TYPE.u32), encodeU32(value)];
  if (typeof value === 'boolean') return [encodeU32(TYPE.bool), Buffer.from([value ? 1 : 0])];
  if (value instanceof Int32Array) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return [encodeU32(TYPE.array), encodeU32(TYPE.i32), encodeU64(value.length), bytes];
  }
  if ('u16' in value) return [encodeU32(TYPE.u16), Buffer.from(Uint16Array.of(value.u16).buffer)];
  if ('i32' in value) return [encodeU32(TYPE.i32), Buffer.from(Int32Array.of(value.i32).buffer)];
  if ('f32' in value) return [encodeU32(TYPE.f32), Buffer.from(Float32Array.of(value.f32).buffer)];
  return [encodeU32(TYPE.array), encodeU32(TYPE.string), encodeU64(value.length), ...value.map(encodeString)];
}
