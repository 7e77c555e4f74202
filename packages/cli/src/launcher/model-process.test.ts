import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import { ManagedProcess, type ProcessEvent } from './managed-process.ts';

const PROGRAM = fileURLToPath(new URL('../testing/scripted-child.mjs', import.meta.url));
const STARTED = { send: { type: 'started', address: 'http://127.0.0.1:1' } };
const FILE = '/models/tiny.gguf';

let folder: string;
let managed: ManagedProcess;
let events: ProcessEvent[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-process-'));
  events = [];
});
afterEach(async () => {
  await managed.stop(0);
  rmSync(folder, { recursive: true, force: true });
});

/** A process whose first start plays the first script, and so on; the last one is played again. */
function processOf(
  scripts: object[][],
  { modelFile, startTimeoutMs = 10_000 }: { modelFile?: string; startTimeoutMs?: number } = {},
) {
  const config = { host: '127.0.0.1', port: 1, scripts, counter: join(folder, 'starts') };
  managed = new ManagedProcess(
    {
      name: 'model_worker:tiny',
      room: 'worker',
      config,
      portSetting: '',
      isEssential: false,
      ...(modelFile && { modelFile }),
    },
    {
      startTimeoutMs,
      restartDelayMs: 1,
      restartDelayLimitMs: 1,
      onLogLine: () => {},
      onChange: (event) => events.push(event),
      program: PROGRAM,
    },
  );
  return managed;
}

const types = () => events.map(({ type }) => type);

describe('a model that loads', () => {
  it('gets more time with every word of its progress', async () => {
    const loading = [0, 25, 50, 75].flatMap((percent) => [{ send: { type: 'loading', percent } }, { pause: 1_000 }]);
    await processOf([[...loading, STARTED]], { startTimeoutMs: 3_000 }).start();
    expect(types()).toEqual([...Array.from({ length: 4 }, () => 'process-loading'), 'process-started']);
    expect(managed.view).toMatchObject({ state: 'running', loading_percent: null });
  });

  it('shows how far it is', async () => {
    const attempt = processOf([[{ send: { type: 'loading', percent: 45.4 } }, { pause: 60_000 }]]).attempt();
    await waitUntil(() => managed.view.state === 'loading', 'the model to load');
    expect(managed.view.loading_percent).toBe(45);
    await managed.stop(0);
    await attempt;
  });

  it('fails when it says nothing for too long', async () => {
    await expect(processOf([[{ pause: 60_000 }]], { startTimeoutMs: 50 }).start()).rejects.toThrow(
      'not ready after 0.05 s',
    );
  });
});

describe('a failed start', () => {
  it('is not tried again when that cannot help, and says why', async () => {
    const failed = { type: 'failed', message: `${FILE} is cut off.`, is_final: true, code: 'model_file_unreadable' };
    const failure = await processOf([[{ send: failed }]]).attempt();
    expect(failure).toMatchObject({ code: 'model_file_unreadable', isFinal: true });
    expect(types()).toEqual(['process-given-up']);
    expect(managed.view).toMatchObject({ state: 'failed', pid: null, problem: `${FILE} is cut off.` });
  });

  it('is tried again when it may help', async () => {
    const failed = { type: 'failed', message: 'the port is taken', is_final: false };
    await processOf([[{ send: failed }], [STARTED]]).attempt();
    await waitUntil(() => managed.view.state === 'running', 'the second start');
    expect(types()).toEqual(['process-failed', 'process-started']);
    expect(events[0]?.view.problem).toBe('The process did not start: the port is taken.');
    expect(managed.view).toMatchObject({ restarts: 1, problem: null });
  });
});

describe('a native crash', () => {
  it('is healed at first; the third in a row is the last, and names the file', async () => {
    await processOf([[STARTED, { crash: 'SIGSEGV' }], [{ crash: 'SIGABRT' }], [{ exit: 134 }]], {
      modelFile: FILE,
    }).attempt();
    await waitUntil(() => managed.view.state === 'failed', 'it to be given up');
    expect(types()).toEqual(['process-started', 'process-died', 'process-failed', 'process-given-up']);
    expect(managed.view.problem).toContain(`crashed 3 times in a row with the model file ${FILE}`);
  });

  it('is healed for ever where no model file is at fault', async () => {
    await processOf([...Array.from({ length: 4 }, () => [{ crash: 'SIGABRT' }]), [STARTED]]).attempt();
    await waitUntil(() => managed.view.state === 'running', 'the fifth start');
    expect(managed.view.restarts).toBe(4);
  });

  it('is none when somebody killed the process', async () => {
    await processOf([...Array.from({ length: 4 }, () => [{ crash: 'SIGKILL' }]), [STARTED]], {
      modelFile: FILE,
    }).attempt();
    await waitUntil(() => managed.view.state === 'running', 'the fifth start');
    expect(managed.view.restarts).toBe(4);
  });
});
