import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import type { DocumentReader } from '@parley/rag';
import { guardedFetch } from '@parley/service-kit/guarded-fetch';
import type { LoadedSource } from './loaded-source.ts';
import { readFile, type FileToRead } from './read-file.ts';

export interface LoadSourceOptions {
  /** CSS selectors of the parts of web pages to keep. */
  select: readonly string[];
  allowPrivate: boolean;
  reader: DocumentReader;
  /** Told of each file of an archive that could not be read; the others are. */
  onSkipped: (source: string, error: ParleyError) => void;
}

/** What an address may lead to; the reader knows what to make of it. */
const MEDIA_TYPES = [
  'text/html',
  'application/xhtml+xml',
  'text/plain',
  'text/markdown',
  'text/csv',
  'application/json',
  'application/pdf',
  'application/epub+zip',
  'application/zip',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.oasis.opendocument.text',
];
const PAGE_LIMITS = { maxBytes: 50 * 1024 * 1024, totalMs: 120_000 };

/**
 * Loads a page by its address, or a file of any kind that the reader knows; an archive is all files
 * in it. Throws `ParleyError`, the source named in its message.
 */
export async function loadSource(
  source: string,
  options: LoadSourceOptions,
  signal: AbortSignal,
): Promise<LoadedSource[]> {
  try {
    return await (isAddress(source) ? loadPage(source, options, signal) : loadFile(source, options, signal));
  } catch (error) {
    if (!(error instanceof ParleyError) || error.message.includes(source)) throw error;
    throw new ParleyError(error.code, `${source}: ${error.message}`, { cause: error });
  }
}

function isAddress(source: string): boolean {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(source);
}

async function loadPage(address: string, options: LoadSourceOptions, signal: AbortSignal): Promise<LoadedSource[]> {
  const { allowPrivate, select } = options;
  const fetched = { mediaTypes: MEDIA_TYPES, limits: PAGE_LIMITS, allowPrivate, signal };
  const { url, body, charset, mediaType } = await guardedFetch(address, fetched);
  const folder = await mkdtemp(join(tmpdir(), 'parley-page-'));
  try {
    const path = join(folder, 'page');
    await writeFile(path, body, { mode: 0o600 });
    const named = charset === null ? mediaType : `${mediaType}; charset=${charset}`;
    return await readAll({ path, source: url, name: url, mediaType: named, select }, options, signal);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function loadFile(path: string, options: LoadSourceOptions, signal: AbortSignal): Promise<LoadedSource[]> {
  return readAll(
    { path, source: path, name: basename(path), mediaType: null, select: options.select },
    options,
    signal,
  );
}

async function readAll(file: FileToRead, options: LoadSourceOptions, signal: AbortSignal): Promise<LoadedSource[]> {
  const read = await readFile(file, options.reader, signal);
  if ('document' in read) return [read.document];
  const loaded: LoadedSource[] = [];
  for (const { name, path } of read.entries) {
    const entry = {
      path,
      source: `${file.source}/${name}`,
      name: basename(name),
      mediaType: null,
      select: file.select,
    };
    const document = await readEntry(entry, options, signal);
    if (document) loaded.push(document);
  }
  if (loaded.length > 0) return loaded;
  throw new ParleyError('document_empty', `${file.source} holds no file that can be read.`);
}

/** A file of an archive, which is deleted; null when it cannot be read. */
async function readEntry(
  entry: FileToRead,
  { reader, onSkipped }: LoadSourceOptions,
  signal: AbortSignal,
): Promise<LoadedSource | null> {
  try {
    const read = await readFile(entry, reader, signal);
    if ('document' in read) return read.document;
    throw new ParleyError('document_type_unknown', `${entry.source} is an archive inside an archive.`);
  } catch (error) {
    if (!(error instanceof ParleyError) || signal.aborted) throw error;
    onSkipped(entry.source, error);
    return null;
  } finally {
    await rm(entry.path, { force: true });
  }
}
