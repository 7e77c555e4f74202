import type { Transaction } from 'kysely';
import type { Database } from '../../database/schema.ts';
import { breathe } from '../breathe.ts';
import type { JobTicket } from '../jobs/job-ticket.ts';
import { addSplit } from '../rows/add-split.ts';
import type { WorkParts } from './work-parts.ts';

const PAGE = 100;

type Parts = Pick<WorkParts, 'queue' | 'now' | 'wake'>;

/**
 * Adds a job for every document of a base, after its split settings changed. Begun again after a
 * crash it passes over what still waits. A document that is being read for the first time is none
 * of them: it is looked at again when it is published.
 */
export async function splitBase(ticket: JobTicket, parts: Parts): Promise<void> {
  let after: string | null = '';
  while (after !== null) {
    const from: string = after;
    const ids: string[] = await ticket.write((trx) => splitSome(trx, { ticket, parts, from }));
    for (const id of ids) ticket.announce(id);
    parts.wake();
    after = ids.at(-1) ?? null;
    await breathe();
  }
}

/** The page of documents after `from`; the job ends with the last of them. */
async function splitSome(
  trx: Transaction<Database>,
  { ticket, parts, from }: { ticket: JobTicket; parts: Parts; from: string },
): Promise<string[]> {
  const { queue, now } = parts;
  const documents = await trx
    .selectFrom('documents')
    .select(['id', 'base_id'])
    .where('base_id', '=', ticket.job.baseId)
    .where('version_id', 'is not', null)
    .where('id', '>', from)
    .orderBy('id')
    .limit(PAGE)
    .execute();
  for (const document of documents) {
    const open = await queue.openJobs(trx, document.id);
    // What waits will cut by the new settings anyway; what runs may have read the old ones.
    const waits = open.some(({ kind, state }) => state === 'queued' && kind !== 'crawl');
    if (!waits) await addSplit(trx, document, { payload: {}, queue, now });
  }
  if (documents.length === 0) await ticket.finish(trx);
  return documents.map(({ id }) => id);
}
