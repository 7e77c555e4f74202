import { ParleyError, type ModelView } from '@parley/contracts';
import type { Judge } from '@parley/rag/evaluation';
import { requireRunningSystem, type RunningSystem } from '../client/running-system.ts';
import type { CommandContext } from '../command-context.ts';
import { findBase } from '../kb/find-base.ts';
import { chooseModel } from '../rag/choose-model.ts';
import { askQuestion, type GivenAnswer } from './ask-question.ts';
import { inParallel } from './in-parallel.ts';
import type { Question } from './questions-file.ts';
import { scoreQuestion, type ScoredQuestion } from './score-question.ts';

export interface AnswersTask {
  questions: readonly Question[];
  /** Name or id of the base, for questions that name none. */
  base?: string;
  model?: string;
  /** The model that grades the answers. */
  judge?: string;
  /** Questions that are asked at the same time. */
  parallel: number;
}

export interface AnswersResult {
  /** In the order of the questions; fewer than those when it was stopped. */
  answers: ScoredQuestion[];
  judge: string | null;
}

/** Asks the running system every question and scores its answers. Ends early, without throwing, with `signal`. */
export async function evaluateAnswers(
  context: CommandContext,
  task: AnswersTask,
  signal: AbortSignal,
): Promise<AnswersResult> {
  const system = requireRunningSystem(context);
  const models = await system.app.listModels();
  const model = task.model === undefined ? null : chooseModel(models, task.model).name;
  const judge = task.judge === undefined ? null : judgeBy(system, models, task.judge);
  const baseIds = await findBases(context, system, task);
  const { questions, parallel } = task;
  const score = async (question: Question): Promise<ScoredQuestion> => {
    const id = baseIds.get(question.base ?? task.base ?? '');
    const asked = { question: question.question, baseIds: id === undefined ? [] : [id], model };
    const given = await askQuestion(system.app, asked, signal).catch(toFailure);
    return scoreQuestion(question, { given, hasBase: id !== undefined, judge }, signal);
  };
  const onDone = (done: number) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${context.say.eval.asking(done, questions.length)}`);
  };
  const answers = await inParallel(questions, { count: parallel, signal, work: score, onDone });
  if (process.stderr.isTTY) process.stderr.write('\n');
  return { answers, judge: judge?.model ?? null };
}

function judgeBy({ complete }: RunningSystem, models: readonly ModelView[], name: string): Judge {
  return { model: chooseModel(models, name).name, complete };
}

/** Ids by what the questions call their bases; looked up before the first question costs anything. */
async function findBases(
  { say }: CommandContext,
  { bases }: RunningSystem,
  { questions, base }: AnswersTask,
): Promise<Map<string, string>> {
  const names = new Set(questions.flatMap((question) => question.base ?? base ?? []));
  const ids = new Map<string, string>();
  for (const name of names) ids.set(name, (await findBase(bases, name, say)).id);
  return ids;
}

/** A question that could not be asked; one that nothing can come of ends the evaluation. */
function toFailure(error: unknown): GivenAnswer {
  if (!(error instanceof ParleyError) || !error.isRetryable) throw error;
  const { code, message } = error;
  const failure = { code, message, retryable: true };
  return { model: '', text: '', status: 'failed', sources: [], error: failure, total_ms: null };
}
