import type { Kysely } from 'kysely';
import type { Database, ModelConnectionTable } from '../../database/schema.ts';
import { insertModels, type NewModel } from './models.repository.ts';

export type ConnectionChange = Partial<Pick<ModelConnectionTable, 'name' | 'base_url' | 'sealed_key' | 'key_hint'>>;

/** Vendors' accounts and servers that were added on the page; keys stand in it sealed. */
export class ConnectionsRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Oldest first. */
  list(): Promise<ModelConnectionTable[]> {
    return this.#db.selectFrom('model_connections').selectAll().orderBy('created_at').orderBy('id').execute();
  }

  find(id: string): Promise<ModelConnectionTable | undefined> {
    return this.#db.selectFrom('model_connections').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** With its first models, all or nothing. Throws `name_taken`. */
  async insert(connection: ModelConnectionTable, models: readonly NewModel[]): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      await trx.insertInto('model_connections').values(connection).execute();
      await insertModels(trx, models, connection.created_at);
    });
  }

  async update(id: string, change: ConnectionChange, time: number): Promise<void> {
    await this.#db
      .updateTable('model_connections')
      .set({ ...change, updated_at: time })
      .where('id', '=', id)
      .execute();
  }

  /** With its models. */
  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom('model_connections').where('id', '=', id).execute();
  }
}
