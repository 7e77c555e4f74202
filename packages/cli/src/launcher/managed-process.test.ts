import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import { ManagedProcess, type ProcessEvent } from './managed-process.ts';

const PROGRAM = fileURLToPath(new URL('../testing/stubborn-child.mjs', import.meta.url));
const PLAN = {
  name: 'stubborn',
  room: 'worker',
  config: { host: '127.0.0.1', port: 1 },
  portSetting: '',
  isEssential: false,
} as const;

const events: ProcessEvent[] = [];
let managed: ManagedProcess;
const node = process.execPath;

async function start() {
  events.length = 0;
  managed = create();
  await managed.start();
}

function create() {
  return new ManagedProcess(PLAN, {
    startTimeoutMs: 10_000,
    restartDelayMs: 1,
    restartDelayLimitMs: 1,
    onLogLine: () => {},
    onChange: (event) => events.push(event),
    program: PROGRAM,
  });
}

afterEach(async () => {
  process.execPath = node;
  await managed.stop(0);
});

it('gives a process that is told again to stop no more than the shorter time', async () => {
  await start();
  const begun = performance.now();
  const slow = managed.stop(60_000);
  await managed.stop(0);
  await slow;
  expect(performance.now() - begun).toBeLessThan(10_000);
});

it('does not start a process again that ends while the launcher stops', async () => {
  await start();
  managed.retire();
  process.kill(managed.view.pid ?? 0, 'SIGKILL');
  await waitUntil(() => managed.view.pid === null, 'the process to end');
  expect(events.map(({ type }) => type)).toEqual(['process-started']);
});

it('starts a process again that dies', async () => {
  await start();
  process.kill(managed.view.pid ?? 0, 'SIGKILL');
  await waitUntil(() => managed.view.restarts === 1 && managed.view.state === 'running', 'the process to be back');
  expect(events.map(({ type }) => type)).toEqual(['process-started', 'process-died', 'process-started']);
});

it('takes a program that cannot be run for a failed start', async () => {
  managed = create();
  process.execPath = '/nowhere/node';
  managed.load();
  await new Promise((resolve) => setImmediate(resolve));
  await expect(managed.start()).rejects.toThrow('/nowhere/node cannot be run');
  expect(managed.view).toMatchObject({ state: 'stopped', pid: null });
});
