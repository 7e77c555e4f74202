import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { CommandError } from '../command-context.ts';
import type { Messages } from '../terminal/messages.ts';

const runSchema = z.object({
  /** What was evaluated: a collection, a base, a file of questions. */
  name: z.string(),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  /** Series (such as `fused`) to figure (such as `ndcg10`) to query to its score. */
  scores: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.number()))),
});
export type Run = z.infer<typeof runSchema>;

const runFileSchema = z.looseObject({
  /** Version of this form. */
  parley_run: z.literal(1),
  kind: z.enum(['retrieval', 'answers']),
  /** Milliseconds since 1970. */
  made_at: z.number(),
  runs: z.array(runSchema).min(1),
});
/** What an evaluation keeps, so that it can be compared with another one query by query. */
export type RunFile = z.infer<typeof runFileSchema>;

/** Throws `CommandError` for what is no saved run. */
export function readRunFile(file: string, say: Messages): RunFile {
  try {
    return runFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new CommandError(say.eval.noRunFile(file), { cause });
  }
}

/** Throws `CommandError` before anything is evaluated for a file that could not be written in the end. */
export function checkWritable(file: string, say: Messages): void {
  try {
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
  } catch (cause) {
    throw new CommandError(say.eval.cannotWrite(file), { cause });
  }
}

/** Answers hold what the documents say: the file is its owner's alone. */
export function writeRunFile(file: string, content: RunFile): void {
  writeFileSync(file, `${JSON.stringify(content, null, 1)}\n`, { mode: 0o600 });
}

/** A file in the current folder, named so that no earlier run is lost. */
export function defaultRunFile(kind: RunFile['kind'], now: number): string {
  return `${kind}-${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}.run.json`;
}
