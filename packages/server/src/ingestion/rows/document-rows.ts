import type { Kysely, Selectable, Transaction } from 'kysely';
import {
  baseSettingsSchema,
  ParleyError,
  type BaseSettings,
  type DocumentState,
  type ErrorCode,
} from '@parley/contracts';
import type { Database, DocumentTable } from '../../database/schema.ts';

export type DocumentRow = Selectable<DocumentTable>;

/** A failure as rows keep it. */
export interface StoredError {
  code: ErrorCode;
  message: string;
}

/** What a person may be told of an error; the rest is in the log. */
export function toStoredError(error: unknown): StoredError {
  if (error instanceof ParleyError) return { code: error.code, message: error.message };
  return { code: 'internal_error', message: 'Something went wrong inside Parley; the log of the server says what.' };
}

/** Throws `document_not_found`. */
export async function requireDocument(db: Kysely<Database>, id: string): Promise<DocumentRow> {
  const row = await db.selectFrom('documents').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new ParleyError('document_not_found', 'There is no such document.');
  return row;
}

/** Throws `knowledge_base_not_found`. */
export async function requireSettings(db: Kysely<Database>, baseId: string): Promise<BaseSettings> {
  const row = await db.selectFrom('knowledge_bases').select('settings').where('id', '=', baseId).executeTakeFirst();
  if (row === undefined) throw new ParleyError('knowledge_base_not_found', 'There is no such knowledge base.');
  return baseSettingsSchema.parse(JSON.parse(row.settings));
}

export interface DocumentProgress {
  state: DocumentState;
  /** Stays as it is when left out. */
  percent?: number;
  error?: StoredError | null;
  time: number;
}

export async function setProgress(trx: Kysely<Database>, id: string, progress: DocumentProgress): Promise<void> {
  const { state, percent, error = null, time } = progress;
  await trx
    .updateTable('documents')
    .set({
      state,
      error: error && JSON.stringify(error),
      updated_at: time,
      ...(percent === undefined ? {} : { percent }),
    })
    .where('id', '=', id)
    .execute();
}

/** Tells the indexes that something of the document changed. */
export async function noteChange(
  trx: Transaction<Database>,
  change: { baseId: string; documentId?: string; spaceId?: string },
): Promise<void> {
  const { baseId, documentId = null, spaceId = null } = change;
  await trx
    .insertInto('index_changes')
    .values({ base_id: baseId, document_id: documentId, space_id: spaceId })
    .execute();
}
