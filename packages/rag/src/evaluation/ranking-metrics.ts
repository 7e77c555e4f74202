/** Judgements of one query: document id to its grade; documents that are not listed count as 0. */
export type Judgements = ReadonlyMap<string, number>;

/**
 * Normalised discounted cumulative gain of the first `cutoff` documents, 0 to 1. Gain is the
 * grade, discount log2(rank + 1), as trec_eval counts it (Järvelin and Kekäläinen, "Cumulated
 * gain-based evaluation of IR techniques", 2002). 0 when nothing is relevant.
 */
export function ndcg(ranking: readonly string[], judgements: Judgements, cutoff: number): number {
  const ideal = [...judgements.values()].toSorted((a, b) => b - a).slice(0, cutoff);
  const best = gainOf(ideal);
  const gained = gainOf(ranking.slice(0, cutoff).map((id) => judgements.get(id) ?? 0));
  return best === 0 ? 0 : gained / best;
}

/** Share of the relevant documents (grade above 0) among the first `cutoff`, 0 to 1. */
export function recall(ranking: readonly string[], judgements: Judgements, cutoff: number): number {
  const relevant = [...judgements].filter(([, grade]) => grade > 0).map(([id]) => id);
  const found = new Set(ranking.slice(0, cutoff));
  return relevant.length === 0 ? 0 : relevant.filter((id) => found.has(id)).length / relevant.length;
}

/** Share of relevant documents among the first `cutoff` places, 0 to 1; places that a short ranking leaves empty count as wrong, as in trec_eval. */
export function precision(ranking: readonly string[], judgements: Judgements, cutoff: number): number {
  const relevant = ranking.slice(0, cutoff).filter((id) => (judgements.get(id) ?? 0) > 0);
  return cutoff < 1 ? 0 : relevant.length / cutoff;
}

/** One over the rank of the first relevant document among the first `cutoff`; 0 when there is none. */
export function reciprocalRank(ranking: readonly string[], judgements: Judgements, cutoff: number): number {
  const place = ranking.slice(0, cutoff).findIndex((id) => (judgements.get(id) ?? 0) > 0);
  return place === -1 ? 0 : 1 / (place + 1);
}

function gainOf(grades: readonly number[]): number {
  return grades.reduce((sum, grade, index) => sum + grade / Math.log2(index + 2), 0);
}
