import type { Kysely } from 'kysely';
import { baseSettingsSchema, ParleyError } from '@parley/contracts';
import type { KnowledgeIndex, VectorIndex, VectorSpace } from '@parley/rag';
import type { Database } from '../../database/schema.ts';
import { findSpace, spacesOf, type SpaceRow } from '../rows/space-rows.ts';
import { documentVectors, searchedIds, searchedPassages, vectorsOf } from './searched-rows.ts';

export interface BaseIndexesOptions {
  db: Kysely<Database>;
  /** Opened by the first call; whoever made it closes it. */
  index: () => Promise<KnowledgeIndex>;
  /** Null: no server is configured. */
  chroma: VectorIndex | null;
}

/** Vectors of one `put`. */
const PUT = 200;

/** Brings words and vectors in line with the rows: of a document, of a space, of a base. Done again it changes nothing. */
export class BaseIndexes {
  readonly #options: BaseIndexesOptions;

  constructor(options: BaseIndexesOptions) {
    this.#options = options;
  }

  index(): Promise<KnowledgeIndex> {
    return this.#options.index();
  }

  async followWords(baseId: string, documentId: string): Promise<void> {
    const { words } = await this.index();
    await words.replaceDocument({ baseId, documentId }, searchedPassages(this.#options.db, documentId));
  }

  /** In every space of the base, so that one that was retired is right when it is gone back to. */
  async followVectors(baseId: string, documentId: string): Promise<void> {
    const { db } = this.#options;
    const spaces = (await spacesOf(db, baseId)).map(toVectorSpace).filter((space) => space !== null);
    if (spaces.length === 0) return;
    const vectors = await this.vectors(baseId);
    for (const space of spaces) {
      await vectors.removeDocument(space, documentId);
      for await (const page of documentVectors(db, space.id, documentId)) await vectors.put(space, page);
    }
  }

  /** Puts what the index lacks of a space, and removes what it has too much; removes the whole of one that is gone. */
  async followSpace(baseId: string, spaceId: string): Promise<void> {
    const row = await findSpace(this.#options.db, spaceId);
    if (row === null) return this.#removeSpace(spaceId);
    const space = toVectorSpace(row);
    if (space === null) return;
    const vectors = await this.vectors(baseId);
    const surplus = new Set(await vectors.chunkIds(space));
    for await (const page of searchedIds(this.#options.db, { baseId, spaceId })) {
      const missing = page.filter(({ id, has_vector: vector }) => !surplus.delete(id) && vector !== null);
      await this.#put(
        vectors,
        space,
        missing.map(({ id }) => id),
      );
    }
    if (surplus.size > 0) await vectors.remove(space, [...surplus]);
  }

  /** Where a base's vectors lie. Throws `vector_store_failed` when that is a server which is configured no more. */
  async vectors(baseId: string): Promise<VectorIndex> {
    const { db, chroma } = this.#options;
    const row = await db.selectFrom('knowledge_bases').select('settings').where('id', '=', baseId).executeTakeFirst();
    const store = row === undefined ? 'embedded' : baseSettingsSchema.parse(JSON.parse(row.settings)).vector_store;
    if (store === 'embedded') return (await this.index()).vectors;
    if (chroma !== null) return chroma;
    throw new ParleyError(
      'vector_store_failed',
      'This knowledge base keeps its vectors in Chroma, but no Chroma server is configured.',
    );
  }

  async #put(vectors: VectorIndex, space: VectorSpace, ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += PUT) {
      await vectors.put(space, await vectorsOf(this.#options.db, space.id, ids.slice(from, from + PUT)));
    }
  }

  // Its base may be gone too, and with it the word where the vectors are: both are told.
  async #removeSpace(spaceId: string): Promise<void> {
    await (await this.index()).vectors.removeSpace(spaceId);
    await this.#options.chroma?.removeSpace(spaceId);
  }
}

/** Null for a space that has no vector yet: there is nothing in it. */
export function toVectorSpace({
  id,
  base_id: baseId,
  dimensions,
}: Pick<SpaceRow, 'id' | 'base_id' | 'dimensions'>): VectorSpace | null {
  return dimensions === null ? null : { id, baseId, dimensions };
}
