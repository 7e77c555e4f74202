import { ParleyError } from '@parley/contracts';
import { entryName } from './entry-name.ts';

/** A file in a zip, as its directory describes it. Sizes are claims: they are checked when it is inflated. */
export interface ZipEntry {
  name: string;
  /** 0 stored, 8 deflated. */
  method: number;
  isEncrypted: boolean;
  isDirectory: boolean;
  packedSize: number;
  /** Where its local header begins. */
  offset: number;
}

interface DirectoryPlace {
  start: number;
  count: number;
  /** Bytes before the zip itself, as in a program that unpacks itself; all offsets count behind them. */
  shift: number;
}

const END_MARK = 0x06054b50;
const END64_MARK = 0x06064b50;
const LOCATOR64_MARK = 0x07064b50;
const ENTRY_MARK = 0x02014b50;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
/** The longest comment that may follow the end mark. */
const MAX_COMMENT = 0xffff;
const OVERFLOW_32 = 0xffffffff;

/**
 * The entries of a zip by its directory at the end. Throws `document_unreadable` for one that is
 * broken off, and `document_bomb` for more than `maxEntries`.
 */
export function readZipDirectory(bytes: Uint8Array, { maxEntries }: { maxEntries: number }): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const place = findDirectory(view);
  if (!place) throw new ParleyError('document_unreadable', 'The file is a zip that is broken off or damaged.');
  if (place.count > maxEntries) {
    throw new ParleyError('document_bomb', `The file holds ${place.count} files, more than ${maxEntries}.`);
  }
  return readEntries(view, place);
}

function findDirectory(view: DataView): DirectoryPlace | null {
  const first = Math.max(0, view.byteLength - END_SIZE - MAX_COMMENT);
  for (let at = view.byteLength - END_SIZE; at >= first; at -= 1) {
    // The mark of a zip inside, in one that is broken off, does not end with the file.
    const end = at + END_SIZE + view.getUint16(at + 20, true);
    if (view.getUint32(at, true) !== END_MARK || end !== view.byteLength) continue;
    const count = view.getUint16(at + 10, true);
    const size = view.getUint32(at + 12, true);
    const start = view.getUint32(at + 16, true);
    if (start === OVERFLOW_32 || count === 0xffff) return findDirectory64(view, at);
    const shift = at - size - start;
    return shift < 0 ? null : { start: start + shift, count, shift };
  }
  return null;
}

function findDirectory64(view: DataView, end: number): DirectoryPlace | null {
  const locator = end - 20;
  if (locator < 0 || view.getUint32(locator, true) !== LOCATOR64_MARK) return null;
  const at = uint64(view, locator + 8);
  if (at + 56 > view.byteLength || view.getUint32(at, true) !== END64_MARK) return null;
  const place = { start: uint64(view, at + 48), count: uint64(view, at + 32), shift: 0 };
  return place.start < view.byteLength ? place : null;
}

function readEntries(view: DataView, { start, count, shift }: DirectoryPlace): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = start;
  for (let place = 0; place < count; place += 1) {
    if (at + ENTRY_SIZE > view.byteLength || view.getUint32(at, true) !== ENTRY_MARK) {
      throw new ParleyError('document_unreadable', 'The file is a zip whose directory is damaged.');
    }
    const lengths = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const [nameLength = 0, extraLength = 0, commentLength = 0] = lengths;
    entries.push(readEntry(view, { at, nameLength, extraLength, shift }));
    at += ENTRY_SIZE + nameLength + extraLength + commentLength;
  }
  return entries;
}

interface EntryPlace {
  at: number;
  nameLength: number;
  extraLength: number;
  shift: number;
}

function readEntry(view: DataView, { at, nameLength, extraLength, shift }: EntryPlace): ZipEntry {
  const flags = view.getUint16(at + 8, true);
  const nameBytes = bytesAt(view, at + ENTRY_SIZE, nameLength);
  const name = entryName(nameBytes, { isUtf8: (flags & 0x800) !== 0 });
  const sizes = { size: view.getUint32(at + 24, true), packed: view.getUint32(at + 20, true) };
  const wide = readExtra64(bytesAt(view, at + ENTRY_SIZE + nameLength, extraLength), {
    ...sizes,
    offset: view.getUint32(at + 42, true),
  });
  return {
    name,
    method: view.getUint16(at + 10, true),
    isEncrypted: (flags & 0x1) !== 0,
    isDirectory: name.endsWith('/') || name.endsWith('\\'),
    packedSize: wide.packed,
    offset: wide.offset + shift,
  };
}

interface EntryNumbers {
  size: number;
  packed: number;
  offset: number;
}

/** Numbers that do not fit in 32 bits stand in an extra field, in this order, only those that do not fit. */
function readExtra64(extra: Uint8Array, numbers: EntryNumbers): EntryNumbers {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  const found = { ...numbers };
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let next = at + 4;
    for (const key of ['size', 'packed', 'offset'] as const) {
      if (numbers[key] !== OVERFLOW_32 || next + 8 > extra.length) continue;
      found[key] = uint64(view, next);
      next += 8;
    }
  }
  return found;
}

function bytesAt(view: DataView, start: number, length: number): Uint8Array {
  const end = Math.min(start + length, view.byteLength);
  return new Uint8Array(view.buffer, view.byteOffset + Math.min(start, end), Math.max(0, end - start));
}

function uint64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}
