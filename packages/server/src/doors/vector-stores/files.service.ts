import type { Readable } from 'node:stream';
import { ParleyError } from '@parley/contracts';
import type { UploadedFileTable } from '../../database/schema.ts';
import type { DocumentReadingService } from '../../documents/document-reading.service.ts';
import { openFile, type OpenedFile } from '../../documents/open-file.ts';
import { breathe } from '../../ingestion/breathe.ts';
import type { Ingestion, StoredFile } from '../../ingestion/ingestion.ts';
import type { BaseAccess } from '../../knowledge/base-access.ts';
import type { FilesRepository } from './files.repository.ts';
import { cutPage, planPage, toList, type ListQuery } from './list-page.ts';
import { fromFileId, toFileId } from './object-ids.ts';
import type { StoreFileRow } from './store-file-rows.ts';
import type { StoreFilesRepository } from './store-files.repository.ts';
import { toFileView, toFileViewOfDocument } from './views.ts';

export interface FilesServiceOptions {
  access: Pick<BaseAccess, 'filter' | 'find'>;
  ingestion: Pick<Ingestion, 'storeFile' | 'filePath' | 'removeDocument'>;
  reading: Pick<DocumentReadingService, 'openFile'>;
  files: FilesRepository;
  storeFiles: Pick<StoreFilesRepository, 'findAnywhere'>;
  now: () => number;
  newId: () => string;
}

/** A file that lies in the store under its hash, and what it was sent as. */
export interface SentFile extends StoredFile {
  name: string;
  mediaType: string;
  purpose: string;
}

/**
 * The files of the OpenAI-style API: what somebody uploaded, and the documents of the bases that they
 * may read. Files of others are not there for them.
 */
export class FilesService {
  readonly #options: FilesServiceOptions;

  constructor(options: FilesServiceOptions) {
    this.#options = options;
  }

  /** Puts bytes into the store; they become a file by `add`, or are swept away in time. */
  storeBytes(bytes: Readable): Promise<StoredFile> {
    return this.#options.ingestion.storeFile(bytes);
  }

  async add(userId: string, { hash, size, name, mediaType, purpose }: SentFile) {
    const { files, now, newId } = this.#options;
    const file: UploadedFileTable = {
      id: newId(),
      owner_id: userId,
      hash,
      size,
      name,
      purpose,
      media_type: mediaType,
      created_at: now(),
    };
    await files.insert(file);
    return toFileView(file);
  }

  async list(userId: string, query: ListQuery & { purpose: string | null }) {
    const { files } = this.#options;
    const plan = await planPage(query, (id) => files.find(userId, fromFileId(id)));
    const { rows, hasMore } = cutPage(await files.page(userId, plan, query.purpose), plan);
    return toList(rows.map(toFileView), hasMore);
  }

  async read(userId: string, id: string) {
    const file = await this.#options.files.find(userId, fromFileId(id));
    return file ? toFileView(file) : toFileViewOfDocument(await this.#readableDocument(userId, id));
  }

  /** The file itself. The caller closes it. */
  async open(userId: string, id: string): Promise<OpenedFile> {
    const { files, ingestion, reading } = this.#options;
    const file = await files.find(userId, fromFileId(id));
    if (file === undefined) return reading.openFile(userId, (await this.#readableDocument(userId, id)).id, null);
    const path = ingestion.filePath(file.hash);
    const opened = path === null ? null : await openFile(path, { ...file, kind: 'file', title: file.name });
    if (opened === null) throw fileNotFound();
    return opened;
  }

  /** Deletes a file, and takes it out of all vector stores that its owner may change. */
  async remove(userId: string, id: string) {
    const { files, storeFiles, ingestion } = this.#options;
    const file = await files.find(userId, fromFileId(id));
    const documents = file ? await storeFiles.findAnywhere(file.id) : [await this.#readableDocument(userId, id)];
    const changeable = await this.#changeable(userId, documents);
    if (file === undefined && changeable.length === 0) {
      throw new ParleyError('not_allowed', 'This vector store is shared with you for reading only.');
    }
    for (const document of changeable) await ingestion.removeDocument(document.id);
    if (file) await files.remove(userId, file.id);
    return { id: toFileId(fromFileId(id)), object: 'file' as const, deleted: true };
  }

  /** Somebody's own uploads, each of which is still there. Throws `document_not_found`. */
  async requireUploads(userId: string, ids: readonly string[]): Promise<UploadedFileTable[]> {
    const { files, ingestion } = this.#options;
    const uploads: UploadedFileTable[] = [];
    for (const id of ids) {
      const file = await files.find(userId, fromFileId(id));
      if (file === undefined || ingestion.filePath(file.hash) === null) throw fileNotFound(id);
      uploads.push(file);
      await breathe();
    }
    return uploads;
  }

  async #readableDocument(userId: string, id: string): Promise<StoreFileRow> {
    const { access, storeFiles } = this.#options;
    const rows = await storeFiles.findAnywhere(fromFileId(id));
    const [readable] = await access.filter(
      userId,
      rows.map(({ base_id: baseId }) => baseId),
    );
    const row = rows.find(({ base_id: baseId }) => baseId === readable);
    if (row === undefined) throw fileNotFound();
    return row;
  }

  async #changeable(userId: string, documents: readonly StoreFileRow[]): Promise<StoreFileRow[]> {
    const bases = await Promise.all(documents.map(({ base_id: baseId }) => this.#options.access.find(userId, baseId)));
    return documents.filter((_, place) => {
      const role = bases[place]?.role;
      return role === 'editor' || role === 'owner';
    });
  }
}

/** Said of what does not exist and of what is hidden alike. */
export function fileNotFound(id?: string): ParleyError {
  const name = id === undefined ? 'this id' : `the id "${id}"`;
  return new ParleyError('document_not_found', `There is no file with ${name}.`);
}
