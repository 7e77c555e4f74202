import type { Kysely } from 'kysely';
import type { Database } from '../../database/schema.ts';
import type { IngestionLogger } from '../ingestion-logger.ts';
import type { IngestionSettings } from '../ingestion-settings.ts';
import type { JobOutcome } from './job-outcome.ts';
import { LeaseLostError, type JobKind, type JobQueue, type LeasedJob } from './job-queue.ts';
import { JobTicket } from './job-ticket.ts';

/** Does a job to its end, and ends it by `ticket.finish`; throws why it could not. */
export type JobHandler = (ticket: JobTicket) => Promise<void>;

export interface JobRunnerOptions {
  db: Kysely<Database>;
  queue: JobQueue;
  outcome: JobOutcome;
  handlers: Record<JobKind, JobHandler>;
  settings: IngestionSettings;
  now: () => number;
  announce: (baseId: string, documentId: string) => void;
  logger: IngestionLogger;
}

type AbortReason = 'cancelled' | 'lost' | 'closing';

interface ActiveJob {
  job: LeasedJob;
  abort: AbortController;
  done: Promise<void>;
}

interface Lane {
  kinds: readonly JobKind[];
  limit: number;
}

/** Takes jobs as long as there is room for them, keeps their leases alive, and takes back those of owners that died. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #lanes: readonly Lane[];
  readonly #active = new Map<string, ActiveJob>();
  #timers: NodeJS.Timeout[] = [];
  #nextRun: NodeJS.Timeout | undefined;
  #isOpen = false;
  #isWoken = false;
  #filling: Promise<void> = Promise.resolve();

  constructor(options: JobRunnerOptions) {
    const { parallel, parallelBases } = options.settings;
    this.#options = options;
    // A space is filled for hours, and a site waits for its server: neither may hold up a file.
    this.#lanes = [
      { kinds: ['ingest', 'split'], limit: parallel },
      { kinds: ['crawl', 'fill-space'], limit: parallelBases },
    ];
  }

  start(): void {
    const { settings } = this.#options;
    this.#isOpen = true;
    const every = (milliseconds: number, work: () => void) =>
      this.#timers.push(setInterval(work, milliseconds).unref());
    every(settings.leaseMs / 3, () => void this.#quietly(() => this.renew()));
    every(settings.pollMs, () => void this.#quietly(() => this.takeBack(false)).then(() => this.wake()));
    void this.#quietly(() => this.takeBack(!settings.sharesDatabase)).then(() => this.wake());
  }

  /** Looks for jobs soon; to be said when one was added. */
  wake(): void {
    if (!this.#isOpen || this.#isWoken) return;
    this.#isWoken = true;
    this.#filling = this.#filling.then(() => {
      this.#isWoken = false;
      return this.#quietly(() => this.#fillLanes());
    });
  }

  /** Stops the work under these leases, which the table has taken away already. */
  abort(leases: readonly string[]): void {
    for (const lease of leases) this.#active.get(lease)?.abort.abort('cancelled' satisfies AbortReason);
  }

  /** Resolves once the work under these leases has stopped. */
  async stopped(leases: readonly string[]): Promise<void> {
    await Promise.all(leases.flatMap((lease) => this.#active.get(lease)?.done ?? []));
  }

  /** Says that the jobs are still worked on, and lets go of those that were taken away. */
  async renew(): Promise<void> {
    const lost = await this.#options.queue.renew([...this.#active.keys()]);
    for (const lease of lost) this.#active.get(lease)?.abort.abort('lost' satisfies AbortReason);
  }

  /** Takes back what was leased by owners that died. */
  async takeBack(isAlone: boolean): Promise<void> {
    const { queue, outcome, announce, logger } = this.#options;
    for (const row of await queue.abandoned(isAlone)) {
      logger.warn({ job: row.id, kind: row.kind, attempts: row.attempts }, 'a job of a server that died is taken back');
      await outcome.takeBack(row);
      if (row.document_id !== null) announce(row.base_id, row.document_id);
    }
  }

  /** Takes no more jobs, interrupts those that run and gives them back. */
  async close(): Promise<void> {
    this.#isOpen = false;
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#nextRun);
    await this.#filling;
    const active = [...this.#active.values()];
    for (const { abort } of active) abort.abort('closing' satisfies AbortReason);
    await Promise.all(active.map(({ done }) => done));
  }

  async #fillLanes(): Promise<void> {
    for (const lane of this.#lanes) {
      while (this.#isOpen && this.#load(lane) < lane.limit) {
        const job = await this.#options.queue.lease(lane.kinds);
        if (job === null) break;
        this.#begin(job);
      }
    }
    await this.#wakeInTime();
  }

  #load({ kinds }: Lane): number {
    return [...this.#active.values()].filter(({ job }) => kinds.includes(job.kind)).length;
  }

  #begin(job: LeasedJob): void {
    const abort = new AbortController();
    const done = this.#run(job, abort.signal).finally(() => {
      this.#active.delete(job.lease);
      this.wake();
    });
    this.#active.set(job.lease, { job, abort, done });
  }

  async #run(job: LeasedJob, signal: AbortSignal): Promise<void> {
    const { handlers, announce } = this.#options;
    const ticket = new JobTicket({ ...this.#options, job, signal });
    try {
      await handlers[job.kind](ticket);
    } catch (error) {
      await this.#quietly(() => this.#settle(job, error, signal));
      if (job.documentId !== null) announce(job.baseId, job.documentId);
    }
  }

  async #settle(job: LeasedJob, error: unknown, signal: AbortSignal): Promise<void> {
    const { outcome, logger } = this.#options;
    const reason = signal.reason as AbortReason | undefined;
    // The table says already what became of it.
    if (reason === 'cancelled' || reason === 'lost' || error instanceof LeaseLostError) return;
    if (reason === 'closing') return outcome.giveBack(job);
    logger.warn({ err: error, job: job.id, kind: job.kind, documentId: job.documentId }, 'a job failed');
    return outcome.fail(job, error);
  }

  // Only what may run later than now: what could run now waits for a job to end, which wakes us too.
  async #wakeInTime(): Promise<void> {
    clearTimeout(this.#nextRun);
    const time = await this.#options.queue.nextRunAt();
    const delay = time === null ? 0 : time - this.#options.now();
    if (delay > 0 && this.#isOpen) this.#nextRun = setTimeout(() => this.wake(), Math.min(delay, 2 ** 31 - 1)).unref();
  }

  // Nobody waits for these: a disk that is full now is tried again with the next tick, and the lease tells the rest.
  async #quietly(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.logger.error({ err: error }, 'the job table could not be used');
    }
  }
}
