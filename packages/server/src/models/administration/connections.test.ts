import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ParleyError, type ModelConnection, type TriedConnection, type VendorModel } from '@parley/contracts';
import { waitUntil } from '@parley/service-kit/testing';
import { fakeModel } from '../../testing/test-server.ts';
import { KEY, ModelServer } from '../testing/model-server.ts';

let server: ModelServer;

beforeEach(async () => {
  server = new ModelServer();
  await server.start();
});

afterEach(() => server.dispose());

const tryOut = (body: Record<string, unknown>) =>
  server.admin<TriedConnection>('/connections/try', { method: 'POST', body });
const refusedTry = (body: Record<string, unknown>) => server.refusal('/connections/try', { method: 'POST', body });

describe('trying a connection', () => {
  it('answers the vendor’s list, the recommended first, and the model that answered a token', async () => {
    server.host.vendor.models = [];
    server.host.vendor.serve('acme-9-mini');
    server.host.vendor.serve('acme-embed');
    server.host.vendor.serve('acme-large');
    server.host.vendor.serve('rerank-1', 'rerank');
    const tried = await tryOut({ provider: 'acme', api_key: KEY });
    expect(tried).toMatchObject({ provider: 'acme', base_url: 'https://api.acme.example/v1' });
    expect(tried.models.map(({ id, purpose }) => [id, purpose])).toEqual([
      ['acme-large', 'chat'],
      ['acme-9-mini', 'chat'],
      ['acme-embed', 'embedding'],
      ['rerank-1', 'rerank'],
    ]);
    expect(tried.models[0]).toMatchObject({ label: 'Acme Large', context_length: 128_000, is_recommended: true });
    expect(tried.tested).toEqual({ model: 'acme-large', total_ms: expect.any(Number) });
    expect(server.host.vendor.asked).toEqual(['acme-large']);
  });

  it('stores nothing and leaves no trial behind', async () => {
    await tryOut({ provider: 'acme', api_key: KEY });
    expect(server.host.openTrials).toBe(0);
    expect(await server.admin()).toMatchObject({ connections: [] });
  });

  it('tests the first chat model of a server that the presets know nothing of', async () => {
    server.host.vendor.key = null;
    server.host.vendor.models = [];
    server.host.vendor.serve('nomic-embed', 'embedding');
    server.host.vendor.serve('qwen3:4b');
    const tried = await tryOut({ provider: 'custom', base_url: 'http://127.0.0.1:9000/v1/' });
    expect(tried).toMatchObject({ base_url: 'http://127.0.0.1:9000/v1', tested: { model: 'qwen3:4b' } });
    expect(server.host.openTrials).toBe(0);
  });

  it('passes over names that no model can have here', async () => {
    server.host.vendor.key = null;
    server.host.vendor.models = [];
    for (const id of ['', `/models/${'x'.repeat(250)}.gguf`, 'qwen3:4b']) server.host.vendor.serve(id);
    const tried = await tryOut({ provider: 'custom', base_url: 'http://127.0.0.1:9000/v1' });
    expect(tried).toMatchObject({ models: [{ id: 'qwen3:4b' }], tested: { model: 'qwen3:4b' } });
  });

  it('is fine with a server that has loaded no model', async () => {
    server.host.vendor.key = null;
    server.host.vendor.models = [];
    expect(await tryOut({ provider: 'box' })).toMatchObject({ models: [], tested: null });
  });

  it('offers the preset’s models where the vendor has no list', async () => {
    const tried = await tryOut({ provider: 'listless', api_key: KEY });
    expect(tried.models.map(({ id }) => id)).toEqual(['acme-large', 'acme-embed']);
    server.host.vendor.listRefusal = 'not_found';
    expect((await tryOut({ provider: 'acme', api_key: KEY })).models).toHaveLength(2);
  });

  it('leaves the name to the owner where a server of nobody’s preset has no list', async () => {
    server.host.vendor.key = null;
    const custom = { provider: 'custom', base_url: 'http://127.0.0.1:9000/v1' };
    for (const refusal of ['not_found', 'model_not_found'] as const) {
      server.host.vendor.listRefusal = refusal;
      expect(await tryOut(custom)).toMatchObject({ models: [], tested: null });
    }
    expect(server.host.vendor.asked).toEqual([]);
    await server.connect({ ...custom, api_key: null, models: [{ upstream_model: 'acme-large' }] });
    expect(server.host.vendor.asked).toEqual(['acme-large']);
    const typo = { ...custom, models: [{ upstream_model: 'acme-lrage' }] };
    expect(await server.refusal('/connections', { method: 'POST', body: typo })).toMatchObject({
      code: 'model_not_found',
    });
  });

  it('does not take a server that fails for one without a list', async () => {
    server.host.vendor.key = null;
    server.host.vendor.listRefusal = 'provider_failed';
    expect(await refusedTry({ provider: 'custom', base_url: 'http://127.0.0.1:9000/v1' })).toMatchObject({
      status: 502,
      code: 'provider_failed',
    });
  });

  it('leaves words whole that hold a key of a few letters, as servers of one’s own are given', async () => {
    server.host.vendor.key = null;
    server.host.vendor.listRefusal = 'provider_failed';
    const typed = { provider: 'custom', base_url: 'http://127.0.0.1:9000/v1', api_key: 'no' };
    expect(await refusedTry(typed)).toMatchObject({ message: 'The vendor does not list its models.' });
  });

  it('gives a model that thinks more room than one token', async () => {
    server.host.vendor.leastTokens = 16;
    expect(await tryOut({ provider: 'acme', api_key: KEY })).toMatchObject({ tested: { model: 'acme-large' } });
  });

  it('says what the vendor said of a wrong key, without the key', async () => {
    const { status, code, message } = await refusedTry({ provider: 'acme', api_key: 'wrong-key-9876543210' });
    expect([status, code]).toEqual([502, 'provider_key_refused']);
    expect(message).toBe('The vendor says: incorrect API key provided: ….');
    expect(server.host.openTrials).toBe(0);
  });

  it('says what a worker cannot start with, rather than to list what the preset knows', async () => {
    const sentence = 'These settings are wrong: worker.model.api_key: must be the key as it is shown: id.secret';
    await waitUntil(() => server.host.requests.length > 0, 'the models are sent, which is refused by nobody');
    server.host.refusal = new ParleyError('invalid_request', sentence);
    expect(await refusedTry({ provider: 'acme', api_key: 'no-dot' })).toMatchObject({ status: 400, message: sentence });
  });

  it('says which field is missing or wrong', async () => {
    const params = async (body: Record<string, unknown>) => (await refusedTry(body)).param;
    expect(await params({ provider: 'nobody' })).toBe('provider');
    expect(await params({ provider: 'acme' })).toBe('api_key');
    expect(await params({ provider: 'custom' })).toBe('base_url');
    expect(await params({ provider: 'custom', base_url: 'file:///etc/passwd' })).toBe('base_url');
    expect(await params({ provider: 'acme', api_key: 'k'.repeat(5_000) })).toBe('api_key');
    expect(await params({ provider: 'custom', base_url: 'https://me:secret@example.org/v1' })).toBe('base_url');
  });
});

describe('adding a connection', () => {
  it('answers the overview, with the models started and the key shown by its end', async () => {
    const { connections, models, connection_id: made } = await server.connect({ name: 'Work account' });
    expect(connections.map(({ id }) => id)).toEqual([made]);
    expect(connections).toMatchObject([
      {
        provider: 'acme',
        name: 'Work account',
        base_url: 'https://api.acme.example/v1',
        has_key: true,
        key_hint: '…last',
      },
    ]);
    expect(models.find(({ name }) => name === 'acme-large')).toMatchObject({
      label: 'Acme Large',
      kind: 'online',
      engine: 'openai-compatible',
      origin: 'page',
      connection_id: connections[0]?.id,
      upstream_model: 'acme-large',
      context_length: 128_000,
      capabilities: { vision: true, tools: true, reasoning: false },
      prices: { currency: 'USD', input: 1, output: 4 },
      access: { mode: 'everyone', users: [] },
      state: 'ready',
      process: { pid: 4711, memory_bytes: 1_000_000, running: 2, waiting: 1, tokens_per_second: 12.5 },
    });
  });

  it('hands the launcher what the worker needs, with the key', async () => {
    await server.connect();
    expect(server.host.models).toEqual([
      {
        name: 'acme-large',
        purpose: 'chat',
        kind: 'online',
        is_released: false,
        worker: {
          engine: 'openai-compatible',
          name: 'acme-large',
          purpose: 'chat',
          base_url: 'https://api.acme.example/v1',
          upstream_model: 'acme-large',
          api_key: KEY,
          provider: 'acme',
        },
      },
    ]);
  });

  it('stores nothing when the vendor refuses the key', async () => {
    const body = { provider: 'acme', api_key: 'wrong', models: [{ upstream_model: 'acme-large' }] };
    expect(await server.refusal('/connections', { method: 'POST', body })).toMatchObject({
      code: 'provider_key_refused',
    });
    expect(await server.admin()).toMatchObject({ connections: [] });
    expect(server.host.models).toEqual([]);
  });

  it('gives models a name that is free, and never one of the configuration file', async () => {
    server.host.vendor.serve(fakeModel.name);
    await server.connect({ models: [{ upstream_model: fakeModel.name }, { upstream_model: 'acme-large' }] });
    await server.connect();
    const { models } = await server.admin();
    expect(models.map(({ name, upstream_model }) => [name, upstream_model])).toEqual([
      [fakeModel.name, null],
      [`${fakeModel.name}-2`, fakeModel.name],
      ['acme-large', 'acme-large'],
      ['acme-large-2', 'acme-large'],
    ]);
  });

  it('refuses a name that is taken, before the vendor is asked', async () => {
    const models = [{ upstream_model: 'acme-large', name: fakeModel.name }];
    const call = { method: 'POST', body: { provider: 'acme', api_key: KEY, models } };
    expect(await server.refusal('/connections', call)).toMatchObject({
      status: 409,
      code: 'name_taken',
      param: 'models.0.name',
    });
    expect(server.host.vendor.asked).toEqual([]);
  });

  it('tests an embedding model by a vector where there is no chat model', async () => {
    server.host.vendor.serve('acme-embed');
    const { models } = await server.connect({ models: [{ upstream_model: 'acme-embed', purpose: 'embedding' }] });
    expect(server.host.vendor.asked).toEqual(['acme-embed']);
    expect(models.at(-1)).toMatchObject({ name: 'acme-embed', purpose: 'embedding' });
  });
});

describe('adding models to a connection', () => {
  const addTo = (id: string, models: unknown[]) =>
    server.admin(`/connections/${id}/models`, { method: 'POST', body: { models } });
  const refusedFor = (id: string, models: unknown[]) =>
    server.refusal(`/connections/${id}/models`, { method: 'POST', body: { models } });
  let id: string;

  beforeEach(async () => {
    id = (await server.connect()).connections[0]!.id;
    server.host.vendor.asked.length = 0;
  });

  it('tests one chat model and starts all of them', async () => {
    server.host.vendor.serve('acme-embed');
    server.host.vendor.serve('acme-small');
    const asked = [{ upstream_model: 'acme-embed', purpose: 'embedding' }, { upstream_model: 'acme-small' }];
    const { models } = await addTo(id, asked);
    expect(server.host.vendor.asked).toEqual(['acme-small']);
    expect(models.slice(-2)).toMatchObject([
      { name: 'acme-embed', purpose: 'embedding', connection_id: id, state: 'ready' },
      { name: 'acme-small', purpose: 'chat', connection_id: id, state: 'ready' },
    ]);
  });

  it('stores none when the one that is tested does not answer, or a name is taken', async () => {
    server.host.vendor.serve('acme-small');
    expect(await refusedFor(id, [{ upstream_model: 'gone' }, { upstream_model: 'acme-small' }])).toMatchObject({
      code: 'model_not_found',
    });
    const one = { method: 'POST', body: { connection_id: id, upstream_model: 'gone' } };
    expect(await server.refusal('/models', one)).toMatchObject({ code: 'model_not_found' });
    const taken = [{ upstream_model: 'acme-small' }, { upstream_model: 'acme-small', name: fakeModel.name }];
    expect(await refusedFor(id, taken)).toMatchObject({ status: 409, code: 'name_taken', param: 'models.1.name' });
    expect(await refusedFor(id, [])).toMatchObject({ status: 400, param: 'models' });
    expect(server.host.models.map(({ name }) => name)).toEqual(['acme-large']);
  });
});

describe('changing a connection', () => {
  const idOfNew = async () => (await server.connect()).connections[0]!.id;
  const change = (id: string, body: Record<string, unknown>) =>
    server.admin<ModelConnection>(`/connections/${id}`, { method: 'PATCH', body });

  it('tests a new key before it takes the place of the old one', async () => {
    const id = await idOfNew();
    const call = { method: 'PATCH', body: { api_key: 'a-key-that-nobody-gave-out' } };
    expect(await server.refusal(`/connections/${id}`, call)).toMatchObject({ code: 'provider_key_refused' });
    expect(server.host.models[0]?.worker).toMatchObject({ api_key: KEY });
    server.host.vendor.key = 'a-newer-key-of-acme-2222';
    expect(await change(id, { api_key: server.host.vendor.key })).toMatchObject({ key_hint: '…2222' });
    expect(server.host.models[0]?.worker).toMatchObject({ api_key: 'a-newer-key-of-acme-2222' });
  });

  it('gives it another name without asking the vendor', async () => {
    const id = await idOfNew();
    server.host.vendor.asked.length = 0;
    expect(await change(id, { name: 'Mine' })).toMatchObject({ name: 'Mine', has_key: true });
    expect(server.host.vendor.asked).toEqual([]);
  });

  it('sends the stored key to no other host', async () => {
    const id = await idOfNew();
    server.host.vendor.asked.length = 0;
    const call = { method: 'PATCH', body: { base_url: 'https://elsewhere.example.com/v1' } };
    expect(await server.refusal(`/connections/${id}`, call)).toMatchObject({ status: 400, param: 'api_key' });
    expect(server.host.vendor.asked).toEqual([]);
  });

  it('sends a key that came meanwhile to no other host either', async () => {
    const id = await idOfNew();
    const { promise: tested, resolve: test } = Promise.withResolvers<void>();
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const host = server.host.ask.bind(server.host);
    const gated = vi.spyOn(server.host, 'ask').mockImplementationOnce(async (request) => {
      ask();
      await tested;
      return host(request);
    });
    const path = { method: 'PATCH', body: { base_url: 'https://api.acme.example/v2' } };
    const slow = server.refusal(`/connections/${id}`, path);
    await asked;
    await change(id, { base_url: 'https://elsewhere.example.com/v1', api_key: KEY });
    test();
    expect(await slow).toMatchObject({ status: 400, code: 'invalid_request' });
    gated.mockRestore();
    expect(server.host.models[0]?.worker).toMatchObject({ base_url: 'https://elsewhere.example.com/v1' });
  });

  it('lists the vendor’s models anew by the stored key', async () => {
    const id = await idOfNew();
    server.host.vendor.serve('acme-new');
    const { models } = await server.admin<{ models: VendorModel[] }>(`/connections/${id}/models`);
    expect(models.map((model) => model.id)).toEqual(['acme-large', 'acme-new']);
  });

  it('takes its models with it when it is deleted', async () => {
    const id = await idOfNew();
    expect((await server.fetch(`/api/model-admin/connections/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(server.host.models).toEqual([]);
    expect((await server.admin()).models.map(({ name }) => name)).toEqual([fakeModel.name]);
  });

  it('answers 404 for one that is not there', async () => {
    for (const [method, path] of [
      ['PATCH', ''],
      ['DELETE', ''],
      ['GET', '/models'],
      ['POST', '/models'],
    ] as const) {
      const bodies = {
        PATCH: { name: 'x' },
        POST: { models: [{ upstream_model: 'x' }] },
        DELETE: undefined,
        GET: undefined,
      };
      const call = { method, body: bodies[method] };
      expect(await server.refusal(`/connections/none${path}`, call)).toMatchObject({
        status: 404,
        code: 'connection_not_found',
      });
    }
  });
});
