import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHILD_FLAGS, LAUNCHER_FLAGS } from '../packages/cli/src/launcher/process-flags.ts';

/**
 * Builds the page and fills the compile cache when their sources changed. Run by bootstrap.mjs
 * before what needs them; does nothing, in some 30 ms, when all is fresh.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const distFolder = join(root, 'packages/web/dist');

if (isStale(join(distFolder, '.stamp'), ['packages/{web,contracts,text}/**/*.{ts,vue,css,html,js,json,svg}']))
  buildPage();
if (isStale(join(root, 'node_modules/.cache/.warm'), ['packages/*/src/**/*.ts'])) warmCompileCache();

function buildPage(): void {
  const stamp = stampOf(['packages/{web,contracts,text}/**/*.{ts,vue,css,html,js,json,svg}']);
  console.error(isChinese() ? '正在构建页面……' : 'Building the page …');
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const built = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'packages/web'),
    stdio: ['ignore', 2, 2],
    // Whoever asks: a test runner's NODE_ENV would make it a build for development.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (built.status !== 0) process.exit(built.status ?? 1);
  writeFileSync(join(distFolder, '.stamp'), stamp);
}

/**
 * Loads every room once, so that the first start's processes need no type stripper in memory.
 * V8 keeps a cache of its own for each set of flags.
 */
function warmCompileCache(): void {
  const stamp = stampOf(['packages/*/src/**/*.ts']);
  for (const [flags, modules] of [
    [
      CHILD_FLAGS,
      [
        '@parley/controller',
        '@parley/gateway',
        '@parley/worker',
        '@parley/server',
        '@parley/rag/langchain',
        '../packages/worker/src/engines/extractive/extractive-engine.ts',
        '../packages/worker/src/engines/llama-cpp/llama-cpp-engine.ts',
        '../packages/worker/src/engines/openai-compatible/openai-compatible-engine.ts',
        '../packages/worker/src/engines/zhipu/zhipu-engine.ts',
        '../packages/worker/src/engines/anthropic/anthropic-engine.ts',
        '../packages/worker/src/engines/gemini/gemini-engine.ts',
        '../packages/cli/src/launcher/child.ts',
      ],
    ],
    [LAUNCHER_FLAGS, ['@parley/cli', '../packages/cli/src/commands/up.ts', '../packages/cli/src/commands/ask.ts']],
  ] as const) {
    const warmed = spawnSync(process.execPath, [...flags, join(root, 'scripts/warm.ts'), ...modules], {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled') },
    });
    if (warmed.status !== 0) process.exit(warmed.status ?? 1);
  }
  writeFileSync(join(root, 'node_modules/.cache/.warm'), stamp);
}

function isStale(stampFile: string, patterns: string[]): boolean {
  return !existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stampOf(patterns);
}

function stampOf(patterns: string[]): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const files = globSync(patterns, { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] }).toSorted();
  for (const file of files) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function isChinese(): boolean {
  return /^zh/i.test(process.env['LC_ALL'] ?? process.env['LC_MESSAGES'] ?? process.env['LANG'] ?? '');
}
