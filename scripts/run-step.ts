import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a program of node_modules under this Node, its output shown. Answers whether it succeeded. */
export function runTool(file: string, args: readonly string[]): boolean {
  return (
    spawnSync(process.execPath, [join(root, 'node_modules', file), ...args], { cwd: root, stdio: 'inherit' }).status ===
    0
  );
}

/** Runs one named step and prints how it went. */
export function runStep(name: string, step: () => boolean): boolean {
  console.log(`\n── ${name}`);
  const begun = performance.now();
  const isOk = step();
  console.log(`${isOk ? '✓' : '✗'} ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  return isOk;
}
