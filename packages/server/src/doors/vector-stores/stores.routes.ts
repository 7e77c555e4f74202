import type { FastifyInstance } from 'fastify';
import { parseBody, readerGone } from '@parley/service-kit';
import { accountOf } from '../../accounts/authenticate.ts';
import type { BatchesService } from './batches.service.ts';
import { listQuerySchema } from './list-page.ts';
import type { StoreFilesService } from './store-files.service.ts';
import {
  addStoreFileSchema,
  createBatchSchema,
  createStoreSchema,
  fileStatusSchema,
  modifyStoreFileSchema,
  modifyStoreSchema,
} from './store-requests.ts';
import { searchStoreSchema, type StoreSearch } from './store-search.ts';
import type { StoresService } from './stores.service.ts';

const storeFilesQuerySchema = listQuerySchema.extend({ filter: fileStatusSchema.nullable().default(null) });

interface ById {
  Params: { id: string };
}
interface ByFileId {
  Params: { id: string; fileId: string };
}
interface ByBatchId {
  Params: { id: string; batchId: string };
}

export interface VectorStores {
  stores: StoresService;
  storeFiles: StoreFilesService;
  batches: BatchesService;
  storeSearch: StoreSearch;
}

/** `/vector_stores`: knowledge bases in the shapes of the OpenAI API. */
export function storeRoutes(app: FastifyInstance, doors: VectorStores): void {
  app.post('/vector_stores', (request) =>
    doors.stores.create(accountOf(request).id, parseBody(createStoreSchema, request.body ?? {})),
  );

  app.get('/vector_stores', (request) =>
    doors.stores.list(accountOf(request).id, parseBody(listQuerySchema, request.query)),
  );

  app.get<ById>('/vector_stores/:id', (request) => doors.stores.read(accountOf(request).id, request.params.id));

  app.post<ById>('/vector_stores/:id', (request) =>
    doors.stores.modify(accountOf(request).id, request.params.id, parseBody(modifyStoreSchema, request.body)),
  );

  app.delete<ById>('/vector_stores/:id', (request) => doors.stores.remove(accountOf(request).id, request.params.id));

  app.post<ById>('/vector_stores/:id/search', (request, reply) => {
    const search = parseBody(searchStoreSchema, request.body);
    return doors.storeSearch.run(
      accountOf(request).id,
      { storeId: request.params.id, request: search },
      readerGone(reply),
    );
  });
}

/** `/vector_stores/:id/files`: its documents. */
export function storeFileRoutes(app: FastifyInstance, doors: Pick<VectorStores, 'storeFiles'>): void {
  const placeOf = ({ id, fileId }: ByFileId['Params']) => ({ storeId: id, fileId });

  app.post<ById>('/vector_stores/:id/files', (request) =>
    doors.storeFiles.add(accountOf(request).id, request.params.id, parseBody(addStoreFileSchema, request.body)),
  );

  app.get<ById>('/vector_stores/:id/files', (request) =>
    doors.storeFiles.list(accountOf(request).id, request.params.id, parseBody(storeFilesQuerySchema, request.query)),
  );

  app.get<ByFileId>('/vector_stores/:id/files/:fileId', (request) =>
    doors.storeFiles.read(accountOf(request).id, request.params.id, request.params.fileId),
  );

  app.post<ByFileId>('/vector_stores/:id/files/:fileId', (request) => {
    const { attributes } = parseBody(modifyStoreFileSchema, request.body);
    return doors.storeFiles.setAttributes(accountOf(request).id, placeOf(request.params), attributes);
  });

  app.delete<ByFileId>('/vector_stores/:id/files/:fileId', (request) =>
    doors.storeFiles.remove(accountOf(request).id, placeOf(request.params)),
  );

  app.get<ByFileId>('/vector_stores/:id/files/:fileId/content', { exposeHeadRoute: false }, async (request, reply) => {
    const content = await doors.storeFiles.readContent(accountOf(request).id, placeOf(request.params));
    return reply.type('application/json; charset=utf-8').send(content);
  });
}

/** `/vector_stores/:id/file_batches`: files that are added together. */
export function batchRoutes(app: FastifyInstance, doors: Pick<VectorStores, 'batches'>): void {
  const placeOf = ({ id, batchId }: ByBatchId['Params']) => ({ storeId: id, batchId });

  app.post<ById>('/vector_stores/:id/file_batches', (request) =>
    doors.batches.create(accountOf(request).id, request.params.id, parseBody(createBatchSchema, request.body)),
  );

  app.get<ByBatchId>('/vector_stores/:id/file_batches/:batchId', (request) =>
    doors.batches.read(accountOf(request).id, placeOf(request.params)),
  );

  app.post<ByBatchId>('/vector_stores/:id/file_batches/:batchId/cancel', (request) =>
    doors.batches.cancel(accountOf(request).id, placeOf(request.params)),
  );

  app.get<ByBatchId>('/vector_stores/:id/file_batches/:batchId/files', (request) => {
    const query = parseBody(storeFilesQuerySchema, request.query);
    return doors.batches.listFiles(accountOf(request).id, placeOf(request.params), query);
  });
}
