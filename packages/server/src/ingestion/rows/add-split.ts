import type { Transaction } from 'kysely';
import type { Database } from '../../database/schema.ts';
import type { JobPayload } from '../jobs/job-payload.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import { setProgress, type DocumentRow } from './document-rows.ts';

/** Adds the job that cuts a document's stored text anew. */
export async function addSplit(
  trx: Transaction<Database>,
  { id, base_id: baseId }: Pick<DocumentRow, 'id' | 'base_id'>,
  { payload, queue, now }: { payload: JobPayload; queue: JobQueue; now: () => number },
): Promise<void> {
  await queue.add(trx, { kind: 'split', baseId, documentId: id, payload });
  await setProgress(trx, id, { state: 'queued', percent: 0, time: now() });
}
