import { z } from 'zod';
import { ParleyError } from '@parley/contracts';
import type { VectorStoreBatchTable } from '../../database/schema.ts';
import { breathe } from '../../ingestion/breathe.ts';
import type { Ingestion } from '../../ingestion/ingestion.ts';
import type { AccessibleBase, BaseAccess } from '../../knowledge/base-access.ts';
import { settingsOf } from '../../knowledge/base-view.ts';
import { cutPage, planPage, toList, type ListQuery } from './list-page.ts';
import { fromBatchId, fromFileId, fromStoreId } from './object-ids.ts';
import type { StoreFileRow } from './store-file-rows.ts';
import type { StoreFilesRepository } from './store-files.repository.ts';
import type { StoreFilesService } from './store-files.service.ts';
import type { AddStoreFile, FileStatus } from './store-requests.ts';
import type { StoresRepository } from './stores.repository.ts';
import { toBatchView, toStoreFileView } from './views.ts';

const documentIdsSchema = z.array(z.string());

export interface BatchesServiceOptions {
  access: Pick<BaseAccess, 'requireBase'>;
  ingestion: Pick<Ingestion, 'cancel'>;
  adding: Pick<StoreFilesService, 'addMany'>;
  stores: StoresRepository;
  storeFiles: Pick<StoreFilesRepository, 'findMany'>;
  now: () => number;
  newId: () => string;
}

interface BatchPlace {
  storeId: string;
  batchId: string;
}

interface FoundBatch {
  base: AccessibleBase;
  batch: VectorStoreBatchTable;
  files: StoreFileRow[];
}

/** Files that were added together; how far they are is read from their documents. */
export class BatchesService {
  readonly #options: BatchesServiceOptions;

  constructor(options: BatchesServiceOptions) {
    this.#options = options;
  }

  async create(userId: string, storeId: string, added: readonly AddStoreFile[]) {
    const { adding, stores, now, newId } = this.#options;
    const documentIds = await adding.addMany(userId, storeId, added);
    const batch = { id: newId(), base_id: fromStoreId(storeId), created_at: now() };
    await stores.insertBatch({ ...batch, document_ids: JSON.stringify(documentIds) });
    return this.read(userId, { storeId, batchId: batch.id });
  }

  async read(userId: string, place: BatchPlace) {
    const { batch, files } = await this.#find(userId, place, 'reader');
    return toBatchView(batch, files);
  }

  async cancel(userId: string, place: BatchPlace) {
    const { files } = await this.#find(userId, place, 'editor');
    for (const { id, status } of files) {
      if (status !== 'in_progress') continue;
      await this.#options.ingestion.cancel(id);
      await breathe();
    }
    return this.read(userId, place);
  }

  async listFiles(userId: string, place: BatchPlace, query: ListQuery & { filter: FileStatus | null }) {
    const { base, files } = await this.#find(userId, place, 'reader');
    const named = files.filter(({ status }) => query.filter === null || status === query.filter);
    const plan = await planPage(query, async (id) =>
      files.find((file) => [file.id, file.file_id].includes(fromFileId(id))),
    );
    const ordered = plan.direction === 'asc' ? named : named.toReversed();
    const start = plan.from === null ? 0 : ordered.findIndex(({ id }) => id === plan.from?.id) + 1;
    const { rows, hasMore } = cutPage(ordered.slice(start, start + plan.limit + 1), plan);
    const { split } = settingsOf(base);
    return toList(
      rows.map((row) => toStoreFileView(row, split)),
      hasMore,
    );
  }

  async #find(userId: string, { storeId, batchId }: BatchPlace, role: 'reader' | 'editor'): Promise<FoundBatch> {
    const { access, stores, storeFiles } = this.#options;
    const base = await access.requireBase(userId, fromStoreId(storeId), role);
    const batch = await stores.findBatch(base.id, fromBatchId(batchId));
    if (batch === undefined) throw new ParleyError('not_found', 'There is no such batch of files.');
    const documentIds = documentIdsSchema.parse(JSON.parse(batch.document_ids));
    return { base, batch, files: await storeFiles.findMany(base.id, documentIds) };
  }
}
