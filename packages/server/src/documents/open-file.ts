import { open, type FileHandle } from 'node:fs/promises';
import type { DocumentTable } from '../database/schema.ts';
import { toDisposition } from './file-name.ts';

/** A stored file that is about to be sent; the caller closes `handle`. */
export interface OpenedFile {
  handle: FileHandle;
  size: number;
  headers: Record<string, string>;
}

/** What is to be known of a document to send its file. */
export type FileFacts = Pick<DocumentTable, 'kind' | 'name' | 'title' | 'media_type'>;

/** Part of a file, both ends inclusive. */
export interface FileRange {
  start: number;
  end: number;
}

const PDF = 'application/pdf';

/**
 * Opens a file with the headers that keep it harmless: somebody else's file never runs as a page of
 * Parley. A PDF may be shown, all else is only saved. Null when the file is gone.
 */
export async function openFile(path: string, document: FileFacts): Promise<OpenedFile | null> {
  const handle = await openIfThere(path);
  if (handle === null) return null;
  const isPdf = document.media_type === PDF;
  const { size } = await handle.stat();
  return {
    handle,
    size,
    headers: {
      'content-type': isPdf ? PDF : 'application/octet-stream',
      'content-disposition': toDisposition(isPdf ? 'inline' : 'attachment', nameOf(document)),
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
    },
  };
}

/**
 * The part that a `range` header asks for; null for the whole, which also answers what is no single
 * range of bytes inside the file (RFC 9110, 14.2: a server may ignore the header).
 */
export function toRange(header: string | undefined, size: number): FileRange | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return null;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return start <= end ? { start, end } : null;
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

// What was fetched for a page is HTML; its name is an address, which no file can have.
function nameOf({ kind, name, title }: FileFacts): string {
  return kind === 'file' ? name : `${title.replace(/[/\\:]/g, ' ').slice(0, 100)}.html`;
}
