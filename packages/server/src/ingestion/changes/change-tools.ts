import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../../database/schema.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import { requireDocument, type DocumentRow } from '../rows/document-rows.ts';

/** What those need who change documents at a person's wish. */
export interface ChangeTools {
  db: Kysely<Database>;
  queue: JobQueue;
  now: () => number;
  newId: () => string;
  announce: (baseId: string, documentId: string) => void;
  /** Says that a job was added. */
  wake: () => void;
  /** Says that the indexes have something to follow. */
  poke: () => void;
  /** Stops the work under leases that were taken away; resolves with its end. */
  stop: (leases: readonly string[]) => Promise<void>;
}

/** One transaction about a document, told to its followers when it is stored. Throws `document_not_found`. */
export async function changeDocument<Value>(
  { db, announce }: Pick<ChangeTools, 'db' | 'announce'>,
  documentId: string,
  work: (trx: Transaction<Database>, document: DocumentRow) => Promise<Value>,
): Promise<Value> {
  const { baseId, value } = await db.transaction().execute(async (trx) => {
    const document = await requireDocument(trx, documentId);
    return { baseId: document.base_id, value: await work(trx, document) };
  });
  announce(baseId, documentId);
  return value;
}
