import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import { ManagedProcess, type ProcessEvent } from './managed-process.ts';
import { ModelRunner } from './model-runner.ts';
import type { WorkerModel } from './worker-model.ts';
import { WorkerPorts } from './worker-ports.ts';

const PROGRAM = fileURLToPath(new URL('../testing/scripted-child.mjs', import.meta.url));
const STARTED = { send: { type: 'started', address: 'http://127.0.0.1:1' } };
const LOADS_FOR_EVER = [{ send: { type: 'loading', percent: 10 } }, { pause: 600_000 }];
const failing = (code: string) => [{ send: { type: 'failed', message: `It is ${code}.`, is_final: true, code } }];

let folder: string;
let runner: ModelRunner;
let events: string[];
let nextFreePort: (from: number) => Promise<number>;
let ports: WorkerPorts;
beforeEach(() => {
  nextFreePort = async (from) => from;
  ports = new WorkerPorts({ first: 30_000, reserved: [], nextFreePort: (from) => nextFreePort(from) });
  folder = mkdtempSync(join(tmpdir(), 'parley-runner-'));
  events = [];
});
afterEach(async () => {
  await runner.end(0);
  rmSync(folder, { recursive: true, force: true });
});

/** A local model whose processes play these scripts, one after the other; `version` makes settings differ. */
function modelOf(version: string, scripts: object[][]): WorkerModel {
  return { name: 'tiny', purpose: 'chat', kind: 'local', worker: { version, scripts, api_key: 'a-long-secret' } };
}

function run(model: WorkerModel): ModelRunner {
  const onChange = ({ type, view }: ProcessEvent) => events.push(`${type} ${view.pid === null ? 'down' : 'up'}`);
  runner = new ModelRunner(model, {
    ports,
    plan: ({ name, worker }, port) => ({
      name: `model_worker:${name}`,
      room: 'worker',
      config: {
        host: '127.0.0.1',
        port,
        model: worker,
        scripts: worker['scripts'],
        counter: join(folder, String(worker['version'])),
      },
      portSetting: '',
      modelFile: '/models/tiny.gguf',
      isEssential: false,
    }),
    createProcess: (plan, hooks) =>
      new ManagedProcess(plan, {
        startTimeoutMs: 10_000,
        restartDelayMs: 1,
        restartDelayLimitMs: 1,
        onLogLine: hooks.onLogLine,
        onChange: (event) => [hooks.onChange, onChange].forEach((tell) => tell(event)),
        program: PROGRAM,
      }),
    stopGraceMs: 1_000,
    onChange: () => {},
  });
  return runner;
}

const starts = (version: string) => readFileSync(join(folder, version), 'utf8').length;

it('ends the old process first when two do not fit into memory', async () => {
  await run(modelOf('a', [[STARTED], failing('model_too_large'), [STARTED]])).begin();
  const { pid } = runner.hostedView;
  await runner.replace();
  expect(runner.hostedView).toMatchObject({ state: 'running', problem: null });
  expect(runner.hostedView.pid).not.toBe(pid);
  expect(starts('a')).toBe(3);
});

it('keeps the old process when the new one fails otherwise', async () => {
  await run(modelOf('a', [[STARTED], failing('model_file_unreadable')])).begin();
  const { pid } = runner.hostedView;
  await expect(runner.replace()).rejects.toMatchObject({ code: 'model_file_unreadable' });
  expect(runner.hostedView).toMatchObject({ state: 'running', pid, problem: 'It is model_file_unreadable.' });
});

it('shows how far the replacement has loaded', async () => {
  await run(modelOf('a', [[STARTED], LOADS_FOR_EVER])).begin();
  const replacing = runner.replace();
  await waitUntil(() => runner.hostedView.loading_percent === 10, 'the second to load');
  expect(runner.hostedView.state).toBe('running');
  await Promise.all([runner.end(0), expect(replacing).rejects.toThrow('ended before it was ready')]);
});

it('gives up what still loads when newer settings come', async () => {
  const begun = run(modelOf('a', [LOADS_FOR_EVER])).begin();
  await waitUntil(() => runner.hostedView.state === 'loading', 'the first to load');
  runner.change(modelOf('b', [[STARTED]]));
  await begun;
  await waitUntil(() => runner.hostedView.state === 'running', 'the second to run');
  expect(starts('b')).toBe(1);
});

it('is released at once while it loads, and tells no failure', async () => {
  const begun = run(modelOf('a', [LOADS_FOR_EVER, [STARTED]])).begin();
  await waitUntil(() => runner.hostedView.state === 'loading', 'it to load');
  await Promise.all([runner.release(), begun]);
  expect(runner.hostedView).toMatchObject({ state: 'released', pid: null, problem: null });
  expect(events).toEqual(['process-loading up']);
  runner.load();
  await waitUntil(() => runner.hostedView.state === 'running', 'it to run');
});

it('complains of nothing when newer settings cut a replacement short', async () => {
  const first = modelOf('a', [[STARTED]]);
  await run(first).begin();
  const { pid } = runner.hostedView;
  runner.change(modelOf('b', [LOADS_FOR_EVER]));
  await waitUntil(() => runner.hostedView.loading_percent === 10, 'the second to load');
  runner.change(first);
  await waitUntil(() => runner.hostedView.loading_percent === null, 'the second to be gone');
  expect(runner.hostedView).toMatchObject({ state: 'running', pid, problem: null });
});

it('complains of no settings that were taken back', async () => {
  const first = modelOf('a', [[STARTED]]);
  await run(first).begin();
  runner.change(modelOf('b', [failing('model_file_unreadable')]));
  await waitUntil(() => runner.hostedView.problem !== null, 'the failure to be told');
  runner.change(first);
  await waitUntil(() => runner.hostedView.problem === null, 'the complaint to be gone');
  expect(runner.hostedView).toMatchObject({ state: 'running' });
  expect(starts('a')).toBe(1);
});

it('complains of nothing when it is released while it is being replaced', async () => {
  await run(modelOf('a', [[STARTED], LOADS_FOR_EVER])).begin();
  const replacing = runner.replace();
  await waitUntil(() => runner.hostedView.loading_percent === 10, 'the second to load');
  await Promise.all([runner.release(), expect(replacing).rejects.toThrow('ended before it was ready')]);
  expect(runner.hostedView).toMatchObject({ state: 'released', pid: null, problem: null });
});

it.each(['replace', 'load'] as const)('starts nothing when it is released while %s looks for a port', async (work) => {
  await run(modelOf('a', [[STARTED]])).begin();
  if (work === 'load') await runner.release();
  const { promise: looked, resolve: look } = Promise.withResolvers<void>();
  const { promise: port, resolve: find } = Promise.withResolvers<number>();
  nextFreePort = () => {
    look();
    return port;
  };
  const working = runner[work]();
  await looked;
  const released = runner.release();
  find(30_005);
  await Promise.all([working, released]);
  expect(runner.hostedView).toMatchObject({ state: 'released', pid: null, problem: null });
  expect(starts('a')).toBe(1);
  nextFreePort = async (from) => Math.max(from, 30_005);
  expect(await ports.take()).toBe(30_005);
});

it('starts again what stayed down, when it is asked to', async () => {
  await run(modelOf('a', [failing('model_file_missing'), [STARTED]])).begin();
  expect(runner.hostedView).toMatchObject({ state: 'failed', problem: 'It is model_file_missing.' });
  runner.load();
  await waitUntil(() => runner.hostedView.state === 'running', 'it to run');
  expect(runner.hostedView.problem).toBeNull();
});

it('keeps the log of all its processes, without keys', async () => {
  await run(
    modelOf('a', [
      [{ print: 'key a-long-secret refused' }, STARTED],
      [{ print: 'second' }, STARTED],
    ]),
  ).begin();
  await runner.replace();
  await waitUntil(() => runner.logLines.length === 4, 'all lines');
  expect(runner.logLines).toEqual(expect.arrayContaining(['key [hidden] refused', 'second']));
  const told = runner.logLines.filter((line) => /process \d+ started at http/.test(line));
  expect(told).toHaveLength(2);
});

it('keeps the last words of a process that ended within a line', async () => {
  await run(modelOf('a', [[{ write: 'GGML_ASSERT' }, { exit: 1 }], [STARTED]])).begin();
  await waitUntil(() => runner.logLines.length > 0, 'the last words');
  expect(runner.logLines).toContain('GGML_ASSERT');
});

it('does nothing for settings that are the same', async () => {
  await run(modelOf('a', [[STARTED]])).begin();
  runner.change(modelOf('a', [[STARTED]]));
  await runner.release();
  expect(starts('a')).toBe(1);
});
