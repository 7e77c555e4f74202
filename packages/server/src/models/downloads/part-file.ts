import { open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What is known of a half file; it lies beside it and is the one owner of what counts as received. */
const partStateSchema = z.object({
  source: z.string(),
  received: z.number().int().nonnegative(),
  size: z.number().int().nonnegative().nullable(),
  etag: z.string().nullable(),
  digest: z.string().nullable(),
});
export type PartState = z.output<typeof partStateSchema>;

/** The part of a file handle that is needed; tests put a full disk in its place. */
export interface PartHandle {
  writev(pieces: readonly Uint8Array[], position: number): Promise<{ bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}
export type OpenPart = (path: string) => Promise<PartHandle>;

/** Of a half file and its notes, with the name of the whole one; what others keep in the folder is never touched. */
const PART_NAME = /^(.+\.gguf)\.part(?:\.json(?:\.tmp)?)?$/i;

const openOrMake: OpenPart = (path) => open(path, 'r+').catch(() => open(path, 'w+'));

export interface PartFileOptions {
  /** Where the whole file will be; the half one is beside it, with `.part` at its end. */
  target: string;
  source: string;
  openPart?: OpenPart | undefined;
}

/** A file that is still coming. Whoever opens it closes it. */
export class PartFile {
  readonly path: string;
  readonly #handle: PartHandle;
  #state: PartState;

  private constructor(path: string, handle: PartHandle, state: PartState) {
    this.path = path;
    this.#handle = handle;
    this.#state = state;
  }

  /** Goes on with what an earlier download of the same source left behind. */
  static async open({ target, source, openPart = openOrMake }: PartFileOptions): Promise<PartFile> {
    const path = partPath(target);
    const found = await readState(target);
    const there = await stat(path).catch(() => null);
    const handle = await openPart(path);
    try {
      // A part that is shorter than its note was changed by somebody; to fill it up would make holes.
      const isGood = found?.source === source && there !== null && there.size >= found.received;
      const state = isGood ? found : { source, received: 0, size: null, etag: null, digest: null };
      // What came after the last sync may be anything after a loss of power.
      await handle.truncate(state.received);
      return new PartFile(path, handle, state);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get state(): Readonly<PartState> {
    return this.#state;
  }

  get isComplete(): boolean {
    const { received, size } = this.#state;
    return size !== null && received === size;
  }

  /** What a server says of the file; kept with the next bytes. */
  learn(known: Partial<Pick<PartState, 'size' | 'etag' | 'digest'>>): void {
    this.#state = { ...this.#state, ...known };
  }

  /** Adds bytes, which count once this resolves: they are on the disk then, and noted. */
  async append(pieces: readonly Uint8Array[]): Promise<void> {
    let position = this.#state.received;
    for (let rest = pieces; rest.length > 0;) {
      const { bytesWritten } = await this.#handle.writev(rest, position);
      position += bytesWritten;
      rest = withoutFirst(rest, bytesWritten);
    }
    await this.#handle.datasync();
    await this.#store({ ...this.#state, received: position });
  }

  /** Forgets all bytes. */
  async beginAnew(): Promise<void> {
    await this.#store({ source: this.#state.source, received: 0, size: null, etag: null, digest: null });
    await this.#handle.truncate(0);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  // Renamed into place, so that a kill leaves the old note or the new one, and never half of one. Not
  // synced: after a loss of power an older note costs time, and a broken one a new beginning.
  async #store(state: PartState): Promise<void> {
    const draft = `${this.path}.json.tmp`;
    await writeFile(draft, JSON.stringify(state), { mode: 0o600 });
    await rename(draft, `${this.path}.json`);
    this.#state = state;
  }
}

function withoutFirst(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let left = bytes;
  return pieces.flatMap((piece) => {
    const taken = Math.min(left, piece.length);
    left -= taken;
    return taken === piece.length ? [] : [piece.subarray(taken)];
  });
}

export function partPath(target: string): string {
  return `${target}.part`;
}

/** Bytes that an earlier download of the same source left behind. */
export async function countReceived(target: string, source: string): Promise<number> {
  const state = await readState(target);
  const there = await stat(partPath(target)).catch(() => null);
  return state?.source === source && there ? Math.min(state.received, there.size) : 0;
}

export interface PlaceOptions {
  folder: string;
  /** Leaves its notes beside it: others belong to it, and until they are there it may have to go again. */
  keepsNotes: boolean;
}

/** Moves a whole file into place, which ends its part. */
export async function placePart(target: string, { folder, keepsNotes }: PlaceOptions): Promise<void> {
  await rename(partPath(target), target);
  if (!keepsNotes) await removeNotes(target);
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes all that is left of a half file, unless another source's bytes lie there by now. */
export async function discardPart(target: string, source: string): Promise<void> {
  const state = await readState(target);
  if (state !== null && state.source !== source) return;
  await rm(partPath(target), { force: true });
  await removeNotes(target);
}

/** Removes what a download brought of one file of a model: half of it, or, by the notes left beside it, all of it. */
export async function discardBrought(target: string, source: string): Promise<void> {
  const state = await readState(target);
  const half = await stat(partPath(target)).catch(() => null);
  if (state?.source === source && half === null) await rm(target, { force: true });
  await discardPart(target, source);
}

/** Removes the half files of a folder and their notes, but for those of the files that are named. */
export async function sweepParts(folder: string, kept: ReadonlySet<string>): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const [, file] = PART_NAME.exec(name) ?? [];
    if (file !== undefined && !kept.has(file)) await rm(join(folder, name), { force: true });
  }
}

/** Whatever lies there is nobody's half file any more. */
export async function removeNotes(target: string): Promise<void> {
  await rm(`${partPath(target)}.json`, { force: true });
  await rm(`${partPath(target)}.json.tmp`, { force: true });
}

async function readState(target: string): Promise<PartState | null> {
  try {
    return partStateSchema.parse(JSON.parse(await readFile(`${partPath(target)}.json`, 'utf8')));
  } catch {
    // None, or not readable: the file is fetched from its beginning, which is always right.
    return null;
  }
}
