import type { ScoredChunk } from './passage-index.ts';
import { fuseByRank } from './rank-fusion.ts';

/**
 * One list out of several of the same passages, best first. Scores of different searches cannot be
 * compared, so only ranks count; the fused score replaces them. A single list comes back as it is.
 */
export function fuseRanks(lists: readonly (readonly ScoredChunk[])[]): ScoredChunk[] {
  const [only] = lists;
  if (only && lists.length === 1) return [...only];
  return fuseByRank(lists, ({ chunk }) => chunk.id).map(({ item, score }) => ({ chunk: item.chunk, score }));
}
