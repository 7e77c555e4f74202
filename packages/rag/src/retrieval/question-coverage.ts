import { toSearchTerms } from '@parley/text';
import type { Chunk } from './passage-index.ts';

/** A single Han, Kana or Hangul character is in every text; pairs of them say something. */
const SINGLE_CJK = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]$/u;
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
/** Passages that are looked at together: about as many as an answer takes. */
const LOOK_AT = 5;

/** How much of a question the passages found for it have in them. */
export interface Coverage {
  /** 0 to 1; 1 for a question without terms. */
  share: number;
  /** Pairs of characters are rarely met by chance and often missed by a paraphrase; words are the other way round. */
  isCjk: boolean;
}

/** The share of the question's terms that the best passages hold in title, headings or text. */
export function coverageOf(question: string, chunks: readonly Chunk[]): Coverage {
  const all = [...new Set(toSearchTerms(question))];
  const telling = all.filter((term) => !SINGLE_CJK.test(term));
  const terms = telling.length > 0 ? telling : all;
  const held = new Set(chunks.slice(0, LOOK_AT).flatMap(termsOf));
  return {
    share: terms.length === 0 ? 1 : terms.filter((term) => held.has(term)).length / terms.length,
    isCjk: terms.filter((term) => CJK.test(term)).length * 2 > terms.length,
  };
}

function termsOf({ title, headingPath, text }: Chunk): string[] {
  return toSearchTerms([title, ...headingPath, text].join('\n'));
}

/**
 * The least coverage with which passages are taken for an answer. Measured by the benchmark
 * `abstention`: of questions about another subject 95% (English) and 75% (Chinese) fall below, of
 * questions whose answer was found 0% and 0.7%. Whether passages about the very subject answer
 * the question cannot be seen in words; that is left to the model.
 */
export const LEAST_COVERAGE = { words: 0.33, pairs: 0.15 } as const;

/** Whether passages that only their words brought up are about something else than the question. */
export function isOffTopic(queries: readonly string[], chunks: readonly Chunk[]): boolean {
  return queries.every((query) => {
    const { share, isCjk } = coverageOf(query, chunks);
    return share < (isCjk ? LEAST_COVERAGE.pairs : LEAST_COVERAGE.words);
  });
}
