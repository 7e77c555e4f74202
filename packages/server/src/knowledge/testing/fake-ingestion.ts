import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import type { Kysely } from 'kysely';
import {
  ParleyError,
  type AddPagesRequest,
  type BaseAlarm,
  type EmbeddingSpace,
  type IndexReport,
} from '@parley/contracts';
import type { Database } from '../../database/schema.ts';
import type { Ingestion, StoredFile } from '../../ingestion/ingestion.ts';
import { documentNotFound } from '../base-access.ts';
import type { DocumentChanges } from '../document-changes.ts';
import { RowMaker } from './row-maker.ts';

export interface FakeIngestionOptions {
  db: Kysely<Database>;
  changes: DocumentChanges;
  folder: string;
}

const AGREES: IndexReport = { documents: 0, chunks: 0, missing: [], surplus: [], vectors: null, agrees: true };

/**
 * A fake ingestion: files become rows at once, as plain text with one passage a paragraph. No jobs,
 * no indexes, no vectors; calls that would only start such work are recorded.
 */
export class FakeIngestion implements Ingestion {
  /** All calls that change something, with what they were given. */
  readonly calls: [name: string, ...given: unknown[]][] = [];
  /** Beyond it a file is refused. */
  maxBytes = 1_000_000;
  /** Thrown by the next choice of a model. */
  modelError: ParleyError | null = null;
  readonly rows: RowMaker;
  readonly #options: FakeIngestionOptions;

  constructor(options: FakeIngestionOptions) {
    this.#options = options;
    this.rows = new RowMaker(options.db);
    mkdirSync(options.folder, { recursive: true });
  }

  async storeFile(bytes: Readable): Promise<StoredFile> {
    let size = 0;
    bytes.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size > this.maxBytes) bytes.destroy(new ParleyError('document_too_large', 'This file is too large.'));
    });
    const content = await buffer(bytes);
    const hash = createHash('sha256').update(content).digest('hex');
    await writeFile(join(this.#options.folder, hash), content);
    return { hash, size };
  }

  filePath(hash: string): string | null {
    const path = join(this.#options.folder, hash);
    return existsSync(path) ? path : null;
  }

  async addFile(baseId: string, file: StoredFile & { name: string; mediaType: string }): Promise<string> {
    this.calls.push(['addFile', baseId, file]);
    const id = await this.rows.document(baseId, file);
    this.#options.changes.announce(baseId, id);
    return id;
  }

  async addPages(baseId: string, request: AddPagesRequest): Promise<string[]> {
    this.calls.push(['addPages', baseId, request]);
    return [await this.rows.page(baseId, request.url)];
  }

  async caughtUp(): Promise<void> {}

  cancel(documentId: string): Promise<void> {
    return this.#set('cancel', documentId, { state: 'cancelled' });
  }

  retry(documentId: string): Promise<void> {
    return this.#set('retry', documentId, { state: 'queued' });
  }

  async editText(
    documentId: string,
    edit: { versionId: string; start: number; end: number; text: string },
  ): Promise<void> {
    this.calls.push(['editText', documentId, edit]);
    const text = await this.rows.newestText(documentId, edit.versionId);
    if (text === null) throw new ParleyError('document_changed', 'There is a newer version.');
    await this.rows.version(documentId, text.slice(0, edit.start) + edit.text + text.slice(edit.end), null);
  }

  setDocumentTitle(documentId: string, title: string): Promise<void> {
    return this.#set('setDocumentTitle', documentId, { title });
  }

  setDocumentEnabled(documentId: string, isEnabled: boolean): Promise<void> {
    return this.#set('setDocumentEnabled', documentId, { is_enabled: isEnabled ? 1 : 0 });
  }

  async setChunkEnabled(chunkId: string, isEnabled: boolean): Promise<void> {
    this.calls.push(['setChunkEnabled', chunkId, isEnabled]);
    const { db } = this.#options;
    await db
      .updateTable('chunks')
      .set({ is_enabled: isEnabled ? 1 : 0 })
      .where('id', '=', chunkId)
      .execute();
  }

  async splitAnew(baseId: string): Promise<void> {
    this.calls.push(['splitAnew', baseId]);
  }

  async removeDocument(documentId: string): Promise<void> {
    this.calls.push(['removeDocument', documentId]);
    const { db, changes } = this.#options;
    const row = await db.deleteFrom('documents').where('id', '=', documentId).returning('base_id').executeTakeFirst();
    if (row === undefined) throw documentNotFound();
    changes.announce(row.base_id, documentId);
  }

  async removeBase(baseId: string): Promise<void> {
    this.calls.push(['removeBase', baseId]);
    await this.#options.db.deleteFrom('knowledge_bases').where('id', '=', baseId).execute();
  }

  async chooseEmbeddingModel(baseId: string, model: string | null): Promise<void> {
    this.calls.push(['chooseEmbeddingModel', baseId, model]);
    if (this.modelError !== null) throw this.modelError;
    if (model !== null) await this.rows.space(baseId, model);
  }

  async activateSpace(baseId: string, spaceId: string): Promise<void> {
    this.calls.push(['activateSpace', baseId, spaceId]);
  }

  async spaces(): Promise<EmbeddingSpace[]> {
    return [];
  }

  async verify(baseId: string): Promise<IndexReport> {
    this.calls.push(['verify', baseId]);
    return AGREES;
  }

  async rebuild(baseId: string): Promise<IndexReport> {
    this.calls.push(['rebuild', baseId]);
    return AGREES;
  }

  alarms(): BaseAlarm[] {
    return [];
  }

  async #set(call: string, documentId: string, columns: Record<string, string | number>): Promise<void> {
    this.calls.push([call, documentId, ...Object.values(columns)]);
    const { db, changes } = this.#options;
    const row = await db
      .updateTable('documents')
      .set(columns)
      .where('id', '=', documentId)
      .returning('base_id')
      .executeTakeFirstOrThrow();
    changes.announce(row.base_id, documentId);
  }
}
