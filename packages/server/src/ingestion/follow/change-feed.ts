import type { Kysely, Selectable } from 'kysely';
import type { Database, IndexChangeTable } from '../../database/schema.ts';
import { noteChange } from '../rows/document-rows.ts';

export type ChangeRow = Selectable<IndexChangeTable>;

const PAGE = 100;
const UNDER_WAY = ['queued', 'fetching', 'parsing', 'splitting', 'embedding'];

/**
 * The changes that the indexes follow. The last one that was followed stays as the mark of where they
 * stand: an index that stands elsewhere is new, or belongs to another copy of the database.
 */
export class ChangeFeed {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Whether something is left to follow. */
  async hasOpen(): Promise<boolean> {
    const row = await this.#db
      .selectFrom('index_changes')
      .select('sequence')
      .where('followed', '!=', 'all')
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  /**
   * Whether the words lack something of bases into which nothing is coming in. Where documents still
   * come in, an index is always a little behind, and nobody can wait for it.
   */
  async isBehind(baseIds: readonly string[]): Promise<boolean> {
    if (baseIds.length === 0) return false;
    const row = await this.#db
      .selectFrom('index_changes as change')
      .select('sequence')
      .where('change.base_id', 'in', baseIds)
      .where('change.followed', '=', 'none')
      .where((change) =>
        change.not(
          change.exists(
            change
              .selectFrom('documents')
              .select('documents.id')
              .whereRef('documents.base_id', '=', 'change.base_id')
              .where('documents.state', 'in', UNDER_WAY),
          ),
        ),
      )
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Bases of which the words lack something. */
  async openBases(): Promise<string[]> {
    const rows = this.#db.selectFrom('index_changes').select('base_id').distinct().where('followed', '=', 'none');
    return (await rows.execute()).map(({ base_id: id }) => id);
  }

  /** What came after, oldest first. */
  async after(sequence: number): Promise<ChangeRow[]> {
    return this.#db
      .selectFrom('index_changes')
      .selectAll()
      .where('sequence', '>', sequence)
      .orderBy('sequence')
      .limit(PAGE)
      .execute();
  }

  /** Changes up to there that the words follow, the vectors not yet. */
  async withoutVectors(sequence: number): Promise<ChangeRow[]> {
    return this.#db
      .selectFrom('index_changes')
      .selectAll()
      .where('sequence', '<=', sequence)
      .where('followed', '!=', 'all')
      .orderBy('sequence')
      .limit(PAGE)
      .execute();
  }

  /** Whether an index that stands there belongs to these rows. */
  async knows(sequence: number): Promise<boolean> {
    const rows = this.#db.selectFrom('index_changes').select('sequence');
    if (sequence === 0) return (await rows.where('followed', '!=', 'none').limit(1).executeTakeFirst()) === undefined;
    return (await rows.where('sequence', '=', sequence).executeTakeFirst()) !== undefined;
  }

  /** Says that all of every base changed: an index is to be filled from the beginning. */
  async noteAll(): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      // What is gone of a server's vectors is known nowhere else.
      await trx.deleteFrom('index_changes').where('space_id', 'is', null).execute();
      for (const { id } of await trx.selectFrom('knowledge_bases').select('id').execute())
        await noteChange(trx, { baseId: id });
    });
  }

  async settle(sequences: readonly number[], followed: 'words' | 'all'): Promise<void> {
    if (sequences.length === 0) return;
    await this.#db.updateTable('index_changes').set({ followed }).where('sequence', 'in', sequences).execute();
  }

  /** Forgets what is followed wholly, but for the mark. */
  async prune(position: number): Promise<void> {
    await this.#db.deleteFrom('index_changes').where('sequence', '<', position).where('followed', '=', 'all').execute();
  }
}
