import { CommandError, type CommandContext } from '../command-context.ts';
import { compareRunFiles } from '../eval/compare-run-files.ts';
import { evaluateAnswers } from '../eval/evaluate-answers.ts';
import { evaluateRetrieval } from '../eval/evaluate-retrieval.ts';
import { printAnswers, toAnswersJson, toAnswersRun } from '../eval/print-answers.ts';
import { printComparison, printRetrieval } from '../eval/print-retrieval.ts';
import { readQuestions } from '../eval/questions-file.ts';
import { compareWeights, toRetrievalJson, toRunFile } from '../eval/retrieval-json.ts';
import { checkWritable, defaultRunFile, readRunFile, writeRunFile, type RunFile } from '../eval/run-file.ts';
import { untilInterrupted } from '../terminal/until-interrupted.ts';

interface EvalOptions {
  /** A saved run to compare this one with. */
  compare?: string;
  /** Where this run is saved. */
  save?: string;
  json?: boolean;
}

export interface EvalRetrievalOptions extends EvalOptions {
  /** Share of the dense leg, 0 to 1. */
  denseWeight?: string;
  /** Another share to compare it with. */
  against?: string;
  embeddingModel?: string;
  split: string;
  tune?: boolean;
}

/** `parley eval retrieval <base or folder>`: how well judged queries find what answers them. */
export async function evalRetrieval(
  context: CommandContext,
  target: string,
  options: EvalRetrievalOptions,
): Promise<void> {
  const { say } = context;
  const task = {
    target,
    denseWeight: toWeight(options.denseWeight, say.eval.wrongWeight),
    against: toWeight(options.against, say.eval.wrongWeight),
    embeddingModel: options.embeddingModel ?? null,
    split: options.split,
    tune: options.tune ?? false,
  };
  const earlier = openFiles(context, options);
  const evaluated = await untilInterrupted((signal) => evaluateRetrieval(context, task, signal));
  const results = evaluated.map(({ result }) => result);
  const file = toRunFile(results, Date.now());
  if (options.save) writeRunFile(options.save, file);
  const compared = earlier ? compareFiles(context, earlier, file) : [];
  if (options.json) {
    console.log(JSON.stringify(toRetrievalJson(evaluated, compared)));
    return;
  }
  for (const source of evaluated) {
    printRetrieval(source.result, say);
    if (source.other) printRetrieval(source.other, say);
    printComparison(compareWeights(source), say);
  }
  printComparison(compared, say);
}

export interface EvalAnswersOptions extends EvalOptions {
  base?: string;
  model?: string;
  judge?: string;
  parallel: string;
}

/** `parley eval answers <file>`: how well the running system answers questions whose answers are known. */
export async function evalAnswers(context: CommandContext, file: string, options: EvalAnswersOptions): Promise<void> {
  const { say } = context;
  const questions = await readQuestions(file, say);
  const save = options.save ?? defaultRunFile('answers', Date.now());
  const earlier = openFiles(context, { ...options, save });
  const task = { ...options, questions, parallel: toParallel(options.parallel, say.eval.wrongParallel) };
  const result = await untilInterrupted((signal) => evaluateAnswers(context, task, signal));
  const run = toAnswersRun(file, result, Date.now());
  writeRunFile(save, run);
  const compared = earlier ? compareFiles(context, earlier, run) : [];
  if (options.json) console.log(JSON.stringify(toAnswersJson(result, compared)));
  else {
    printAnswers(result, say);
    printComparison(compared, say);
    console.log(say.eval.saved(save));
  }
  if (result.answers.length < questions.length) {
    throw new CommandError(say.eval.stopped(result.answers.length, questions.length));
  }
}

/** `parley eval compare <run> <run>`: two saved runs, query by query. */
export function evalCompare(
  context: CommandContext,
  files: { first: string; second: string },
  { json }: { json?: boolean },
): void {
  const { say } = context;
  const figures = compareFiles(context, readRunFile(files.first, say), readRunFile(files.second, say));
  if (json) console.log(JSON.stringify({ compared: figures }));
  else printComparison(figures, say);
}

/** The run to compare with; both files are looked at before anything is evaluated for them. */
function openFiles({ say }: CommandContext, { save, compare }: EvalOptions): RunFile | null {
  if (save !== undefined) checkWritable(save, say);
  return compare === undefined ? null : readRunFile(compare, say);
}

function compareFiles({ say }: CommandContext, first: RunFile, second: RunFile): ReturnType<typeof compareRunFiles> {
  const compared = compareRunFiles(first, second);
  if (compared.length === 0) throw new CommandError(say.eval.nothingInCommon);
  return compared;
}

function toWeight(text: string | undefined, wrong: (text: string) => string): number | null {
  if (text === undefined) return null;
  const weight = Number(text);
  if (text.trim() === '' || !(weight >= 0 && weight <= 1)) throw new CommandError(wrong(text));
  return weight;
}

function toParallel(text: string, wrong: (text: string) => string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 32) throw new CommandError(wrong(text));
  return count;
}
