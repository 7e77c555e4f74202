import type { DocumentFlag } from '@parley/contracts';

/** A passage of a stored document: what an index finds and an answer quotes. */
export interface Chunk {
  id: string;
  documentId: string;
  /** The version of the document that the span counts in; null where documents have none (guide, files of a command). */
  versionId: string | null;
  /** The knowledge base that holds it; null where there is none. */
  baseId: string | null;
  /** The document's title. */
  title: string;
  /** Headings above the passage inside the document, outermost first. */
  headingPath: readonly string[];
  /** The page, sheet or slide on which it begins, from 1; null where there are none. */
  page: number | null;
  /** UTF-16 offsets into the document's stored text; `text` is exactly what stands there. */
  start: number;
  end: number;
  text: string;
  flags: readonly DocumentFlag[];
}

export interface ScoredChunk {
  chunk: Chunk;
  /** Larger is better; comparable within one search only. */
  score: number;
}

/** Where passages are found; lexical, vector and mixed indexes all look like this. */
export interface PassageIndex {
  /** The best `limit` passages, best first. Passages with nothing in common with `query` are left out. */
  search(query: string, options: { limit: number }): Promise<ScoredChunk[]>;
}
