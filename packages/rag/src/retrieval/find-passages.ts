import type { RetrievalTrace, Source } from '@parley/contracts';

/** What a search gave: the passages that may be cited, numbered from 1, and how they came about. */
export interface FoundPassages {
  sources: Source[];
  /** Null where the search keeps none (the guide, a command's files). */
  trace: RetrievalTrace | null;
}

/** Finds passages for one question, which may be searched for in several forms; each is checked against its stored text. */
export type FindPassages = (queries: readonly string[], signal: AbortSignal) => Promise<FoundPassages>;
