import type { RerankTexts } from '../models/embed-texts.ts';
import type { FusedHit } from './fuse-legs.ts';
import type { Chunk } from './passage-index.ts';
import { messageOf, type Alarm } from './search-legs.ts';

/** A passage that may become a source, and how it came here. */
export interface Candidate {
  chunk: Chunk;
  hit: FusedHit;
  /** The reranking model's score; null where it was not asked. */
  reranked: number | null;
}

/** Reading a passage together with the question costs a model call each; the best of the searches are enough. */
const MOST_RERANKED = 30;

/** Orders the best candidates anew by how well they answer the query. A model that fails leaves the order, with an alarm. */
export async function rerankHits(
  query: string,
  { candidates, rerank }: { candidates: readonly Candidate[]; rerank: RerankTexts },
  signal: AbortSignal,
): Promise<{ candidates: Candidate[]; alarm: Alarm | null }> {
  const best = candidates.slice(0, MOST_RERANKED);
  try {
    const scores = await rerank(query, best.map(toText), signal);
    if (scores.length !== best.length || !scores.every(Number.isFinite)) throw new RangeError('Not a score for each.');
    const scored = best.map((candidate, place) => ({ ...candidate, reranked: scores[place] ?? 0 }));
    const ordered = scored.toSorted((one, other) => other.reranked - one.reranked);
    return { candidates: [...ordered, ...candidates.slice(MOST_RERANKED)], alarm: null };
  } catch (error) {
    if (signal.aborted) throw error;
    const message = `The passages could not be put into a better order. ${messageOf(error)}`;
    return { candidates: [...candidates], alarm: { kind: 'rerank-failed', message } };
  }
}

function toText({ chunk: { title, headingPath, text } }: Candidate): string {
  return `${[title, ...headingPath].filter((words) => words !== '').join(' > ')}\n${text}`;
}
