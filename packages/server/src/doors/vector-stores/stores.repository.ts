import type { Kysely } from 'kysely';
import type { Database, VectorStoreBatchTable } from '../../database/schema.ts';

/** What programs keep beside bases: metadata of stores, and batches. Who may ask is decided before. */
export class StoresRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** The metadata of those that have some, as JSON. */
  async metadata(baseIds: readonly string[]): Promise<Map<string, string>> {
    if (baseIds.length === 0) return new Map();
    const rows = await this.#db.selectFrom('vector_stores').selectAll().where('base_id', 'in', baseIds).execute();
    return new Map(rows.map(({ base_id: id, metadata }) => [id, metadata]));
  }

  async setMetadata(baseId: string, metadata: Readonly<Record<string, string>>): Promise<void> {
    const json = JSON.stringify(metadata);
    await this.#db
      .insertInto('vector_stores')
      .values({ base_id: baseId, metadata: json })
      .onConflict((conflict) => conflict.column('base_id').doUpdateSet({ metadata: json }))
      .execute();
  }

  async insertBatch(batch: VectorStoreBatchTable): Promise<void> {
    await this.#db.insertInto('vector_store_batches').values(batch).execute();
  }

  findBatch(baseId: string, id: string): Promise<VectorStoreBatchTable | undefined> {
    return this.#db
      .selectFrom('vector_store_batches')
      .selectAll()
      .where('base_id', '=', baseId)
      .where('id', '=', id)
      .executeTakeFirst();
  }
}
