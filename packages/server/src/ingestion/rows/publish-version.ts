import type { Transaction } from 'kysely';
import type { SplitSettings } from '@parley/contracts';
import type { Database } from '../../database/schema.ts';
import { breathe } from '../breathe.ts';
import { lacksVectors } from '../embedding/vector-rows.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import type { JobTicket } from '../jobs/job-ticket.ts';
import { addSplit } from './add-split.ts';
import { activeSpace } from './space-rows.ts';
import { noteChange, requireDocument, requireSettings, type DocumentRow } from './document-rows.ts';

const SLICE = 200;

export interface Publication {
  ticket: JobTicket;
  documentId: string;
  /** The version that was written. */
  stagedId: string;
  /** `passages`: the staged version was only cut anew; its passages move to the version that is searched. */
  replaces: 'version' | 'passages';
  /** How it was cut. */
  split: SplitSettings;
  file?: { mediaType: string; size: number };
  queue: JobQueue;
  now: () => number;
}

/**
 * Makes the staged version what is searched, all of it or nothing: the passages of before go, and
 * the indexes are told. Does nothing and answers false while a passage lacks its vector in the
 * active space, which may have become another one meanwhile. The event loop is free between slices,
 * but other writers wait until the end.
 */
export async function publishVersion(publication: Publication): Promise<boolean> {
  const { ticket, documentId, stagedId } = publication;
  const isPublished = await ticket.write(async (trx) => {
    const document = await requireDocument(trx, documentId);
    if (await lacksVector(trx, document.base_id, stagedId)) return false;
    await keepDisabled(trx, document, stagedId);
    await removeOldPassages(trx, document);
    if (publication.replaces === 'passages') await movePassages(trx, document, stagedId);
    await trx
      .updateTable('documents')
      .set(await columnsOf(trx, document, publication))
      .where('id', '=', documentId)
      .execute();
    await noteChange(trx, { baseId: document.base_id, documentId });
    await ticket.finish(trx);
    await cutAgain(trx, document, publication);
    return true;
  });
  if (isPublished) ticket.announce();
  return isPublished;
}

// The settings may have changed while it was read, and whoever changed them did not wait for it.
async function cutAgain(
  trx: Transaction<Database>,
  document: DocumentRow,
  { split, queue, now }: Publication,
): Promise<void> {
  const wanted = await requireSettings(trx, document.base_id);
  if (JSON.stringify(wanted.split) === JSON.stringify(split)) return;
  const open = await queue.openJobs(trx, document.id);
  if (open.every(({ kind }) => kind === 'crawl')) await addSplit(trx, document, { payload: {}, queue, now });
}

async function lacksVector(trx: Transaction<Database>, baseId: string, versionId: string): Promise<boolean> {
  const space = await activeSpace(trx, baseId);
  return space !== null && lacksVectors(trx, { space, versionId });
}

// What a person took out of the search stays out as long as it says the same.
async function keepDisabled(trx: Transaction<Database>, document: DocumentRow, stagedId: string): Promise<void> {
  const { version_id: currentId } = document;
  if (currentId === null) return;
  const disabled = trx
    .selectFrom('chunks')
    .select('hash')
    .where('version_id', '=', currentId)
    .where('is_enabled', '=', 0);
  await trx
    .updateTable('chunks')
    .set({ is_enabled: 0 })
    .where('version_id', '=', stagedId)
    .where('hash', 'in', disabled)
    .execute();
}

async function removeOldPassages(trx: Transaction<Database>, { version_id: currentId }: DocumentRow): Promise<void> {
  if (currentId === null) return;
  while (true) {
    const ids = trx.selectFrom('chunks').select('id').where('version_id', '=', currentId).limit(SLICE);
    const gone = await trx.deleteFrom('chunks').where('id', 'in', ids).executeTakeFirst();
    if (Number(gone.numDeletedRows) < SLICE) return;
    await breathe();
  }
}

async function movePassages(
  trx: Transaction<Database>,
  { version_id: currentId }: DocumentRow,
  stagedId: string,
): Promise<void> {
  if (currentId === null) throw new Error('A document without a version was cut anew.');
  while (true) {
    const ids = trx.selectFrom('chunks').select('id').where('version_id', '=', stagedId).limit(SLICE);
    const moved = await trx
      .updateTable('chunks')
      .set({ version_id: currentId })
      .where('id', 'in', ids)
      .executeTakeFirst();
    if (Number(moved.numUpdatedRows) < SLICE) break;
    await breathe();
  }
  await trx.deleteFrom('document_versions').where('id', '=', stagedId).execute();
}

async function columnsOf(trx: Transaction<Database>, document: DocumentRow, publication: Publication) {
  const { stagedId, replaces, file, now } = publication;
  const ready = { state: 'ready', percent: 100, error: null, updated_at: now() };
  if (replaces === 'passages') return ready;
  const titles = await trx
    .selectFrom('document_versions')
    .select(['id', 'title'])
    .where('id', 'in', [stagedId, document.version_id ?? ''])
    .execute();
  const titleOf = (id: string | null) => titles.find((row) => row.id === id)?.title;
  // A title that a person gave stays.
  const isGiven = document.title !== document.name && document.title !== titleOf(document.version_id);
  return {
    ...ready,
    version_id: stagedId,
    title: isGiven ? document.title : (titleOf(stagedId) ?? document.title),
    ...(file ? { media_type: file.mediaType, size: file.size } : {}),
  };
}
