import type { Kysely } from 'kysely';
import type { ConversationTable, Database } from '../database/schema.ts';
import type { PageCursor } from './page-cursor.ts';

export interface PageRequest {
  before: PageCursor | null;
  limit: number;
}

/** Conversations, always by user and id. */
export class ConversationsRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  find(userId: string, id: string): Promise<ConversationTable | undefined> {
    return this.#db
      .selectFrom('conversations')
      .selectAll()
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .executeTakeFirst();
  }

  /** Newest first. */
  page(userId: string, { before, limit }: PageRequest): Promise<ConversationTable[]> {
    let query = this.#db.selectFrom('conversations').selectAll().where('user_id', '=', userId);
    if (before !== null) {
      query = query.where((row) =>
        row.or([
          row('updated_at', '<', before.updatedAt),
          row.and([row('updated_at', '=', before.updatedAt), row('id', '<', before.id)]),
        ]),
      );
    }
    return query.orderBy('updated_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  }

  async insert(conversation: ConversationTable): Promise<void> {
    await this.#db.insertInto('conversations').values(conversation).execute();
  }

  /** A person's name for it, which stays. Answers whether there was such a conversation of this user. */
  async rename(userId: string, id: string, title: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('conversations')
      .set({ title, is_named: 1 })
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** Names it after its first exchange, unless a person did meanwhile. Answers whether the name was taken. */
  async nameOnce(id: string, title: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('conversations')
      .set({ title, is_named: 1 })
      .where('id', '=', id)
      .where('is_named', '=', 0)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** Removes it with its messages. Answers whether there was such a conversation of this user. */
  async remove(userId: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('conversations')
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }
}
