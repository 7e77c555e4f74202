import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Database, VectorStoreFileTable } from '../../database/schema.ts';
import { isBeyond, type PagePlan } from './list-page.ts';
import { fileStatus, selectStoreFiles, type StoreFileRow } from './store-file-rows.ts';
import type { FileStatus } from './store-requests.ts';

const ROWS_AT_ONCE = 1_000;

export interface StatusCount {
  status: FileStatus;
  count: number;
  bytes: number;
}

/** The documents of a base as the files of a vector store. Who may ask is decided before. */
export class StoreFilesRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** One more than the page has room for, when there are more. */
  page(baseId: string, plan: PagePlan, status: FileStatus | null): Promise<StoreFileRow[]> {
    let query = selectStoreFiles(this.#db).where('documents.base_id', '=', baseId).where(isBeyond('documents', plan));
    if (status !== null) query = query.where(fileStatus, '=', status);
    return query
      .orderBy('documents.created_at', plan.direction)
      .orderBy('documents.id', plan.direction)
      .limit(plan.limit + 1)
      .execute();
  }

  /** The document of a base that was made of this upload, or that has this id itself. */
  find(baseId: string, id: string): Promise<StoreFileRow | undefined> {
    return this.#named(id).where('documents.base_id', '=', baseId).executeTakeFirst();
  }

  /** The same in all bases. */
  findAnywhere(id: string): Promise<StoreFileRow[]> {
    return this.#named(id).execute();
  }

  /** Those that are still there, oldest first. */
  findMany(baseId: string, documentIds: readonly string[]): Promise<StoreFileRow[]> {
    return selectStoreFiles(this.#db)
      .where('documents.base_id', '=', baseId)
      .where('documents.id', 'in', documentIds)
      .orderBy('documents.created_at')
      .orderBy('documents.id')
      .execute();
  }

  /** How many files there are of each status, and their bytes. */
  async counts(baseId: string): Promise<StatusCount[]> {
    const rows = await this.#db
      .selectFrom('documents')
      .select([
        fileStatus.as('status'),
        (row) => row.fn.countAll().as('count'),
        (row) => row.fn.coalesce(row.fn.sum('size'), row.val(0)).as('bytes'),
      ])
      .where('base_id', '=', baseId)
      .groupBy('status')
      .execute();
    return rows.map(({ status, count, bytes }) => ({ status, count: Number(count), bytes: Number(bytes) }));
  }

  /** All files of a base in pieces, so that nobody else waits for them. */
  async *all(baseId: string): AsyncGenerator<StoreFileRow[]> {
    let after = '';
    while (true) {
      const rows = await selectStoreFiles(this.#db)
        .where('documents.base_id', '=', baseId)
        .where('documents.id', '>', after)
        .orderBy('documents.id')
        .limit(ROWS_AT_ONCE)
        .execute();
      yield rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < ROWS_AT_ONCE) return;
      after = last.id;
      await nextTurn();
    }
  }

  /** The file of this name in a base: of which upload, and the bytes that it was last read from. */
  findNamed(baseId: string, name: string) {
    return this.#db
      .selectFrom('documents')
      .leftJoin('vector_store_files as link', 'link.document_id', 'documents.id')
      .leftJoin('document_versions as version', 'version.id', 'documents.version_id')
      .select(['link.file_id', 'version.file_hash as hash'])
      .where('documents.base_id', '=', baseId)
      .where('documents.kind', '=', 'file')
      .where('documents.name', '=', name)
      .executeTakeFirst();
  }

  /** Keeps what a program knows of a document. */
  async put(link: VectorStoreFileTable): Promise<void> {
    const { file_id, attributes } = link;
    await this.#db
      .insertInto('vector_store_files')
      .values(link)
      .onConflict((conflict) => conflict.column('document_id').doUpdateSet({ file_id, attributes }))
      .execute();
  }

  #named(id: string) {
    const links = this.#db.selectFrom('vector_store_files').select('document_id').where('file_id', '=', id);
    return selectStoreFiles(this.#db).where((row) =>
      row.or([row('documents.id', '=', id), row('documents.id', 'in', links)]),
    );
  }
}
