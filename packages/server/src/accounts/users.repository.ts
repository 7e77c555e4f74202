import type { Kysely } from 'kysely';
import type { Database, UserTable } from '../database/schema.ts';

export interface PasswordReplacement {
  userId: string;
  passwordHash: string;
  /** What must still be stored for the new one to take its place; left out where it does not matter. */
  replaces?: string | null;
  /** Hash of the one session that stays; null ends them all. */
  keptSession: string | null;
}

/** People with an account. */
export class UsersRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  findOwner(): Promise<UserTable | undefined> {
    return this.#db.selectFrom('users').selectAll().where('role', '=', 'owner').executeTakeFirst();
  }

  find(id: string): Promise<UserTable | undefined> {
    return this.#db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
  }

  findByName(name: string): Promise<UserTable | undefined> {
    return this.#db.selectFrom('users').selectAll().where('name_key', '=', toNameKey(name)).executeTakeFirst();
  }

  /** Ids of the accounts of these names, in the order of the names; null for a name that nobody has. */
  async idsOf(names: readonly string[]): Promise<(string | null)[]> {
    const keys = names.map(toNameKey);
    if (keys.length === 0) return [];
    const rows = await this.#db.selectFrom('users').select(['id', 'name_key']).where('name_key', 'in', keys).execute();
    const ids = new Map(rows.map(({ id, name_key: key }) => [key, id]));
    return keys.map((key) => ids.get(key) ?? null);
  }

  /** Ends the user's sessions with it, all or all but one. Answers false when another change came first. */
  setPassword({ userId, passwordHash, replaces, keptSession }: PasswordReplacement): Promise<boolean> {
    return this.#db.transaction().execute(async (db) => {
      let update = db.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', userId);
      if (replaces !== undefined) update = update.where('password_hash', 'is not distinct from', replaces);
      const { numUpdatedRows } = await update.executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      let ending = db.deleteFrom('sessions').where('user_id', '=', userId);
      if (keptSession !== null) ending = ending.where('token_hash', '!=', keptSession);
      await ending.execute();
      return true;
    });
  }

  /** Refused by a unique index when the name is taken, or a second owner is made. */
  async insert(user: Omit<UserTable, 'name_key'>): Promise<void> {
    await this.#db
      .insertInto('users')
      .values({ ...user, name_key: toNameKey(user.name) })
      .execute();
  }
}

/** How names are compared: two that look alike are one. */
export function toNameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
