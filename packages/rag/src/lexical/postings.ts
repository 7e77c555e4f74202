/** Where one term occurs: which passages (by position in the index) and how often, side by side. */
export interface Posting {
  ordinals: number[];
  frequencies: number[];
}

/** An inverted index: term to posting, and each passage's length in (weighted) terms. */
export interface Postings {
  byTerm: Map<string, Posting>;
  lengths: Float64Array;
  averageLength: number;
}

/** A part of a passage whose terms count `weight` times. */
export interface WeightedTerms {
  terms: readonly string[];
  weight: number;
}

/** Builds the inverted index once; `passages` is asked for one passage at a time. */
export function buildPostings(count: number, termsOf: (ordinal: number) => readonly WeightedTerms[]): Postings {
  const byTerm = new Map<string, Posting>();
  const lengths = new Float64Array(count);
  let total = 0;
  for (let ordinal = 0; ordinal < count; ordinal += 1) {
    const frequencies = countTerms(termsOf(ordinal));
    for (const [term, frequency] of frequencies) {
      addPosting(byTerm, term, { ordinal, frequency });
      lengths[ordinal] = (lengths[ordinal] ?? 0) + frequency;
    }
    total += lengths[ordinal] ?? 0;
  }
  return { byTerm, lengths, averageLength: count === 0 ? 0 : total / count };
}

function countTerms(fields: readonly WeightedTerms[]): Map<string, number> {
  const frequencies = new Map<string, number>();
  for (const { terms, weight } of fields) {
    for (const term of terms) frequencies.set(term, (frequencies.get(term) ?? 0) + weight);
  }
  return frequencies;
}

function addPosting(
  byTerm: Map<string, Posting>,
  term: string,
  { ordinal, frequency }: { ordinal: number; frequency: number },
): void {
  const posting = byTerm.get(term);
  if (posting) {
    posting.ordinals.push(ordinal);
    posting.frequencies.push(frequency);
  } else byTerm.set(term, { ordinals: [ordinal], frequencies: [frequency] });
}
