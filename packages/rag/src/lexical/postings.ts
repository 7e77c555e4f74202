import { toShare } from './bm25.ts';

/** Where one term occurs: which passages (by position in the index), and its weight in each, side by side. */
export interface Posting {
  ordinals: number[];
  weights: number[];
}

/** A part of every passage: its terms, and how much one of them counts. */
export interface Field<Passage> {
  termsOf: (passage: Passage) => readonly string[];
  weight: number;
}

/**
 * Builds an inverted index. The weight of a term in a passage is the sum over the fields of its
 * count there times the field's weight, each made smaller where that field is longer than usual.
 */
export function buildPostings<Passage>(
  passages: readonly Passage[],
  fields: readonly Field<Passage>[],
): Map<string, Posting> {
  const postings = new Map<string, Posting>();
  const columns = fields.map(({ termsOf, weight }) => {
    const terms = passages.map(termsOf);
    const averageLength = terms.reduce((sum, { length }) => sum + length, 0) / passages.length;
    return { terms, weight, averageLength };
  });
  for (const ordinal of passages.keys()) {
    const weights = new Map<string, number>();
    for (const { terms, weight, averageLength } of columns) {
      const own = terms[ordinal] ?? [];
      const share = toShare(weight, own.length, averageLength);
      for (const [term, count] of countTerms(own)) weights.set(term, (weights.get(term) ?? 0) + count * share);
    }
    for (const [term, weight] of weights) addPosting(postings, term, { ordinal, weight });
  }
  return postings;
}

function countTerms(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

function addPosting(
  postings: Map<string, Posting>,
  term: string,
  { ordinal, weight }: { ordinal: number; weight: number },
): void {
  const posting = postings.get(term);
  if (posting) {
    posting.ordinals.push(ordinal);
    posting.weights.push(weight);
  } else postings.set(term, { ordinals: [ordinal], weights: [weight] });
}
