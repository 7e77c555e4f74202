import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hostReplySchemas, type HostedModel, type HostReply, type HostRequest } from '@parley/contracts';
import { freePort, waitUntil } from '@parley/service-kit/testing';
import { loadSettings } from '../settings/load-settings.ts';
import { english } from '../terminal/messages.en.ts';
import { createCrew, type Crew } from './create-crew.ts';
import { nextFreePort } from './free-ports.ts';
import { hostAnswers } from './host-answers.ts';
import { planProcesses, toUrl, type Plan } from './plan.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const SECRET = 's'.repeat(43);
const BEARER = { authorization: `Bearer ${SECRET}` };
const folder = mkdtempSync(join(tmpdir(), 'parley-models-'));

let plan: Plan;
let crew: Crew;
let gatewayUrl: string;
let answer: (request: HostRequest) => Promise<unknown>;

// A real controller, a real gateway and real workers; no application server.
beforeAll(async () => {
  const environment: Record<string, string> = { PARLEY_HOME: folder, PARLEY_LOG_LEVEL: 'error' };
  for (const name of ['SERVER_PORT', 'GATEWAY_PORT', 'CONTROLLER_PORT', 'WORKERS_FIRST_PORT']) {
    environment[`PARLEY_${name}`] = String(await freePort());
  }
  const loaded = loadSettings({ root: folder, environment, say: english });
  plan = await planProcesses({
    root: ROOT,
    loaded,
    secret: SECRET,
    nextFreePort: (from) => nextFreePort('127.0.0.1', from),
  });
  gatewayUrl = toUrl(loaded.settings.gateway);
  crew = createCrew(plan, loaded.settings.launcher, { onEvent: () => {}, onChange: () => {}, onLogLine: () => {} });
  answer = hostAnswers(crew.models, crew.trials);
  await crew.controller.start();
  await crew.gateway.start();
  await crew.models.startPlanned();
}, 60_000);

afterEach(() => crew.models.setModels([]));

afterAll(async () => {
  crew.models.retire();
  await Promise.all([crew.models.end(0), crew.trials.endAll(), ...crew.services.map((process) => process.stop(0))]);
  rmSync(folder, { recursive: true, force: true });
});

async function ask<Op extends HostRequest['op']>(request: Extract<HostRequest, { op: Op }>): Promise<HostReply<Op>> {
  return hostReplySchemas[request.op].parse(await answer(request)) as HostReply<Op>;
}

function extractive(name: string, more: Record<string, unknown> = {}): HostedModel {
  const worker = { name, engine: 'extractive', purpose: 'chat', piece_delay_ms: 5, ...more };
  return { name, purpose: 'chat', kind: 'local', worker, is_released: false };
}

const setModels = (...models: HostedModel[]) => ask({ op: 'set-models', models });
const processOf = async (name: string) => {
  const { processes } = await ask({ op: 'processes' });
  return processes.find(({ model }) => model === name);
};
const untilRunning = (name: string) =>
  waitUntil(async () => (await processOf(name))?.state === 'running', `${name} to run`, 20_000);

async function chat(model: string): Promise<string> {
  const response = await fetch(`${gatewayUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...BEARER, 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'How do I connect Ollama?' }] }),
  });
  const text = await response.text();
  return response.status === 200 && text.includes('"finish_reason":"stop"') && text.includes('[DONE]')
    ? 'answered'
    : `${response.status} ${text.slice(-300)}`;
}

async function expectedModels(): Promise<string[]> {
  const { address } = crew.controller.view;
  const response = await fetch(`${address}/workers`, { headers: BEARER });
  return ((await response.json()) as { expected_models: string[] }).expected_models;
}

describe('the models of the application server', () => {
  it('are started when they are named, and ended when they are not any more', async () => {
    await setModels(extractive('one'), extractive('two'));
    await Promise.all([untilRunning('one'), untilRunning('two')]);
    expect([await chat('one'), await chat('two')]).toEqual(['answered', 'answered']);
    const pid = (await processOf('one'))?.pid ?? 0;
    await setModels(extractive('two'));
    expect(await processOf('one')).toBeUndefined();
    await waitUntil(() => !isAlive(pid), 'the process to be gone');
    expect(await chat('one')).toMatch(/^(404|503)/);
    expect(await chat('two')).toBe('answered');
  });

  it('are made known to the controller before they run, so that their questions wait', async () => {
    await setModels(extractive('slow-starter'));
    await waitUntil(async () => (await expectedModels()).includes('slow-starter'), 'the controller to know it');
    expect(await chat('slow-starter')).toBe('answered');
  });

  it('keep running when they are named again, and are replaced when their settings change', async () => {
    await setModels(extractive('kept'), extractive('changed'));
    await Promise.all([untilRunning('kept'), untilRunning('changed')]);
    const before = [await processOf('kept'), await processOf('changed')];
    await setModels(extractive('kept'), extractive('changed', { piece_delay_ms: 1 }));
    await waitUntil(async () => (await processOf('changed'))?.pid !== before[1]?.pid, 'the replacement', 20_000);
    expect((await processOf('kept'))?.pid).toBe(before[0]?.pid);
    expect(await processOf('changed')).toMatchObject({ state: 'running', problem: null });
  });

  it('may not have a name of the configuration file; the others are taken over', async () => {
    const clash = setModels(extractive('parley-guide'), extractive('fine'));
    await expect(clash).rejects.toMatchObject({
      code: 'name_taken',
      message: expect.stringContaining('"parley-guide"'),
    });
    await untilRunning('fine');
    expect(await chat('parley-guide')).toBe('answered');
  });
});

it('may be named as a model that was only suggested, and waits for a key', async () => {
  const suggested = plan.waitingForKey[0]?.name ?? '';
  await setModels(extractive(suggested));
  await untilRunning(suggested);
  expect(await chat(suggested)).toBe('answered');
});

describe('replacing a model', () => {
  it('fails no request, however many run meanwhile', async () => {
    await setModels(extractive('busy'));
    await untilRunning('busy');
    let isOver = false;
    const outcomes: string[] = [];
    const keepAsking = async () => {
      while (!isOver) outcomes.push(await chat('busy'));
    };
    const readers = Array.from({ length: 8 }, keepAsking);
    const pids = new Set<number | null | undefined>();
    for (let round = 0; round < 3; round += 1) {
      pids.add((await processOf('busy'))?.pid);
      await ask({ op: 'replace', model: 'busy' });
    }
    isOver = true;
    await Promise.all(readers);
    expect(outcomes.filter((outcome) => outcome !== 'answered')).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(8);
    expect(pids.size).toBe(3);
    const hasEnded = () => [...pids].every((pid) => !isAlive(pid ?? 0));
    await waitUntil(hasEnded, 'the replaced processes to be gone', 10_000);
  }, 60_000);

  it('keeps the old process when the new one does not come up, and says why', async () => {
    await setModels(extractive('steady'));
    await untilRunning('steady');
    const before = await processOf('steady');
    await setModels(extractive('steady', { piece_delay_ms: -1 }));
    await waitUntil(async () => (await processOf('steady'))?.problem !== null, 'the failure to be told', 20_000);
    const after = await processOf('steady');
    expect(after).toMatchObject({ pid: before?.pid, state: 'running' });
    expect(after?.problem).toContain('piece_delay_ms');
    expect(await chat('steady')).toBe('answered');
  });
});

describe('releasing a model', () => {
  it('lets its answers finish, keeps it down, and load brings it back', async () => {
    await setModels(extractive('parked'));
    await untilRunning('parked');
    const running = chat('parked');
    await waitUntil(async () => (await inFlight('parked')) === 1, 'the answer to begin');
    await ask({ op: 'release', model: 'parked' });
    expect(await running).toBe('answered');
    expect(await processOf('parked')).toMatchObject({ state: 'released', pid: null, memory_bytes: 0 });
    await waitUntil(async () => !(await expectedModels()).includes('parked'), 'the controller to know');
    await ask({ op: 'load', model: 'parked' });
    expect(await chat('parked')).toBe('answered');
    const process = await processOf('parked');
    expect(process?.memory_bytes).toBeGreaterThan(10e6);
  });

  it('works on a model of the configuration file too', async () => {
    await ask({ op: 'release', model: 'parley-guide' });
    expect(await processOf('parley-guide')).toMatchObject({ state: 'released' });
    await ask({ op: 'load', model: 'parley-guide' });
    await untilRunning('parley-guide');
  });

  it('starts nothing for a model that comes released', async () => {
    await setModels({ ...extractive('asleep'), is_released: true });
    expect(await processOf('asleep')).toMatchObject({ state: 'released', pid: null });
    await setModels(extractive('asleep'));
    await untilRunning('asleep');
  });
});

it('says that it does not run a model of that name', async () => {
  for (const op of ['replace', 'release', 'load', 'log'] as const) {
    await expect(ask({ op, model: 'none' })).rejects.toMatchObject({ code: 'model_not_found' });
  }
});

describe('a trial', () => {
  it('answers at an address of its own, and the controller never hears of it', async () => {
    const { trial, address } = await ask({ op: 'start-trial', model: extractive('tried') });
    expect((await fetch(`${address}/health`)).status).toBe(200);
    const workers = await fetch(`${crew.controller.view.address}/workers`, { headers: BEARER });
    expect(await workers.text()).not.toContain('tried');
    expect(await processOf('tried')).toBeUndefined();
    await ask({ op: 'end-trial', trial });
    await expect(fetch(`${address}/health`)).rejects.toThrow('fetch failed');
    await ask({ op: 'end-trial', trial });
  });

  it('that cannot start answers what the worker said', async () => {
    const missing = { name: 'm', engine: 'llama-cpp', purpose: 'chat', model_path: '/nowhere/model.gguf' };
    const trial = ask({ op: 'start-trial', model: { ...extractive('m'), worker: missing } });
    await expect(trial).rejects.toMatchObject({
      code: 'model_file_missing',
      message: expect.stringContaining('/nowhere/model.gguf'),
    });
  });

  it('whose settings are refused answers with the sentence that says why, and its place is free again', async () => {
    const worker = { name: 'm', engine: 'zhipu', purpose: 'chat', api_key: 'no-dot' };
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const trial = ask({ op: 'start-trial', model: { ...extractive('m'), kind: 'online', worker } });
      await expect(trial).rejects.toMatchObject({
        code: 'invalid_request',
        message: 'These settings are wrong: api_key: must be the key as Zhipu shows it: id.secret',
      });
    }
  });

  it('is refused while four run', async () => {
    const started = Array.from({ length: 4 }, (_, index) =>
      ask({ op: 'start-trial', model: extractive(`tried-${index}`) }),
    );
    await expect(ask({ op: 'start-trial', model: extractive('one-more') })).rejects.toMatchObject({
      code: 'too_many_requests',
    });
    for (const { trial } of await Promise.all(started)) await ask({ op: 'end-trial', trial });
  });
});

async function inFlight(model: string): Promise<number> {
  const response = await fetch(`${crew.controller.view.address}/workers`, {
    headers: { authorization: `Bearer ${SECRET}` },
  });
  const { workers } = (await response.json()) as { workers: { model_names: string[]; in_flight: number }[] };
  return workers.find(({ model_names: names }) => names.includes(model))?.in_flight ?? 0;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
