import type { Kysely } from 'kysely';
import type { Database } from '../../database/schema.ts';
import { inSlices } from '../breathe.ts';

const MOST_CHUNKS = 200;
const MOST_TEXTS = 16;

/** Removes a version with all that hangs on it, piece by piece; to be done again when a crash interrupts it. */
export async function dropVersion(db: Kysely<Database>, versionId: string): Promise<void> {
  await inSlices(() => dropChunks(db, 'version_id', versionId));
  await inSlices(() => dropTexts(db, versionId));
  await db.deleteFrom('document_versions').where('id', '=', versionId).execute();
}

/** Removes versions newer than the searched one: what a job that died has left. No other job may be writing one. */
export async function dropUnpublished(db: Kysely<Database>, documentId: string): Promise<void> {
  const versions = await db
    .selectFrom('document_versions as version')
    .innerJoin('documents as document', 'document.id', 'version.document_id')
    .leftJoin('document_versions as current', 'current.id', 'document.version_id')
    .select('version.id')
    .where('version.document_id', '=', documentId)
    .where((row) => row.or([row('current.id', 'is', null), row('version.number', '>', row.ref('current.number'))]))
    .execute();
  for (const { id } of versions) await dropVersion(db, id);
}

/** Removes all of a document's passages and versions; its row stays. */
export async function dropVersions(db: Kysely<Database>, documentId: string): Promise<void> {
  await inSlices(() => dropChunks(db, 'document_id', documentId));
  const versions = await db
    .selectFrom('document_versions')
    .select('id')
    .where('document_id', '=', documentId)
    .execute();
  for (const { id } of versions) await dropVersion(db, id);
}

/** Removes a slice of a space's vectors; answers whether more may be left. */
export async function dropVectors(db: Kysely<Database>, spaceId: string): Promise<boolean> {
  const ids = db.selectFrom('chunk_vectors').select('chunk_id').where('space_id', '=', spaceId).limit(MOST_CHUNKS);
  const gone = await db
    .deleteFrom('chunk_vectors')
    .where('space_id', '=', spaceId)
    .where('chunk_id', 'in', ids)
    .executeTakeFirst();
  return Number(gone.numDeletedRows) === MOST_CHUNKS;
}

async function dropChunks(db: Kysely<Database>, column: 'version_id' | 'document_id', id: string): Promise<boolean> {
  const ids = db.selectFrom('chunks').select('id').where(column, '=', id).limit(MOST_CHUNKS);
  const gone = await db.deleteFrom('chunks').where('id', 'in', ids).executeTakeFirst();
  return Number(gone.numDeletedRows) === MOST_CHUNKS;
}

async function dropTexts(db: Kysely<Database>, versionId: string): Promise<boolean> {
  const starts = db.selectFrom('document_texts').select('start').where('version_id', '=', versionId).limit(MOST_TEXTS);
  const gone = await db
    .deleteFrom('document_texts')
    .where('version_id', '=', versionId)
    .where('start', 'in', starts)
    .executeTakeFirst();
  return Number(gone.numDeletedRows) === MOST_TEXTS;
}
