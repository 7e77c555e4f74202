import { existsSync, statSync } from 'node:fs';
import { createEmbedTexts } from '@parley/rag';
import { CollectionError, collectionFolders } from '@parley/rag/evaluation';
import { requireRunningSystem, type RunningSystem } from '../client/running-system.ts';
import { CommandError, type CommandContext } from '../command-context.ts';
import { findBase } from '../kb/find-base.ts';
import { chooseModel } from '../rag/choose-model.ts';
import type { Messages } from '../terminal/messages.ts';
import { baseSource } from './base-source.ts';
import { withCollection, type CollectionOptions } from './collection-source.ts';
import type { RetrievalResult, RetrievalSource } from './retrieval-result.ts';

export interface RetrievalTask {
  /** A folder, or else the name or id of a base. */
  target: string;
  /** Share of the dense leg; null: the base's own, or one that is tuned. */
  denseWeight: number | null;
  /** Another share to compare it with; null: none. */
  against: number | null;
  /** For a folder: the model that makes vectors; null: words alone. */
  embeddingModel: string | null;
  /** For a folder: which of its judged queries. */
  split: string;
  /** For a base: keeps the best weight. */
  tune: boolean;
}

export interface EvaluatedSource {
  result: RetrievalResult;
  /** With the weight that it was to be compared with. */
  other: RetrievalResult | null;
}

/** Evaluates a base, or every collection of a folder. Throws `CommandError` and `ParleyError`. */
export async function evaluateRetrieval(
  context: CommandContext,
  task: RetrievalTask,
  signal: AbortSignal,
): Promise<EvaluatedSource[]> {
  const { say } = context;
  const { target, denseWeight, against, tune } = task;
  const isFolder = existsSync(target) && statSync(target).isDirectory();
  refuseIdleOptions(task, isFolder, say);
  const evaluate = async (source: RetrievalSource): Promise<EvaluatedSource> => {
    const result = await source.evaluate(denseWeight);
    if (against === null) return { result, other: null };
    if (result.denseWeight === null) throw new CommandError(say.eval.noDenseToCompare(source.name));
    return { result, other: await source.evaluate(against) };
  };
  if (!isFolder) {
    const { bases } = requireRunningSystem(context);
    return [await evaluate(baseSource(bases, await findBase(bases, target, say), { tune }))];
  }
  const folders = collectionFolders(target);
  if (folders.length === 0) throw new CommandError(say.eval.noCollection(target));
  const options = await toCollectionOptions(context, task, signal);
  const evaluated: EvaluatedSource[] = [];
  for (const folder of folders) evaluated.push(await withCollection(folder, options, evaluate).catch(explain));
  return evaluated;
}

/** An option that would change nothing was meant to change something. */
function refuseIdleOptions(
  { embeddingModel, tune, denseWeight }: RetrievalTask,
  isFolder: boolean,
  say: Messages,
): void {
  if (isFolder && tune) throw new CommandError(say.eval.onlyForBase('--tune'));
  if (!isFolder && embeddingModel !== null) throw new CommandError(say.eval.onlyForFolder('--embedding-model'));
  if (tune && denseWeight !== null) throw new CommandError(say.eval.tuneOrWeight);
}

function explain(error: unknown): never {
  throw error instanceof CollectionError ? new CommandError(error.message, { cause: error }) : error;
}

async function toCollectionOptions(
  context: CommandContext,
  { embeddingModel, split }: RetrievalTask,
  signal: AbortSignal,
): Promise<CollectionOptions> {
  const { say } = context;
  return {
    split,
    signal,
    embedding: embeddingModel === null ? null : await embeddingBy(requireRunningSystem(context), embeddingModel),
    onProgress(done, all) {
      if (process.stderr.isTTY) process.stderr.write(`\r${say.eval.embedding(done, all)}${done === all ? '\n' : ''}`);
    },
  };
}

async function embeddingBy(
  { app, embed }: Pick<RunningSystem, 'app' | 'embed'>,
  name: string,
): Promise<NonNullable<CollectionOptions['embedding']>> {
  const { name: model } = chooseModel(await app.listModels(), name, 'embedding');
  return { model, embed: createEmbedTexts({ embed, model }) };
}
