import type { Kysely, Transaction } from 'kysely';
import { ParleyError } from '@parley/contracts';
import type { Database } from '../../database/schema.ts';
import { setProgress, toStoredError, type StoredError } from '../rows/document-rows.ts';
import { jobPayloadSchema } from './job-payload.ts';
import { LeaseLostError, type JobQueue, type JobRow, type LeasedJob } from './job-queue.ts';

export interface JobOutcomeOptions {
  db: Kysely<Database>;
  queue: JobQueue;
  now: () => number;
  retryDelaysMs: readonly number[];
  maxLostLeases: number;
}

type Target = Pick<LeasedJob, 'id' | 'kind' | 'documentId' | 'payload'>;

/** Refusals of a web server that are about now, not about the page (RFC 9110 and 6585, RFC 8470 for 425). */
const ABOUT_NOW = new Set([408, 425, 429]);

/** Stores how a job ended that did not end well: what becomes of it, and of the document or space that it was for. */
export class JobOutcome {
  readonly #options: JobOutcomeOptions;

  constructor(options: JobOutcomeOptions) {
    this.#options = options;
  }

  /** A failure that may pass is tried again later, every other one is final. */
  async fail(job: LeasedJob, error: unknown): Promise<void> {
    const { now, retryDelaysMs, queue } = this.#options;
    const failures = job.payload.failures ?? 0;
    const delay = mayPass(error) ? retryDelaysMs[failures] : undefined;
    const stored = toStoredError(error);
    await this.#store(job, async (trx) => {
      if (delay === undefined) {
        await queue.end(trx, job.id, { state: 'failed', error: stored });
        await this.#markTarget(trx, job, { state: 'failed', error: stored });
        return;
      }
      const payload = { ...job.payload, failures: failures + 1 };
      await queue.requeue(trx, job.id, { runAt: now() + delay, attempts: 0, payload, error: stored });
      await this.#markTarget(trx, job, { state: 'queued', error: stored });
    });
  }

  /** Puts a job back that was only interrupted by the end of its server. */
  async giveBack(job: LeasedJob): Promise<void> {
    await this.#store(job, async (trx) => {
      await this.#options.queue.requeue(trx, job.id, {
        runAt: this.#options.now(),
        attempts: job.attempts - 1,
        error: null,
      });
      await this.#markTarget(trx, job, { state: 'queued', error: null });
    });
  }

  /** Takes back a job whose owner died; one that did so too often is set aside, as it may be the reason. */
  async takeBack(row: JobRow): Promise<void> {
    const { db, now, queue, maxLostLeases } = this.#options;
    const job = {
      id: row.id,
      kind: row.kind,
      documentId: row.document_id,
      payload: jobPayloadSchema.parse(JSON.parse(row.payload)),
    };
    await db.transaction().execute(async (trx) => {
      const held = await trx
        .selectFrom('jobs')
        .select('lease_owner')
        .where('id', '=', row.id)
        .where('state', '=', 'running')
        .executeTakeFirst();
      if (held?.lease_owner !== row.lease_owner) return;
      if (row.attempts > maxLostLeases) {
        const error = setAsideError(row.attempts);
        await queue.end(trx, row.id, { state: 'set-aside', error });
        await this.#markTarget(trx, job, { state: 'set-aside', error });
        return;
      }
      await queue.requeue(trx, row.id, { runAt: now(), attempts: row.attempts, error: null });
      await this.#markTarget(trx, job, { state: 'queued', error: null });
    });
  }

  async #store(job: LeasedJob, work: (trx: Transaction<Database>) => Promise<void>): Promise<void> {
    const { db, queue } = this.#options;
    try {
      await db.transaction().execute(async (trx) => {
        await queue.fence(trx, job);
        await work(trx);
      });
    } catch (error) {
      // Whoever took it away has stored what became of it.
      if (!(error instanceof LeaseLostError)) throw error;
    }
  }

  async #markTarget(
    trx: Transaction<Database>,
    job: Target,
    { state, error }: { state: 'queued' | 'failed' | 'set-aside'; error: StoredError | null },
  ): Promise<void> {
    const { documentId, payload } = job;
    if (documentId !== null && !(job.kind === 'crawl' && (await hasOwnLife(trx, documentId)))) {
      await setProgress(trx, documentId, {
        state,
        error,
        time: this.#options.now(),
        ...(state === 'queued' ? { percent: 0 } : {}),
      });
    }
    if (payload.spaceId) {
      await trx
        .updateTable('embedding_spaces')
        .set({ error: error && JSON.stringify(error) })
        .where('id', '=', payload.spaceId)
        .execute();
      if (state === 'queued') return;
      await trx
        .updateTable('embedding_spaces')
        .set({ state: 'failed' })
        .where('id', '=', payload.spaceId)
        .where('state', '=', 'filling')
        .execute();
    }
  }
}

// The page from which a crawl set out is a document like the others as soon as it was fetched.
async function hasOwnLife(trx: Transaction<Database>, documentId: string): Promise<boolean> {
  const document = await trx
    .selectFrom('documents')
    .select('version_id')
    .where('id', '=', documentId)
    .executeTakeFirst();
  const job = await trx
    .selectFrom('jobs')
    .select('id')
    .where('document_id', '=', documentId)
    .where('kind', '=', 'ingest')
    .executeTakeFirst();
  return document === undefined || document.version_id !== null || job !== undefined;
}

function setAsideError(attempts: number): StoredError {
  const message = `Parley ended ${attempts} times while it worked on this, so it was set aside. Try it again when you know that it is not to blame.`;
  return { code: 'document_unreadable', message };
}

/** Whether the same may succeed later: not so a page that its server says is not there. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof ParleyError) || !error.isRetryable) return false;
  const { answeredStatus: status } = error;
  return status === null || status >= 500 || ABOUT_NOW.has(status);
}
