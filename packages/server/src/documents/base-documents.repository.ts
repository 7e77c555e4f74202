import { sql, type Kysely } from 'kysely';
import type { BaseDocument } from '@parley/contracts';
import type { Database } from '../database/schema.ts';
import { toDocumentView, type DocumentRow } from './document-row.ts';
import type { DocumentCursor } from './document-cursor.ts';

/** Documents as the list of a base shows them. Who may ask is decided before. */
export class BaseDocumentsRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Newest first. */
  async page(
    baseId: string,
    { after, limit }: { after: DocumentCursor | null; limit: number },
  ): Promise<BaseDocument[]> {
    let query = this.#rows().where('documents.base_id', '=', baseId);
    if (after !== null) {
      query = query.where((row) =>
        row.or([
          row('documents.created_at', '<', after.createdAt),
          row.and([row('documents.created_at', '=', after.createdAt), row('documents.id', '<', after.id)]),
        ]),
      );
    }
    const rows = await query
      .orderBy('documents.created_at', 'desc')
      .orderBy('documents.id', 'desc')
      .limit(limit)
      .execute();
    return this.#toViews(rows);
  }

  /** Those that there are of these, in the order of the ids. */
  async find(baseId: string, ids: readonly string[]): Promise<BaseDocument[]> {
    if (ids.length === 0) return [];
    const rows = await this.#rows().where('documents.base_id', '=', baseId).where('documents.id', 'in', ids).execute();
    const views = new Map((await this.#toViews(rows)).map((view) => [view.id, view]));
    return ids.flatMap((id) => views.get(id) ?? []);
  }

  #rows() {
    return this.#db
      .selectFrom('documents')
      .leftJoin('document_versions as version', 'version.id', 'documents.version_id')
      .selectAll('documents')
      .select([
        'version.number as version_number',
        'version.length as characters',
        'version.flags',
        // Counted by the database: the list of a long document's pages is longer than the rest of a whole answer.
        sql<number | null>`json_array_length(version.pages)`.as('pages'),
      ])
      .select((row) =>
        row
          .exists(
            row
              .selectFrom('jobs')
              .select('jobs.id')
              .whereRef('jobs.document_id', '=', 'documents.id')
              .where('jobs.kind', '=', 'crawl')
              .where('jobs.state', 'in', ['queued', 'running']),
          )
          .as('is_crawling'),
      );
  }

  async #toViews(rows: readonly DocumentRow[]): Promise<BaseDocument[]> {
    const chunks = await this.#countChunks(rows.flatMap(({ version_id: id }) => id ?? []));
    return rows.map((row) => toDocumentView(row, chunks.get(row.version_id ?? '') ?? 0));
  }

  // Of the searched version alone; the passages of one that is still being written are there as well.
  async #countChunks(versionIds: readonly string[]): Promise<Map<string, number>> {
    if (versionIds.length === 0) return new Map();
    const rows = await this.#db
      .selectFrom('chunks')
      .select(['version_id', (row) => row.fn.countAll().as('count')])
      .where('version_id', 'in', versionIds)
      .groupBy('version_id')
      .execute();
    return new Map(rows.map((row) => [row.version_id, Number(row.count)]));
  }
}
