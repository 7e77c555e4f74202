import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import { runParley, spawnParley } from './support/run-parley.ts';
import { isRunning, prepareEnvironment, spawnLauncher, startSystem, type System } from './support/system.ts';
import { isPortFree } from '../packages/cli/src/launcher/free-ports.ts';
import { tinyModels, writeBrokenModels, type BrokenModels } from '../packages/worker/src/testing/tiny-models/index.ts';

/** How soon a killed process must be back. A second or two where nothing else runs; what is tested is that it comes by itself. */
const HEAL_LIMIT_MS = 15_000;
/** All processes together, idle, in MB. */
const IDLE_MEMORY_LIMIT_MB = 450;
const QUESTION = 'How do I connect Ollama?';
const CHILDREN = ['controller', 'openai_api', 'model_worker:parley-guide', 'api'];

describe('a running system', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system.stop());

  it('started controller, openai_api, workers and api, in that order, and said what needs a key', () => {
    const places = CHILDREN.map((name) => system.printed().indexOf(`  ${name} `));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    expect(system.printed()).toContain('ZHIPUAI_API_KEY=…');
  });

  it('keeps a second launcher off its home folder', async () => {
    const second = await runParley(['up'], system.environment);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`Parley already runs on ${system.home}`);
  });

  it('hands no secret to the environment or the command line of a process', async () => {
    const { readFileSync } = await import('node:fs');
    const secret = JSON.parse(readFileSync(`${system.home}/secrets.json`, 'utf8')).installation_secret as string;
    for (const name of CHILDREN) {
      const { pid } = system.process(name);
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(secret);
      expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(secret);
    }
  });

  it(`uses less than ${IDLE_MEMORY_LIMIT_MB} MB idle, all processes together`, async () => {
    let total = Number.POSITIVE_INFINITY;
    const isBelow = async () => {
      const { stdout } = await runParley(['status', '--json'], system.environment);
      const { memory_mb: memory, processes } = JSON.parse(stdout) as { memory_mb: number; processes: unknown[] };
      expect(processes).toHaveLength(CHILDREN.length + 1);
      total = memory;
      return memory < IDLE_MEMORY_LIMIT_MB;
    };
    // Just started, the processes still hold what loading left behind.
    await waitUntil(isBelow, 'the processes to settle');
    expect(total).toBeGreaterThan(100);
    expect(total).toBeLessThan(IDLE_MEMORY_LIMIT_MB);
  });

  it.each(CHILDREN)('heals a killed %s, and the next question is answered', async (name) => {
    const { pid } = system.process(name);
    const killedAt = Date.now();
    process.kill(pid, 'SIGKILL');
    await waitUntil(() => isBack(system, name, pid), `${name} to be back`, HEAL_LIMIT_MS);
    expect(Date.now() - killedAt).toBeLessThan(HEAL_LIMIT_MS);
    const { code, stdout, stderr } = await runParley(['ask', QUESTION, '--json'], system.environment);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ status: 'complete', model: 'parley-guide' });
  });

  it('answers at once after a kill, without waiting for the healing to be over', async () => {
    process.kill(system.process('model_worker:parley-guide').pid, 'SIGKILL');
    const { code } = await runParley(['ask', QUESTION], system.environment);
    expect(code).toBe(0);
  });
});

describe('local models of the settings', () => {
  let system: System;
  let folder: string;
  let broken: BrokenModels;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parley-broken-'));
    broken = writeBrokenModels(folder);
    const local = { engine: 'llama-cpp', threads: 1, context_length: 1024, parallel: 2 };
    system = await startSystem({
      models: [
        { name: 'tiny', ...local, model_path: tinyModels().chat },
        { name: 'cut', ...local, model_path: broken.truncated },
        { name: 'crashing', ...local, model_path: broken.aborting },
      ],
    });
  });
  afterAll(async () => {
    await system.stop();
    rmSync(folder, { recursive: true });
  });

  const stateOf = (name: string) => system.processes().find((process) => process.name === `model_worker:${name}`);
  const untilIn = (name: string, state: string) =>
    waitUntil(() => stateOf(name)?.state === state, `${name} to be ${state}`, 60_000);
  // What is printed comes through a pipe, and a little after the state that it tells of.
  const untilPrinted = (words: RegExp) => waitUntil(() => words.test(system.printed()), String(words));
  const ask = async (question: string) => {
    const { code, stdout, stderr } = await runParley(
      ['ask', question, '--model', 'tiny', '--json'],
      system.environment,
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return JSON.parse(stdout) as { status: string; model: string; answer: string };
  };

  it('join while the rest runs, and answer', async () => {
    await untilIn('tiny', 'running');
    expect(await ask('Hello there, General Kenobi!')).toMatchObject({ status: 'complete', model: 'tiny' });
    await untilPrinted(/  model_worker:tiny +\d/);
  });

  it('are started again when they are killed, and that is said', async () => {
    await untilIn('tiny', 'running');
    const { pid } = system.process('model_worker:tiny');
    process.kill(pid, 'SIGKILL');
    await waitUntil(() => isBack(system, 'model_worker:tiny', pid), 'the model to be back', 30_000);
    expect(await ask('Hello again')).toMatchObject({ status: 'complete' });
    await untilPrinted(/model_worker:tiny ended \(SIGKILL\).*model_worker:tiny is back/s);
  });

  it.each(['model_worker:tiny', 'openai_api'])(
    'go on with an answer after %s was killed in its middle',
    async (name) => {
      await untilIn('tiny', 'running');
      const { answer: whole } = await ask('/loop');
      const { pid } = system.process(name);
      const { result, ended } = spawnParley(['ask', '/loop', '--model', 'tiny'], system.environment);
      await waitUntil(() => result.stdout.includes('charlie'), 'the answer to be written');
      const shown = result.stdout.length;
      process.kill(pid, 'SIGKILL');
      const { code, stdout, stderr } = await ended;
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(stdout.trim()).toBe(whole.trim());
      expect(shown).toBeLessThan(whole.length / 2);
      expect(system.process(name).pid).not.toBe(pid);
    },
  );

  it('stay down when the file is cut off, with a sentence that names it', async () => {
    await untilIn('cut', 'failed');
    expect(stateOf('cut')).toMatchObject({ pid: null, restarts: 0 });
    await untilPrinted(/model_worker:cut stays down: .*truncated\.gguf/);
    const { stdout } = await runParley(['status'], system.environment);
    expect(stdout).toMatch(/model_worker:cut +chat +failed/);
    expect(stdout).toMatch(/model_worker:cut: .*truncated\.gguf/);
  });

  it('stay down when the engine crashes on the file again and again, and take nobody with them', async () => {
    await untilIn('crashing', 'failed');
    await untilPrinted(/model_worker:crashing stays down: .*crashed 3 times.*aborting\.gguf/);
    expect(await ask('Still there?')).toMatchObject({ status: 'complete' });
  });
});

describe('the end of a system', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('leaves nothing behind after %s', async (signal) => {
    const system = await startSystem();
    const pids = system.processes().map(({ pid }) => pid ?? 0);
    const ended = new Promise((resolve) => system.launcher.once('exit', resolve));
    system.launcher.kill(signal);
    expect(await ended).toBe(0);
    expect(pids.filter(isRunning)).toEqual([]);
    expect(system.printed()).toContain('Parley has stopped.');
    await system.stop();
  });

  it('leaves no orphan when the launcher itself is killed, and the next start works', async () => {
    const system = await startSystem();
    const pids = system.processes().map(({ pid }) => pid ?? 0);
    system.launcher.kill('SIGKILL');
    await waitUntil(() => !pids.some(isRunning), 'the children to notice', 10_000);
    const again = await startSystem({ home: system.home });
    expect((await runParley(['ask', QUESTION], again.environment)).code).toBe(0);
    await again.stop();
  });
});

describe('a start that is given up', () => {
  it('heeds a signal at once, and its processes end', async () => {
    const { environment } = await prepareEnvironment({});
    const launcher = spawnLauncher(environment);
    await waitUntil(() => launcher.printed().includes('is starting'), 'the start to begin');
    const ended = new Promise((resolve) => launcher.child.once('exit', resolve));
    launcher.child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(launcher.printed()).not.toContain('Ready in');
    const ports = ['CONTROLLER', 'GATEWAY', 'SERVER'].map((room) => Number(environment[`PARLEY_${room}_PORT`]));
    const areFree = async () => (await Promise.all(ports.map((port) => isPortFree('127.0.0.1', port)))).every(Boolean);
    await waitUntil(areFree, 'the processes to be gone');
  });
});

describe('a start that cannot succeed', () => {
  it('names the taken port and the setting that moves it, and leaves nothing running', async () => {
    const { environment } = await prepareEnvironment({});
    const blocker = createServer().listen(Number(environment['PARLEY_GATEWAY_PORT']), '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const { code, stderr } = await runParley(['up'], environment);
    blocker.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${environment['PARLEY_GATEWAY_PORT']} is taken`);
    expect(stderr).toContain('gateway.port');
    expect(stderr).toContain('PARLEY_GATEWAY_PORT=');
  });

  it('names a wrong setting by its path', async () => {
    const { environment } = await prepareEnvironment({ environment: { PARLEY_CONTROLLER_DISPATCH_METHOD: 'fastest' } });
    const { code, stderr } = await runParley(['up'], environment);
    expect(code).toBe(1);
    expect(stderr).toMatch(/parley\.config\.controller\.dispatch_method: .*shortest_queue/);
  });
});

function isBack(system: System, name: string, oldPid: number): boolean {
  const view = system.processes().find((process) => process.name === name);
  return view?.state === 'running' && view.pid !== oldPid;
}
