import { toSearchTerms } from '@parley/text';
import type { Chunk, PassageIndex, ScoredChunk } from '../retrieval/passage-index.ts';
import { buildPostings, type Postings } from './postings.ts';
import { pickBest } from './pick-best.ts';

/** How fast repeats of a term stop counting, and how much long passages are held back. */
const K1 = 1.2;
const B = 0.75;
/** A question longer than this (a pasted file) is searched by its beginning and its end. */
const MAX_QUERY_LENGTH = 16_000;

export interface Bm25Options {
  /** How often a term of title and headings counts, where one of the text counts once. Default 2. */
  headingWeight?: number;
}

/**
 * BM25 over an inverted index in memory, built once when it is made (Robertson and Zaragoza, "The
 * Probabilistic Relevance Framework: BM25 and Beyond", 2009; title and headings as weighted fields,
 * section 3.6). English and Chinese alike: terms are `toSearchTerms`.
 */
export class Bm25Index implements PassageIndex {
  readonly #chunks: readonly Chunk[];
  readonly #postings: Postings;

  constructor(chunks: readonly Chunk[], { headingWeight = 2 }: Bm25Options = {}) {
    this.#chunks = chunks;
    this.#postings = buildPostings(chunks.length, (ordinal) => fieldsOf(chunks[ordinal], headingWeight));
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
    const { byTerm, lengths, averageLength } = this.#postings;
    const posting = byTerm.get(term);
    if (!posting) return;
    const { ordinals, frequencies } = posting;
    const idf = Math.log(1 + (lengths.length - ordinals.length + 0.5) / (ordinals.length + 0.5));
    for (const [place, ordinal] of ordinals.entries()) {
      const frequency = frequencies[place] ?? 0;
      const norm = K1 * (1 - B + (B * (lengths[ordinal] ?? 0)) / averageLength);
      scores[ordinal] = (scores[ordinal] ?? 0) + (idf * frequency * (K1 + 1)) / (frequency + norm);
    }
  }
}

function fieldsOf(chunk: Chunk | undefined, headingWeight: number) {
  if (!chunk) return [];
  const headings = [chunk.title, ...chunk.headingPath].join('\n');
  return [
    { terms: toSearchTerms(chunk.text), weight: 1 },
    { terms: toSearchTerms(headings), weight: headingWeight },
  ];
}

function shorten(query: string): string {
  if (query.length <= MAX_QUERY_LENGTH) return query;
  return `${query.slice(0, MAX_QUERY_LENGTH / 2)}\n${query.slice(-MAX_QUERY_LENGTH / 2)}`;
}
