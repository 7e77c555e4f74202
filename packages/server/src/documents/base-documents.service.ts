import { ParleyError, type AddPagesRequest, type BaseDocument, type ChunkView } from '@parley/contracts';
import type { Ingestion } from '../ingestion/ingestion.ts';
import { documentNotFound, type AccessibleDocument, type BaseAccess } from '../knowledge/base-access.ts';
import type { BaseDocumentsRepository } from './base-documents.repository.ts';
import { fromCursorText, toCursorText } from './document-cursor.ts';
import type { DocumentContentsRepository } from './document-contents.repository.ts';
import { toPageAddress } from './page-address.ts';
import type { Upload } from './uploaded-body.ts';

export interface BaseDocumentsServiceOptions {
  access: BaseAccess;
  documents: BaseDocumentsRepository;
  contents: Pick<DocumentContentsRepository, 'findChunk'>;
  ingestion: Ingestion;
}

export interface TextEdit {
  version_id: string;
  start: number;
  end: number;
  text: string;
}

/** The documents of bases: listed, added, changed, removed. Whatever changes goes through the ingestion. */
export class BaseDocumentsService {
  readonly #options: BaseDocumentsServiceOptions;

  constructor(options: BaseDocumentsServiceOptions) {
    this.#options = options;
  }

  async page(
    userId: string,
    baseId: string,
    { after, limit }: { after: string | null; limit: number },
  ): Promise<{ documents: BaseDocument[]; next: string | null }> {
    await this.#options.access.requireBase(userId, baseId, 'reader');
    const cursor = after === null ? null : fromCursorText(after);
    // One more than asked for tells whether there is a next page.
    const found = await this.#options.documents.page(baseId, { after: cursor, limit: limit + 1 });
    const documents = found.slice(0, limit);
    const last = found.length > limit ? documents.at(-1) : undefined;
    return { documents, next: last === undefined ? null : toCursorText({ createdAt: last.created_at, id: last.id }) };
  }

  async read(userId: string, baseId: string, id: string): Promise<BaseDocument> {
    await this.#options.access.requireBase(userId, baseId, 'reader');
    return this.#view(baseId, id);
  }

  /** For what is streamed: refused before the headers are out. */
  async requireReader(userId: string, baseId: string): Promise<void> {
    await this.#options.access.requireBase(userId, baseId, 'reader');
  }

  /** Answers once the file is stored; the rest is a job. */
  async upload(userId: string, baseId: string, { name, mediaType, bytes }: Upload): Promise<BaseDocument> {
    const { access, ingestion } = this.#options;
    await access.requireBase(userId, baseId, 'editor');
    const file = await ingestion.storeFile(bytes);
    // A large file takes minutes, and the right may be gone by then.
    await access.requireBase(userId, baseId, 'editor');
    const id = await ingestion.addFile(baseId, { ...file, name, mediaType });
    return this.#view(baseId, id);
  }

  async addPages(userId: string, baseId: string, request: AddPagesRequest): Promise<{ documents: BaseDocument[] }> {
    const { access, ingestion, documents } = this.#options;
    await access.requireBase(userId, baseId, 'editor');
    const ids = await ingestion.addPages(baseId, { ...request, url: toPageAddress(request.url) });
    return { documents: await documents.find(baseId, ids) };
  }

  async update(
    userId: string,
    id: string,
    { title, isEnabled }: { title: string | null; isEnabled: boolean | null },
  ): Promise<BaseDocument> {
    const { ingestion } = this.#options;
    return this.#change(userId, id, async ({ document }) => {
      if (title !== null && title !== document.title) await ingestion.setDocumentTitle(id, title);
      if (isEnabled !== null) await ingestion.setDocumentEnabled(id, isEnabled);
    });
  }

  async remove(userId: string, id: string): Promise<void> {
    await this.#options.access.requireDocument(userId, id, 'editor');
    await this.#options.ingestion.removeDocument(id);
  }

  cancel(userId: string, id: string): Promise<BaseDocument> {
    return this.#change(userId, id, () => this.#options.ingestion.cancel(id));
  }

  retry(userId: string, id: string): Promise<BaseDocument> {
    return this.#change(userId, id, () => this.#options.ingestion.retry(id));
  }

  refresh(userId: string, id: string): Promise<BaseDocument> {
    return this.#change(userId, id, ({ document }) => {
      if (document.kind === 'page') return this.#options.ingestion.retry(id);
      throw new ParleyError('invalid_request', 'Only web pages can be fetched again; upload the file anew.');
    });
  }

  editText(userId: string, id: string, { version_id: versionId, start, end, text }: TextEdit): Promise<BaseDocument> {
    if (start > end) throw new ParleyError('invalid_request', 'end: must not be less than start.', { param: 'end' });
    return this.#change(userId, id, () => this.#options.ingestion.editText(id, { versionId, start, end, text }));
  }

  async setChunkEnabled(userId: string, chunkId: string, isEnabled: boolean): Promise<ChunkView> {
    const { access, ingestion, contents } = this.#options;
    await access.requireChunk(userId, chunkId, 'editor');
    await ingestion.setChunkEnabled(chunkId, isEnabled);
    const chunk = await contents.findChunk(chunkId);
    if (chunk === null) throw new ParleyError('chunk_not_found', 'There is no such passage.');
    return chunk;
  }

  /** What a follower of the base is told of a document; `null` once the base is not there for this user any more. */
  async changeOf(
    userId: string,
    baseId: string,
    id: string,
  ): Promise<BaseDocument | { id: string; removed: true } | null> {
    const base = await this.#options.access.find(userId, baseId);
    if (base === null) return null;
    const [document] = await this.#options.documents.find(baseId, [id]);
    return document ?? { id, removed: true };
  }

  async #change(
    userId: string,
    id: string,
    change: (found: AccessibleDocument) => Promise<void>,
  ): Promise<BaseDocument> {
    const found = await this.#options.access.requireDocument(userId, id, 'editor');
    await change(found);
    return this.#view(found.base.id, id);
  }

  async #view(baseId: string, id: string): Promise<BaseDocument> {
    const [document] = await this.#options.documents.find(baseId, [id]);
    if (document === undefined) throw documentNotFound();
    return document;
  }
}
