import { MalformedHeader, type ByteCursor } from './byte-cursor.ts';
import { tensorBytes } from './ggml-types.ts';

export type GgufValue = number | string | boolean | readonly string[] | readonly number[];

export interface ParsedHeader {
  version: number;
  /** Single values, and arrays of up to a hundred; longer ones (vocabularies) are passed over. */
  metadata: ReadonlyMap<string, GgufValue>;
  tensorNames: readonly string[];
  /** Where the last tensor ends in the file. */
  neededBytes: number;
}

const MAX_ENTRIES = 65_536;
const MAX_TENSORS = 262_144;
const MAX_DIMENSIONS = 4;
const MAX_KEPT_VALUES = 100;
const MAX_NESTING = 4;
const DEFAULT_ALIGNMENT = 32;

const ARRAY = 9;
const STRING = 8;
/** Bytes of the types of fixed length, by the format's number of the type. */
const WIDTHS: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};

/** Reads head, metadata and tensor entries (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). */
export function parseGgufHeader(cursor: ByteCursor): ParsedHeader {
  cursor.skip(4);
  const version = cursor.u32();
  if (version !== 2 && version !== 3) throw new MalformedHeader(unknownVersion(version));
  const tensorCount = cursor.u64();
  const entryCount = cursor.u64();
  if (tensorCount > MAX_TENSORS) throw new MalformedHeader(`its header names ${tensorCount} tensors`);
  if (entryCount > MAX_ENTRIES) throw new MalformedHeader(`its header names ${entryCount} entries`);
  const metadata = new Map<string, GgufValue>();
  for (let entry = 0; entry < entryCount; entry += 1) {
    const key = cursor.string();
    const value = readValue(cursor, cursor.u32(), 0);
    if (value !== null) metadata.set(key, value);
  }
  const tensors = Array.from({ length: tensorCount }, () => readTensor(cursor));
  const start = aligned(cursor.offset, alignmentOf(metadata));
  const neededBytes = tensors.reduce((end, tensor) => Math.max(end, start + tensor.end), start);
  return { version, metadata, tensorNames: tensors.map(({ name }) => name), neededBytes };
}

function unknownVersion(version: number): string {
  // A file of a big-endian machine has its bytes the other way round.
  const isSwapped = version > 0xff_ff && (version & 0xff_ff) === 0;
  return isSwapped
    ? 'it was made for big-endian machines'
    : `it has version ${version} of the format, which is unknown`;
}

interface Tensor {
  name: string;
  /** Behind the start of the data. */
  end: number;
}

function readTensor(cursor: ByteCursor): Tensor {
  const name = cursor.string();
  const count = cursor.u32();
  if (count > MAX_DIMENSIONS) throw new MalformedHeader(`the tensor "${name.slice(0, 64)}" has ${count} dimensions`);
  const dimensions = Array.from({ length: count }, () => cursor.u64());
  const type = cursor.u32();
  const offset = cursor.u64();
  // Of a type that is newer than we are, at least the beginning must be there.
  return { name, end: offset + (tensorBytes(type, dimensions) ?? 0) };
}

function alignmentOf(metadata: ReadonlyMap<string, GgufValue>): number {
  const alignment = metadata.get('general.alignment');
  return typeof alignment === 'number' && alignment > 0 ? alignment : DEFAULT_ALIGNMENT;
}

function aligned(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}

/** Null for what is not kept. */
function readValue(cursor: ByteCursor, type: number, depth: number): GgufValue | null {
  if (type === STRING) return cursor.string();
  if (type === ARRAY) return readArray(cursor, depth);
  return readSingle(cursor, type);
}

function readSingle(cursor: ByteCursor, type: number): number | boolean {
  switch (type) {
    case 0:
      return cursor.number('readUInt8', 1);
    case 1:
      return cursor.number('readInt8', 1);
    case 2:
      return cursor.number('readUInt16LE', 2);
    case 3:
      return cursor.number('readInt16LE', 2);
    case 4:
      return cursor.u32();
    case 5:
      return cursor.number('readInt32LE', 4);
    case 6:
      return cursor.number('readFloatLE', 4);
    case 7:
      return cursor.number('readUInt8', 1) !== 0;
    case 10:
    case 11:
      return cursor.bigNumber(type === 11);
    case 12:
      return cursor.number('readDoubleLE', 8);
    default:
      throw new MalformedHeader(`its header has a value of the unknown type ${type}`);
  }
}

function readArray(cursor: ByteCursor, depth: number): GgufValue | null {
  if (depth >= MAX_NESTING) throw new MalformedHeader('its header nests arrays too deeply');
  const type = cursor.u32();
  const count = cursor.u64();
  const width = WIDTHS[type];
  if (width !== undefined && count > MAX_KEPT_VALUES) {
    cursor.skip(count * width);
    return null;
  }
  const kept: GgufValue[] = [];
  for (let item = 0; item < count; item += 1) {
    if (type === STRING && count > MAX_KEPT_VALUES) cursor.skip(cursor.u64());
    else {
      const value = readValue(cursor, type, depth + 1);
      if (value !== null && kept.length < MAX_KEPT_VALUES) kept.push(value);
    }
  }
  if (count > MAX_KEPT_VALUES) return null;
  if (kept.every((value) => typeof value === 'string')) return kept;
  return kept.every((value) => typeof value === 'number') ? kept : null;
}
