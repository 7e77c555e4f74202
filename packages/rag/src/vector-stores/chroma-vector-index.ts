import { hash } from 'node:crypto';
import { z } from 'zod';
import type { ChunkVector, IndexHit, SearchScope, VectorIndex, VectorSpace } from '../knowledge/knowledge-index.ts';
import { checkLength } from './check-length.ts';
import { ChromaClient, type ChromaSettings } from './chroma-client.ts';

/** Below every version's limit; servers name theirs at `/pre-flight-checks` (5,461 in 1.5). */
const BATCH = 500;
/** More ids in a filter than this make Chroma's SQL slow or refuse; then more is asked for, and sifted here. */
const MOST_FILTERED = 500;

const anything = z.unknown();
const collectionSchema = z.looseObject({ id: z.string() });
const metadataSchema = z.looseObject({ document_id: z.string() });
const idsSchema = z.looseObject({ ids: z.array(z.string()) });
const foundSchema = z.looseObject({
  ids: z.array(z.array(z.string())),
  distances: z.array(z.array(z.number())),
  metadatas: z.array(z.array(metadataSchema.nullable())),
});

/**
 * Vectors in a Chroma server, one collection per space. Its search is approximate (HNSW). A power
 * cut while it writes can break its files, so it is filled from our rows and can be at any time.
 */
export function createChromaVectorIndex(settings: ChromaSettings): VectorIndex {
  return new ChromaVectorIndex(new ChromaClient(settings));
}

class ChromaVectorIndex implements VectorIndex {
  readonly #client: ChromaClient;
  readonly #collections = new Map<string, Promise<string>>();

  constructor(client: ChromaClient) {
    this.#client = client;
  }

  async put(space: VectorSpace, vectors: readonly ChunkVector[]): Promise<void> {
    for (const { vector } of vectors) checkLength(space, vector);
    for (let from = 0; from < vectors.length; from += BATCH) {
      const batch = vectors.slice(from, from + BATCH);
      await this.#inCollection(space, {
        route: '/upsert',
        schema: anything,
        body: {
          ids: batch.map(({ chunkId }) => chunkId),
          embeddings: batch.map(({ vector }) => [...vector]),
          metadatas: batch.map(({ documentId }) => ({ document_id: documentId })),
        },
      });
    }
  }

  async remove(space: VectorSpace, chunkIds: readonly string[]): Promise<void> {
    for (let from = 0; from < chunkIds.length; from += BATCH) {
      await this.#delete(space, { ids: chunkIds.slice(from, from + BATCH) });
    }
  }

  async removeDocument(space: VectorSpace, documentId: string): Promise<void> {
    await this.#delete(space, { where: { document_id: documentId } });
  }

  async removeSpace(spaceId: string): Promise<void> {
    this.#collections.delete(spaceId);
    await this.#client.ask(anything, { path: `/${collectionName(spaceId)}`, method: 'DELETE' });
  }

  async search(
    space: VectorSpace,
    vector: Float32Array,
    { documentIds, limit }: Pick<SearchScope, 'documentIds' | 'limit'>,
  ): Promise<IndexHit[]> {
    checkLength(space, vector);
    if (limit === 0 || documentIds?.length === 0) return [];
    if (documentIds === null || documentIds.length <= MOST_FILTERED) {
      const where = documentIds === null ? {} : { where: { document_id: { $in: documentIds } } };
      return this.#query(space, vector, { limit, where });
    }
    return this.#sift(space, vector, { wanted: new Set(documentIds), limit });
  }

  async chunkIds(space: VectorSpace): Promise<string[]> {
    const ids: string[] = [];
    for (;;) {
      const page = { limit: BATCH, offset: ids.length, include: [] };
      const found = await this.#inCollection(space, { route: '/get', schema: idsSchema, body: page });
      ids.push(...found.ids);
      if (found.ids.length < BATCH) return ids;
    }
  }

  /** Asks for more and more, until enough of it lies in the wanted documents or nothing is left. */
  async #sift(
    space: VectorSpace,
    vector: Float32Array,
    { wanted, limit }: { wanted: ReadonlySet<string>; limit: number },
  ): Promise<IndexHit[]> {
    for (let asked = limit * 4; ; asked *= 4) {
      const found = await this.#query(space, vector, { limit: asked, where: {} });
      const hits = found.filter(({ documentId }) => wanted.has(documentId));
      if (hits.length >= limit || found.length < asked) return hits.slice(0, limit);
    }
  }

  async #query(
    space: VectorSpace,
    vector: Float32Array,
    { limit, where }: { limit: number; where: object },
  ): Promise<IndexHit[]> {
    const body = { query_embeddings: [[...vector]], n_results: limit, include: ['distances', 'metadatas'], ...where };
    const { ids, distances, metadatas } = await this.#inCollection(space, {
      route: '/query',
      schema: foundSchema,
      body,
    });
    return (ids[0] ?? []).map((chunkId, place) => ({
      chunkId,
      documentId: metadatas[0]?.[place]?.document_id ?? '',
      baseId: space.baseId,
      // Chroma's cosine distance is 1 - cosine.
      score: 1 - (distances[0]?.[place] ?? 1),
    }));
  }

  async #delete(space: VectorSpace, body: unknown): Promise<void> {
    await this.#inCollection(space, { route: '/delete', schema: anything, body });
  }

  /** A collection that somebody deleted is made anew, once. */
  async #inCollection<Schema extends z.ZodType>(
    space: VectorSpace,
    { route, schema, body }: { route: string; schema: Schema; body: unknown },
  ): Promise<z.output<Schema>> {
    const ask = async () => this.#client.ask(schema, { path: `/${await this.#collection(space)}${route}`, body });
    const answer = await ask();
    if (answer !== null) return answer;
    this.#collections.delete(space.id);
    return (await ask()) as z.output<Schema>;
  }

  #collection(space: VectorSpace): Promise<string> {
    const known = this.#collections.get(space.id) ?? this.#openCollection(space);
    this.#collections.set(space.id, known);
    known.catch(() => this.#collections.delete(space.id));
    return known;
  }

  async #openCollection({ id, baseId, dimensions }: VectorSpace): Promise<string> {
    const body = {
      name: collectionName(id),
      get_or_create: true,
      metadata: { parley_base: baseId, parley_dimensions: dimensions },
      configuration: { hnsw: { space: 'cosine', ef_search: 200 } },
    };
    const collection = await this.#client.ask(collectionSchema, { path: '', body });
    return collection?.id ?? '';
  }
}

/** 3 to 512 letters, digits, dots, dashes and underscores, says Chroma; any other id goes by its hash. */
function collectionName(spaceId: string): string {
  return /^[\w-]{1,200}$/.test(spaceId) ? `parley-${spaceId}` : `parley-${hash('sha256', spaceId)}`;
}
