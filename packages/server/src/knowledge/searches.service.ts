import type { z } from 'zod';
import type { searchHistorySchema } from '@parley/contracts';
import type { BaseAccess } from './base-access.ts';
import type { SearchesRepository } from './searches.repository.ts';

export interface SearchRecord {
  query: string;
  hits: number;
  total_ms: number;
}

export interface SearchesServiceOptions {
  access: Pick<BaseAccess, 'requireBase'>;
  searches: SearchesRepository;
  now: () => number;
  newId: () => string;
}

/** The history of the searches that a user tried on a base. */
export class SearchesService {
  readonly #options: SearchesServiceOptions;

  constructor(options: SearchesServiceOptions) {
    this.#options = options;
  }

  async list(userId: string, baseId: string): Promise<z.output<typeof searchHistorySchema>> {
    await this.#options.access.requireBase(userId, baseId, 'reader');
    return { searches: await this.#options.searches.list(userId, baseId) };
  }

  /** Keeps a search in the history of each of its bases. The right to them was checked. */
  async record(userId: string, baseIds: readonly string[], search: SearchRecord): Promise<void> {
    const { searches, now, newId } = this.#options;
    for (const baseId of baseIds) {
      await searches.insert({ id: newId(), base_id: baseId, user_id: userId, ...search, created_at: now() });
    }
  }
}
