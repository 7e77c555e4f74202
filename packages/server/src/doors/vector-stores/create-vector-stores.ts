import type { Kysely } from 'kysely';
import type { Database } from '../../database/schema.ts';
import { DocumentContentsRepository } from '../../documents/document-contents.repository.ts';
import type { Ingestion } from '../../ingestion/ingestion.ts';
import type { Knowledge } from '../../knowledge/create-knowledge.ts';
import type { KnowledgeSearch } from '../../retrieval/knowledge-search.ts';
import { BatchesService } from './batches.service.ts';
import { FilesRepository } from './files.repository.ts';
import { FilesService } from './files.service.ts';
import { StoreFilesRepository } from './store-files.repository.ts';
import { StoreFilesService } from './store-files.service.ts';
import { StoreSearch } from './store-search.ts';
import type { VectorStores } from './stores.routes.ts';
import { StoresRepository } from './stores.repository.ts';
import { StoresService } from './stores.service.ts';

export interface VectorStoreParts {
  db: Kysely<Database>;
  knowledge: Pick<Knowledge, 'access' | 'bases' | 'reading'>;
  ingestion: Ingestion;
  search: Pick<KnowledgeSearch, 'find'>;
  /** Embeds what is added to new stores; null: they are searched by words alone. */
  embeddingModel: string | null;
  now: () => number;
  newId: () => string;
}

/** Puts files and vector stores together; nothing is started. */
export function createVectorStores(parts: VectorStoreParts): VectorStores & { files: FilesService } {
  const { db, knowledge, ingestion, search, embeddingModel, now, newId } = parts;
  const { access, bases, reading } = knowledge;
  const rows = new StoreFilesRepository(db);
  const stores = new StoresRepository(db);
  const shared = { access, ingestion, now, newId };
  const files = new FilesService({ ...shared, reading, files: new FilesRepository(db), storeFiles: rows });
  const contents = new DocumentContentsRepository(db);
  const storeFiles = new StoreFilesService({ ...shared, files, storeFiles: rows, contents });
  return {
    files,
    storeFiles,
    stores: new StoresService({ access, bases, stores, storeFiles: rows, files, adding: storeFiles, embeddingModel }),
    batches: new BatchesService({ ...shared, adding: storeFiles, stores, storeFiles: rows }),
    storeSearch: new StoreSearch({ access, search, storeFiles: rows }),
  };
}
