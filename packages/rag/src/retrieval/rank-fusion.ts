/** Damps the lead of first places (Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion", SIGIR 2009). */
const RANK_OFFSET = 60;

/**
 * One list out of several, best first, each item with a score from 0 to 1: what several lists hold,
 * or one holds high up, comes first. Only ranks count. 1 is the first place in every list.
 */
export function fuseByRank<Item>(
  lists: readonly (readonly Item[])[],
  idOf: (item: Item) => string,
): { item: Item; score: number }[] {
  const fused = new Map<string, { item: Item; score: number }>();
  for (const list of lists) {
    for (const [rank, item] of list.entries()) {
      const known = fused.get(idOf(item)) ?? { item, score: 0 };
      known.score += (RANK_OFFSET + 1) / (RANK_OFFSET + rank + 1) / lists.length;
      fused.set(idOf(item), known);
    }
  }
  return [...fused.values()].toSorted((one, other) => other.score - one.score);
}
