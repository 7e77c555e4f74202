import { copyFile, link, mkdir, mkdtemp, realpath, rm, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_FILE_BYTES, ParleyError } from '@parley/contracts';

/** A file that reader processes may read, and a folder that they may write to. */
export interface Staged {
  path: string;
  folder: string;
}

/**
 * The only place that reader processes can see: files to be read are linked into it, files of
 * archives are unpacked in it. Its paths are made here; no name of a document is ever part of one.
 */
export class ScratchFolder {
  readonly readable: string;
  readonly writable: string;
  readonly #root: string;
  #count = 0;

  private constructor(root: string) {
    this.#root = root;
    this.readable = join(root, 'in');
    this.writable = join(root, 'out');
  }

  /** Without `folder`, a new one among the temporary files. A given folder is emptied: what lies there is left from a crash. */
  static async open(folder: string | null): Promise<ScratchFolder> {
    if (folder) await rm(folder, { recursive: true, force: true });
    if (folder) await mkdir(folder, { recursive: true, mode: 0o700 });
    // The permissions of a process are compared with real paths.
    const scratch = new ScratchFolder(await realpath(folder ?? (await mkdtemp(join(tmpdir(), 'parley-reader-')))));
    await mkdir(scratch.readable);
    await mkdir(scratch.writable);
    return scratch;
  }

  /** Links the file in, after a look at its size. `path` null: there is only a folder to write to. */
  async stage(path: string | null): Promise<Staged> {
    if (path !== null) await checkFile(path);
    const name = String(++this.#count);
    const staged = { path: join(this.readable, name), folder: join(this.writable, name) };
    await mkdir(staged.folder);
    if (path !== null) await linkOrCopy(path, staged.path);
    return staged;
  }

  /** Takes the file away; the folder too, unless there are files in it that the caller still has to move. */
  async unstage({ path, folder }: Staged, { keepEntries }: { keepEntries: boolean }): Promise<void> {
    await rm(path, { force: true });
    if (keepEntries) await rmdir(folder).catch(() => {});
    else await rm(folder, { recursive: true, force: true });
  }

  async remove(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }
}

async function checkFile(path: string): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new ParleyError('document_unreadable', 'The file is not there any more.', { cause });
  });
  if (!found.isFile()) throw new ParleyError('document_unreadable', 'This is no file.');
  if (found.size === 0) throw new ParleyError('document_empty', 'This file is empty: it has no bytes.');
  if (found.size <= MAX_FILE_BYTES) return;
  const size = `${megabytes(found.size)} MB, and ${megabytes(MAX_FILE_BYTES)} MB is the most`;
  throw new ParleyError('document_too_large', `This file is too large: it has ${size}.`);
}

function megabytes(bytes: number): string {
  return Math.ceil(bytes / 1024 / 1024).toLocaleString('en-US');
}

// A link costs nothing; where none can be made (another disk, a foreign file) the bytes are copied.
async function linkOrCopy(from: string, to: string): Promise<void> {
  const real = await realpath(from);
  await link(real, to).catch(() => copyFile(real, to));
}
