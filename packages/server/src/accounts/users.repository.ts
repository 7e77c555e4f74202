import type { Kysely } from 'kysely';
import type { Database, UserTable } from '../database/schema.ts';

/** People with an account. */
export class UsersRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  findOwner(): Promise<UserTable | undefined> {
    return this.#db.selectFrom('users').selectAll().where('role', '=', 'owner').executeTakeFirst();
  }

  findByName(name: string): Promise<UserTable | undefined> {
    return this.#db.selectFrom('users').selectAll().where('name_key', '=', toNameKey(name)).executeTakeFirst();
  }

  async setPassword(id: string, passwordHash: string): Promise<void> {
    await this.#db.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', id).execute();
  }

  /** Refused by a unique index when the name is taken, or a second owner is made. */
  async insert(user: Omit<UserTable, 'name_key'>): Promise<void> {
    await this.#db
      .insertInto('users')
      .values({ ...user, name_key: toNameKey(user.name) })
      .execute();
  }
}

function toNameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
