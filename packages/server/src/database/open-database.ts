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
import { WriteAheadLog } from './write-ahead-log.ts';

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
  const { file, log } = await openFile(home);
  const db = new Kysely<Database>({ dialect: new NodeSqliteDialect(file, log) });
  try {
    await migrate({ db, file, backupFolder: join(home, 'backups'), now, migrations });
    return db;
  } catch (error) {
    await log.close();
    throw error;
  }
}

async function openFile(home: string): Promise<{ file: DatabaseSync; log: WriteAheadLog }> {
  const path = join(home, 'parley.db');
  let file: DatabaseSync | null = null;
  try {
    prepareFolder(home, path);
    file = new DatabaseSync(path);
    file.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    file.exec('pragma journal_mode = wal; pragma foreign_keys = on');
    return { file, log: await WriteAheadLog.open({ file, path }) };
  } catch (error) {
    if (file?.isOpen) file.close();
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
