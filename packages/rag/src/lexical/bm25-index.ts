import { toSearchTerms } from '@parley/text';
import type { Chunk, PassageIndex, ScoredChunk } from '../retrieval/passage-index.ts';
import { DEFAULT_WEIGHTS, toIdf, toQueryTerms, toTermScore } from './bm25.ts';
import { pickBest } from './pick-best.ts';
import { buildPostings, type Posting } from './postings.ts';

export interface Bm25Options {
  /** How much a term of the title counts, where one of the text counts 1. Default 1. */
  titleWeight?: number;
  /** The same for a term of the headings. Default 3. */
  headingWeight?: number;
}

/**
 * BM25 over an inverted index in memory, built once when it is made (Robertson and Zaragoza, "The
 * Probabilistic Relevance Framework: BM25 and Beyond", 2009; title, headings and text are fields of
 * BM25F, section 3.6). English and Chinese alike: terms are `toSearchTerms`. For few passages; the
 * index of knowledge bases is `index-thread`, which scores alike.
 */
export class Bm25Index implements PassageIndex {
  readonly #chunks: readonly Chunk[];
  readonly #postings: ReadonlyMap<string, Posting>;

  constructor(chunks: readonly Chunk[], options: Bm25Options = {}) {
    const { titleWeight = DEFAULT_WEIGHTS.title, headingWeight = DEFAULT_WEIGHTS.heading } = options;
    this.#chunks = chunks;
    this.#postings = buildPostings(chunks, [
      { termsOf: ({ text }) => toSearchTerms(text), weight: DEFAULT_WEIGHTS.text },
      { termsOf: ({ title }) => toSearchTerms(title), weight: titleWeight },
      { termsOf: ({ headingPath }) => toSearchTerms(headingPath.join('\n')), weight: headingWeight },
    ]);
  }

  async search(query: string, { limit }: { limit: number }): Promise<ScoredChunk[]> {
    const scores = new Float64Array(this.#chunks.length);
    for (const term of toQueryTerms(query)) this.#addScores(term, scores);
    return pickBest(scores, { limit }).flatMap((ordinal) => {
      const chunk = this.#chunks[ordinal];
      return chunk ? [{ chunk, score: scores[ordinal] ?? 0 }] : [];
    });
  }

  #addScores(term: string, scores: Float64Array): void {
    const posting = this.#postings.get(term);
    if (!posting) return;
    const { ordinals, weights } = posting;
    const idf = toIdf(scores.length, ordinals.length);
    for (const [place, ordinal] of ordinals.entries()) {
      scores[ordinal] = (scores[ordinal] ?? 0) + toTermScore(idf, weights[place] ?? 0);
    }
  }
}
