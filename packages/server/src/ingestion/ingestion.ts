import type { Readable } from 'node:stream';
import type { Transaction } from 'kysely';
import type { AddPagesRequest, BaseAlarm, EmbeddingSpace, IndexReport } from '@parley/contracts';
import type { Database } from '../database/schema.ts';

/** A file that was taken in and lies under its hash. */
export interface StoredFile {
  /** SHA-256, hexadecimal. */
  hash: string;
  /** Bytes. */
  size: number;
}

/**
 * All that changes documents, passages, vectors and jobs; who may ask for it is decided before. Each
 * call that resolves is stored: it survives a crash, and the rest is done by jobs. Unknown ids throw
 * `document_not_found` or `knowledge_base_not_found`.
 */
export interface Ingestion {
  /** Stores bytes under their hash. Throws `document_too_large` beyond `MAX_FILE_BYTES`, `storage_failed` on a full disk; nothing is left behind then. */
  storeFile(bytes: Readable): Promise<StoredFile>;
  /** The path of a stored file; null when it is gone. */
  filePath(hash: string): string | null;
  /** Makes the document, or a new version of the one that has this name; the very same bytes change nothing. Answers its id. */
  addFile(baseId: string, file: StoredFile & { name: string; mediaType: string }): Promise<string>;
  /** Makes the documents that are known at once (the first page), and a job that finds the rest. Answers their ids. */
  addPages(baseId: string, request: AddPagesRequest): Promise<string[]>;
  /** Resolves when what is ready in these bases can be found, after some seconds at most; at once where documents are still coming in. */
  caughtUp(baseIds: readonly string[]): Promise<void>;
  cancel(documentId: string): Promise<void>;
  /** Again from the beginning; a page is fetched anew. */
  retry(documentId: string): Promise<void>;
  /** A new version whose text differs in one place. Throws `document_changed` when `versionId` is not the newest, `document_busy` while a job works on it. */
  editText(documentId: string, edit: { versionId: string; start: number; end: number; text: string }): Promise<void>;
  setDocumentEnabled(documentId: string, isEnabled: boolean): Promise<void>;
  /** Kept when a newer version of the file names itself otherwise. */
  setDocumentTitle(documentId: string, title: string): Promise<void>;
  setChunkEnabled(chunkId: string, isEnabled: boolean): Promise<void>;
  /** Has a job cut every document of the base anew; said in the transaction that stores its new split settings, so that a crash leaves both or neither. */
  splitAnew(baseId: string, trx: Transaction<Database>): Promise<void>;
  removeDocument(documentId: string): Promise<void>;
  removeBase(baseId: string): Promise<void>;
  /** Fills a new space and switches when it is full; null: the active one is retired, words alone are searched. */
  chooseEmbeddingModel(baseId: string, model: string | null): Promise<void>;
  /** Back to a retired space at once; what is new since then is filled in behind. */
  activateSpace(baseId: string, spaceId: string): Promise<void>;
  spaces(baseId: string): Promise<EmbeddingSpace[]>;
  verify(baseId: string): Promise<IndexReport>;
  /** Empties what the indexes hold of the base and fills it from the rows; answers how they compare then. */
  rebuild(baseId: string): Promise<IndexReport>;
  /** What makes the base's answers worse than they look, as far as jobs and indexes know. */
  alarms(baseId: string): BaseAlarm[];
}
