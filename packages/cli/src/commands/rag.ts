import type { Turn } from '@parley/rag';
import type { FilledSpace } from '@parley/rag/vector-stores';
import { withSystem } from '../client/running-system.ts';
import { CommandError, type CommandContext } from '../command-context.ts';
import { checkWritable } from '../eval/run-file.ts';
import { askLibrary, type LibraryAnswer } from '../rag/ask-library.ts';
import { chooseStore, type StoreOptions } from '../rag/choose-store.ts';
import { parseSplit, type CharacterSplit } from '../rag/cut-by-characters.ts';
import { readHistory, writeHistory } from '../rag/history-file.ts';
import { loadLibrary } from '../rag/load-library.ts';
import { toSourceView, type LoadedSource } from '../rag/loaded-source.ts';
import { untilInterrupted } from '../terminal/until-interrupted.ts';
import { printSources } from '../terminal/print-sources.ts';

export interface RagOptions extends StoreOptions {
  ask: string;
  /** CSS selectors, separated by commas. */
  select?: string;
  /** Characters of a piece and of its overlap, such as `1000/200`; by headings when left out. */
  split?: string;
  model?: string;
  /** The file that keeps the conversation. */
  history?: string;
  allowPrivate?: boolean;
  json?: boolean;
}

/** `parley rag`: reads pages and files, and answers from them with sources. Throws unless the answer is complete. */
export async function rag(context: CommandContext, sources: readonly string[], options: RagOptions): Promise<void> {
  const { say } = context;
  const turns = turnsOf(context, options);
  const store = chooseStore(context, options);
  const library = await load(context, sources, options);
  const tell = (text: string) => void (options.json || console.error(text));
  const asked = {
    library,
    store,
    turns,
    question: options.ask,
    model: options.model,
    embeddingModel: options.embeddingModel,
    onFilled: ({ embedded, kept }: FilledSpace) => tell(say.rag.embedded(embedded, kept)),
    onText: (text: string) => void (options.json || process.stdout.write(text)),
  };
  tell(say.rag.read(library.length, library.flatMap(({ parts }) => parts).length));
  const result = await withSystem(context, (system) =>
    untilInterrupted((signal) => askLibrary({ ...asked, system }, signal)),
  );
  if (options.json) console.log(JSON.stringify({ ...result, documents: library.map(toSourceView) }));
  else show(context, result);
  throwUnlessComplete(context, result);
  if (options.history) writeHistory(options.history, [...turns, { question: options.ask, answer: result.answer }]);
}

function turnsOf({ say }: CommandContext, { history }: RagOptions): Turn[] {
  if (history === undefined) return [];
  const turns = readHistory(history);
  if (!turns) throw new CommandError(say.rag.historyDamaged(history));
  checkWritable(history, say);
  return turns;
}

function load(context: CommandContext, sources: readonly string[], options: RagOptions): Promise<LoadedSource[]> {
  const { select, allowPrivate = false } = options;
  const split = splitOf(context, options);
  const loading = { sources, select: select === undefined ? [] : [select], allowPrivate, split };
  return untilInterrupted((signal) => loadLibrary(context, loading, signal));
}

function splitOf({ say }: CommandContext, { split }: RagOptions): CharacterSplit | null {
  if (split === undefined) return null;
  const parsed = parseSplit(split);
  if (!parsed) throw new CommandError(say.rag.wrongSplit(split));
  return parsed;
}

function show({ say }: CommandContext, result: LibraryAnswer): void {
  printSources(result, say);
  for (const { message } of result.alarms) console.error(`\n${message}`);
}

function throwUnlessComplete({ say }: CommandContext, { status, error }: LibraryAnswer): void {
  if (error) throw new CommandError(say.answerFailed(say.failure(error.code, error.message)));
  if (status !== 'complete') throw new CommandError(say.answerUnfinished(status));
}
