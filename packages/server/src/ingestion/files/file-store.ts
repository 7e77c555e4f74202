import { createHash } from 'node:crypto';
import { existsSync, utimesSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { MAX_FILE_BYTES, ParleyError } from '@parley/contracts';
import type { StoredFile } from '../ingestion.ts';
import { toFileError } from './file-error.ts';

export interface FileStoreOptions {
  /** Made when it is needed. */
  folder: string;
  newId: () => string;
  now: () => number;
  maxBytes?: number;
  /** Opens a new file for writing. */
  openFile?: (path: string) => Promise<Pick<FileHandle, 'write' | 'sync' | 'close'>>;
}

/** Files under their SHA-256, written whole or not at all; equal files are one. */
export class FileStore {
  readonly folder: string;
  /** Where files lie that are still coming. */
  readonly #incoming: string;
  readonly #receiving = new Set<string>();
  readonly #options: Required<Omit<FileStoreOptions, 'folder'>>;

  constructor({ folder, ...options }: FileStoreOptions) {
    this.folder = folder;
    this.#incoming = join(folder, 'incoming');
    this.#options = { maxBytes: MAX_FILE_BYTES, openFile: openNew, ...options };
  }

  /** Throws `document_too_large`, `storage_failed`, `request_aborted` when the sender left; nothing is left behind then. */
  async store(bytes: Readable): Promise<StoredFile> {
    const name = this.#options.newId();
    const path = join(this.#incoming, name);
    // A sender may leave before the first byte is asked for; the loop over the bytes hears of it later.
    bytes.on('error', () => {});
    this.#receiving.add(name);
    try {
      await mkdir(this.#incoming, { recursive: true, mode: 0o700 });
      const file = await this.#write(bytes, path);
      await this.#keep(path, file.hash);
      return file;
    } catch (error) {
      await rm(path, { force: true });
      throw toFileError(error);
    } finally {
      this.#receiving.delete(name);
    }
  }

  /** Removes what a server that died was receiving; no other one may be receiving into this folder. */
  async removeStrays(): Promise<void> {
    await mkdir(this.#incoming, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.#incoming)) {
      if (!this.#receiving.has(name)) await rm(join(this.#incoming, name), { force: true });
    }
  }

  /** The path of a stored file; null when it is gone. */
  pathOf(hash: string): string | null {
    const path = this.#place(hash);
    return existsSync(path) ? path : null;
  }

  async #write(bytes: Readable, path: string): Promise<StoredFile> {
    const handle = await this.#options.openFile(path);
    const hash = createHash('sha256');
    let size = 0;
    try {
      for await (const piece of bytes as AsyncIterable<Uint8Array>) {
        size += piece.length;
        if (size > this.#options.maxBytes) throw tooLarge(this.#options.maxBytes);
        hash.update(piece);
        await writeWhole(handle, piece);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { hash: hash.digest('hex'), size };
  }

  async #keep(path: string, hash: string): Promise<void> {
    const place = this.#place(hash);
    if (existsSync(place)) {
      // In the same tick as the look, so that no sweep comes between: a file that is young stays.
      const seconds = this.#options.now() / 1000;
      utimesSync(place, seconds, seconds);
      await rm(path);
      return;
    }
    const folder = join(this.folder, hash.slice(0, 2));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(path, place);
    await syncFolder(folder);
  }

  #place(hash: string): string {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new RangeError('A file is named by its SHA-256.');
    return join(this.folder, hash.slice(0, 2), hash);
  }
}

function openNew(path: string): Promise<FileHandle> {
  return open(path, 'wx', 0o600);
}

async function writeWhole(handle: Pick<FileHandle, 'write'>, piece: Uint8Array): Promise<void> {
  let done = 0;
  while (done < piece.length) {
    const { bytesWritten } = await handle.write(piece, done, piece.length - done);
    done += bytesWritten;
  }
}

// Without it a power cut may forget the new name although the bytes are there.
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function tooLarge(maxBytes: number): ParleyError {
  return new ParleyError('document_too_large', `The file is larger than ${Math.floor(maxBytes / 1024 ** 2)} MB.`);
}
