import { answerWords, normalizeAnswer } from './answer-words.ts';
import { countOverlap } from './overlap.ts';

export interface WordOverlap {
  /** Share of the answer's words that the reference has, 0 to 1. */
  precision: number;
  /** Share of the reference's words that the answer has, 0 to 1. */
  recall: number;
  /** Their harmonic mean. */
  f1: number;
}

/** 1 when the answer and the reference are the same after normalisation, else 0 (SQuAD, 2016). */
export function exactMatch(answer: string, reference: string): number {
  return normalizeAnswer(answer) === normalizeAnswer(reference) ? 1 : 0;
}

/**
 * 1 when the normalised reference stands somewhere in the normalised answer, else 0 (`sub_em` of
 * FlashRAG; Jin et al., 2024). A reference of which normalisation leaves nothing must be matched whole.
 */
export function containsAnswer(answer: string, reference: string): number {
  const wanted = normalizeAnswer(reference);
  return wanted === '' ? exactMatch(answer, reference) : Number(normalizeAnswer(answer).includes(wanted));
}

/** How many words both have, repeats counted (SQuAD, 2016). Two that are empty agree (SQuAD 2.0, 2018). */
export function wordOverlap(answer: string, reference: string): WordOverlap {
  const [said, wanted] = [answerWords(answer), answerWords(reference)];
  if (said.length === 0 || wanted.length === 0) {
    const agrees = Number(said.length === wanted.length);
    return { precision: agrees, recall: agrees, f1: agrees };
  }
  return toOverlap(countOverlap(said, wanted), said.length, wanted.length);
}

/** Precision, recall and F1 of `shared` units; all 0 where nothing is shared. */
export function toOverlap(shared: number, said: number, wanted: number): WordOverlap {
  if (shared === 0) return { precision: 0, recall: 0, f1: 0 };
  const [precision, recall] = [shared / said, shared / wanted];
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
}
