import type { Kysely } from 'kysely';
import type { Database } from '../database/schema.ts';
import { ACCOUNT_COLUMNS, type AccountRow } from './account.ts';

/** Browsers that are signed in. */
export class SessionsRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  findUser(tokenHash: string, time: number): Promise<AccountRow | undefined> {
    return this.#db
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .select(ACCOUNT_COLUMNS)
      .where('sessions.token_hash', '=', tokenHash)
      .where('sessions.expires_at', '>', time)
      .executeTakeFirst();
  }

  /**
   * Answers false, and opens nothing, when the password is not `passwordHash` any more: who came in
   * by an old one while it was being replaced shall not stay.
   */
  async insert(session: Database['sessions'], passwordHash: string | null): Promise<boolean> {
    const { token_hash, user_id, created_at, expires_at } = session;
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('sessions')
      .columns(['token_hash', 'user_id', 'created_at', 'expires_at'])
      .expression((from) =>
        from
          .selectFrom('users')
          .select((values) => [
            values.val(token_hash).as('token_hash'),
            'users.id',
            values.val(created_at).as('created_at'),
            values.val(expires_at).as('expires_at'),
          ])
          .where('users.id', '=', user_id)
          .where('users.password_hash', 'is not distinct from', passwordHash),
      )
      .executeTakeFirstOrThrow();
    return (numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  async remove(tokenHash: string): Promise<void> {
    await this.#db.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute();
  }

  async removeExpired(time: number): Promise<void> {
    await this.#db.deleteFrom('sessions').where('expires_at', '<=', time).execute();
  }
}
