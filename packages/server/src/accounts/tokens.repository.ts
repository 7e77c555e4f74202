import type { Kysely } from 'kysely';
import type { TokenView } from '@parley/contracts';
import type { Database } from '../database/schema.ts';
import { ACCOUNT_COLUMNS, type AccountRow } from './account.ts';

/** Bearer tokens for scripts. */
export class TokensRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  list(userId: string): Promise<TokenView[]> {
    return this.#db
      .selectFrom('tokens')
      .select(['id', 'name', 'created_at', 'last_used_at'])
      .where('user_id', '=', userId)
      .orderBy('created_at')
      .orderBy('id')
      .execute();
  }

  async insert(token: Database['tokens']): Promise<void> {
    await this.#db.insertInto('tokens').values(token).execute();
  }

  /** Answers whether there was such a token of this user. */
  async remove(userId: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('tokens')
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  findUser(tokenHash: string): Promise<(AccountRow & { token_id: string; last_used_at: number | null }) | undefined> {
    return this.#db
      .selectFrom('tokens')
      .innerJoin('users', 'users.id', 'tokens.user_id')
      .select([...ACCOUNT_COLUMNS, 'tokens.id as token_id', 'tokens.last_used_at'])
      .where('tokens.token_hash', '=', tokenHash)
      .executeTakeFirst();
  }

  async touch(id: string, time: number): Promise<void> {
    await this.#db.updateTable('tokens').set({ last_used_at: time }).where('id', '=', id).execute();
  }
}
