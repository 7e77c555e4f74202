import type { IndexHit } from '../knowledge/knowledge-index.ts';

/** What the searches of one query found, each best first. */
export interface SearchLegs {
  lexical: readonly IndexHit[];
  /** One list per embedding space: scores of different spaces cannot be compared. */
  dense: readonly (readonly IndexHit[])[];
  /** Passages that each list may hold at most. */
  limit: number;
}

/** Where a passage stood in one leg: rank from 1, and the leg's own score. */
export interface LegPlace {
  rank: number;
  score: number;
}

export interface FusedHit {
  chunkId: string;
  baseId: string;
  lexical: LegPlace | null;
  dense: LegPlace | null;
  /** 0 to 1. */
  fused: number;
}

/**
 * One order out of several searches, best first: a convex combination of scores that were brought to
 * 0 to 1 per leg and space, the last that was found being 0 (Bruch, Gai and Ingber, "An Analysis of
 * Fusion Functions for Hybrid Retrieval", 2023). What a leg lacks has 0 there. `denseWeightOf` tells the share of the dense leg,
 * 0 to 1, for the passages of a base; 0 and 1 give exactly the order of that leg, with what only the
 * other one found behind it.
 */
export function fuseLegs({ lexical, dense, limit }: SearchLegs, denseWeightOf: (baseId: string) => number): FusedHit[] {
  const hits = new Map<string, FusedHit>();
  const at = ({ chunkId, baseId }: IndexHit): FusedHit => {
    const known = hits.get(chunkId) ?? { chunkId, baseId, lexical: null, dense: null, fused: 0 };
    hits.set(chunkId, known);
    return known;
  };
  // A list that is not full holds all that share a word with the question: the next one would have 0.
  const words = shareOfRange(lexical, lexical.length < limit ? 0 : undefined);
  for (const [place, hit] of lexical.entries()) {
    const fused = at(hit);
    fused.lexical = { rank: place + 1, score: hit.score };
    fused.fused += (1 - denseWeightOf(hit.baseId)) * words(hit.score);
  }
  for (const leg of dense) {
    const meaning = shareOfRange(leg);
    for (const [place, hit] of leg.entries()) {
      const fused = at(hit);
      fused.dense = { rank: place + 1, score: hit.score };
      fused.fused += denseWeightOf(hit.baseId) * meaning(hit.score);
    }
  }
  return [...hits.values()].toSorted((one, other) => other.fused - one.fused || byRank(one, other, denseWeightOf));
}

/** Brings scores of one list to 0 to 1. */
function shareOfRange(hits: readonly IndexHit[], least = hits.at(-1)?.score ?? 0): (score: number) => number {
  const best = hits[0]?.score ?? 0;
  return (score) => (best === least ? 1 : (score - least) / (best - least));
}

/** Of equals, the one that stands higher in the leg that counts more for it; then in the other one. */
function byRank(one: FusedHit, other: FusedHit, denseWeightOf: (baseId: string) => number): number {
  const [first = 0, second = 0] = ranksOf(one, denseWeightOf);
  const [otherFirst = 0, otherSecond = 0] = ranksOf(other, denseWeightOf);
  return first - otherFirst || second - otherSecond;
}

function ranksOf({ baseId, lexical, dense }: FusedHit, denseWeightOf: (baseId: string) => number): number[] {
  const ranks = [lexical, dense].map((place) => place?.rank ?? Number.MAX_SAFE_INTEGER);
  return denseWeightOf(baseId) > 0.5 ? ranks.toReversed() : ranks;
}
