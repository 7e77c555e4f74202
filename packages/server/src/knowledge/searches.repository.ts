import type { Kysely } from 'kysely';
import type { Database, SearchTable } from '../database/schema.ts';

/** What is kept, and shown, of one user's searches in one base. */
const KEPT_SEARCHES = 100;

/** The history of searches. A question says much about who asks it: each user sees their own. */
export class SearchesRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Keeps a search, and forgets the user's oldest ones in that base; none of a base that was removed while it was searched. */
  async insert(search: SearchTable): Promise<void> {
    await this.#db.transaction().execute(async (db) => {
      const base = db.selectFrom('knowledge_bases').select('id').where('id', '=', search.base_id);
      if ((await base.executeTakeFirst()) === undefined) return;
      await db.insertInto('searches').values(search).execute();
      const kept = db
        .selectFrom('searches')
        .select('id')
        .where('base_id', '=', search.base_id)
        .where('user_id', '=', search.user_id)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(KEPT_SEARCHES);
      await db
        .deleteFrom('searches')
        .where('base_id', '=', search.base_id)
        .where('user_id', '=', search.user_id)
        .where('id', 'not in', kept)
        .execute();
    });
  }

  /** Newest first. */
  list(userId: string, baseId: string): Promise<Omit<SearchTable, 'base_id' | 'user_id'>[]> {
    return this.#db
      .selectFrom('searches')
      .select(['id', 'query', 'hits', 'total_ms', 'created_at'])
      .where('base_id', '=', baseId)
      .where('user_id', '=', userId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(KEPT_SEARCHES)
      .execute();
  }
}
