import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AdminModel, TestedModel } from '@parley/contracts';
import { addUser } from '../../doors/testing/add-user.ts';
import { fakeModel } from '../../testing/test-server.ts';
import { ModelServer } from '../testing/model-server.ts';

let server: ModelServer;

const keyless = { ...fakeModel, name: 'keyless', label: 'Keyless', kind: 'online' as const, needs_key: 'ACME_API_KEY' };
const guide = { ...fakeModel, name: 'guide', kind: 'extractive' as const };

beforeEach(async () => {
  server = new ModelServer();
  await server.start({ catalogue: [guide, fakeModel, keyless] });
  await server.host.run('guide');
  await server.host.run(fakeModel.name);
});

afterEach(() => server.dispose());

const act = (name: string, action: string) => server.admin<AdminModel>(`/models/${name}/${action}`, { method: 'POST' });
const test = (name: string) => server.admin<TestedModel>(`/models/${name}/test`, { method: 'POST' });
const operations = () => server.host.requests.map(({ op }) => op);

describe('the overview', () => {
  it('says what runs and what it takes, whoever set it', async () => {
    const { models, can_manage, models_folder, ...machine } = await server.admin();
    expect(models.map(({ name, origin, state }) => [name, origin, state])).toEqual([
      ['guide', 'built-in', 'ready'],
      [fakeModel.name, 'config-file', 'ready'],
      ['keyless', 'config-file', 'needs-key'],
    ]);
    expect(models[1]?.process).toMatchObject({ running: 2, waiting: 1, tokens_per_second: 12.5, restarts: 0 });
    expect([can_manage, models_folder]).toEqual([true, `${server.home}/models`]);
    const { free_disk_bytes, memory_bytes, free_memory_bytes } = machine;
    for (const bytes of [free_disk_bytes, memory_bytes, free_memory_bytes]) expect(bytes).toBeGreaterThan(0);
    expect(free_memory_bytes).toBeLessThanOrEqual(memory_bytes);
  });

  it('shows a worker that does not answer without its figures, and why another one is down', async () => {
    server.host.set('guide', { address: 'http://127.0.0.1:1' });
    server.host.set(fakeModel.name, { state: 'failed', address: null, problem: 'The file is cut off.' });
    const { models } = await server.admin();
    expect(models[0]).toMatchObject({ state: 'ready', process: { running: null, tokens_per_second: null } });
    expect(models[1]).toMatchObject({ state: 'failed', problem: 'The file is cut off.' });
  });

  it('says how much of a file has been read', async () => {
    server.host.set(fakeModel.name, { state: 'loading', address: null, loading_percent: 45 });
    expect(await server.model(fakeModel.name)).toMatchObject({ state: 'loading', loading_percent: 45 });
  });
});

describe('a model that runs', () => {
  it('is tested by a few tokens', async () => {
    const tested = await test(fakeModel.name);
    expect(tested).toMatchObject({ answer: 'Hello there.', first_token_ms: expect.any(Number) });
    expect(tested.total_ms).toBeGreaterThanOrEqual(tested.first_token_ms ?? Infinity);
  });

  it('is tested by a vector or a ranking, as its purpose is', async () => {
    server.host.vendor.serve('acme-embed');
    server.host.vendor.serve('acme-rank');
    await server.connect({
      models: [
        { upstream_model: 'acme-embed', purpose: 'embedding' },
        { upstream_model: 'acme-rank', purpose: 'rerank' },
      ],
    });
    expect(await test('acme-embed')).toMatchObject({ answer: 'A vector of 3 numbers.', tokens_per_second: null });
    expect((await test('acme-rank')).answer).toContain('"Bread is baked in an oven." came first');
  });

  it('is replaced, released and loaded, those of the configuration file too', async () => {
    expect(await act(fakeModel.name, 'release')).toMatchObject({ state: 'released' });
    expect(await act(fakeModel.name, 'load')).toMatchObject({ state: 'ready' });
    expect(await act(fakeModel.name, 'replace')).toMatchObject({ state: 'ready' });
    expect(operations().filter((op) => op !== 'set-models')).toEqual(['release', 'load', 'replace']);
  });

  it('stays put away over a restart when it is one of the page', async () => {
    await server.connect();
    expect(await act('acme-large', 'release')).toMatchObject({ state: 'released' });
    await server.restart();
    expect(server.host.models).toMatchObject([{ name: 'acme-large', is_released: true }]);
    expect(await server.refusal('/models/acme-large/test', { method: 'POST' })).toMatchObject({
      code: 'no_worker_for_model',
    });
    await act('acme-large', 'load');
    expect(server.host.models).toMatchObject([{ is_released: false }]);
  });

  it('is loaded once when it is replaced while it is put away', async () => {
    await server.connect();
    await act('acme-large', 'release');
    expect(await act('acme-large', 'replace')).toMatchObject({ state: 'ready' });
    expect(operations().slice(-2)).toEqual(['release', 'set-models']);
  });

  it('shows the last lines of its log', async () => {
    expect(await server.admin(`/models/${fakeModel.name}/log`)).toEqual({
      lines: [`started ${fakeModel.name}`, 'ready'],
    });
  });
});

it('is not tested while it is being loaded, or without its key', async () => {
  server.host.set(fakeModel.name, { state: 'loading', address: null });
  const refused = (name: string) => server.refusal(`/models/${name}/test`, { method: 'POST' });
  expect(await refused(fakeModel.name)).toMatchObject({ status: 503, code: 'model_loading' });
  expect(await refused('keyless')).toMatchObject({
    code: 'model_needs_key',
    message: expect.stringMatching(/ACME_API_KEY.*Models page/),
  });
});

it('answers 404 for a model that is not there, whatever is asked of it', async () => {
  const calls = [
    ['POST', '/models/none/replace'],
    ['POST', '/models/none/release'],
    ['POST', '/models/none/load'],
    ['POST', '/models/none/test'],
    ['GET', '/models/none/log'],
    ['DELETE', '/models/none'],
  ] as const;
  for (const [method, path] of calls) {
    expect(await server.refusal(path, { method })).toMatchObject({ status: 404, code: 'model_not_found' });
  }
  expect(await server.refusal('/models/none', { method: 'PATCH', body: {} })).toMatchObject({ status: 404 });
});

it('is for owners only', async () => {
  const eve = await addUser(server.home, 'eve');
  const calls = ['', '/servers', '/models/guide/log'].map((path) => ({ path, method: 'GET' }));
  const changes = ['/connections/try', '/connections', '/models', '/models/guide/release', '/models/guide/test'];
  for (const { path, method } of [...calls, ...changes.map((change) => ({ path: change, method: 'POST' }))]) {
    expect(await server.refusal(path, { method, token: eve })).toMatchObject({ status: 403, code: 'not_allowed' });
    expect(await server.refusal(path, { method, token: null })).toMatchObject({ status: 401 });
  }
});

it('changes nothing where no launcher runs the processes', async () => {
  await server.close();
  await server.start({ catalogue: [fakeModel] }, { modelHost: undefined as never });
  const { can_manage, models } = await server.admin();
  expect(can_manage).toBe(false);
  expect(models).toMatchObject([{ name: fakeModel.name, state: 'ready', process: null }]);
  for (const action of ['release', 'load', 'replace', 'test']) {
    const call = { method: 'POST' };
    expect(await server.refusal(`/models/${fakeModel.name}/${action}`, call)).toMatchObject({
      status: 503,
      code: 'model_host_missing',
    });
  }
  const body = { provider: 'acme', api_key: 'k' };
  expect(await server.refusal('/connections/try', { method: 'POST', body })).toMatchObject({
    code: 'model_host_missing',
  });
});
