import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Turn } from '@parley/rag';

const turnSchema = z.object({ question: z.string(), answer: z.string() });
const historySchema = z.object({ turns: z.array(turnSchema) });

/** The conversation in the file, oldest turn first; none when there is no file. Null when it holds something else. */
export function readHistory(file: string): Turn[] | null {
  if (!existsSync(file)) return [];
  try {
    return historySchema.parse(JSON.parse(readFileSync(file, 'utf8'))).turns;
  } catch {
    return null;
  }
}

/** Writes the file whole or not at all, readable by its owner alone. */
export function writeHistory(file: string, turns: readonly Turn[]): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ turns }, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}
