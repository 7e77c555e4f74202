import type { Kysely } from 'kysely';
import { baseSettingsSchema, type BaseSettings } from '@parley/contracts';
import type { VectorSpace } from '@parley/rag';
import type { Database } from '../database/schema.ts';

/** A base as a search needs it. */
export interface SearchedBase {
  id: string;
  settings: BaseSettings;
  /** The active embedding space; null: words alone. */
  space: (VectorSpace & { model: string }) | null;
}

/** Reads the settings and active spaces of bases. Rights are checked before. */
export class SearchedBasesRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** In the order of the ids; those that are gone are left out. */
  async read(ids: readonly string[]): Promise<SearchedBase[]> {
    if (ids.length === 0) return [];
    const rows = await this.#db
      .selectFrom('knowledge_bases')
      .leftJoin('embedding_spaces', (join) =>
        join.onRef('embedding_spaces.base_id', '=', 'knowledge_bases.id').on('embedding_spaces.state', '=', 'active'),
      )
      .select([
        'knowledge_bases.id',
        'knowledge_bases.settings',
        'embedding_spaces.id as space_id',
        'embedding_spaces.model',
        'embedding_spaces.dimensions',
      ])
      .where('knowledge_bases.id', 'in', ids)
      .execute();
    const found = new Map(rows.map((row) => [row.id, toBase(row)]));
    return ids.flatMap((id) => found.get(id) ?? []);
  }
}

function toBase(row: {
  id: string;
  settings: string;
  space_id: string | null;
  model: string | null;
  dimensions: number | null;
}): SearchedBase {
  const { id, space_id: spaceId, model, dimensions } = row;
  // A space without dimensions has no vector yet: nothing in it can be found.
  const space = spaceId && model && dimensions ? { id: spaceId, baseId: id, dimensions, model } : null;
  return { id, settings: baseSettingsSchema.parse(JSON.parse(row.settings)), space };
}
