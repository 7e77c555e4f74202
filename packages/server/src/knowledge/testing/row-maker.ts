import { createHash, randomUUIDv7 } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database, DocumentTable } from '../../database/schema.ts';

const PART_LENGTH = 64 * 1024;

export interface MadeFile {
  name: string;
  mediaType: string;
  hash: string;
  size: number;
  /** `The text of <name>.` when left out. */
  text?: string;
}

/** Rows of documents as an ingestion leaves them behind, for tests without one. */
export class RowMaker {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** A document that is ready; a further version when the name is taken. Answers its id. */
  async document(baseId: string, { name, mediaType, hash, size, text }: MadeFile): Promise<string> {
    const row = newDocument({ base_id: baseId, kind: 'file', name, media_type: mediaType, size });
    const { id } = await this.#db
      .insertInto('documents')
      .values(row)
      .onConflict((conflict) => conflict.columns(['base_id', 'kind', 'name']).doUpdateSet({ size }))
      .returning('id')
      .executeTakeFirstOrThrow();
    await this.version(id, text ?? `The text of ${name}.`, hash);
    return id;
  }

  async page(baseId: string, url: string): Promise<string> {
    const row = newDocument({ base_id: baseId, kind: 'page', name: url, media_type: 'text/html', size: null });
    await this.#db
      .insertInto('documents')
      .values({ ...row, state: 'queued' })
      .execute();
    return row.id;
  }

  /** A new version that is searched from now on, one passage a paragraph. */
  async version(documentId: string, text: string, fileHash: string | null): Promise<string> {
    const id = randomUUIDv7();
    const { base_id: baseId, title } = await this.#db
      .selectFrom('documents')
      .select(['base_id', 'title'])
      .where('id', '=', documentId)
      .executeTakeFirstOrThrow();
    await this.#db
      .insertInto('document_versions')
      .values((row) => ({
        id,
        document_id: documentId,
        file_hash: fileHash,
        title,
        language: 'en',
        created_at: 1,
        number: row
          .selectFrom('document_versions')
          .select((all) => all(all.fn.coalesce(all.fn.max('number'), all.val(0)), '+', 1).as('next'))
          .where('document_id', '=', documentId),
        pages: JSON.stringify([{ number: 1, start: 0 }]),
        flags: '[]',
        length: text.length,
      }))
      .execute();
    await this.#insertText(id, text);
    await this.#replaceChunks({ baseId, documentId, versionId: id }, text);
    await this.#db
      .updateTable('documents')
      .set({ version_id: id, state: 'ready', percent: 100 })
      .where('id', '=', documentId)
      .execute();
    return id;
  }

  /** Null when there is a newer version. */
  async newestText(documentId: string, versionId: string): Promise<string | null> {
    const parts = await this.#db
      .selectFrom('documents')
      .innerJoin('document_texts', 'document_texts.version_id', 'documents.version_id')
      .select('text')
      .where('documents.id', '=', documentId)
      .where('documents.version_id', '=', versionId)
      .orderBy('start')
      .execute();
    return parts.length === 0 ? null : parts.map(({ text }) => text).join('');
  }

  /** An active embedding space; the one before is retired. */
  async space(baseId: string, model: string): Promise<string> {
    const id = randomUUIDv7();
    await this.#db.updateTable('embedding_spaces').set({ state: 'retired' }).where('base_id', '=', baseId).execute();
    await this.#db
      .insertInto('embedding_spaces')
      .values({ id, base_id: baseId, model, dimensions: null, state: 'active', error: null, created_at: 1 })
      .execute();
    return id;
  }

  async #insertText(versionId: string, text: string): Promise<void> {
    let start = 0;
    while (start < text.length) {
      const end = start + PART_LENGTH;
      // Never inside a pair of surrogates: half of one is no text.
      const isInPair = /[\ud800-\udbff]/.test(text[end - 1] ?? '');
      const part = text.slice(start, isInPair ? end - 1 : end);
      await this.#db.insertInto('document_texts').values({ version_id: versionId, start, text: part }).execute();
      start += part.length;
    }
  }

  async #replaceChunks(
    { baseId, documentId, versionId }: { baseId: string; documentId: string; versionId: string },
    text: string,
  ): Promise<void> {
    await this.#db.deleteFrom('chunks').where('document_id', '=', documentId).execute();
    const rows = [...text.matchAll(/[^\n]+/g)].map(({ 0: paragraph, index: start }, ordinal) => ({
      id: randomUUIDv7(),
      base_id: baseId,
      document_id: documentId,
      version_id: versionId,
      ordinal,
      page: 1,
      heading_path: '["Part"]',
      flags: '[]',
      is_enabled: 1,
      start,
      end: start + paragraph.length,
      text: paragraph,
      hash: createHash('sha256').update(paragraph).digest('hex'),
    }));
    if (rows.length > 0) await this.#db.insertInto('chunks').values(rows).execute();
  }
}

function newDocument(given: Pick<DocumentTable, 'base_id' | 'kind' | 'name' | 'media_type' | 'size'>): DocumentTable {
  const states = { state: 'ready', percent: 0, error: null, is_enabled: 1, version_id: null };
  const times = { created_at: Date.now(), updated_at: Date.now() };
  return { id: randomUUIDv7(), ...given, title: given.name, source: null, ...states, ...times };
}
