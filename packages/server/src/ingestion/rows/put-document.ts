import type { Transaction } from 'kysely';
import { ParleyError } from '@parley/contracts';
import type { Database } from '../../database/schema.ts';
import { jobPayloadSchema, type JobPayload } from '../jobs/job-payload.ts';
import { ALL_KINDS, type JobQueue } from '../jobs/job-queue.ts';
import type { DocumentRow } from './document-rows.ts';

/** A file or page as it came in. */
export interface IncomingDocument {
  baseId: string;
  kind: 'file' | 'page';
  name: string;
  mediaType: string;
  /** How a page is fetched, as JSON; null for a file. */
  source: string | null;
  size: number | null;
  payload: JobPayload;
  job: 'ingest' | 'crawl';
}

export interface PutTools {
  queue: JobQueue;
  newId: () => string;
  now: () => number;
}

export interface PutDocument {
  id: string;
  /** False: it is there already, made of the very same bytes. */
  isChanged: boolean;
  /** Of the jobs that this one took the place of. */
  leases: string[];
}

/** Makes the document of this name, or a job for what is new of it. */
export async function putDocument(
  trx: Transaction<Database>,
  incoming: IncomingDocument,
  tools: PutTools,
): Promise<PutDocument> {
  const { baseId, kind, name } = incoming;
  const existing = await trx
    .selectFrom('documents')
    .selectAll()
    .where('base_id', '=', baseId)
    .where('kind', '=', kind)
    .where('name', '=', name)
    .executeTakeFirst();
  if (existing === undefined) return insertDocument(trx, incoming, tools);
  if (await isSame(trx, existing, incoming)) return { id: existing.id, isChanged: false, leases: [] };
  const { source, payload, job } = incoming;
  // The page from which a crawl set out is found by that crawl, which must live on.
  const leases = await tools.queue.cancelDocument(trx, existing.id, job === 'crawl' ? ALL_KINDS : ['ingest', 'split']);
  await trx
    .updateTable('documents')
    .set({ source, state: 'queued', percent: 0, error: null, updated_at: tools.now() })
    .where('id', '=', existing.id)
    .execute();
  await tools.queue.add(trx, { kind: job, baseId, documentId: existing.id, payload });
  return { id: existing.id, isChanged: true, leases };
}

/** A page that could not be fetched, with the reason; one that is there already keeps what it has, and null is answered. */
export async function putFailedPage(
  trx: Transaction<Database>,
  { baseId, name, source, error }: { baseId: string; name: string; source: string; error: ParleyError },
  { newId, now }: Pick<PutTools, 'newId' | 'now'>,
): Promise<string | null> {
  const time = now();
  const row = {
    id: newId(),
    base_id: baseId,
    kind: 'page' as const,
    name,
    title: name,
    media_type: 'text/html',
    source,
    size: null,
    state: 'failed',
    percent: 0,
    error: JSON.stringify({
      code: error.code,
      message: error.message,
    }),
    is_enabled: 1,
    version_id: null,
    created_at: time,
    updated_at: time,
  };
  const inserted = await trx
    .insertInto('documents')
    .values(row)
    .onConflict((conflict) => conflict.columns(['base_id', 'kind', 'name']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted?.id ?? null;
}

async function insertDocument(
  trx: Transaction<Database>,
  incoming: IncomingDocument,
  { queue, newId, now }: PutTools,
): Promise<PutDocument> {
  const { baseId, kind, name, mediaType, source, size, payload, job } = incoming;
  const base = await trx.selectFrom('knowledge_bases').select('id').where('id', '=', baseId).executeTakeFirst();
  if (base === undefined) throw new ParleyError('knowledge_base_not_found', 'There is no such knowledge base.');
  const id = newId();
  const time = now();
  await trx
    .insertInto('documents')
    .values({
      id,
      base_id: baseId,
      kind,
      name,
      title: name,
      media_type: mediaType,
      source,
      size,
      state: 'queued',
      percent: 0,
      error: null,
      is_enabled: 1,
      version_id: null,
      created_at: time,
      updated_at: time,
    })
    .execute();
  await queue.add(trx, { kind: job, baseId, documentId: id, payload });
  return { id, isChanged: true, leases: [] };
}

async function isSame(trx: Transaction<Database>, document: DocumentRow, incoming: IncomingDocument): Promise<boolean> {
  const { hash } = incoming.payload;
  if (!hash) return false;
  if (incoming.source !== document.source) return false;
  const open = await trx
    .selectFrom('jobs')
    .select(['kind', 'payload'])
    .where('document_id', '=', document.id)
    .where('kind', '!=', 'crawl')
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst();
  if (open?.kind === 'ingest') return jobPayloadSchema.parse(JSON.parse(open.payload)).hash === hash;
  // One that is only cut anew is as good as ready.
  if (open === undefined && document.state !== 'ready') return false;
  const version = await trx
    .selectFrom('document_versions')
    .select('file_hash')
    .where('id', '=', document.version_id ?? '')
    .executeTakeFirst();
  return version?.file_hash === hash;
}
