import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { ParleyError, type ModelPurpose } from '@parley/contracts';
import { ByteCursor, MalformedHeader, MoreBytesNeeded } from './byte-cursor.ts';
import { fileTypeName } from './ggml-types.ts';
import { guessPurpose, toPooling, type GgufPooling } from './guess-purpose.ts';
import { parseGgufHeader, type GgufValue, type ParsedHeader } from './parse-gguf-header.ts';

/** What a model file says of itself. Lengths are in bytes. */
export interface GgufHeader {
  /**
   * `llama`, `qwen3`, `bert`, …; the prefix of the architecture's own entries in `metadata`. Empty for
   * the second and further files of a split model, which leave it to the first.
   */
  architecture: string;
  name: string | null;
  /** `1.7B`. */
  sizeLabel: string | null;
  licence: string | null;
  languages: readonly string[];
  /** Tokens that it was trained for. */
  contextLength: number | null;
  pooling: GgufPooling | null;
  chatTemplate: string | null;
  /** The quantisation, `Q4_K_M`; null when it is unknown. */
  fileType: string | null;
  tensorCount: number;
  /** A guess from pooling, tensors and architecture. */
  purpose: ModelPurpose;
  /** How many files the model is split into; 1 for a whole one. */
  splitCount: number;
  /** Which of them this is, from 1. */
  splitPart: number;
  /** Tensors of all of them together, as each of them says; null for a whole one. */
  splitTensors: number | null;
  fileBytes: number;
  /** Where the last tensor ends; never more than `fileBytes`. */
  neededBytes: number;
  /** All single values and short arrays, for whoever predicts memory. */
  metadata: ReadonlyMap<string, GgufValue>;
}

const MAGIC = 'GGUF';
const FIRST_READ = 1024 * 1024;
/** Large vocabularies take some 12 MiB; what is beyond this is no header. */
const MAX_HEADER = 64 * 1024 * 1024;

/**
 * Reads the header of a model file, and nothing of its tensors, and checks that the file is as long
 * as its tensors need. Throws `model_file_missing`, and `model_file_unreadable` for a file that is
 * empty, cut off, or something else; the sentence names the file, by `name` where it has another
 * one for people, and what is wrong.
 */
export async function readGgufHeader(file: string, { name = basename(file) } = {}): Promise<GgufHeader> {
  const handle = await openModelFile(file);
  try {
    const { size } = await handle.stat();
    const parsed = await parseGrowing(handle, { name, size });
    const header = toHeader(parsed, size);
    if (header.neededBytes > size) throw unreadable(name, cutOff(size, header.neededBytes));
    return header;
  } catch (error) {
    if (error instanceof ParleyError) throw error;
    if (error instanceof MalformedHeader) throw unreadable(name, error.message, error);
    throw new ParleyError('model_file_unreadable', `The disk would not give the file "${name}".`, {
      cause: error,
    });
  } finally {
    await handle.close();
  }
}

async function openModelFile(file: string): Promise<FileHandle> {
  try {
    const handle = await open(file);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw unreadable(basename(file), 'Parley may not read it', error);
    }
    throw new ParleyError('model_file_missing', `There is no model file "${file}".`, { cause: error });
  }
  throw unreadable(basename(file), 'it is a folder');
}

interface Opened {
  name: string;
  size: number;
}

// Begun anew with four times as much, rather than read in steps: nearly every header needs one or two rounds.
async function parseGrowing(handle: FileHandle, { name, size }: Opened): Promise<ParsedHeader> {
  for (let length = FIRST_READ; ; length *= 4) {
    const bytes = await readStart(handle, Math.min(length, size, MAX_HEADER));
    if (length === FIRST_READ) refuseOthers(bytes, name);
    try {
      return parseGgufHeader(new ByteCursor(bytes));
    } catch (error) {
      if (!(error instanceof MoreBytesNeeded)) throw error;
      if (bytes.length >= size) throw unreadable(name, `it is cut off: it ends after ${size} bytes, within its header`);
      if (bytes.length >= MAX_HEADER) throw unreadable(name, 'its header does not end');
    }
  }
}

async function readStart(handle: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function refuseOthers(bytes: Buffer, name: string): void {
  const other = whatElse(bytes);
  if (other !== null) throw unreadable(name, other);
}

/** What the first bytes of a file are when they are no model's, as the end of a sentence; else null. */
export function whatElse(bytes: Buffer): string | null {
  if (bytes.length === 0) return 'it is empty';
  if (bytes.toString('latin1', 0, 4) === MAGIC) return null;
  if (MAGIC.startsWith(bytes.toString('latin1', 0, 4))) return 'it is cut off after its first bytes';
  const start = bytes.toString('utf8', 0, 512).trimStart().toLowerCase();
  if (start.startsWith('<!doctype') || start.startsWith('<html')) return 'it is a web page and not a model';
  if (start.startsWith('version https://git-lfs')) return 'it is only the pointer that git keeps in place of a model';
  return 'it is not in the GGUF format';
}

function toHeader({ metadata, tensorNames, neededBytes }: ParsedHeader, fileBytes: number): GgufHeader {
  const text = (key: string) => (typeof metadata.get(key) === 'string' ? String(metadata.get(key)) : null);
  const count = (key: string) => (typeof metadata.get(key) === 'number' ? Number(metadata.get(key)) : null);
  const splitPart = (count('split.no') ?? 0) + 1;
  const architecture = text('general.architecture') ?? (splitPart > 1 ? '' : null);
  if (architecture === null) throw new MalformedHeader('its header does not say which architecture the model has');
  const pooling = toPooling(count(`${architecture}.pooling_type`));
  const languages = metadata.get('general.languages');
  return {
    architecture,
    name: text('general.name'),
    sizeLabel: text('general.size_label'),
    licence: text('general.license'),
    languages: Array.isArray(languages) ? languages.map(String) : [],
    contextLength: count(`${architecture}.context_length`),
    pooling,
    chatTemplate: text('tokenizer.chat_template'),
    fileType: fileTypeName(count('general.file_type')),
    tensorCount: tensorNames.length,
    purpose: guessPurpose({ architecture, pooling, tensorNames }),
    splitCount: Math.max(1, count('split.count') ?? 1),
    splitPart,
    splitTensors: count('split.tensors.count'),
    fileBytes,
    neededBytes,
    metadata,
  };
}

function cutOff(size: number, needed: number): string {
  return `it is cut off: ${size} of ${needed} bytes are there`;
}

/** The refusal of a file; `what` completes "The file … cannot be used: ". */
export function unreadable(name: string, what: string, cause?: unknown): ParleyError {
  return new ParleyError('model_file_unreadable', `The file "${name}" cannot be used: ${what}.`, { cause });
}
