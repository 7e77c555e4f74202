/** A passage as the word index takes it. */
export interface IndexedChunk {
  id: string;
  title: string;
  headingPath: readonly string[];
  text: string;
}

/** A passage that a search found; the rows know the rest of it. */
export interface IndexHit {
  chunkId: string;
  documentId: string;
  baseId: string;
  /** Larger is better; comparable within one search of one index only. */
  score: number;
}

/** Where to search. */
export interface SearchScope {
  baseIds: readonly string[];
  /** Only in these documents; null: in all of the bases. May be 100,000 and more. */
  documentIds: readonly string[] | null;
  limit: number;
}

export interface WordHits {
  /** Best first. */
  hits: IndexHit[];
  /** How many search terms the question had; 0 says that words could not be searched at all. */
  terms: number;
}

/** What the index holds of one document, to be compared with the rows. */
export interface IndexedDocument {
  documentId: string;
  chunkIds: string[];
}

/**
 * The words of all bases: BM25 over persistent postings. Derived from the rows: it may be deleted at
 * any time, and is then filled again. Everything is done once its promise resolves, and survives a
 * crash from then on.
 */
export interface WordIndex {
  /** Puts a document's passages in the place of what it had; a document without passages is removed. */
  replaceDocument(
    document: { baseId: string; documentId: string },
    chunks: AsyncIterable<readonly IndexedChunk[]> | Iterable<readonly IndexedChunk[]>,
  ): Promise<void>;
  removeBase(baseId: string): Promise<void>;
  search(query: string, scope: SearchScope): Promise<WordHits>;
  /** For `parley kb verify`. */
  documents(baseId: string): Promise<IndexedDocument[]>;
  /** The place in the feed of changes up to which this index follows; 0 when it is new. */
  position(): Promise<number>;
  setPosition(sequence: number): Promise<void>;
}

/** Vectors made by one model for one base. */
export interface VectorSpace {
  id: string;
  baseId: string;
  /** Length of each vector. */
  dimensions: number;
}

export interface ChunkVector {
  chunkId: string;
  documentId: string;
  /** Of length 1 (normalised). */
  vector: Float32Array;
}

/**
 * The vectors of all spaces; embedded or a Chroma server. Derived from the rows like `WordIndex`.
 * Throws `ParleyError` `vector_store_failed` when a server does not answer.
 */
export interface VectorIndex {
  /** Adds vectors, or replaces those of the same passages. Throws `RangeError` for a vector of another length. */
  put(space: VectorSpace, vectors: readonly ChunkVector[]): Promise<void>;
  remove(space: VectorSpace, chunkIds: readonly string[]): Promise<void>;
  removeDocument(space: VectorSpace, documentId: string): Promise<void>;
  removeSpace(spaceId: string): Promise<void>;
  /** Passages nearest to `vector` by cosine, best first; `score` is the cosine, -1 to 1. */
  search(
    space: VectorSpace,
    vector: Float32Array,
    scope: Pick<SearchScope, 'documentIds' | 'limit'>,
  ): Promise<IndexHit[]>;
  /** Ids of all passages that have a vector. */
  chunkIds(space: VectorSpace): Promise<string[]>;
}

/** Both embedded indexes in one derived file, in a thread of their own. */
export interface KnowledgeIndex {
  words: WordIndex;
  vectors: VectorIndex;
  /** Ends the thread after what was begun; the caller closes what it opened. */
  close(): Promise<void>;
}
