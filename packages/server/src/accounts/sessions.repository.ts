import type { Kysely } from 'kysely';
import type { Account } from '@parley/contracts';
import type { Database } from '../database/schema.ts';

/** Browsers that are signed in. */
export class SessionsRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  findAccount(tokenHash: string, time: number): Promise<Account | undefined> {
    return this.#db
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .select(['users.id', 'users.name', 'users.role'])
      .where('sessions.token_hash', '=', tokenHash)
      .where('sessions.expires_at', '>', time)
      .executeTakeFirst();
  }

  async insert(session: Database['sessions']): Promise<void> {
    await this.#db.insertInto('sessions').values(session).execute();
  }

  async remove(tokenHash: string): Promise<void> {
    await this.#db.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute();
  }

  async removeExpired(time: number): Promise<void> {
    await this.#db.deleteFrom('sessions').where('expires_at', '<=', time).execute();
  }
}
