import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import { ManagedProcess } from './managed-process.ts';
import { Trials } from './trials.ts';
import type { WorkerModel } from './worker-model.ts';
import { WorkerPorts } from './worker-ports.ts';

const programOf = (name: string) => fileURLToPath(new URL(`../testing/${name}.mjs`, import.meta.url));
const MODEL: WorkerModel = { name: 'tried', purpose: 'chat', kind: 'online', worker: {} };

function createTrials(program: string) {
  const timers: { work: () => void; ms: number }[] = [];
  const processes: ManagedProcess[] = [];
  const trials = new Trials({
    ports: new WorkerPorts({ first: 30_000, reserved: [], nextFreePort: async (from) => from }),
    createProcess: (_model, port) => {
      const plan = { name: 'trial', room: 'worker', portSetting: '', isEssential: false } as const;
      const quiet = { onLogLine: () => {}, onChange: () => {} };
      const process = new ManagedProcess(
        { ...plan, config: { host: '127.0.0.1', port, scripts: [[]], counter } },
        { startTimeoutMs: 10_000, restartDelayMs: 1, restartDelayLimitMs: 1, ...quiet, program },
      );
      processes.push(process);
      return process;
    },
    later: (work, ms) => timers.push({ work, ms }),
  });
  return { trials, timers, processes };
}

const counter = join(mkdtempSync(join(tmpdir(), 'parley-trials-')), 'starts');
afterAll(() => rmSync(dirname(counter), { recursive: true }));

describe('a trial', () => {
  it('is ended after a minute when nobody ends it', async () => {
    const { trials, timers, processes } = createTrials(programOf('stubborn-child'));
    await trials.start(MODEL);
    const pid = processes[0]?.view.pid ?? 0;
    expect(timers.map(({ ms }) => ms)).toEqual([90_000]);
    timers[0]?.work();
    await waitUntil(() => !isAlive(pid), 'the process to be gone');
  });

  it('that is ended while it starts frees one place, not two', async () => {
    const { trials, processes } = createTrials(programOf('scripted-child'));
    const starting = Array.from({ length: 4 }, () => trials.start(MODEL).catch((error: unknown) => error));
    await waitUntil(() => processes.length === 4, 'the processes to be made');
    await trials.endAll();
    for (const failure of await Promise.all(starting)) expect(failure).toMatchObject({ code: 'worker_unreachable' });
    const again = Array.from({ length: 5 }, () => trials.start(MODEL).catch((error: unknown) => error));
    await waitUntil(() => processes.length === 8, 'four more');
    await trials.endAll();
    const codes = (await Promise.all(again)).map((failure) => (failure as { code: string }).code);
    expect(codes.filter((code) => code === 'too_many_requests')).toHaveLength(1);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
