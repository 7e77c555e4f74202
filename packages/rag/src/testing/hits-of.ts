import type { IndexHit } from '../knowledge/knowledge-index.ts';

/** What a search found, best first: ids of passages and their scores. Each passage is a document of its own. */
export function hitsOf(scores: Record<string, number>, baseId = 'base'): IndexHit[] {
  return Object.entries(scores)
    .map(([chunkId, score]) => ({ chunkId, documentId: `document of ${chunkId}`, baseId, score }))
    .toSorted((one, other) => other.score - one.score);
}
