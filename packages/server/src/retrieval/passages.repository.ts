import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import { documentFlagSchema, type DocumentFilter } from '@parley/contracts';
import type { Chunk } from '@parley/rag';
import type { Database } from '../database/schema.ts';

export interface StoredSpan {
  documentId: string;
  versionId: string | null;
  start: number;
  end: number;
}

const headingsSchema = z.array(z.string());
const flagsSchema = z.array(documentFlagSchema);
/** SQL takes a bounded number of parameters. */
const MOST_PARAMETERS = 500;
/** Some milliseconds of work. */
const DOCUMENTS_AT_ONCE = 2_000;

/** What retrieval reads: passages, the text they stand in, and which documents a filter means. Rights are checked before. */
export class PassagesRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** The passages that may be searched now, in no order; those that are gone or disabled are left out. */
  async readChunks(ids: readonly string[]): Promise<Chunk[]> {
    const chunks: Chunk[] = [];
    for (let from = 0; from < ids.length; from += MOST_PARAMETERS) {
      const rows = await this.#db
        .selectFrom('chunks')
        // Of the searched version: a document that is being removed has none, and its passages go one by one.
        .innerJoin('documents', (join) =>
          join.onRef('documents.id', '=', 'chunks.document_id').onRef('documents.version_id', '=', 'chunks.version_id'),
        )
        .selectAll('chunks')
        .select('documents.title')
        .where('chunks.id', 'in', ids.slice(from, from + MOST_PARAMETERS))
        .where('chunks.is_enabled', '=', 1)
        .where('documents.is_enabled', '=', 1)
        .execute();
      chunks.push(...rows.map(toChunk));
    }
    return chunks;
  }

  /** What stands there in that version; null when the version is gone. */
  async readSpan({ versionId, start, end }: StoredSpan): Promise<string | null> {
    if (versionId === null) return null;
    const parts = await this.#db
      .selectFrom('document_texts')
      .select(['start', 'text'])
      .where('version_id', '=', versionId)
      .where('start', '<', end)
      .where('start', '>=', (query) =>
        query
          .selectFrom('document_texts')
          .select((row) => row.fn.coalesce(row.fn.max('start'), row.val(0)).as('first'))
          .where('version_id', '=', versionId)
          .where('start', '<=', start),
      )
      .orderBy('start')
      .execute();
    const first = parts[0]?.start;
    return first === undefined
      ? null
      : parts
          .map(({ text }) => text)
          .join('')
          .slice(start - first, end - first);
  }

  /** Those of the documents that are still there. */
  async existingDocuments(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const rows = await this.#db
      .selectFrom('documents')
      .select('id')
      .where('id', 'in', [...new Set(ids)])
      .execute();
    return rows.map(({ id }) => id);
  }

  /** The documents of these bases that the filter means; null when it means all. */
  async documentIds(baseIds: readonly string[], filter: DocumentFilter | null): Promise<string[] | null> {
    if (filter === null || Object.values(filter).every((part) => part === null || part === undefined)) return null;
    const named = filter.name_contains?.toLowerCase() ?? '';
    const wanted = filter.document_ids ? new Set(filter.document_ids) : null;
    // Compared here: SQL's `lower` knows ASCII only, and a list of ids may be longer than SQL takes.
    const isMeant = ({ id, name }: { id: string; name: string }) =>
      (wanted === null || wanted.has(id)) && name.toLowerCase().includes(named);
    const ids: string[] = [];
    for (const baseId of baseIds) {
      for await (const rows of this.#documentsOf(baseId, filter)) {
        ids.push(...rows.filter(isMeant).map(({ id }) => id));
      }
    }
    return ids;
  }

  /** A base's documents of these types and times, in pieces, so that nobody else waits for them. */
  async *#documentsOf(
    baseId: string,
    { media_types: types, added_after: after, added_before: before }: DocumentFilter,
  ): AsyncGenerator<{ id: string; name: string }[]> {
    let from = { created_at: after ?? 0, id: '' };
    while (true) {
      let query = this.#db
        .selectFrom('documents')
        .select(['id', 'name', 'created_at'])
        .where('base_id', '=', baseId)
        .where(sql<boolean>`(created_at, id) > (${from.created_at}, ${from.id})`);
      if (types) query = query.where('media_type', 'in', types);
      if (typeof before === 'number') query = query.where('created_at', '<', before);
      const rows = await query.orderBy('created_at').orderBy('id').limit(DOCUMENTS_AT_ONCE).execute();
      yield rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < DOCUMENTS_AT_ONCE) return;
      from = last;
      await nextTurn();
    }
  }
}

function toChunk(row: {
  id: string;
  base_id: string;
  document_id: string;
  version_id: string;
  title: string;
  heading_path: string;
  page: number | null;
  start: number;
  end: number;
  text: string;
  flags: string;
}): Chunk {
  return {
    id: row.id,
    documentId: row.document_id,
    versionId: row.version_id,
    baseId: row.base_id,
    title: row.title,
    headingPath: headingsSchema.parse(JSON.parse(row.heading_path)),
    page: row.page,
    start: row.start,
    end: row.end,
    text: row.text,
    flags: flagsSchema.parse(JSON.parse(row.flags)),
  };
}
