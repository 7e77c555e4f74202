import { z } from 'zod';
import type { Source } from '@parley/contracts';
import type { BaseAccess } from '../../knowledge/base-access.ts';
import type { KnowledgeSearch } from '../../retrieval/knowledge-search.ts';
import { toFileId, fromStoreId } from './object-ids.ts';
import { isMeant, searchFilterSchema, type SearchFilter } from './search-filter.ts';
import type { StoreFileRow } from './store-file-rows.ts';
import type { StoreFilesRepository } from './store-files.repository.ts';
import type { Attributes } from './store-requests.ts';
import { toAttributes, toSeconds, wireIdOf } from './views.ts';

const querySchema = z.string().trim().min(1).max(4_096);

export const searchStoreSchema = z.object({
  query: z.union([querySchema, z.array(querySchema).min(1).max(8)]),
  max_num_results: z.number().int().min(1).max(50).nullish(),
  filters: searchFilterSchema.nullish(),
  ranking_options: z
    .object({
      ranker: z.enum(['none', 'auto', 'default-2024-11-15']).nullish(),
      score_threshold: z.number().min(0).max(1).nullish(),
      hybrid_search: z
        .null('how words and meaning are weighed is a setting of the knowledge base, tuned on its judged queries')
        .optional(),
    })
    .nullish(),
  /** What is searched for is said in the answer: the query as it came. */
  rewrite_query: z.boolean().nullish(),
});
export type SearchStore = z.output<typeof searchStoreSchema>;

export interface StoreSearchOptions {
  access: Pick<BaseAccess, 'requireBase'>;
  search: Pick<KnowledgeSearch, 'find'>;
  storeFiles: Pick<StoreFilesRepository, 'all' | 'findMany'>;
}

/** Searches one vector store: the same index, ports and rights as everywhere. */
export class StoreSearch {
  readonly #options: StoreSearchOptions;

  constructor(options: StoreSearchOptions) {
    this.#options = options;
  }

  async run(userId: string, { storeId, request }: { storeId: string; request: SearchStore }, signal: AbortSignal) {
    const { access, search } = this.#options;
    const { id: baseId } = await access.requireBase(userId, fromStoreId(storeId), 'reader');
    const queries = [request.query].flat();
    const documentIds = request.filters ? await this.#meant(baseId, request.filters) : null;
    const filter = documentIds && { document_ids: documentIds };
    const task = { userId, baseIds: [baseId], filter, passages: request.max_num_results ?? 10 };
    const nothing = documentIds?.length === 0;
    const { sources } = nothing ? { sources: [] } : await search.find(queries, task, signal);
    const threshold = request.ranking_options?.score_threshold ?? 0;
    const kept = sources.filter(({ score }) => toShare(score) >= threshold);
    return {
      object: 'vector_store.search_results.page' as const,
      search_query: queries,
      data: await this.#toResults(baseId, kept),
      has_more: false,
      next_page: null,
    };
  }

  async #meant(baseId: string, filter: SearchFilter): Promise<string[]> {
    const ids: string[] = [];
    for await (const rows of this.#options.storeFiles.all(baseId)) {
      ids.push(...rows.filter((row) => isMeant(filter, filterable(row))).map(({ id }) => id));
    }
    return ids;
  }

  async #toResults(baseId: string, sources: readonly Source[]) {
    const ids = [...new Set(sources.map(({ document_id: id }) => id))];
    const rows = ids.length === 0 ? [] : await this.#options.storeFiles.findMany(baseId, ids);
    const files = new Map(rows.map((row) => [row.id, row]));
    return sources.map(({ document_id: id, title, score, quote }) => {
      const file = files.get(id);
      return {
        file_id: file ? wireIdOf(file) : toFileId(id),
        filename: file?.name ?? title,
        score: toShare(score),
        attributes: toAttributes(file?.attributes ?? null),
        content: [{ type: 'text' as const, text: quote }],
      };
    });
  }
}

/** What every file can be filtered by; what a program attached under the same name counts instead. */
function filterable({ name, media_type, created_at, attributes }: StoreFileRow): Attributes {
  return { filename: name, media_type, created_at: toSeconds(created_at), ...toAttributes(attributes) };
}

// A reranking model may score as it likes; programs expect 0 to 1.
function toShare(score: number): number {
  return Math.min(1, Math.max(0, score));
}
