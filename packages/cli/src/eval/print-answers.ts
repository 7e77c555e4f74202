import { basename } from 'node:path';
import type { Verdict } from '@parley/rag/evaluation';
import { toTable } from '../terminal/table.ts';
import type { Messages } from '../terminal/messages.ts';
import type { ComparedFigure } from './compare-run-files.ts';
import type { AnswersResult } from './evaluate-answers.ts';
import type { Run, RunFile } from './run-file.ts';
import type { QuestionScores } from './score-question.ts';

const FIGURE_NAMES: Record<keyof QuestionScores, string> = {
  exact_match: 'EM',
  sub_em: 'sub-EM',
  f1: 'F1',
  precision: 'precision',
  recall: 'recall',
  rouge1: 'ROUGE-1',
  rouge2: 'ROUGE-2',
  rougeL: 'ROUGE-L',
  bleu4: 'BLEU-4',
  passage_recall: 'passage recall',
  passage_precision: 'passage precision',
  judge: 'judge',
};
const MOST_REASONS = 5;
const FIGURES = Object.keys(FIGURE_NAMES) as (keyof QuestionScores)[];

interface Summary {
  questions: number;
  /** Questions without a complete answer; they count as nothing said. */
  unanswered: number;
  /** Means; a figure that no answer has is left out. */
  means: Partial<Record<keyof QuestionScores, number>>;
  /** What the judge did with how many answers. */
  verdicts: Partial<Record<Verdict['outcome'], number>>;
}

export function printAnswers(result: AnswersResult, say: Messages): void {
  const { questions, unanswered, means, verdicts } = summaryOf(result);
  const rows = FIGURES.flatMap((figure) => {
    const mean = means[figure];
    return mean === undefined ? [] : [[FIGURE_NAMES[figure], mean.toFixed(4)]];
  });
  console.log(`\n${say.eval.answersHead(questions, unanswered)}`);
  console.log(toTable([['', say.eval.mean], ...rows]));
  for (const reason of failuresOf(result, say)) console.error(reason);
  if (result.judge !== null) console.log(say.eval.verdicts(result.judge, verdicts));
}

/** Why questions have no answer; each reason once, most do not differ. */
function failuresOf({ answers }: AnswersResult, say: Messages): string[] {
  const errors = answers.flatMap(({ given }) => given.error ?? []);
  const reasons = [...new Set(errors.map(({ code, message }) => say.failure(code, message)))];
  return reasons.slice(0, MOST_REASONS);
}

/** What `--json` prints: the summary, and every answer with its scores. */
export function toAnswersJson(result: AnswersResult, compared: readonly ComparedFigure[]): object {
  return {
    ...summaryOf(result),
    judge: result.judge,
    answers: result.answers,
    ...(compared.length > 0 && { compared }),
  };
}

/** What is saved: the scores by question, for comparing, and every answer. */
export function toAnswersRun(file: string, result: AnswersResult, now: number): RunFile {
  const scores: Run['scores'][string] = {};
  for (const figure of FIGURES) {
    const entries = scoredEntries(result, figure);
    if (entries.length > 0) scores[figure] = Object.fromEntries(entries);
  }
  const settings = { model: result.answers[0]?.given.model ?? null, judge: result.judge };
  const run = { name: basename(file), settings, scores: { answers: scores } };
  return { parley_run: 1, kind: 'answers', made_at: now, runs: [run], answers: result.answers };
}

function summaryOf(result: AnswersResult): Summary {
  const summary: Summary = { questions: result.answers.length, unanswered: 0, means: {}, verdicts: {} };
  for (const { given, verdict } of result.answers) {
    if (given.status !== 'complete') summary.unanswered += 1;
    if (verdict) summary.verdicts[verdict.outcome] = (summary.verdicts[verdict.outcome] ?? 0) + 1;
  }
  for (const figure of FIGURES) {
    const values = scoredEntries(result, figure).map(([, value]) => value);
    if (values.length > 0) summary.means[figure] = values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  return summary;
}

function scoredEntries({ answers }: AnswersResult, figure: keyof QuestionScores): [string, number][] {
  return answers.flatMap(({ id, scores }) => {
    const value = scores[figure];
    return value === null ? [] : [[id, value] as [string, number]];
  });
}
