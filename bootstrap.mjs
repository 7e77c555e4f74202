// The first step, in JavaScript that Node 20 runs: bring the dependencies and a new enough Node,
// then hand over. Everything else is TypeScript and starts at `entries` below.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The first with `crypto.argon2`, which hashes passwords. */
const MINIMUM_NODE = [24, 7];
const root = dirname(fileURLToPath(import.meta.url));
const isChinese = /^zh/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '');
const say = (english, chinese) => console.error(isChinese ? chinese : english);

const [command = 'help', ...args] = process.argv.slice(2);
const entries = {
  up: { file: 'packages/cli/src/main.ts', args: ['up', ...args], needsPage: true },
  parley: { file: 'packages/cli/src/main.ts', args, needsPage: args[0] === 'up' },
  dev: { file: 'scripts/dev.ts', args, needsPage: false },
  test: { file: 'scripts/test.ts', args, needsPage: true },
  check: { file: 'scripts/check.ts', args, needsPage: false },
  format: { file: 'scripts/format.ts', args, needsPage: false },
  bench: { file: 'benchmarks/main.ts', args, needsPage: false },
};

const entry = entries[command];
if (!entry) {
  say(`Unknown command: ${command}`, `未知命令：${command}`);
  process.exit(2);
}
installDependencies();
if (isNewEnough(process.version)) await runHere();
else runAgainWith(findNode());

/** `npm ci` when node_modules is missing or was made from another lock file. */
function installDependencies() {
  const stampFile = join(root, 'node_modules', '.parley-lock');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8').trim() === wanted) return;
  say('Installing dependencies (first start, or they changed) …', '正在安装依赖（首次启动或依赖有变化）……');
  const npm = process.env.npm_execpath;
  const ci = ['ci', '--ignore-scripts', '--loglevel=error'];
  if (npm?.endsWith('.js')) runOrExit(process.execPath, [npm, ...ci]);
  else runOrExit(process.platform === 'win32' ? 'npm.cmd' : 'npm', ci);
  // 35 MB of llama.cpp's source, for builds; Parley runs the binaries of npm and never builds.
  rmSync(join(root, 'node_modules/node-llama-cpp/llama/gitRelease.bundle'), { force: true });
  writeFileSync(stampFile, wanted);
}

/** The Node that npm brought for this platform, else this one when it is new enough. */
function findNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  const names = [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`];
  const candidates = [...names.map((name) => join(root, 'node_modules', name, binary)), process.execPath];
  const found = candidates.find((path) => existsSync(path) && isNewEnough(versionOf(path)));
  if (found) return found;
  say(
    `Parley needs Node ${MINIMUM_NODE.join('.')} or newer, and npm has none for ${platform}-${process.arch}. Install it from your system's packages and start again.`,
    `Parley 需要 Node ${MINIMUM_NODE.join('.')} 或更新的版本，而 npm 没有适用于 ${platform}-${process.arch} 的包。请用系统的软件包安装后重新启动。`,
  );
  return process.exit(1);
}

function versionOf(path) {
  return path === process.execPath ? process.version : spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout;
}

function isNewEnough(version) {
  const [, major = 0, minor = 0] = /^v(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  const [leastMajor, leastMinor] = MINIMUM_NODE;
  return Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor);
}

function runOrExit(program, programArgs) {
  const { status } = spawnSync(program, programArgs, { cwd: root, stdio: ['ignore', 2, 2], env: childEnvironment() });
  if (status !== 0) process.exit(status ?? 1);
}

function childEnvironment() {
  // Compiled code is kept, so that a start neither strips types nor compiles again.
  return { ...process.env, NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled') };
}

async function runHere() {
  Object.assign(process.env, childEnvironment());
  if (entry.needsPage) runOrExit(process.execPath, ['scripts/prepare.ts']);
  nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  const { main } = await import(pathToFileURL(join(root, entry.file)).href);
  await main(entry.args);
}

function runAgainWith(node) {
  // The channel lets the launcher notice when this process is killed.
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  const child = spawn(node, [...process.execArgv, fileURLToPath(import.meta.url), command, ...args], { stdio });
  // Ctrl+C reaches the whole group by itself; what is sent to this process alone is passed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}
