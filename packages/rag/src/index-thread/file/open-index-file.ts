import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { IndexFile } from './index-file.ts';
import { INDEX_TABLES, TABLES_VERSION } from './index-tables.ts';

/** "PrIx": what SQLite keeps in a file's head to say whose it is. */
const APPLICATION_ID = 0x50724978;
const PAGE_BYTES = 8_192;
const CACHE_KIB = 16_384;
/** SQLite's codes for "malformed" and "not a database". */
const DAMAGED: ReadonlySet<number> = new Set([11, 26]);

/** Opens the file; one that is damaged, foreign or of another version is deleted and begun anew. */
export function openIndexFile(path: string): { file: IndexFile; isNew: boolean } {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const known = openKnown(path);
  if (known) return { file: new IndexFile(known), isNew: false };
  deleteIndexFile(path);
  return { file: new IndexFile(create(path)), isNew: true };
}

export function deleteIndexFile(path: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(path + end, { force: true });
}

/** Whether an error says that the file itself is no good, rather than that it cannot be reached. */
export function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : null;
  // The lower byte is the kind; the rest says more about it.
  return typeof code === 'number' && DAMAGED.has(code & 0xff);
}

function openKnown(path: string): DatabaseSync | null {
  let database: DatabaseSync | null = null;
  try {
    database = open(path);
    if (isOurs(database)) {
      // What a crash left half written is thrown away like what was removed.
      database.exec("update segments set state = 'dropped' where state = 'building'");
      return database;
    }
    database.close();
    return null;
  } catch (error) {
    if (database?.isOpen) database.close();
    if (isDamage(error)) return null;
    throw error;
  }
}

function isOurs(database: DatabaseSync): boolean {
  const { application_id: owner } = database.prepare('pragma application_id').get() ?? {};
  const { user_version: version } = database.prepare('pragma user_version').get() ?? {};
  return owner === APPLICATION_ID && version === TABLES_VERSION;
}

function open(path: string): DatabaseSync {
  closeSync(openSync(path, 'a', 0o600));
  const database = new DatabaseSync(path, { timeout: 5_000 });
  database.exec(`pragma page_size = ${PAGE_BYTES}; pragma auto_vacuum = incremental`);
  // One owner, so no lock has to be taken per query. NORMAL: after a power cut the last writes may be
  // missing, and with them the position in the feed that says so; they are made again from the rows.
  database.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = normal');
  database.exec(`pragma cache_size = -${CACHE_KIB}; pragma temp_store = memory`);
  return database;
}

function create(path: string): DatabaseSync {
  const database = open(path);
  // The mark that the file is ours comes with the tables or not at all.
  database.exec(`begin; ${INDEX_TABLES};
    pragma application_id = ${APPLICATION_ID}; pragma user_version = ${TABLES_VERSION}; commit`);
  return database;
}
