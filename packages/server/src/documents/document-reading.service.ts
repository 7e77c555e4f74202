import type { Readable } from 'node:stream';
import type { DocumentVersion, DocumentView } from '@parley/contracts';
import type { DocumentTable, DocumentVersionTable } from '../database/schema.ts';
import type { Ingestion } from '../ingestion/ingestion.ts';
import { documentNotFound, type BaseAccess } from '../knowledge/base-access.ts';
import { toPages, type DocumentContentsRepository } from './document-contents.repository.ts';
import { openFile, type OpenedFile } from './open-file.ts';
import { streamWithList, streamWithText } from './stream-json.ts';

export interface DocumentReadingOptions {
  access: Pick<BaseAccess, 'requireDocument'>;
  contents: DocumentContentsRepository;
  ingestion: Pick<Ingestion, 'filePath'>;
}

/** What readers see of documents: their texts, versions, passages and files. */
export class DocumentReadingService {
  readonly #options: DocumentReadingOptions;

  constructor(options: DocumentReadingOptions) {
    this.#options = options;
  }

  /** A `DocumentView` as JSON: the searched version, or the one that is named. */
  async readText(userId: string, id: string, versionId: string | null): Promise<Readable> {
    const { document, version } = await this.#find(userId, id, versionId);
    const head = this.#toHead(document, version);
    return streamWithText(head, 'text', version === null ? nothing() : this.#options.contents.texts(version.id));
  }

  async versions(userId: string, id: string): Promise<{ versions: DocumentVersion[] }> {
    await this.#options.access.requireDocument(userId, id, 'reader');
    return { versions: await this.#options.contents.versions(id) };
  }

  /** A list of chunks as JSON: those of the searched version. */
  async readChunks(userId: string, id: string): Promise<Readable> {
    const { document } = await this.#options.access.requireDocument(userId, id, 'reader');
    const { version_id } = document;
    const batches = version_id === null ? nothing() : this.#options.contents.chunks(id, version_id);
    return streamWithList({ version_id }, 'chunks', batches);
  }

  /** Throws `document_not_found` also for a version that has no file. The caller closes the file. */
  async openFile(userId: string, id: string, versionId: string | null): Promise<OpenedFile> {
    const { document, version } = await this.#find(userId, id, versionId);
    const path = this.#pathOf(version);
    const file = path === null ? null : await openFile(path, document);
    if (file === null) throw documentNotFound();
    return file;
  }

  async #find(
    userId: string,
    id: string,
    versionId: string | null,
  ): Promise<{ document: DocumentTable; version: DocumentVersionTable | null }> {
    const { document } = await this.#options.access.requireDocument(userId, id, 'reader');
    const wanted = versionId ?? document.version_id;
    const version = wanted === null ? null : await this.#options.contents.findVersion(id, wanted);
    if (version === undefined) throw documentNotFound();
    return { document, version };
  }

  #toHead(document: DocumentTable, version: DocumentVersionTable | null): Omit<DocumentView, 'text'> {
    return {
      id: document.id,
      base_id: document.base_id,
      version_id: version?.id ?? null,
      title: document.title,
      language: version?.language ?? '',
      media_type: document.media_type,
      pages: toPages(version?.pages ?? '[]'),
      has_file: this.#pathOf(version) !== null,
    };
  }

  #pathOf(version: DocumentVersionTable | null): string | null {
    return version?.file_hash ? this.#options.ingestion.filePath(version.file_hash) : null;
  }
}

async function* nothing(): AsyncGenerator<never> {}
