import { containsAnswer, exactMatch, wordOverlap } from './answer-metrics.ts';
import { bleu } from './bleu.ts';
import { rouge } from './rouge.ts';

/** The figures of one answer, each 0 to 1. */
export interface AnswerScores {
  exact_match: number;
  /** Whether a reference stands in the answer. */
  sub_em: number;
  f1: number;
  precision: number;
  recall: number;
  /** F1 of each ROUGE. */
  rouge1: number;
  rouge2: number;
  rougeL: number;
  bleu4: number;
}

/**
 * All figures of an answer against its references. Each figure is that of the reference which it is
 * best for, as SQuAD and FlashRAG take it; BLEU compares with all references at once.
 */
export function scoreAnswer(answer: string, references: readonly string[]): AnswerScores {
  const best = (score: (reference: string) => number) => Math.max(0, ...references.map(score));
  const overlaps = references.map((reference) => wordOverlap(answer, reference));
  const rouges = references.map((reference) => rouge(answer, reference));
  return {
    exact_match: best((reference) => exactMatch(answer, reference)),
    sub_em: best((reference) => containsAnswer(answer, reference)),
    f1: Math.max(0, ...overlaps.map(({ f1 }) => f1)),
    precision: Math.max(0, ...overlaps.map(({ precision }) => precision)),
    recall: Math.max(0, ...overlaps.map(({ recall }) => recall)),
    rouge1: Math.max(0, ...rouges.map(({ rouge1 }) => rouge1.f1)),
    rouge2: Math.max(0, ...rouges.map(({ rouge2 }) => rouge2.f1)),
    rougeL: Math.max(0, ...rouges.map(({ rougeL }) => rougeL.f1)),
    bleu4: bleu(answer, references),
  };
}
