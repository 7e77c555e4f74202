import type { IndexHit, SearchScope, WordHits } from '../knowledge/knowledge-index.ts';
import type { RerankTexts } from '../models/embed-texts.ts';
import type { ReadSpan } from './pack-passages.ts';
import type { Chunk } from './passage-index.ts';

/** What one embedding space found, best first, and the milliseconds that it took. */
export interface MeaningHits {
  hits: readonly IndexHit[];
  embedMs: number;
  denseMs: number;
  /** The embedding model, where known: scores of spaces of one model can be compared with each other. */
  model?: string;
}

/** What retrieval searches and reads with. Rights are checked before. */
export interface RetrievalPorts {
  searchWords(query: string, scope: SearchScope): Promise<WordHits>;
  /** Null without embeddings. Throws `ParleyError` when the embedding model or the vector store is down. */
  searchMeaning: ((query: string, scope: SearchScope, signal: AbortSignal) => Promise<readonly MeaningHits[]>) | null;
  /** Null: the order is the searches'. */
  rerank: RerankTexts | null;
  /** In any order; passages that are gone or disabled are left out. */
  readChunks(ids: readonly string[]): Promise<readonly Chunk[]>;
  readSpan: ReadSpan;
  /** The passages of a passage's document, in order; for `sectionTokens`. */
  readSiblings?: (chunk: Chunk) => Promise<readonly Chunk[]>;
  /** Milliseconds that only go forward. */
  now?: () => number;
}

export interface RetrievalOptions {
  baseIds: readonly string[];
  /** Only in these documents; null: in all of the bases. */
  documentIds: readonly string[] | null;
  /** Share of the dense leg in the fused score of a base's passages, 0 to 1. */
  denseWeightOf: (baseId: string) => number;
  /** At most so many passages. */
  passages: number;
  /** At most so many estimated tokens in all passages. */
  tokens: number;
  /** Passages that each leg finds; default 50. */
  candidates?: number;
  /** Widens each passage within its section up to so many estimated tokens; not at all when left out. */
  sectionTokens?: number;
  /** Whether passages are kept that are about something else than the question; default false. */
  keepsOffTopic?: boolean;
}
