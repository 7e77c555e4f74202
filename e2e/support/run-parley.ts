import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningCommand {
  /** What it has printed so far; `code` is null while it runs. */
  result: CommandResult;
  ended: Promise<CommandResult>;
}

/** Runs `parley <args>` as a person would and answers what it printed. `stdin` is what a pipe brings; nothing by default. */
export function runParley(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  options: { stdin?: string } = {},
): Promise<CommandResult> {
  return spawnParley(args, environment, options).ended;
}

/** The same, for who wants to see it run. */
export function spawnParley(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  { stdin = '' } = {},
): RunningCommand {
  const child = spawn(process.execPath, ['bootstrap.mjs', 'parley', ...args], {
    cwd: join(import.meta.dirname, '..', '..'),
    env: environment,
    stdio: 'pipe',
  });
  const result: CommandResult = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (result.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (result.stderr += text));
  // A command that reads nothing may be gone before it is given this.
  child.stdin.on('error', () => {}).end(stdin);
  const ended = new Promise<CommandResult>((resolve) =>
    child.once('close', (code) => resolve(Object.assign(result, { code }))),
  );
  return { result, ended };
}
