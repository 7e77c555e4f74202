import { setImmediate as nextTurn } from 'node:timers/promises';
import { createBaseRequestSchema } from '@parley/contracts';
import type { AccessibleBase, BaseAccess } from '../../knowledge/base-access.ts';
import type { BasesService } from '../../knowledge/bases.service.ts';
import type { FilesService } from './files.service.ts';
import { cutPage, planPage, toList, type ListQuery, type PagePlan } from './list-page.ts';
import { fromStoreId, toStoreId } from './object-ids.ts';
import type { StoreFilesRepository } from './store-files.repository.ts';
import type { StoreFilesService } from './store-files.service.ts';
import type { CreateStore, ModifyStore } from './store-requests.ts';
import type { StoresRepository } from './stores.repository.ts';
import { toStoreView } from './views.ts';

const NAME_OF_NAMELESS = 'Vector store';

export interface StoresServiceOptions {
  access: Pick<BaseAccess, 'list' | 'requireBase'>;
  bases: Pick<BasesService, 'create' | 'update' | 'remove'>;
  stores: StoresRepository;
  storeFiles: Pick<StoreFilesRepository, 'counts'>;
  files: Pick<FilesService, 'requireUploads'>;
  adding: Pick<StoreFilesService, 'addMany'>;
  /** Embeds what is added to new stores; null: they are searched by words alone. */
  embeddingModel: string | null;
}

/** Vector stores: the knowledge bases of an account, as programs know them. */
export class StoresService {
  readonly #options: StoresServiceOptions;

  constructor(options: StoresServiceOptions) {
    this.#options = options;
  }

  async list(userId: string, query: ListQuery) {
    const bases = await this.#options.access.list(userId);
    const plan = await planPage(query, async (id) => bases.find((base) => base.id === fromStoreId(id)));
    const { rows, hasMore } = cutPage(readFrom(bases, plan), plan);
    return toList(await this.#toViews(rows), hasMore);
  }

  async read(userId: string, id: string) {
    const base = await this.#options.access.requireBase(userId, fromStoreId(id), 'reader');
    const [view] = await this.#toViews([base]);
    if (view === undefined) throw new RangeError('One base has one view.');
    return view;
  }

  async create(userId: string, request: CreateStore) {
    const { bases, stores, files, adding, embeddingModel } = this.#options;
    const { name, description, file_ids: fileIds, chunking_strategy: chunking, metadata } = request;
    // A store that is made although its files are not there would be left behind.
    await files.requireUploads(userId, fileIds ?? []);
    const split =
      chunking?.type === 'static'
        ? { max_tokens: chunking.static.max_chunk_size_tokens, overlap_tokens: chunking.static.chunk_overlap_tokens }
        : {};
    const base = await bases.create(
      userId,
      createBaseRequestSchema.parse({
        name: name ?? NAME_OF_NAMELESS,
        description: description ?? '',
        embedding_model: embeddingModel,
        settings: { split },
      }),
    );
    if (metadata) await stores.setMetadata(base.id, metadata);
    const added = (fileIds ?? []).map((file_id) => ({ file_id }));
    if (added.length > 0) await adding.addMany(userId, base.id, added);
    return this.read(userId, base.id);
  }

  async modify(userId: string, id: string, { name, description, metadata }: ModifyStore) {
    const { bases, stores } = this.#options;
    const baseId = fromStoreId(id);
    await bases.update(userId, baseId, { name, description, given: undefined });
    if (metadata !== undefined) await stores.setMetadata(baseId, metadata ?? {});
    return this.read(userId, baseId);
  }

  async remove(userId: string, id: string) {
    const baseId = fromStoreId(id);
    await this.#options.bases.remove(userId, baseId);
    return { id: toStoreId(baseId), object: 'vector_store.deleted' as const, deleted: true };
  }

  async #toViews(bases: readonly AccessibleBase[]) {
    const { stores, storeFiles } = this.#options;
    const metadata = await stores.metadata(bases.map(({ id }) => id));
    const views: ReturnType<typeof toStoreView>[] = [];
    for (const base of bases) {
      const counts = await storeFiles.counts(base.id);
      views.push(toStoreView(base, { counts, metadata: metadata.get(base.id) }));
      // Counting a large base takes a while; others have their turn in between.
      await nextTurn();
    }
    return views;
  }
}

/** What a page needs of the bases, in its order; one more when there are more. */
function readFrom(bases: readonly AccessibleBase[], { direction, from, limit }: PagePlan): AccessibleBase[] {
  const sign = direction === 'asc' ? 1 : -1;
  const place = ({ created_at: time, id }: { created_at: number; id: string }, than: typeof from) =>
    than === null ? 1 : sign * (time - than.created_at || (id < than.id ? -1 : Number(id > than.id)));
  return bases
    .filter((base) => place(base, from) > 0)
    .toSorted((one, other) => place(one, other))
    .slice(0, limit + 1);
}
