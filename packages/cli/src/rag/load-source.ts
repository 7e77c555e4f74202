import { open, stat } from 'node:fs/promises';
import { ParleyError } from '@parley/contracts';
import { decodeText, loadHtml, loadText, type LoadedDocument } from '@parley/rag/langchain';
import { guardedFetch } from '@parley/service-kit/guarded-fetch';

export interface LoadSourceOptions {
  /** CSS selectors of the parts of web pages to keep. */
  select: readonly string[];
  allowPrivate: boolean;
}

const HTML_TYPES = ['text/html', 'application/xhtml+xml'];
const MEDIA_TYPES = [...HTML_TYPES, 'text/plain', 'text/markdown'];
const MAX_FILE_BYTES = 10 * 1024 * 1024;

/**
 * Loads a page by its address, or a file: HTML, and every text. Throws `ParleyError`, the source
 * named in its message.
 */
export async function loadSource(source: string, options: LoadSourceOptions): Promise<LoadedDocument> {
  try {
    return await (isAddress(source) ? loadPage(source, options) : loadFile(source, options));
  } catch (error) {
    if (!(error instanceof ParleyError) || error.message.includes(source)) throw error;
    throw new ParleyError(error.code, `${source}: ${error.message}`, { cause: error });
  }
}

function isAddress(source: string): boolean {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(source);
}

async function loadPage(address: string, { select, allowPrivate }: LoadSourceOptions): Promise<LoadedDocument> {
  const { url, body, charset, mediaType } = await guardedFetch(address, { mediaTypes: MEDIA_TYPES, allowPrivate });
  const isHtml = HTML_TYPES.includes(mediaType);
  const text = decodeText(body, { charset, isHtml });
  return isHtml ? loadHtml(text, { source: url, select }) : loadText(text, { source: url });
}

async function loadFile(path: string, { select }: LoadSourceOptions): Promise<LoadedDocument> {
  const isHtml = /\.x?html?$/i.test(path);
  const text = decodeText(await readWhole(path), { isHtml });
  if (isHtml) return loadHtml(text, { source: path, select });
  if (text.trim() === '') throw new ParleyError('document_unreadable', `${path} is empty.`);
  return loadText(text, { source: path });
}

async function readWhole(path: string): Promise<Buffer> {
  const { size, isFile } = await facts(path);
  if (!isFile) throw new ParleyError('document_unreadable', `${path} is no file.`);
  if (size > MAX_FILE_BYTES) throw new ParleyError('document_too_large', `${path} is larger than 10 MB.`);
  const file = await open(path);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

async function facts(path: string): Promise<{ size: number; isFile: boolean }> {
  try {
    const found = await stat(path);
    return { size: found.size, isFile: found.isFile() };
  } catch (error) {
    throw new ParleyError('document_unreadable', `${path} could not be opened.`, { cause: error });
  }
}
