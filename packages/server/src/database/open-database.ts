import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { ParleyError } from '@parley/contracts';
import { migrate, type NamedMigration } from './migrate.ts';
import { migrations as allMigrations } from './migrations/index.ts';
import { NodeSqliteDialect } from './node-sqlite-dialect.ts';
import type { Database } from './schema.ts';
import { toStorageError } from './storage-error.ts';

const BUSY_TIMEOUT_MS = 5_000;

export interface OpenDatabaseOptions {
  /** Folder of `parley.db` and `backups/`; made when missing, and closed to other users. */
  home: string;
  now: () => number;
  /** In the order in which they run; only tests bring their own. */
  migrations?: readonly NamedMigration[];
}

/**
 * Opens the database and brings it up to date. Throws `storage_failed` with the reason when that
 * fails; the file is then as it was. Destroying the answer closes the file.
 */
export async function openDatabase({
  home,
  now,
  migrations = allMigrations,
}: OpenDatabaseOptions): Promise<Kysely<Database>> {
  const file = openFile(home);
  const db = new Kysely<Database>({ dialect: new NodeSqliteDialect(file) });
  try {
    await migrate({ db, file, backupFolder: join(home, 'backups'), now, migrations });
    return db;
  } catch (error) {
    file.close();
    throw error;
  }
}

function openFile(home: string): DatabaseSync {
  const path = join(home, 'parley.db');
  try {
    prepareFolder(home, path);
    const file = new DatabaseSync(path);
    file.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    // FULL: an answer that was shown as stored survives a power cut.
    file.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
    return file;
  } catch (error) {
    const known = toStorageError(error);
    if (known instanceof ParleyError) throw known;
    throw new ParleyError('storage_failed', `The database ${path} could not be opened.`, { cause: error });
  }
}

// SQLite gives the WAL beside it the mode of the database file.
function prepareFolder(home: string, path: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chmodSync(home, 0o700);
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}
