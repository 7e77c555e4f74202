import type { Command } from 'commander';
import { createCommandContext } from '../command-context.ts';
import type { Messages } from '../terminal/messages.ts';
import type { EvalAnswersOptions, EvalRetrievalOptions } from './eval.ts';

/** `parley eval` and what stands under it; the commands themselves are loaded when they are called. */
export function addEvalCommands(program: Command, { eval: { help }, help: { json, askModel } }: Messages): void {
  const evaluation = program.command('eval').description(help.eval);
  evaluation
    .command('retrieval')
    .description(help.retrieval)
    .argument('<base or folder>', help.retrievalTarget)
    .option('--dense-weight <share>', help.denseWeight)
    .option('--against <share>', help.against)
    .option('--embedding-model <name>', help.embeddingModel)
    .option('--split <name>', help.split, 'test')
    .option('--tune', help.tune)
    .option('--compare <run>', help.compare)
    .option('--save <file>', help.save)
    .option('--json', json)
    .action(async (target: string, options: EvalRetrievalOptions) =>
      (await import('./eval.ts')).evalRetrieval(createCommandContext(), target, options),
    );
  evaluation
    .command('answers')
    .description(help.answers)
    .argument('<file>', help.answersFile)
    .option('--base <name>', help.base)
    .option('--model <name>', askModel)
    .option('--judge <model>', help.judge)
    .option('--parallel <count>', help.parallel, '1')
    .option('--compare <run>', help.compare)
    .option('--save <file>', help.answersSave)
    .option('--json', json)
    .action(async (file: string, options: EvalAnswersOptions) =>
      (await import('./eval.ts')).evalAnswers(createCommandContext(), file, options),
    );
  evaluation
    .command('compare')
    .description(help.compareRuns)
    .argument('<first>')
    .argument('<second>')
    .option('--json', json)
    .action(async (first: string, second: string, options: { json?: boolean }) =>
      (await import('./eval.ts')).evalCompare(createCommandContext(), { first, second }, options),
    );
}
