import type { ScoredChunk } from './passage-index.ts';

/** Damps the lead of first places (Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion", SIGIR 2009). */
const RANK_OFFSET = 60;

/**
 * One list out of several of the same passages, best first. What several lists hold, or one holds
 * high up, comes first. Scores of different searches cannot be compared, so only ranks count; the
 * fused score replaces them. A single list comes back as it is.
 */
export function fuseRanks(lists: readonly (readonly ScoredChunk[])[]): ScoredChunk[] {
  const [only] = lists;
  if (only && lists.length === 1) return [...only];
  const fused = new Map<string, ScoredChunk>();
  for (const list of lists) {
    for (const [rank, { chunk }] of list.entries()) {
      const score = (fused.get(chunk.id)?.score ?? 0) + 1 / (RANK_OFFSET + rank + 1);
      fused.set(chunk.id, { chunk, score });
    }
  }
  return [...fused.values()].toSorted((one, other) => other.score - one.score);
}
