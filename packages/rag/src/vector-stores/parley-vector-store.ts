import { hash } from 'node:crypto';
import { Document, type DocumentInterface } from '@langchain/core/documents';
import type { EmbeddingsInterface } from '@langchain/core/embeddings';
import { InMemoryStore, type BaseStore } from '@langchain/core/stores';
import { VectorStore } from '@langchain/core/vectorstores';
import type { VectorIndex, VectorSpace } from '../knowledge/knowledge-index.ts';
import { toUnitVectors } from '../models/to-unit-vectors.ts';

export interface ParleyVectorStoreConfig {
  /** Where the vectors are: embedded, in memory, or a Chroma server. */
  index: VectorIndex;
  /** Names them there. One collection holds vectors of one model. */
  collection: string;
  /** Keeps what the index does not: texts and metadata, by the ids of the documents. In memory when left out. */
  documents?: BaseStore<string, DocumentInterface>;
}

/** Searches only in what came from these sources, or has these ids where it has no source. */
export interface SourceFilter {
  sources: string[];
}

/** Asked for beyond `k`, because what the index holds of others falls out. */
const WIDER = 4;

/**
 * Any of our vector indexes as a LangChain vector store. A document without an id gets one made of
 * its source, place and text, so that adding it again replaces it. Scores are cosines. What was added
 * elsewhere and is not among `documents` is not found.
 */
export class ParleyVectorStore extends VectorStore {
  declare FilterType: SourceFilter;
  readonly #index: VectorIndex;
  readonly #collection: string;
  readonly #documents: BaseStore<string, DocumentInterface>;
  #dimensions: number | null = null;

  constructor(embeddings: EmbeddingsInterface, { index, collection, documents }: ParleyVectorStoreConfig) {
    // The configuration is not handed on: LangChain would write it out with the store.
    super(embeddings, {});
    this.#index = index;
    this.#collection = collection;
    this.#documents = documents ?? new InMemoryStore<DocumentInterface>();
  }

  static override lc_name(): string {
    return 'ParleyVectorStore';
  }

  static override async fromDocuments(
    documents: DocumentInterface[],
    embeddings: EmbeddingsInterface,
    config: ParleyVectorStoreConfig,
  ): Promise<ParleyVectorStore> {
    const store = new ParleyVectorStore(embeddings, config);
    await store.addDocuments(documents);
    return store;
  }

  static override async fromTexts(
    texts: string[],
    metadatas: object[] | object,
    ...[embeddings, config]: [EmbeddingsInterface, ParleyVectorStoreConfig]
  ): Promise<ParleyVectorStore> {
    const metadataOf = (place: number): object => (Array.isArray(metadatas) ? (metadatas[place] ?? {}) : metadatas);
    const documents = texts.map((pageContent, place) => new Document({ pageContent, metadata: metadataOf(place) }));
    return ParleyVectorStore.fromDocuments(documents, embeddings, config);
  }

  override _vectorstoreType(): string {
    return 'parley';
  }

  /** Answers the documents' ids, which are `ids` where they are given. */
  override async addDocuments(documents: DocumentInterface[], options?: { ids?: string[] }): Promise<string[]> {
    if (documents.length === 0) return [];
    const vectors = await this.embeddings.embedDocuments(documents.map(({ pageContent }) => pageContent));
    return this.addVectors(vectors, documents, options);
  }

  /** As `addDocuments`; vectors of any length but zero, brought to length 1. */
  override async addVectors(
    vectors: number[][],
    documents: DocumentInterface[],
    options?: { ids?: string[] },
  ): Promise<string[]> {
    const units = toUnitVectors(vectors, documents.length);
    const [first] = units;
    if (!first) return [];
    const placed = documents.map((document, place) => {
      const id = options?.ids?.[place] ?? document.id ?? contentId(document);
      return { id, document, vector: units[place] ?? first };
    });
    const rows = placed.map(({ id, document, vector }) => ({
      chunkId: id,
      documentId: sourceOf(document, id),
      vector,
    }));
    // The texts first: a vector without its text would be found and fall out.
    await this.#documents.mset(placed.map(({ id, document }) => [id, document]));
    await this.#index.put(this.#space(first.length), rows);
    return placed.map(({ id }) => id);
  }

  override async similaritySearchVectorWithScore(
    query: number[],
    k: number,
    filter?: SourceFilter,
  ): Promise<[DocumentInterface, number][]> {
    const [vector = new Float32Array()] = toUnitVectors([query], 1);
    const space = this.#space(vector.length);
    for (let limit = k; ; limit *= WIDER) {
      const hits = await this.#index.search(space, vector, { documentIds: filter?.sources ?? null, limit });
      const documents = await this.#documents.mget(hits.map(({ chunkId }) => chunkId));
      const found = hits.flatMap(({ score }, place): [DocumentInterface, number][] => {
        const document = documents[place];
        return document ? [[document, score]] : [];
      });
      if (found.length >= k || hits.length < limit) return found.slice(0, k);
    }
  }

  /** Removes documents by their ids, and all that came from the sources named. */
  override async delete({ ids = [], sources = [] }: { ids?: string[]; sources?: string[] } = {}): Promise<void> {
    const gone = [...ids, ...(await this.#idsOf(new Set(sources)))];
    if (gone.length === 0) return;
    const dimensions = this.#dimensions ?? (await this.embeddings.embedQuery(this.#collection)).length;
    await this.#index.remove(this.#space(dimensions), gone);
    await this.#documents.mdelete(gone);
  }

  async #idsOf(sources: ReadonlySet<string>): Promise<string[]> {
    const ids: string[] = [];
    if (sources.size === 0) return ids;
    for await (const id of this.#documents.yieldKeys()) {
      const [document] = await this.#documents.mget([id]);
      if (document && sources.has(sourceOf(document, id))) ids.push(id);
    }
    return ids;
  }

  #space(dimensions: number): VectorSpace {
    this.#dimensions = dimensions;
    return { id: `${this.#collection}-${dimensions}`, baseId: this.#collection, dimensions };
  }
}

function sourceOf({ metadata }: DocumentInterface, id: string): string {
  const source: unknown = metadata['source'];
  return typeof source === 'string' ? source : id;
}

function contentId({ pageContent, metadata }: DocumentInterface): string {
  return hash('sha256', JSON.stringify([metadata['source'] ?? null, metadata['start'] ?? null, pageContent]));
}
