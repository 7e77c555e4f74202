import { CJK } from '@parley/text';

/** Punctuation of every script, and what Python's `string.punctuation` holds besides. */
const PUNCTUATION = /[\p{P}$+<=>^`|~]/gu;
/** Not a part of a word, whatever the word's script; JavaScript's own `\b` knows ASCII only. */
const ARTICLE = /(?<![\p{L}\p{M}\p{N}_])(?:a|an|the)(?![\p{L}\p{M}\p{N}_])/gu;
const BESIDE_CJK = new RegExp(`\\s+(?=[${CJK}])|(?<=[${CJK}])\\s+`, 'gu');
const WORD = new RegExp(`[${CJK}]|[^\\s${CJK}]+`, 'gu');

/**
 * An answer as it is compared: lower case, without punctuation, English articles and surplus spaces,
 * as SQuAD's evaluation script does it (Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine
 * Comprehension of Text", 2016). Full-width forms become plain ones, and spaces beside Chinese go:
 * they say nothing there.
 */
export function normalizeAnswer(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase().replaceAll(PUNCTUATION, '').replaceAll(ARTICLE, ' ');
  return plain.replaceAll(BESIDE_CJK, '').replaceAll(/\s+/g, ' ').trim();
}

/**
 * The words of a normalised answer. Where words are not separated, each character is one, as in the
 * evaluation of CMRC 2018 (Cui et al., "A Span-Extraction Dataset for Chinese Machine Reading
 * Comprehension", 2019).
 */
export function answerWords(text: string): string[] {
  return normalizeAnswer(text).match(WORD) ?? [];
}
