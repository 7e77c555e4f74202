import { ndcg, recall, reciprocalRank, type Judgements } from './ranking-metrics.ts';

/** How good rankings are, 0 to 1. */
export interface RankingQuality {
  ndcg10: number;
  recall10: number;
  recall100: number;
  mrr10: number;
}

/** The figures of one query's ranking, best document first. */
export function qualityOf(ranking: readonly string[], judgements: Judgements): RankingQuality {
  return {
    ndcg10: ndcg(ranking, judgements, 10),
    recall10: recall(ranking, judgements, 10),
    recall100: recall(ranking, judgements, 100),
    mrr10: reciprocalRank(ranking, judgements, 10),
  };
}
