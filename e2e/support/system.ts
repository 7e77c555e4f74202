import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort, waitUntil } from '@parley/service-kit/testing';
import { LAUNCHER_FLAGS } from '../../packages/cli/src/launcher/process-flags.ts';

const root = join(import.meta.dirname, '..', '..');

export interface SystemOptions {
  /** `models:` of the settings file; the well-known ones when left out. */
  models?: readonly Record<string, unknown>[];
  /** Further parts of the settings file. */
  settings?: Record<string, unknown>;
  /** Further variables of the launcher's environment. */
  environment?: Record<string, string>;
  /** Starts on this folder (a second start) instead of a fresh one. */
  home?: string;
}

export interface ProcessView {
  name: string;
  pid: number | null;
  state: string;
  address: string | null;
  restarts: number;
}

/** A whole Parley as a person starts it, on ports and a home folder of its own. */
export interface System {
  url: string;
  gatewayUrl: string;
  home: string;
  environment: NodeJS.ProcessEnv;
  launcher: ChildProcess;
  /** Everything printed so far, standard output and error. */
  printed(): string;
  processes(): ProcessView[];
  process(name: string): ProcessView & { pid: number };
  /** Ends it by SIGTERM and removes its home folder. Safe to call again. */
  stop(): Promise<void>;
}

/** Starts the system by its bootstrap and waits until it is ready. Stop it in the end. */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const { environment, home } = await prepareEnvironment(options);
  const { child: launcher, printed } = spawnLauncher(environment);
  await waitUntil(() => printed().includes('Ready in') || launcher.exitCode !== null, 'the system to be ready', 60_000);
  if (launcher.exitCode !== null) throw new Error(`The launcher ended:\n${printed()}`);
  const processes = () =>
    (JSON.parse(readFileSync(join(home, 'launcher.json'), 'utf8')) as { processes: ProcessView[] }).processes;
  return {
    url: `http://127.0.0.1:${environment['PARLEY_SERVER_PORT']}`,
    gatewayUrl: `http://127.0.0.1:${environment['PARLEY_GATEWAY_PORT']}`,
    home,
    environment,
    launcher,
    printed,
    processes,
    process: (name) => findRunning(processes(), name),
    async stop() {
      if (launcher.exitCode === null && launcher.signalCode === null) {
        const ended = new Promise((resolve) => launcher.once('exit', resolve));
        launcher.kill('SIGTERM');
        await ended;
      }
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Starts the launcher as `npm start` does, and waits for nothing. Whoever calls ends it. */
export function spawnLauncher(environment: NodeJS.ProcessEnv): { child: ChildProcess; printed: () => string } {
  const child = spawn(process.execPath, [...LAUNCHER_FLAGS, 'bootstrap.mjs', 'parley', 'up'], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, printed: recordOutput(child) };
}

/** Environment of a launcher that meets nobody: free ports, a home folder, a settings file. */
export async function prepareEnvironment(
  options: SystemOptions,
): Promise<{ environment: NodeJS.ProcessEnv; home: string }> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'parley-e2e-'));
  const configFile = join(home, 'settings.yaml');
  writeFileSync(configFile, stringify({ ...options.settings, ...(options.models && { models: options.models }) }));
  const [server, gateway, controller, worker] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const environment = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    LANG: 'C.UTF-8',
    PARLEY_HOME: home,
    PARLEY_CONFIG: configFile,
    PARLEY_SERVER_PORT: String(server),
    PARLEY_GATEWAY_PORT: String(gateway),
    PARLEY_CONTROLLER_PORT: String(controller),
    PARLEY_WORKERS_FIRST_PORT: String(worker),
    ...options.environment,
  };
  return { environment, home };
}

function recordOutput(child: ChildProcess): () => string {
  let text = '';
  const record = (chunk: Buffer) => (text += chunk.toString('utf8'));
  child.stdout?.on('data', record);
  child.stderr?.on('data', record);
  return () => text;
}

function findRunning(processes: ProcessView[], name: string): ProcessView & { pid: number } {
  const found = processes.find((process) => process.name === name);
  if (!found || found.pid === null) throw new Error(`${name} does not run: ${JSON.stringify(processes)}`);
  return { ...found, pid: found.pid };
}

/** Whether a process of this id exists and is no zombie. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
