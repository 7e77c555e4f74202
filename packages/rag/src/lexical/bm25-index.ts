import { toSearchTerms } from '@parley/text';
import type { Chunk, PassageIndex, ScoredChunk } from '../retrieval/passage-index.ts';
import { pickBest } from './pick-best.ts';
import { buildPostings, type Posting } from './postings.ts';

/** How fast repeats of a term stop counting. */
const K1 = 1.2;
/** A question longer than this (a pasted file) is searched by its beginning and its end. */
const MAX_QUERY_LENGTH = 16_000;

export interface Bm25Options {
  /** How much a term of the title counts, where one of the text counts 1. Default 1. */
  titleWeight?: number;
  /** The same for a term of the headings. Default 3. */
  headingWeight?: number;
}

/**
 * BM25 over an inverted index in memory, built once when it is made (Robertson and Zaragoza, "The
 * Probabilistic Relevance Framework: BM25 and Beyond", 2009; title, headings and text are fields of
 * BM25F, section 3.6). English and Chinese alike: terms are `toSearchTerms`.
 */
export class Bm25Index implements PassageIndex {
  readonly #chunks: readonly Chunk[];
  readonly #postings: ReadonlyMap<string, Posting>;

  constructor(chunks: readonly Chunk[], { titleWeight = 1, headingWeight = 3 }: Bm25Options = {}) {
    this.#chunks = chunks;
    this.#postings = buildPostings(chunks, [
      { termsOf: ({ text }) => toSearchTerms(text), weight: 1 },
      { termsOf: ({ title }) => toSearchTerms(title), weight: titleWeight },
      { termsOf: ({ headingPath }) => toSearchTerms(headingPath.join('\n')), weight: headingWeight },
    ]);
  }

  async search(query: string, { limit }: { limit: number }): Promise<ScoredChunk[]> {
    const scores = new Float64Array(this.#chunks.length);
    for (const term of new Set(toSearchTerms(shorten(query)))) this.#addScores(term, scores);
    return pickBest(scores, limit).flatMap((ordinal) => {
      const chunk = this.#chunks[ordinal];
      return chunk ? [{ chunk, score: scores[ordinal] ?? 0 }] : [];
    });
  }

  #addScores(term: string, scores: Float64Array): void {
    const posting = this.#postings.get(term);
    if (!posting) return;
    const { ordinals, weights } = posting;
    const idf = Math.log(1 + (scores.length - ordinals.length + 0.5) / (ordinals.length + 0.5));
    for (const [place, ordinal] of ordinals.entries()) {
      const weight = weights[place] ?? 0;
      scores[ordinal] = (scores[ordinal] ?? 0) + (idf * weight * (K1 + 1)) / (weight + K1);
    }
  }
}

function shorten(query: string): string {
  if (query.length <= MAX_QUERY_LENGTH) return query;
  return `${query.slice(0, MAX_QUERY_LENGTH / 2)}\n${query.slice(-MAX_QUERY_LENGTH / 2)}`;
}
