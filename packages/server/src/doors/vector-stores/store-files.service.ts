import type { Readable } from 'node:stream';
import { ParleyError } from '@parley/contracts';
import type { UploadedFileTable } from '../../database/schema.ts';
import type { DocumentContentsRepository } from '../../documents/document-contents.repository.ts';
import { streamWithList } from '../../documents/stream-json.ts';
import { breathe } from '../../ingestion/breathe.ts';
import type { Ingestion } from '../../ingestion/ingestion.ts';
import type { AccessibleBase, BaseAccess } from '../../knowledge/base-access.ts';
import { settingsOf } from '../../knowledge/base-view.ts';
import { fileNotFound, type FilesService } from './files.service.ts';
import { cutPage, planPage, toList, type ListQuery } from './list-page.ts';
import { fromFileId, fromStoreId } from './object-ids.ts';
import { OneAfterAnother } from './one-after-another.ts';
import type { StoreFileRow } from './store-file-rows.ts';
import type { StoreFilesRepository } from './store-files.repository.ts';
import type { AddStoreFile, Attributes, Chunking, FileStatus } from './store-requests.ts';
import { toStoreFileView, wireIdOf } from './views.ts';

export interface StoreFilesServiceOptions {
  access: Pick<BaseAccess, 'requireBase' | 'requireDocument'>;
  ingestion: Pick<Ingestion, 'addFile' | 'removeDocument'>;
  files: Pick<FilesService, 'requireUploads'>;
  storeFiles: StoreFilesRepository;
  contents: Pick<DocumentContentsRepository, 'texts'>;
}

/** The files of vector stores, which are the documents of bases. */
export class StoreFilesService {
  readonly #options: StoreFilesServiceOptions;
  readonly #queue = new OneAfterAnother();

  constructor(options: StoreFilesServiceOptions) {
    this.#options = options;
  }

  async list(userId: string, storeId: string, query: ListQuery & { filter: FileStatus | null }) {
    const base = await this.#base(userId, storeId, 'reader');
    const { storeFiles } = this.#options;
    const plan = await planPage(query, (id) => storeFiles.find(base.id, fromFileId(id)));
    const { rows, hasMore } = cutPage(await storeFiles.page(base.id, plan, query.filter), plan);
    return toList(
      rows.map((row) => toView(base, row)),
      hasMore,
    );
  }

  async read(userId: string, storeId: string, fileId: string) {
    const { base, row } = await this.#find(userId, { storeId, fileId }, 'reader');
    return toView(base, row);
  }

  /** Adds an upload; one that is there already keeps its place, and is tried again if it had failed. */
  async add(userId: string, storeId: string, file: AddStoreFile) {
    const [documentId] = await this.addMany(userId, storeId, [file]);
    const base = await this.#base(userId, storeId, 'reader');
    const [row] = documentId === undefined ? [] : await this.#options.storeFiles.findMany(base.id, [documentId]);
    if (row === undefined) throw fileNotFound(file.file_id);
    return toView(base, row);
  }

  /** Adds all of them, or none when one is not there or is to be cut in another way; answers the ids of the documents. */
  async addMany(userId: string, storeId: string, added: readonly AddStoreFile[]): Promise<string[]> {
    const base = await this.#base(userId, storeId, 'editor');
    for (const { chunking_strategy: chunking } of added) refuseOtherChunking(base, chunking);
    const uploads = await this.#options.files.requireUploads(
      userId,
      added.map(({ file_id: id }) => id),
    );
    const documentIds: string[] = [];
    for (const [place, upload] of uploads.entries()) {
      const attributes = added[place]?.attributes ?? null;
      // Two at once would both find a name free, and the second would become a new version of the first.
      documentIds.push(await this.#queue.run(base.id, () => this.#addUpload(base.id, upload, attributes)));
      await breathe();
    }
    return [...new Set(documentIds)];
  }

  async setAttributes(userId: string, place: StoreFilePlace, attributes: Attributes | null) {
    const { base, row } = await this.#find(userId, place, 'editor');
    const link = { document_id: row.id, base_id: base.id, file_id: row.file_id };
    await this.#options.storeFiles.put({ ...link, attributes: JSON.stringify(attributes ?? {}) });
    return this.read(userId, place.storeId, place.fileId);
  }

  /** Takes the document out of the base; the upload stays. */
  async remove(userId: string, place: StoreFilePlace) {
    const { row } = await this.#find(userId, place, 'editor');
    await this.#options.ingestion.removeDocument(row.id);
    return { id: wireIdOf(row), object: 'vector_store.file.deleted' as const, deleted: true };
  }

  /** What was read of the file, as JSON. */
  async readContent(userId: string, place: StoreFilePlace): Promise<Readable> {
    const { row } = await this.#find(userId, place, 'reader');
    const { access, contents } = this.#options;
    const { document } = await access.requireDocument(userId, row.id, 'reader');
    const head = { object: 'vector_store.file_content.page', has_more: false, next_page: null };
    return streamWithList(
      head,
      'data',
      toParts(document.version_id === null ? null : contents.texts(document.version_id)),
    );
  }

  async #addUpload(baseId: string, upload: UploadedFileTable, attributes: Attributes | null): Promise<string> {
    const { ingestion, storeFiles } = this.#options;
    const known = await storeFiles.find(baseId, upload.id);
    const name = known?.name ?? (await this.#freeName(baseId, upload));
    const { hash, size, media_type: mediaType } = upload;
    const documentId = await ingestion.addFile(baseId, { hash, size, name, mediaType });
    const kept = attributes === null ? (known?.attributes ?? '{}') : JSON.stringify(attributes);
    await storeFiles.put({ document_id: documentId, base_id: baseId, file_id: upload.id, attributes: kept });
    return documentId;
  }

  // Two uploads of one name are two files here; elsewhere the second would be a new version of the first.
  async #freeName(baseId: string, { name, hash }: UploadedFileTable): Promise<string> {
    for (let count = 1; ; count += 1) {
      const candidate = count === 1 ? name : numbered(name, count);
      const taken = await this.#options.storeFiles.findNamed(baseId, candidate);
      // The very same bytes, added on the page or before a crash: that document is meant.
      if (taken === undefined || (taken.file_id === null && taken.hash === hash)) return candidate;
      await breathe();
    }
  }

  #base(userId: string, storeId: string, role: 'reader' | 'editor'): Promise<AccessibleBase> {
    return this.#options.access.requireBase(userId, fromStoreId(storeId), role);
  }

  async #find(userId: string, { storeId, fileId }: StoreFilePlace, role: 'reader' | 'editor') {
    const base = await this.#base(userId, storeId, role);
    const row = await this.#options.storeFiles.find(base.id, fromFileId(fileId));
    if (row === undefined) throw fileNotFound();
    return { base, row };
  }
}

export interface StoreFilePlace {
  storeId: string;
  fileId: string;
}

function toView(base: AccessibleBase, row: StoreFileRow) {
  return toStoreFileView(row, settingsOf(base).split);
}

function refuseOtherChunking(base: AccessibleBase, chunking: Chunking | null | undefined): void {
  if (!chunking || chunking.type === 'auto') return;
  const { max_tokens: most, overlap_tokens: overlap } = settingsOf(base).split;
  const wanted = chunking.static;
  if (wanted.max_chunk_size_tokens === most && wanted.chunk_overlap_tokens === overlap) return;
  const message = `chunking_strategy: all files of a vector store are cut alike, this one's into ${most} tokens with ${overlap} repeated; say so when you make the store.`;
  throw new ParleyError('invalid_request', message, { param: 'chunking_strategy' });
}

/** `a.txt` as `a (2).txt`. */
function numbered(name: string, count: number): string {
  const dot = name.lastIndexOf('.');
  const end = dot > 0 ? dot : name.length;
  return `${name.slice(0, end)} (${count})${name.slice(end)}`;
}

async function* toParts(texts: AsyncIterable<string> | null): AsyncGenerator<{ type: 'text'; text: string }[]> {
  for await (const text of texts ?? []) yield [{ type: 'text', text }];
}
