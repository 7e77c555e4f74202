import { spawn, type ChildProcess } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { root } from './run-step.ts';

/** What a burst of saved files may take, in ms, before the back end starts again. */
const SETTLE_MS = 300;

/**
 * `npm run dev`: the whole system, started again when back-end code changes, and Vite's server for
 * the page, which reloads by itself. No model is needed: the guide answers.
 */
export function main(): void {
  const page = spawn(process.execPath, [join(root, 'node_modules/vite/bin/vite.js')], {
    cwd: join(root, 'packages/web'),
    stdio: 'inherit',
  });
  let system = startSystem();
  let timer: NodeJS.Timeout | undefined;
  watch(join(root, 'packages'), { recursive: true }, (_, file) => {
    if (!file || !/^(?!web\/)[\w-]+\/src\/.*(?<!\.test)\.ts$/.test(file.replaceAll('\\', '/'))) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      console.log(`\n${file} changed; starting again …`);
      system.once('exit', () => (system = startSystem()));
      system.kill('SIGTERM');
    }, SETTLE_MS);
  });
  process.once('SIGINT', () => {
    page.kill('SIGTERM');
    system.once('exit', () => process.exit(0));
  });
}

function startSystem(): ChildProcess {
  return spawn(process.execPath, [join(root, 'bootstrap.mjs'), 'parley', 'up'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PARLEY_LAUNCHER_STOP_GRACE_MS: '0' },
  });
}
