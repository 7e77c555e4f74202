import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { modelPurposeSchema } from '@parley/contracts';

const processViewSchema = z.object({
  name: z.string(),
  /** What a worker's model is for; null for what is no worker. */
  purpose: modelPurposeSchema.nullable().default(null),
  pid: z.number().int().nullable(),
  /** `released`: put away by an owner; `failed`: it stays down until somebody does something. */
  state: z.enum(['starting', 'loading', 'running', 'restarting', 'stopped', 'released', 'failed']),
  address: z.string().nullable(),
  restarts: z.number().int(),
  /** Of a model file that is being read, 0 to 100; null when it is not, or nobody knows. */
  loading_percent: z.number().nullable().default(null),
  /** Why it is down, as a whole sentence. */
  problem: z.string().nullable().default(null),
});
export type ProcessView = z.infer<typeof processViewSchema>;

const launcherViewSchema = z.object({
  pid: z.number().int(),
  started_at: z.number().int(),
  server_url: z.string(),
  processes: z.array(processViewSchema),
});
/** Who runs on this home folder: what `launcher.json` tells the other commands. */
export type LauncherView = z.infer<typeof launcherViewSchema>;

/** Writes the file whole or not at all. */
export function writeLauncherFile(file: string, view: LauncherView): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(view, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

export function removeLauncherFile(file: string): void {
  rmSync(file, { force: true });
}

/** The running launcher, or null when none runs (a file left by a killed one counts as none). */
export function readLauncherFile(file: string): LauncherView | null {
  try {
    const view = launcherViewSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return isAlive(view.pid) ? view : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
