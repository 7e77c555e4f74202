/** What the plan looks at in a sealed segment. */
export interface MergeCandidate {
  number: number;
  /** Passages that are searched, and all that it was written with. */
  live: number;
  count: number;
}

/** So many neighbours of about one size become one: a passage is written anew once per size. */
export const FAN_IN = 6;
/** Larger ones are left as they are: reading two of them costs a query little. */
const LARGEST = 1 << 19;
const MOST_DEAD = 0.3;

/**
 * Which neighbouring segments are to be written as one, or which one is to be written without its
 * dead passages; null: none. `candidates` are a base's sealed segments, by rank; `segmentPassages` is
 * how many passages the smallest have.
 */
export function planMerge<Candidate extends MergeCandidate>(
  candidates: readonly Candidate[],
  segmentPassages: number,
): Candidate[] | null {
  const worn = candidates.find(({ live, count }) => live < count * (1 - MOST_DEAD));
  if (worn) return [worn];
  let least = 0;
  for (let most = segmentPassages * 2; most * FAN_IN < LARGEST; most *= FAN_IN) {
    const run = findRun(candidates, { least, most });
    if (run) return run;
    least = most;
  }
  return null;
}

/** Neighbours of `most` passages at most, so many of them of more than `least`; those between are taken along. */
function findRun<Candidate extends MergeCandidate>(
  candidates: readonly Candidate[],
  { least, most }: { least: number; most: number },
): Candidate[] | null {
  let run: Candidate[] = [];
  for (const candidate of candidates) {
    run = candidate.live <= most ? [...run, candidate] : [];
    if (run.filter(({ live }) => live > least).length === FAN_IN) return run;
  }
  return null;
}
