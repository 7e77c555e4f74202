import type { FlaggedSpan } from '../parsing/reader-events.ts';
import { INSTRUCTION_PATTERNS } from './instruction-patterns.ts';
import { toPlainLetters } from './to-plain-letters.ts';

/** Characters that carry text which nobody sees: tags, and runs of what has no width. One or two of the latter are spelling. */
const INVISIBLE =
  /[\u{E0001}-\u{E007F}]+|[\u200B-\u200D\u2060-\u2064\uFEFF\u180E\u3164\u115F\u1160\uFFA0]{5,}|[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]{3,}/gu;
/** The flag of England is a black flag and the letters "gbeng" as tags. */
const FLAG_SIGN = /\u{1F3F4}[\u{E0030}-\u{E007A}]{3,6}\u{E007F}/gu;
const SENTENCE_END = /[.!?。！？\n]/;
/** How far from what was found the sentence around it may begin and end. */
const MAX_REACH = 300;

/**
 * The parts of a text that a reader, or a model, should be warned of: text in characters that
 * nobody sees (`hidden-text`), and sentences that give orders to a model (`instructions`). In no
 * order; spans may overlap. Takes time in proportion to the text.
 */
export function findFlaggedSpans(text: string): FlaggedSpan[] {
  return [...findInvisible(text), ...findInstructions(text)];
}

function findInvisible(text: string): FlaggedSpan[] {
  const signs = new Set([...text.matchAll(FLAG_SIGN)].map(({ index }) => index + 2));
  return [...text.matchAll(INVISIBLE)]
    .filter(({ index }) => !signs.has(index))
    .map(({ index, 0: found }) => ({ start: index, end: index + found.length, flag: 'hidden-text' }));
}

function findInstructions(text: string): FlaggedSpan[] {
  const plain = toPlainLetters(text);
  return INSTRUCTION_PATTERNS.flatMap((pattern) =>
    [...plain.text.matchAll(pattern)].map(({ index, 0: found }) => {
      const end = plain.placeOf(index + found.length - 1) + 1;
      return { ...sentenceAround(text, plain.placeOf(index), end), flag: 'instructions' as const };
    }),
  );
}

function sentenceAround(text: string, from: number, to: number): { start: number; end: number } {
  let [start, end] = [from, to];
  while (start > 0 && from - start < MAX_REACH && !SENTENCE_END.test(text.charAt(start - 1))) start -= 1;
  while (end < text.length && end - to < MAX_REACH && !SENTENCE_END.test(text.charAt(end - 1))) end += 1;
  return { start: start + text.slice(start, from).search(/\S|$/), end };
}
