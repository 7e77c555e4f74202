import type { Kysely } from 'kysely';
import type { Database, ModelDownloadTable } from '../../database/schema.ts';

export type DownloadChange = Partial<Omit<ModelDownloadTable, 'id' | 'source' | 'file' | 'created_at' | 'updated_at'>>;

/** Downloads of models, also those that ended. */
export class DownloadsRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Newest first. */
  list(): Promise<ModelDownloadTable[]> {
    return this.#db
      .selectFrom('model_downloads')
      .selectAll()
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .execute();
  }

  find(id: string): Promise<ModelDownloadTable | undefined> {
    return this.#db.selectFrom('model_downloads').selectAll().where('id', '=', id).executeTakeFirst();
  }

  async insert(row: ModelDownloadTable): Promise<void> {
    await this.#db.insertInto('model_downloads').values(row).execute();
  }

  async update(id: string, change: DownloadChange, time: number): Promise<void> {
    await this.#db
      .updateTable('model_downloads')
      .set({ ...change, updated_at: time })
      .where('id', '=', id)
      .execute();
  }

  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom('model_downloads').where('id', '=', id).execute();
  }
}
