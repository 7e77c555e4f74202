import { ParleyError } from '@parley/contracts';
import type { JudgedSearch } from '../../retrieval/tune-dense-weight.ts';
import type { Judgements } from '../ranking-metrics.ts';
import { RANKING_DEPTH, type CollectionIndex } from './collection-index.ts';
import type { Collection, CollectionQuery } from './collection.ts';

export interface QuerySearch extends JudgedSearch {
  query: CollectionQuery;
}

const NO_JUDGEMENTS: Judgements = new Map();

/** What each leg finds for each query of a collection; no dense leg where there are no vectors. Throws `request_aborted` when `signal` aborts. */
export async function searchCollection(
  index: CollectionIndex,
  { queries, judgements }: Pick<Collection, 'queries' | 'judgements'>,
  signal: AbortSignal,
): Promise<QuerySearch[]> {
  const searches: QuerySearch[] = [];
  for (const query of queries) {
    if (signal.aborted) throw new ParleyError('request_aborted', 'The evaluation was stopped.');
    const lexical = await index.searchWords(query.text);
    const dense = await index.searchVectors(query.text);
    searches.push({
      query,
      legs: { lexical, dense: dense.length > 0 ? [dense] : [], limit: RANKING_DEPTH },
      judgements: judgements.get(query.id) ?? NO_JUDGEMENTS,
    });
  }
  return searches;
}
