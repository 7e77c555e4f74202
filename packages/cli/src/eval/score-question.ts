import {
  judgeAnswer,
  passagePrecision,
  passageRecall,
  scoreAnswer,
  type AnswerScores,
  type Judge,
  type Verdict,
} from '@parley/rag/evaluation';
import type { GivenAnswer } from './ask-question.ts';
import type { Question } from './questions-file.ts';

/** The figures of one answer, 0 to 1; null where there is nothing to count. */
export interface QuestionScores extends AnswerScores {
  passage_recall: number | null;
  passage_precision: number | null;
  /** The judge's grade; null without a judge, and where it gave none. */
  judge: number | null;
}

export interface ScoredQuestion {
  id: string;
  question: string;
  answers: string[];
  given: GivenAnswer;
  scores: QuestionScores;
  verdict: Verdict | null;
}

/** Scores an answer. One that did not come counts as nothing said, and is not judged. */
export async function scoreQuestion(
  { id, question, answers }: Question,
  { given, hasBase, judge }: { given: GivenAnswer; hasBase: boolean; judge: Judge | null },
  signal: AbortSignal,
): Promise<ScoredQuestion> {
  const text = given.status === 'complete' ? withoutCitations(given) : '';
  const passages = given.sources.map(({ quote }) => quote);
  const isJudged = judge !== null && given.status === 'complete';
  const verdict = isJudged ? await judgeAnswer({ question, references: answers, answer: text }, judge, signal) : null;
  return {
    id,
    question,
    answers,
    given,
    verdict,
    scores: {
      ...scoreAnswer(text, answers),
      passage_recall: hasBase ? passageRecall(passages, answers) : null,
      passage_precision: hasBase ? passagePrecision(passages, answers) : null,
      judge: verdict?.outcome === 'graded' ? verdict.grade : null,
    },
  };
}

/** A reference has no citation marks; other brackets are a part of what was said. */
export function withoutCitations({ text, sources }: Pick<GivenAnswer, 'text' | 'sources'>): string {
  const known = new Set(sources.map(({ index }) => index));
  return text.replaceAll(/\s?\[(\d{1,4})\]/g, (mark, number: string) => (known.has(Number(number)) ? '' : mark)).trim();
}
