import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import { errorCodeSchema, ParleyError, type EmbeddingSpace } from '@parley/contracts';
import type { Database } from '../database/schema.ts';
import type { JobQueue } from './jobs/job-queue.ts';
import { noteChange, requireSettings } from './rows/document-rows.ts';
import { dropSpaces } from './rows/drop-space.ts';
import { activeSpace, findSpace, spacesOf, type SpaceRow } from './rows/space-rows.ts';

export interface SpacesServiceOptions {
  db: Kysely<Database>;
  queue: JobQueue;
  now: () => number;
  newId: () => string;
  wake: () => void;
  /** Stops the work under leases that were taken away, and waits for its end. */
  stop: (leases: readonly string[]) => Promise<void>;
  /** Says that the indexes have something to follow. */
  poke: () => void;
}

const errorSchema = z.object({ code: errorCodeSchema, message: z.string() });

/** The embedding spaces of bases: which one answers, which one is filled, which one can be gone back to. */
export class SpacesService {
  readonly #options: SpacesServiceOptions;
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: SpacesServiceOptions) {
    this.#options = options;
  }

  /** Fills a new space beside the active one; the active model itself only takes back a choice that is being filled. */
  async choose(baseId: string, model: string | null): Promise<void> {
    await this.#alone(async () => {
      const { db } = this.#options;
      await requireSettings(db, baseId);
      await this.#stopFilling(baseId);
      const active = await activeSpace(db, baseId);
      if (model === null && active !== null) await this.#retire(baseId);
      if (model !== null && active?.model !== model) await this.#begin(baseId, model);
    });
  }

  /** Back to the space before, at once. */
  async activate(baseId: string, spaceId: string): Promise<void> {
    await this.#alone(async () => {
      const { db, queue, wake, poke } = this.#options;
      const space = await this.#requireReady(baseId, spaceId);
      if (space.state === 'active') return;
      await this.#stopFilling(baseId);
      await db.transaction().execute(async (trx) => {
        await trx
          .updateTable('embedding_spaces')
          .set({ state: 'retired' })
          .where('base_id', '=', baseId)
          .where('state', '=', 'active')
          .execute();
        await trx
          .updateTable('embedding_spaces')
          .set({ state: 'active', error: null })
          .where('id', '=', spaceId)
          .execute();
        await noteChange(trx, { baseId, spaceId });
        await queue.add(trx, { kind: 'fill-space', baseId, documentId: null, payload: { spaceId } });
      });
      wake();
      poke();
    });
  }

  async list(baseId: string): Promise<EmbeddingSpace[]> {
    const { db } = this.#options;
    await requireSettings(db, baseId);
    const { total } = await db
      .selectFrom('documents')
      .innerJoin('chunks', 'chunks.version_id', 'documents.version_id')
      .select((row) => row.fn.countAll().as('total'))
      .where('documents.base_id', '=', baseId)
      .executeTakeFirstOrThrow();
    return Promise.all((await spacesOf(db, baseId)).map((space) => this.#toView(space, Number(total))));
  }

  async #toView(space: SpaceRow, total: number): Promise<EmbeddingSpace> {
    const { id, model, dimensions, state, error, created_at } = space;
    const { done } = await this.#options.db
      .selectFrom('chunk_vectors')
      .select((row) => row.fn.countAll().as('done'))
      .where('space_id', '=', id)
      .executeTakeFirstOrThrow();
    return {
      id,
      model,
      dimensions,
      state,
      done: Math.min(Number(done), total),
      total,
      created_at,
      error: error === null ? null : errorSchema.parse(JSON.parse(error)),
    };
  }

  async #requireReady(baseId: string, spaceId: string): Promise<SpaceRow> {
    const space = await findSpace(this.#options.db, spaceId);
    if (space === null || space.base_id !== baseId)
      throw new ParleyError('knowledge_base_not_found', 'There is no such embedding space.');
    if (space.state === 'active' || space.state === 'retired') return space;
    throw new ParleyError(
      'invalid_request',
      'This embedding space never answered questions; choose its model instead.',
    );
  }

  async #stopFilling(baseId: string): Promise<void> {
    const { db, queue, stop } = this.#options;
    const leases = await db.transaction().execute((trx) => queue.cancelBase(trx, baseId, ['fill-space']));
    await stop(leases);
    await dropSpaces(db, baseId, ['filling', 'failed']);
  }

  async #retire(baseId: string): Promise<void> {
    const { db } = this.#options;
    await dropSpaces(db, baseId, ['retired']);
    await db
      .updateTable('embedding_spaces')
      .set({ state: 'retired' })
      .where('base_id', '=', baseId)
      .where('state', '=', 'active')
      .execute();
  }

  async #begin(baseId: string, model: string): Promise<void> {
    const { db, queue, newId, now, wake } = this.#options;
    const id = newId();
    await db.transaction().execute(async (trx) => {
      const isEmpty =
        (await trx
          .selectFrom('chunks')
          .select(sql`1`.as('one'))
          .where('base_id', '=', baseId)
          .limit(1)
          .executeTakeFirst()) === undefined;
      // A base without passages has nothing to wait for, unless there is a space to go back to.
      const isActive = isEmpty && (await spacesOf(trx, baseId)).length === 0;
      const space = { id, base_id: baseId, model, dimensions: null, error: null, created_at: now() };
      await trx
        .insertInto('embedding_spaces')
        .values({ ...space, state: isActive ? 'active' : 'filling' })
        .execute();
      if (!isActive) await queue.add(trx, { kind: 'fill-space', baseId, documentId: null, payload: { spaceId: id } });
    });
    wake();
  }

  // Two choices at once would each leave a space behind.
  #alone(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work, work);
    this.#work = done.catch(() => undefined);
    return done;
  }
}
