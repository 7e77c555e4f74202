import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import type { ArchiveEntry, ParseLimits } from '../format.ts';
import { damaged, packedBytes, unknownMethod } from './entry-data.ts';
import { isJunk, shownName } from './entry-name.ts';
import { InflateBudget, tooMuch } from './inflate-budget.ts';
import { readZipDirectory, type ZipEntry } from './zip-directory.ts';
import { ParleyError } from '@parley/contracts';

type ArchiveLimits = Pick<ParseLimits, 'maxUnpackedBytes' | 'maxEntries'>;

const ARCHIVE_NAME = /\.(?:zip|7z|rar|tar|tgz|gz|bz2|xz|jar|war|apk)$/i;
const OFFICE_NAME = /\.(?:docx|docm|dotx|pptx|pptm|ppsx|potx|xlsx|xlsm|xltx|odt|epub)$/i;
const SLICE_BYTES = 64 * 1024;

/**
 * Unpacks the files of a zip into `folder`, one after the other, under names of its own making.
 * Directories, what systems leave behind, and archives inside are skipped. Throws
 * `document_encrypted`, `document_bomb` and `document_unreadable`, the first before anything is
 * written. Files that were yielded belong to the caller.
 */
export async function* unpackArchive(
  bytes: Uint8Array,
  folder: string,
  limits: ArchiveLimits,
): AsyncGenerator<ArchiveEntry> {
  const entries = readZipDirectory(bytes, limits).filter(({ name, isDirectory }) => !isDirectory && !isJunk(name));
  if (entries.some(({ isEncrypted }) => isEncrypted)) {
    throw new ParleyError('document_encrypted', 'The archive is protected by a password. Unpack it and try again.');
  }
  const budget = new InflateBudget(limits);
  await mkdir(folder, { recursive: true });
  for (const [place, entry] of entries.entries()) {
    const packed = packedBytes(bytes, entry);
    if (ARCHIVE_NAME.test(entry.name)) continue;
    const path = join(folder, `entry-${place}`);
    const { size, isZip } = await writeEntry(path, { entry, packed, budget });
    if (isZip && !OFFICE_NAME.test(entry.name)) await rm(path);
    else yield { name: shownName(entry.name), path, size };
  }
}

interface PackedEntry {
  entry: ZipEntry;
  packed: Uint8Array;
  budget: InflateBudget;
}

/** Leaves no file behind when it fails. */
async function writeEntry(path: string, packed: PackedEntry): Promise<{ size: number; isZip: boolean }> {
  const file = await open(path, 'wx', 0o600);
  try {
    return await inflateInto(file, packed);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

async function inflateInto(file: FileHandle, { entry, packed, budget }: PackedEntry) {
  const most = budget.mostFor(packed.length);
  let size = 0;
  let isZip = false;
  for await (const piece of inflate(entry.method, packed)) {
    if (size === 0) isZip = piece[0] === 0x50 && piece[1] === 0x4b && (piece[2] ?? 9) < 9;
    size += piece.length;
    if (size > most) throw tooMuch();
    budget.take(piece.length);
    await file.write(piece);
  }
  return { size, isZip };
}

async function* inflate(method: number, packed: Uint8Array): AsyncGenerator<Uint8Array> {
  if (method === 0) yield* slices(packed);
  else if (method === 8) yield* inflateDeflated(packed);
  else throw unknownMethod(method);
}

async function* inflateDeflated(packed: Uint8Array): AsyncGenerator<Uint8Array> {
  const inflater = createInflateRaw({ chunkSize: SLICE_BYTES });
  const feeding = pipeline(slices(packed), inflater).catch(() => undefined);
  try {
    for await (const piece of inflater) yield piece as Uint8Array;
  } catch (error) {
    throw damaged(error);
  } finally {
    inflater.destroy();
    await feeding;
  }
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) yield bytes.subarray(at, at + SLICE_BYTES);
}
