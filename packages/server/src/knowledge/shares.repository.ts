import type { Kysely } from 'kysely';
import type { Sharing } from '@parley/contracts';
import { toNameKey } from '../accounts/users.repository.ts';
import type { Database, KnowledgeBaseShareTable } from '../database/schema.ts';

/** With whom bases are shared. Who may ask is decided before. */
export class SharesRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** By name. */
  list(baseId: string): Promise<Sharing['users']> {
    return this.#db
      .selectFrom('knowledge_base_shares')
      .innerJoin('users', 'users.id', 'knowledge_base_shares.user_id')
      .select(['users.name', 'knowledge_base_shares.role'])
      .where('base_id', '=', baseId)
      .orderBy('users.name_key')
      .execute();
  }

  /** Replaces all shares and the visibility at once. */
  async replace(
    baseId: string,
    shares: readonly Omit<KnowledgeBaseShareTable, 'base_id'>[],
    visible: { visibility: Sharing['visibility']; updated_at: number },
  ): Promise<void> {
    await this.#db.transaction().execute(async (db) => {
      await db.updateTable('knowledge_bases').set(visible).where('id', '=', baseId).execute();
      await db.deleteFrom('knowledge_base_shares').where('base_id', '=', baseId).execute();
      if (shares.length === 0) return;
      const rows = shares.map((share) => ({ base_id: baseId, ...share }));
      await db.insertInto('knowledge_base_shares').values(rows).execute();
    });
  }

  /** Ids of the accounts that sign in by these names, in the order of the names; null for a name that nobody has. */
  async userIds(names: readonly string[]): Promise<(string | null)[]> {
    const keys = names.map(toNameKey);
    if (keys.length === 0) return [];
    const rows = await this.#db.selectFrom('users').select(['id', 'name_key']).where('name_key', 'in', keys).execute();
    const ids = new Map(rows.map(({ id, name_key: key }) => [key, id]));
    return keys.map((key) => ids.get(key) ?? null);
  }
}
