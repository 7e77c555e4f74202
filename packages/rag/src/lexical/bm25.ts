import { toSearchTerms } from '@parley/text';

/** How fast repeats of a term stop counting. */
const K1 = 1.2;
/** How much a long field is held back, from 0 (not at all) to 1. */
const B = 0.75;
/** A question longer than this (a pasted file) is searched by its beginning and its end. */
const MAX_QUERY_LENGTH = 16_000;
/** Different terms of one question, at most: the first and the last half of so many. */
const MAX_QUERY_TERMS = 1_024;

/** How much a term of each field counts. */
export interface FieldWeights {
  text: number;
  title: number;
  heading: number;
}

export const DEFAULT_WEIGHTS: FieldWeights = { text: 1, title: 1, heading: 3 };

/** What a question is searched by: its terms, each once, in order. */
export function toQueryTerms(query: string): string[] {
  const terms = [...new Set(toSearchTerms(shorten(query)))];
  if (terms.length <= MAX_QUERY_TERMS) return terms;
  return [...terms.slice(0, MAX_QUERY_TERMS / 2), ...terms.slice(-MAX_QUERY_TERMS / 2)];
}

/** How rare a term is that `matching` of `passages` have. */
export function toIdf(passages: number, matching: number): number {
  return Math.log(1 + (passages - matching + 0.5) / (matching + 0.5));
}

/** What one occurrence counts in a field of this length. The field must not be empty. */
export function toShare(weight: number, length: number, averageLength: number): number {
  return weight / (1 - B + (B * length) / averageLength);
}

/** What a term adds to a passage's score; `weight` is the sum over the fields of count times share. */
export function toTermScore(idf: number, weight: number): number {
  return (idf * weight * (K1 + 1)) / (weight + K1);
}

function shorten(query: string): string {
  if (query.length <= MAX_QUERY_LENGTH) return query;
  return `${query.slice(0, MAX_QUERY_LENGTH / 2)}\n${query.slice(-MAX_QUERY_LENGTH / 2)}`;
}
