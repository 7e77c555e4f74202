import type { Kysely, Transaction } from 'kysely';
import type { DocumentState } from '@parley/contracts';
import type { Database } from '../../database/schema.ts';
import { setProgress } from '../rows/document-rows.ts';
import type { JobQueue, LeasedJob } from './job-queue.ts';

/** The percent of a document is stored so often at most; its stage always is. */
const PROGRESS_MS = 300;

export interface JobTicketOptions {
  job: LeasedJob;
  signal: AbortSignal;
  db: Kysely<Database>;
  queue: JobQueue;
  now: () => number;
  announce: (baseId: string, documentId: string) => void;
}

/** A leased job in the hands of the code that does it: all that it stores goes through here, fenced by the lease. */
export class JobTicket {
  readonly job: LeasedJob;
  /** Aborts when the job is cancelled, taken away, or the server stops. */
  readonly signal: AbortSignal;
  readonly #options: JobTicketOptions;
  #stage: DocumentState | null = null;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(options: JobTicketOptions) {
    this.job = options.job;
    this.signal = options.signal;
    this.#options = options;
  }

  /** One transaction; throws `request_aborted` when the job is this server's no more. */
  async write<Value>(work: (trx: Transaction<Database>) => Promise<Value>): Promise<Value> {
    const { db, queue } = this.#options;
    return db.transaction().execute(async (trx) => {
      await queue.fence(trx, this.job);
      return work(trx);
    });
  }

  /** Where the job's document is; `percent` of the whole way. */
  async progress(state: DocumentState, percent: number): Promise<void> {
    const { documentId } = this.job;
    if (documentId === null || !this.#isWorthTelling(state)) return;
    const time = this.#options.now();
    this.#stage = state;
    this.#toldAt = time;
    await this.write((trx) => setProgress(trx, documentId, { state, percent, time }));
    this.announce();
  }

  /** Ends the job well, in the transaction that stores what it did. */
  async finish(trx: Transaction<Database>): Promise<void> {
    await this.#options.queue.end(trx, this.job.id, { state: 'done', error: null });
  }

  /** To be said after what changed the document is stored. */
  announce(documentId: string | null = this.job.documentId): void {
    if (documentId !== null) this.#options.announce(this.job.baseId, documentId);
  }

  #isWorthTelling(state: DocumentState): boolean {
    return state !== this.#stage || this.#options.now() - this.#toldAt >= PROGRESS_MS;
  }
}
