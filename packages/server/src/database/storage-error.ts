import { ParleyError } from '@parley/contracts';

// Primary result codes, sqlite.org/rescode.html.
const SENTENCES: Record<number, string> = {
  5: 'The database is in use by another program; try again in a moment.',
  8: 'The database can only be read: the folder or the disk is write-protected.',
  10: 'The disk that holds the database reported an error.',
  11: 'The database file is damaged; a copy of an earlier state may be in the backups folder.',
  13: 'Nothing could be stored: the disk is full.',
  14: 'The database file could not be opened.',
  26: 'The database file is not a database.',
};

/** What SQLite says about the disk as `storage_failed`; every other error as it is. */
export function toStorageError(error: unknown): unknown {
  const code = sqliteCode(error);
  const sentence = code === null ? undefined : SENTENCES[code & 0xff];
  return sentence === undefined ? error : new ParleyError('storage_failed', sentence, { cause: error });
}

/** True when a unique index or a key refused the row. */
export function isConstraintError(error: unknown): boolean {
  return ((sqliteCode(error) ?? 0) & 0xff) === 19;
}

function sqliteCode(error: unknown): number | null {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number' ? errcode : null;
}
