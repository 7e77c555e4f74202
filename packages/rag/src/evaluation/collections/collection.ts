import type { Judgements } from '../ranking-metrics.ts';

export interface CollectionDocument {
  id: string;
  title: string;
  text: string;
}

export interface CollectionQuery {
  id: string;
  text: string;
}

/** A judged test collection. */
export interface Collection {
  name: string;
  documents: CollectionDocument[];
  /** Those that have judgements. */
  queries: CollectionQuery[];
  /** Query id to its judgements. */
  judgements: ReadonlyMap<string, Judgements>;
}
