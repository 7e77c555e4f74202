import type { Kysely, Selectable, Transaction } from 'kysely';
import { ParleyError } from '@parley/contracts';
import type { Database, JobTable } from '../../database/schema.ts';
import type { StoredError } from '../rows/document-rows.ts';
import { jobPayloadSchema, type JobPayload } from './job-payload.ts';

/** Another owner has the job now, or nobody: whoever gets this stores nothing more. */
export class LeaseLostError extends ParleyError {
  constructor() {
    super('request_aborted', 'The job was taken back.');
  }
}

export type JobRow = Selectable<JobTable>;
export type JobKind = JobTable['kind'];

/** A job that is this server's own for a while. `lease` is new each time, so that an old owner is told from the new one. */
export interface LeasedJob {
  id: string;
  kind: JobKind;
  baseId: string;
  documentId: string | null;
  payload: JobPayload;
  /** How often it was taken without coming to an end, this time included. */
  attempts: number;
  lease: string;
}

export interface NewJob {
  kind: JobKind;
  baseId: string;
  documentId: string | null;
  payload: JobPayload;
}

export interface JobQueueOptions {
  db: Kysely<Database>;
  now: () => number;
  newId: () => string;
  leaseMs: number;
}

const ENDED = ['done', 'failed', 'cancelled', 'set-aside'] as const;
const OPEN = ['queued', 'running'] as const;
export const ALL_KINDS = ['ingest', 'crawl', 'split', 'fill-space'] as const;
const FREE = { lease_owner: null, lease_expires_at: null } as const;

/**
 * The table of jobs. A job is taken by an update that only one of several servers can win, and each
 * write of its owner is fenced by its lease: who lost it can store nothing any more.
 */
export class JobQueue {
  readonly #options: JobQueueOptions;
  /** When each base was last served: bases take turns. */
  readonly #served = new Map<string, number>();
  #turn = 0;

  constructor(options: JobQueueOptions) {
    this.#options = options;
  }

  /** Adds a job; those of the same document that have ended are forgotten with it. */
  async add(trx: Transaction<Database>, { kind, baseId, documentId, payload }: NewJob): Promise<void> {
    const { newId, now } = this.#options;
    if (documentId !== null) {
      await trx.deleteFrom('jobs').where('document_id', '=', documentId).where('state', 'in', ENDED).execute();
    }
    const time = now();
    await trx
      .insertInto('jobs')
      .values({
        id: newId(),
        kind,
        base_id: baseId,
        document_id: documentId,
        payload: JSON.stringify(payload),
        state: 'queued',
        attempts: 0,
        run_at: time,
        error: null,
        created_at: time,
        updated_at: time,
        ...FREE,
      })
      .execute();
  }

  /** The next job of these kinds, now this server's own; null when none is due. */
  async lease(kinds: readonly JobKind[]): Promise<LeasedJob | null> {
    const { db } = this.#options;
    for (const baseId of await this.#basesInTurn()) {
      const row = await this.#due(db, kinds)
        .where('jobs.base_id', '=', baseId)
        .orderBy('run_at')
        .orderBy('id')
        .executeTakeFirst();
      const leased = row === undefined ? null : await this.#take(row);
      if (leased === null) continue;
      this.#turn += 1;
      this.#served.set(baseId, this.#turn);
      return leased;
    }
    return null;
  }

  /** When the next job that is queued may run; null when there is none. */
  async nextRunAt(): Promise<number | null> {
    const { db } = this.#options;
    const { time } = await db
      .selectFrom('jobs')
      .select((row) => row.fn.min<number | null>('run_at').as('time'))
      .where('state', '=', 'queued')
      .executeTakeFirstOrThrow();
    return time;
  }

  /** Says that these are still worked on. Answers those that are this server's own no more. */
  async renew(leases: readonly string[]): Promise<Set<string>> {
    const { db, now, leaseMs } = this.#options;
    if (leases.length === 0) return new Set();
    const held = await db
      .updateTable('jobs')
      .set({ lease_expires_at: now() + leaseMs })
      .where('state', '=', 'running')
      .where('lease_owner', 'in', leases)
      .returning('lease_owner')
      .execute();
    const kept = new Set(held.map(({ lease_owner: lease }) => lease));
    return new Set(leases.filter((lease) => !kept.has(lease)));
  }

  /** Jobs whose owner said nothing for too long; all that run, when no other server can own one. */
  async abandoned(isAlone: boolean): Promise<JobRow[]> {
    const { db, now } = this.#options;
    const running = db.selectFrom('jobs').selectAll().where('state', '=', 'running');
    return isAlone ? running.execute() : running.where('lease_expires_at', '<', now()).execute();
  }

  /** Throws `LeaseLostError` when the job is this owner's no more; to be the first thing in each transaction of a job. */
  async fence(trx: Transaction<Database>, { id, lease }: Pick<LeasedJob, 'id' | 'lease'>): Promise<void> {
    const row = await trx
      .selectFrom('jobs')
      .select('id')
      .where('id', '=', id)
      .where('lease_owner', '=', lease)
      .executeTakeFirst();
    if (row === undefined) throw new LeaseLostError();
  }

  /** Puts a job to its end; it keeps its payload, so that it can be tried again. */
  async end(
    trx: Transaction<Database>,
    id: string,
    { state, error }: { state: (typeof ENDED)[number]; error: StoredError | null },
  ): Promise<void> {
    await trx
      .updateTable('jobs')
      .set({ ...FREE, state, error: error && JSON.stringify(error), updated_at: this.#options.now() })
      .where('id', '=', id)
      .execute();
  }

  /** Puts a job back, to be taken again not before `runAt`. */
  async requeue(
    trx: Transaction<Database>,
    id: string,
    change: { runAt: number; attempts: number; payload?: JobPayload; error: StoredError | null },
  ): Promise<void> {
    const { runAt, attempts, payload, error } = change;
    await trx
      .updateTable('jobs')
      .set({
        ...FREE,
        state: 'queued',
        run_at: runAt,
        attempts,
        updated_at: this.#options.now(),
        error: error && JSON.stringify(error),
        ...(payload ? { payload: JSON.stringify(payload) } : {}),
      })
      .where('id', '=', id)
      .execute();
  }

  /** Ends what waits or runs of a document. Answers the leases that were taken away. */
  async cancelDocument(
    trx: Transaction<Database>,
    documentId: string,
    kinds: readonly JobKind[] = ALL_KINDS,
  ): Promise<string[]> {
    const jobs = trx.selectFrom('jobs').select(['id', 'lease_owner']).where('document_id', '=', documentId);
    return this.#cancel(trx, await jobs.where('kind', 'in', kinds).where('state', 'in', OPEN).execute());
  }

  /** Ends what waits or runs of a whole base, or only its jobs of these kinds. Answers the leases that were taken away. */
  async cancelBase(
    trx: Transaction<Database>,
    baseId: string,
    kinds: readonly JobKind[] = ALL_KINDS,
  ): Promise<string[]> {
    const jobs = trx.selectFrom('jobs').select(['id', 'lease_owner']).where('base_id', '=', baseId);
    return this.#cancel(trx, await jobs.where('kind', 'in', kinds).where('state', 'in', OPEN).execute());
  }

  /** What waits or runs of a document. */
  async openJobs(trx: Kysely<Database>, documentId: string): Promise<JobRow[]> {
    return trx
      .selectFrom('jobs')
      .selectAll()
      .where('document_id', '=', documentId)
      .where('state', 'in', OPEN)
      .execute();
  }

  async #cancel(trx: Transaction<Database>, jobs: readonly Pick<JobRow, 'id' | 'lease_owner'>[]): Promise<string[]> {
    for (const { id } of jobs) await this.end(trx, id, { state: 'cancelled', error: null });
    return jobs.flatMap(({ lease_owner: lease }) => lease ?? []);
  }

  /** Those bases first that have the fewest running, then those that waited longest for a turn. */
  async #basesInTurn(): Promise<string[]> {
    const { db } = this.#options;
    const waiting = await db.selectFrom('jobs').select('base_id').distinct().where('state', '=', 'queued').execute();
    if (waiting.length < 2) return waiting.map(({ base_id: id }) => id);
    const running = await db.selectFrom('jobs').select('base_id').where('state', '=', 'running').execute();
    const load = (id: string) => running.filter(({ base_id: base }) => base === id).length;
    const bases = waiting.map(({ base_id: id }) => ({ id, load: load(id), served: this.#served.get(id) ?? 0 }));
    return bases.toSorted((one, other) => one.load - other.load || one.served - other.served).map(({ id }) => id);
  }

  #due(db: Kysely<Database>, kinds: readonly JobKind[]) {
    return (
      db
        .selectFrom('jobs')
        .selectAll('jobs')
        .where('jobs.state', '=', 'queued')
        .where('jobs.kind', 'in', kinds)
        .where('jobs.run_at', '<=', this.#options.now())
        // Two jobs of one document would write the same rows; a crawl writes none of its own.
        .where((row) =>
          row.not(
            row.exists(
              row
                .selectFrom('jobs as other')
                .select('other.id')
                .whereRef('other.document_id', '=', 'jobs.document_id')
                .where('other.state', '=', 'running')
                .where('other.kind', '!=', 'crawl'),
            ),
          ),
        )
        .limit(1)
    );
  }

  async #take(row: JobRow): Promise<LeasedJob | null> {
    const { db, now, newId, leaseMs } = this.#options;
    const lease = newId();
    const taken = await db
      .updateTable('jobs')
      .set({
        state: 'running',
        lease_owner: lease,
        lease_expires_at: now() + leaseMs,
        attempts: row.attempts + 1,
        updated_at: now(),
      })
      .where('id', '=', row.id)
      .where('state', '=', 'queued')
      .returning('id')
      .executeTakeFirst();
    if (taken === undefined) return null;
    const { id, kind, base_id: baseId, document_id: documentId, attempts } = row;
    return {
      id,
      kind,
      baseId,
      documentId,
      payload: jobPayloadSchema.parse(JSON.parse(row.payload)),
      attempts: attempts + 1,
      lease,
    };
  }
}
