import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import type { BaseSettings } from '@parley/contracts';
import type { Database, EmbeddingSpaceTable, KnowledgeBaseTable } from '../database/schema.ts';
import { requireSettings } from '../ingestion/rows/document-rows.ts';

/** What is counted of one base. */
export interface BaseCounts {
  documents: { ready: number; running: number; failed: number };
  chunks: number;
}

/** An embedding space, and how many passages have their vector in it. */
export interface CountedSpace extends EmbeddingSpaceTable {
  done: number;
}

export interface BaseChange {
  name?: string;
  description?: string;
  settings?: BaseSettings;
  updated_at: number;
}

/** Rows of bases and what is counted of them, for many bases at once. Who may ask is decided before. */
export class BasesRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async insert(base: KnowledgeBaseTable): Promise<void> {
    await this.#db.insertInto('knowledge_bases').values(base).execute();
  }

  /** Inserts the base of a conversation's files, unless there is one; answers the id of the one that is there. */
  async insertForConversation(base: KnowledgeBaseTable & { conversation_id: string }): Promise<string> {
    await this.#db
      .insertInto('knowledge_bases')
      .values(base)
      .onConflict((conflict) => conflict.column('conversation_id').doNothing())
      .execute();
    const { id } = await this.#db
      .selectFrom('knowledge_bases')
      .select('id')
      .where('conversation_id', '=', base.conversation_id)
      .executeTakeFirstOrThrow();
    return id;
  }

  /**
   * Changes a base by the settings that it has by then: two who change it at once lose nothing of
   * each other. What `toChange` stores by the transaction is stored with it or not at all. Throws
   * `knowledge_base_not_found`.
   */
  async change(
    id: string,
    toChange: (stored: BaseSettings, trx: Transaction<Database>) => BaseChange | Promise<BaseChange>,
  ): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const { settings, ...columns } = await toChange(await requireSettings(trx, id), trx);
      await trx
        .updateTable('knowledge_bases')
        .set({ ...columns, ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }) })
        .where('id', '=', id)
        .execute();
    });
  }

  async count(ids: readonly string[]): Promise<Map<string, BaseCounts>> {
    const counts = new Map(ids.map((id) => [id, emptyCounts()]));
    if (ids.length === 0) return counts;
    for (const { base_id: id, state, count } of await this.#documentStates(ids)) {
      const documents = counts.get(id)?.documents;
      if (documents) documents[kindOfState(state)] += Number(count);
    }
    // Each of these counts may take a while with a million passages; others have their turn in between.
    await nextTurn();
    for (const { base_id: id, count } of await this.#chunkCounts(ids)) {
      const counted = counts.get(id);
      if (counted) counted.chunks = Number(count);
    }
    return counts;
  }

  /** Newest first. */
  async spaces(baseIds: readonly string[]): Promise<CountedSpace[]> {
    if (baseIds.length === 0) return [];
    const spaces = await this.#db
      .selectFrom('embedding_spaces')
      .selectAll()
      .where('base_id', 'in', baseIds)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .execute();
    if (spaces.length === 0) return [];
    await nextTurn();
    const rows = await this.#db
      .selectFrom('chunk_vectors')
      .select(['space_id', (row) => row.fn.countAll().as('count')])
      .where(
        'space_id',
        'in',
        spaces.map(({ id }) => id),
      )
      .groupBy('space_id')
      .execute();
    const done = new Map(rows.map((row) => [row.space_id, Number(row.count)]));
    return spaces.map((space) => ({ ...space, done: done.get(space.id) ?? 0 }));
  }

  /** The embedding model of a space of the base; null when it has no such space. */
  async spaceModel(baseId: string, spaceId: string): Promise<string | null> {
    const row = await this.#db
      .selectFrom('embedding_spaces')
      .select('model')
      .where('id', '=', spaceId)
      .where('base_id', '=', baseId)
      .executeTakeFirst();
    return row?.model ?? null;
  }

  #documentStates(ids: readonly string[]) {
    return this.#db
      .selectFrom('documents')
      .select(['base_id', 'state', (row) => row.fn.countAll().as('count')])
      .where('base_id', 'in', ids)
      .groupBy(['base_id', 'state'])
      .execute();
  }

  // Of searched versions alone; the passages of one that is still being written are there as well.
  #chunkCounts(ids: readonly string[]) {
    return this.#db
      .selectFrom('documents')
      .innerJoin('chunks', 'chunks.version_id', 'documents.version_id')
      .select(['documents.base_id', (row) => row.fn.countAll().as('count')])
      .where('documents.base_id', 'in', ids)
      .groupBy('documents.base_id')
      .execute();
  }
}

function emptyCounts(): BaseCounts {
  return { documents: { ready: 0, running: 0, failed: 0 }, chunks: 0 };
}

// A cancelled document is as little in the base as one that failed, and waits for the same button.
function kindOfState(state: string): keyof BaseCounts['documents'] {
  if (state === 'ready') return 'ready';
  return state === 'failed' || state === 'cancelled' || state === 'set-aside' ? 'failed' : 'running';
}
