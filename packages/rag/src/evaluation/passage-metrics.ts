import { containsAnswer } from './text/answer-metrics.ts';

/**
 * Whether any of the passages holds one of the answers, 0 or 1: top-k accuracy where nobody has
 * judged passages (Karpukhin et al., "Dense Passage Retrieval for Open-Domain Question Answering",
 * 2020; `retrieval_recall` of FlashRAG).
 */
export function passageRecall(passages: readonly string[], answers: readonly string[]): number {
  return Math.sign(countHolding(passages, answers));
}

/** Share of the passages that hold one of the answers (`retrieval_precision` of FlashRAG); 0 without passages. */
export function passagePrecision(passages: readonly string[], answers: readonly string[]): number {
  return passages.length === 0 ? 0 : countHolding(passages, answers) / passages.length;
}

function countHolding(passages: readonly string[], answers: readonly string[]): number {
  return passages.filter((passage) => answers.some((answer) => containsAnswer(passage, answer) === 1)).length;
}
