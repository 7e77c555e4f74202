import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Database, VectorStoreFileTable } from '../../database/schema.ts';
import { isBeyond, type ListPlace, type PagePlan } from './list-page.ts';
import { countStoreFiles, type StoreCounts } from './store-counts.ts';
import { fileStatus, selectStoreFiles, type StoreFileRow } from './store-file-rows.ts';
import type { FileStatus } from './store-requests.ts';

const ROWS_AT_ONCE = 1_000;

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
  async find(baseId: string, id: string): Promise<StoreFileRow | undefined> {
    const rows = await this.findAnywhere(id);
    return rows.find((row) => row.base_id === baseId);
  }

  /** The same in all bases. */
  async findAnywhere(id: string): Promise<StoreFileRow[]> {
    const links = await this.#db
      .selectFrom('vector_store_files')
      .select('document_id')
      .where('file_id', '=', id)
      .execute();
    const ids = [id, ...links.map(({ document_id: documentId }) => documentId)];
    return selectStoreFiles(this.#db).where('documents.id', 'in', ids).execute();
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

  counts(baseId: string): Promise<StoreCounts> {
    return countStoreFiles(this.#db, baseId);
  }

  /** All files of a base in pieces, so that nobody else waits for them. */
  async *all(baseId: string): AsyncGenerator<StoreFileRow[]> {
    let from: ListPlace | null = null;
    while (true) {
      const rows: StoreFileRow[] = await selectStoreFiles(this.#db)
        .where('documents.base_id', '=', baseId)
        .where(isBeyond('documents', { from, direction: 'asc' }))
        .orderBy('documents.created_at')
        .orderBy('documents.id')
        .limit(ROWS_AT_ONCE)
        .execute();
      yield rows;
      from = rows.at(-1) ?? null;
      if (rows.length < ROWS_AT_ONCE) return;
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
}
