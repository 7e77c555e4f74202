import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, runStep, runTool } from './run-step.ts';

/** Where each lint rule is explained, printed under the findings. */
const READ_ON: Readonly<Record<string, string>> = {
  'no-restricted-imports': 'docs/architecture.md#rooms',
  'no-restricted-properties': 'docs/architecture.md#settings',
  'no-cycle': 'CONTRIBUTING.md#imports',
  'max-lines': 'CONTRIBUTING.md#size',
  'max-lines-per-function': 'CONTRIBUTING.md#size',
  'max-params': 'CONTRIBUTING.md#size',
  complexity: 'CONTRIBUTING.md#size',
  'no-explicit-any': 'CONTRIBUTING.md#types',
  'no-non-null-assertion': 'CONTRIBUTING.md#types',
  'no-floating-promises': 'CONTRIBUTING.md#promises',
  'no-console': 'CONTRIBUTING.md#logging',
  'no-default-export': 'CONTRIBUTING.md#imports',
};

/** Format, lint and types; answers whether all are clean. */
export function runChecks(): boolean {
  return [
    runStep('format', () => runTool('oxfmt/bin/oxfmt', ['--check'])),
    runStep('lint', lint),
    runStep('types', () => runTool('typescript/bin/tsc', ['-p', 'tsconfig.json'])),
    runStep('types of the whole-system tests', () => runTool('typescript/bin/tsc', ['-p', 'e2e/tsconfig.json'])),
    runStep('types of the page', () =>
      runTool('vue-tsc/bin/vue-tsc.js', ['--noEmit', '-p', 'packages/web/tsconfig.json']),
    ),
  ].every(Boolean);
}

/** `npm run check`. */
export function main(): void {
  if (!runChecks()) process.exitCode = 1;
}

function lint(): boolean {
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
  const { status, stdout, stderr } = spawnSync(process.execPath, [oxlint], { cwd: root, encoding: 'utf8' });
  process.stdout.write(stdout + stderr);
  for (const [rule, page] of Object.entries(READ_ON)) {
    if (stdout.includes(`(${rule})`)) console.log(`  ${rule}: see ${page}`);
  }
  return status === 0;
}
