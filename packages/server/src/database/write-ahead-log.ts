import { open } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { ParleyError } from '@parley/contracts';

/** Frames (4 KiB each) from which on the log is moved into the file; copying them takes some 5 ms. */
const MOST_FRAMES = 1_000;

/** What is needed of an open file. */
export interface SyncedFile {
  datasync(): Promise<void>;
  close(): Promise<void>;
}

export interface WriteAheadLogOptions {
  file: DatabaseSync;
  path: string;
  /** Only tests bring their own. */
  openFile?: (path: string, flags: string) => Promise<SyncedFile>;
}

interface LogState {
  frames: number;
  /** How many of them stand in the file too. */
  copied: number;
}

/**
 * Makes durable what was committed, as `synchronous = full` does, without waiting for the disk on
 * the event loop: SQLite would hold it for as long as the disk takes, which can be 100 ms and more.
 * Whoever calls holds the only connection until the answer, so that nobody is shown what is not on
 * the disk. Holds as long as one process alone has the file open.
 */
export class WriteAheadLog {
  readonly #file: DatabaseSync;
  readonly #main: SyncedFile;
  readonly #log: SyncedFile;
  #synced: LogState = { frames: 0, copied: 0 };
  /** Frames at the last attempt to move them; a reader elsewhere may have been in the way. */
  #triedAt = 0;
  #failure: ParleyError | null = null;

  private constructor(file: DatabaseSync, main: SyncedFile, log: SyncedFile) {
    this.#file = file;
    this.#main = main;
    this.#log = log;
  }

  /** Takes over an open database in WAL mode; `close` closes it. */
  static async open({ file, path, openFile = open }: WriteAheadLogOptions): Promise<WriteAheadLog> {
    // What is in the log cannot be torn (`normal`); when it is on the disk is seen to here.
    file.exec('pragma synchronous = normal; pragma wal_autocheckpoint = 0');
    // The log is there with the first read.
    file.prepare('select count(*) from sqlite_schema').get();
    const log = await openFile(`${path}-wal`, 'r+');
    return new WriteAheadLog(file, await openFile(path, 'r+'), log);
  }

  /**
   * Resolves once all that was committed is on the disk. Rejects when the disk refused it, and from
   * then on for ever: the system forgets what it could not write, so that a second attempt would
   * succeed and mean nothing.
   */
  async sync(): Promise<void> {
    if (this.#failure) throw this.#failure;
    const { frames, copied } = this.#state();
    if (frames === this.#synced.frames && copied === this.#synced.copied) return;
    try {
      await this.#log.datasync();
      if (frames - this.#triedAt >= MOST_FRAMES) await this.#empty();
    } catch (cause) {
      this.#failure = diskFailed(cause);
      throw this.#failure;
    }
    this.#synced = this.#state();
  }

  /** What is left in the log is moved into the file by SQLite itself, as it is used to. */
  async close(): Promise<void> {
    if (!this.#file.isOpen) return;
    this.#file.exec('pragma synchronous = full');
    this.#file.close();
    // Not before: closing any handle of a file takes the locks away that its process has on it.
    await this.#main.close();
    await this.#log.close();
  }

  /**
   * Moves the log into the file and begins it anew. SQLite waits for no disk meanwhile; the order that
   * it would keep is kept here: the file is on the disk before anything in the log is overwritten.
   */
  async #empty(): Promise<void> {
    this.#file.exec('pragma synchronous = off');
    try {
      this.#file.prepare('pragma wal_checkpoint(passive)').get();
      await this.#main.datasync();
      const { frames, copied } = this.#state();
      this.#triedAt = frames;
      if (frames > copied) return;
      // The next write begins the log anew, and SQLite would wait for the disk with its head. So one
      // is made here that changes nothing.
      const { user_version: version } = this.#file.prepare('pragma user_version').get() ?? {};
      this.#file.exec(`pragma user_version = ${Number(version)}`);
      await this.#log.datasync();
      this.#triedAt = 0;
    } finally {
      this.#file.exec('pragma synchronous = normal');
    }
  }

  #state(): LogState {
    const { log, checkpointed } = this.#file.prepare('pragma wal_checkpoint(noop)').get() ?? {};
    return { frames: Number(log), copied: Number(checkpointed) };
  }
}

function diskFailed(cause: unknown): ParleyError {
  const message =
    'The disk that holds the database reported an error; nothing more is stored until Parley is restarted.';
  return new ParleyError('storage_failed', message, { cause });
}
