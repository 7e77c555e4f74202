import { ndcg, type Judgements } from '../evaluation/ranking-metrics.ts';
import { fuseLegs, type SearchLegs } from './fuse-legs.ts';

/** What the searches of a judged query found. */
export interface JudgedSearch {
  legs: SearchLegs;
  /** Grades by the ids of passages. */
  judgements: Judgements;
}

export interface TunedWeight {
  /** The weight to use, 0 to 1. */
  weight: number;
  /** The weight that is best on these very queries. */
  best: number;
  /** Means of nDCG@10 on these queries: of each leg alone, and with `weight`. */
  lexical: number;
  dense: number;
  fused: number;
}

const CUTOFF = 10;
const WEIGHTS = Array.from({ length: 21 }, (_, step) => step / 20);
/** What is taken when nothing is known. */
const PRIOR = 0.5;
/** So many judged queries weigh as much as the prior. */
const PRIOR_QUERIES = 10;

/**
 * The share of the dense leg that orders judged queries best, by nDCG@10. The fewer queries there
 * are, the nearer it stays to one half; but it is never worse on them than the better leg alone.
 */
export function tuneDenseWeight(searches: readonly JudgedSearch[]): TunedWeight {
  const tried = WEIGHTS.map((weight) => ({ weight, quality: qualityOf(searches, weight) }));
  return chooseOf(tried, searches.length);
}

/** The same where others must not wait for it: `turn` is awaited after each step, which takes 30 ms with 200 queries. */
export async function tuneDenseWeightInTurns(
  searches: readonly JudgedSearch[],
  turn: () => Promise<void>,
): Promise<TunedWeight> {
  const tried: TriedWeight[] = [];
  for (const weight of WEIGHTS) {
    tried.push({ weight, quality: qualityOf(searches, weight) });
    await turn();
  }
  return chooseOf(tried, searches.length);
}

interface TriedWeight {
  weight: number;
  quality: number;
}

function chooseOf(tried: readonly TriedWeight[], queries: number): TunedWeight {
  const lexical = tried.at(0)?.quality ?? 0;
  const dense = tried.at(-1)?.quality ?? 0;
  const most = Math.max(...tried.map(({ quality }) => quality));
  const byCaution = tried.toSorted((one, other) => distance(one.weight, PRIOR) - distance(other.weight, PRIOR));
  const best = byCaution.find(({ quality }) => quality >= most)?.weight ?? PRIOR;
  const wanted = (queries * best + PRIOR_QUERIES * PRIOR) / (queries + PRIOR_QUERIES);
  const chosen = tried
    .filter(({ weight, quality }) => quality >= Math.max(lexical, dense) && isBetween(weight, wanted, best))
    .toSorted((one, other) => distance(one.weight, wanted) - distance(other.weight, wanted))[0];
  return { weight: chosen?.weight ?? best, best, lexical, dense, fused: chosen?.quality ?? most };
}

function qualityOf(searches: readonly JudgedSearch[], weight: number): number {
  const sum = searches.reduce((total, { legs, judgements }) => {
    const ranking = fuseLegs(legs, () => weight).map(({ chunkId }) => chunkId);
    return total + ndcg(ranking, judgements, CUTOFF);
  }, 0);
  return searches.length === 0 ? 0 : sum / searches.length;
}

/** On the way from what is wanted to what is best, both included; the grid's neighbour of what is wanted too. */
function isBetween(weight: number, wanted: number, best: number): boolean {
  const step = 1 / (WEIGHTS.length - 1);
  return weight >= Math.min(wanted, best) - step / 2 && weight <= Math.max(wanted, best) + step / 2;
}

function distance(one: number, other: number): number {
  return Math.abs(one - other);
}
