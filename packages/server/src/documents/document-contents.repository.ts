import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { ChunkView, DocumentVersion, DocumentView } from '@parley/contracts';
import type { ChunkTable, Database, DocumentVersionTable } from '../database/schema.ts';
import { toFlags, toHeadings } from './document-row.ts';

const CHUNKS_AT_ONCE = 500;
/** Parts of a text that are read at once: at most 64 Ki units each. */
const PARTS_AT_ONCE = 2;

const pagesSchema = z.array(z.object({ number: z.number().int().positive(), start: z.number().int().nonnegative() }));

/** What stands in documents: versions, texts, passages. Long ones come in pieces, so that nobody else waits for them. */
export class DocumentContentsRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  findVersion(documentId: string, id: string): Promise<DocumentVersionTable | undefined> {
    return this.#published(documentId).selectAll('version').where('version.id', '=', id).executeTakeFirst();
  }

  /** Newest first. */
  async versions(documentId: string): Promise<DocumentVersion[]> {
    const rows = await this.#published(documentId)
      .select(['version.id', 'version.number', 'version.length', 'version.file_hash', 'version.created_at'])
      .orderBy('version.number', 'desc')
      .execute();
    return rows.map(({ id, number, length, file_hash: hash, created_at }) => ({
      id,
      number,
      characters: length,
      is_edited: hash === null,
      created_at,
    }));
  }

  /** The text of a version in parts that join to the whole. */
  async *texts(versionId: string): AsyncGenerator<string> {
    let after = -1;
    while (true) {
      const parts = await this.#db
        .selectFrom('document_texts')
        .select(['start', 'text'])
        .where('version_id', '=', versionId)
        .where('start', '>', after)
        .orderBy('start')
        .limit(PARTS_AT_ONCE)
        .execute();
      for (const { text } of parts) yield text;
      if (parts.length < PARTS_AT_ONCE) return;
      after = parts.at(-1)?.start ?? after;
      await nextTurn();
    }
  }

  /** The passages of a version, in order, in batches. */
  async *chunks(documentId: string, versionId: string): AsyncGenerator<ChunkView[]> {
    let after = -1;
    while (true) {
      const rows = await this.#db
        .selectFrom('chunks')
        .select(['id', 'ordinal', 'page', 'heading_path', 'start', 'end', 'flags', 'is_enabled'])
        .where('document_id', '=', documentId)
        .where('version_id', '=', versionId)
        .where('ordinal', '>', after)
        .orderBy('ordinal')
        .limit(CHUNKS_AT_ONCE)
        .execute();
      yield rows.map(toChunkView);
      if (rows.length < CHUNKS_AT_ONCE) return;
      after = rows.at(-1)?.ordinal ?? after;
      await nextTurn();
    }
  }

  async findChunk(id: string): Promise<ChunkView | null> {
    const row = await this.#db.selectFrom('chunks').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : toChunkView(row);
  }

  // A version beyond the one that is searched is still being written: half of it is nothing to read.
  #published(documentId: string) {
    return this.#db
      .selectFrom('documents')
      .innerJoin('document_versions as searched', 'searched.id', 'documents.version_id')
      .innerJoin('document_versions as version', (join) =>
        join.onRef('version.document_id', '=', 'documents.id').onRef('version.number', '<=', 'searched.number'),
      )
      .where('documents.id', '=', documentId);
  }
}

/** Where each page of a version begins. */
export function toPages(json: string): DocumentView['pages'] {
  return pagesSchema.parse(JSON.parse(json));
}

type ChunkRow = Pick<ChunkTable, 'id' | 'ordinal' | 'page' | 'heading_path' | 'start' | 'end' | 'flags' | 'is_enabled'>;

function toChunkView({ heading_path, flags, is_enabled, ...row }: ChunkRow): ChunkView {
  const { id, ordinal, page, start, end } = row;
  return {
    id,
    ordinal,
    page,
    start,
    end,
    heading_path: toHeadings(heading_path),
    flags: toFlags(flags),
    is_enabled: is_enabled === 1,
  };
}
