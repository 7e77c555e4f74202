import { compareRuns, type RankingQuality } from '@parley/rag/evaluation';
import type { ComparedFigure } from './compare-run-files.ts';
import type { Run } from './run-file.ts';

export interface QueryQuality {
  /** The query's id in a collection, else its text. */
  query: string;
  lexical: RankingQuality;
  dense: RankingQuality | null;
  fused: RankingQuality;
}

/** How well judged queries were searched for. */
export interface RetrievalResult {
  name: string;
  perQuery: QueryQuality[];
  /** The model of the dense leg; null where there is none. */
  embeddingModel: string | null;
  /** The share of the dense leg in the fused ranking; null where there is none. */
  denseWeight: number | null;
  /** Where that share comes from. */
  weightFrom: 'given' | 'base' | 'train' | 'the other half' | null;
}

/** Where judged queries are searched for. */
export interface RetrievalSource {
  name: string;
  /** `denseWeight` null: the base's own, or one that is tuned. */
  evaluate(denseWeight: number | null): Promise<RetrievalResult>;
}

export const LEGS = ['lexical', 'dense', 'fused'] as const;
export type Leg = (typeof LEGS)[number];
export const FIGURES = ['ndcg10', 'recall10', 'recall100', 'mrr10'] as const;

/** A leg's scores of each query; null for a leg that there is not. */
export function scoresOf(
  { perQuery }: RetrievalResult,
  leg: Leg,
  figure: keyof RankingQuality,
): Record<string, number> | null {
  const scores = perQuery.map((entry) => [entry.query, entry[leg]?.[figure] ?? null] as const);
  return scores.some(([, score]) => score === null) ? null : Object.fromEntries(scores as [string, number][]);
}

/** Means over the queries; null for a leg that there is not. */
export function meanQuality(result: RetrievalResult, leg: Leg): RankingQuality | null {
  const means = FIGURES.map((figure) => {
    const scores = Object.values(scoresOf(result, leg, figure) ?? {});
    return [figure, scores.reduce((sum, score) => sum + score, 0) / scores.length];
  });
  return result.perQuery.some((entry) => entry[leg] === null) ? null : (Object.fromEntries(means) as RankingQuality);
}

/** Fused against each leg alone, by nDCG@10. */
export function fusionGains(result: RetrievalResult): ComparedFigure[] {
  const fused = scoresOf(result, 'fused', 'ndcg10');
  const dense = scoresOf(result, 'dense', 'ndcg10');
  const lexical = scoresOf(result, 'lexical', 'ndcg10');
  if (!fused || !dense || !lexical) return [];
  return [
    { run: result.name, series: 'lexical → fused', figure: 'ndcg10', ...compareRuns(lexical, fused) },
    { run: result.name, series: 'dense → fused', figure: 'ndcg10', ...compareRuns(dense, fused) },
  ];
}

export function toRun(result: RetrievalResult): Run {
  const { name, embeddingModel, denseWeight } = result;
  const scores: Run['scores'] = {};
  for (const leg of LEGS) {
    const figures = FIGURES.flatMap((figure) => {
      const ofLeg = scoresOf(result, leg, figure);
      return ofLeg ? [[figure, ofLeg] as const] : [];
    });
    if (figures.length > 0) scores[leg] = Object.fromEntries(figures);
  }
  return { name, settings: { embedding_model: embeddingModel, dense_weight: denseWeight }, scores };
}
