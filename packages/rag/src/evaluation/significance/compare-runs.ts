import { seededRandom } from './seeded-random.ts';

/** The score of each query in one run, by the query's id. */
export type RunScores = Readonly<Record<string, number>>;

export interface Comparison {
  /** Queries that both runs have; only they are compared. */
  queries: number;
  /** Mean scores on those queries. */
  first: number;
  second: number;
  /** Second minus first. */
  difference: number;
  /** 95 % confidence interval of the difference. */
  interval: [number, number];
  /** How probable so large a difference is, in either direction, if the runs were equally good. */
  p: number;
  better: number;
  worse: number;
}

export interface CompareOptions {
  /** The same seed gives the same figures; default 1. */
  seed?: number;
  /** Resamples of each test; default 10,000. */
  resamples?: number;
}

const CONFIDENCE = 0.95;

/**
 * Compares two runs query by query. The interval is the percentile interval of the paired bootstrap
 * (Sakai, "Evaluating Evaluation Metrics based on the Bootstrap", SIGIR 2006); `p` is that of
 * Fisher's randomisation test, two-sided (Smucker, Allan and Carterette, "A Comparison of Statistical
 * Significance Tests for Information Retrieval Evaluation", CIKM 2007). Where there are no more ways
 * to swap the runs than resamples, all are tried and `p` is exact.
 */
export function compareRuns(
  first: RunScores,
  second: RunScores,
  { seed = 1, resamples = 10_000 }: CompareOptions = {},
): Comparison {
  const ids = Object.keys(first).filter((id) => Object.hasOwn(second, id));
  const differences = ids.map((id) => (second[id] ?? 0) - (first[id] ?? 0));
  const random = seededRandom(seed);
  return {
    queries: ids.length,
    first: meanOf(ids.map((id) => first[id] ?? 0)),
    second: meanOf(ids.map((id) => second[id] ?? 0)),
    difference: meanOf(differences),
    interval: bootstrapInterval(differences, resamples, random),
    p: randomisationTest(differences, resamples, random),
    better: differences.filter((difference) => difference > 0).length,
    worse: differences.filter((difference) => difference < 0).length,
  };
}

function bootstrapInterval(differences: readonly number[], resamples: number, random: () => number): [number, number] {
  const draw = () => differences[Math.floor(random() * differences.length)] ?? 0;
  const means = Float64Array.from({ length: resamples }, () => meanOf(differences.map(draw))).toSorted();
  const tail = Math.floor(((1 - CONFIDENCE) / 2) * resamples);
  return [means[tail] ?? 0, means[resamples - 1 - tail] ?? 0];
}

/** Under the null hypothesis each difference might as well have the other sign. */
function randomisationTest(differences: readonly number[], resamples: number, random: () => number): number {
  // Sums of the same numbers in another order differ in their last digits.
  const observed = Math.abs(sumOf(differences)) - 1e-9;
  const moved = differences.filter((difference) => difference !== 0);
  const isExact = 2 ** moved.length <= resamples;
  const rounds = isExact ? 2 ** moved.length : resamples;
  let asLarge = 0;
  for (let round = 0; round < rounds; round += 1) {
    const swaps = (place: number) => (isExact ? ((round >> place) & 1) === 1 : random() < 0.5);
    const sum = moved.reduce((total, difference, place) => total + (swaps(place) ? -difference : difference), 0);
    if (Math.abs(sum) >= observed) asLarge += 1;
  }
  // The observed order counts among the drawn ones: a p of 0 cannot be known from samples (Phipson and Smyth, 2010).
  return isExact ? asLarge / rounds : (asLarge + 1) / (rounds + 1);
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : sumOf(values) / values.length;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
