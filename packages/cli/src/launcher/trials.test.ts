import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import { ManagedProcess } from './managed-process.ts';
import { Trials } from './trials.ts';
import type { WorkerModel } from './worker-model.ts';
import { WorkerPorts } from './worker-ports.ts';

const PROGRAM = fileURLToPath(new URL('../testing/stubborn-child.mjs', import.meta.url));
const MODEL: WorkerModel = { name: 'tried', purpose: 'chat', kind: 'online', worker: {} };

it('ends a trial that nobody ends, after a minute', async () => {
  const timers: { work: () => void; ms: number }[] = [];
  const processes: ManagedProcess[] = [];
  const trials = new Trials({
    ports: new WorkerPorts({ first: 30_000, reserved: [], nextFreePort: async (from) => from }),
    createProcess: (_model, port) => {
      const plan = { name: 'trial', room: 'worker', portSetting: '', isEssential: false } as const;
      const process = new ManagedProcess(
        { ...plan, config: { host: '127.0.0.1', port } },
        {
          startTimeoutMs: 10_000,
          restartDelayMs: 1,
          restartDelayLimitMs: 1,
          onLogLine: () => {},
          onChange: () => {},
          program: PROGRAM,
        },
      );
      processes.push(process);
      return process;
    },
    later: (work, ms) => timers.push({ work, ms }),
  });
  await trials.start(MODEL);
  const pid = processes[0]?.view.pid ?? 0;
  expect(timers.map(({ ms }) => ms)).toEqual([60_000]);
  timers[0]?.work();
  await waitUntil(() => !isAlive(pid), 'the process to be gone');
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
