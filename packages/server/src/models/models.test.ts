import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelViewList } from '@parley/contracts';
import { FakeGateway } from '../testing/fake-gateway.ts';
import { fakeModel, TestServer } from '../testing/test-server.ts';

let server: TestServer;
let gateway: FakeGateway;
let time: number;

const keyless = { ...fakeModel, name: 'glm', label: 'GLM', needs_key: 'ZHIPUAI_API_KEY' };

beforeEach(async () => {
  gateway = new FakeGateway();
  server = new TestServer();
  time = 1;
  const second = { ...fakeModel, name: 'second' };
  const vectors = { ...fakeModel, name: 'vectors', label: 'Vectors', purpose: 'embedding' as const };
  await server.start(
    { gateway_url: await gateway.start(), catalogue: [vectors, keyless, fakeModel, second] },
    { now: () => time },
  );
});

afterEach(async () => {
  await server.dispose();
  await gateway.stop();
});

const states = async () => {
  const { models } = await server.json<ModelViewList>('/api/models');
  return Object.fromEntries(models.map(({ name, state }) => [name, state]));
};
const startOf = async (body: Record<string, unknown>) => {
  const reader = await server.chat({ query: 'Hi', ...body });
  const start = await reader.until('start');
  await reader.rest();
  return start;
};

describe('the list of models', () => {
  it('says of each whether it can answer now; those of the gateway alone come last', async () => {
    gateway.models = ['stranger', 'fake-model'];
    expect(await states()).toEqual({
      vectors: 'unavailable',
      glm: 'needs-key',
      'fake-model': 'ready',
      second: 'unavailable',
      stranger: 'ready',
    });
  });

  it('is at most a second old, also when the gateway goes away', async () => {
    expect((await states())['fake-model']).toBe('ready');
    await gateway.stop();
    expect((await states())['fake-model']).toBe('ready');
    time += 1_000;
    expect((await states())['fake-model']).toBe('unavailable');
  });
});

it('asks again after the clock was set back', async () => {
  time = 3_600_000;
  expect((await states())['fake-model']).toBe('ready');
  await gateway.stop();
  time = 1;
  expect((await states())['fake-model']).toBe('unavailable');
});

describe('the model of a question', () => {
  it('is the first that is ready, when none is named', async () => {
    gateway.models = ['second'];
    expect(await startOf({})).toMatchObject({ model: 'second' });
  });

  it('is the one that answered in this conversation before', async () => {
    const { conversation_id } = await startOf({ model: 'second' });
    expect(await startOf({ conversation_id })).toMatchObject({ model: 'second' });
  });

  it('is never one that does not chat, neither by itself nor by name', async () => {
    gateway.models = ['vectors', 'second'];
    expect(await startOf({})).toMatchObject({ model: 'second' });
    const response = await server.fetch('/api/chat', { method: 'POST', body: { query: 'Hi', model: 'vectors' } });
    expect(response.status).toBe(400);
    const message = 'The model "Vectors" does not answer questions.';
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_request', message, param: 'model' } });
  });

  it('must be one that there is', async () => {
    const response = await server.fetch('/api/chat', { method: 'POST', body: { query: 'Hi', model: 'none' } });
    expect(response.status).toBe(404);
    const message = 'There is no model "none". There are: glm, fake-model, second.';
    expect(await response.json()).toMatchObject({ error: { code: 'model_not_found', message } });
  });

  it('must have its key, and the answer names the variable', async () => {
    const response = await server.fetch('/api/chat', { method: 'POST', body: { query: 'Hi', model: 'glm' } });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      error: { code: 'model_needs_key', message: expect.stringContaining('ZHIPUAI_API_KEY') },
    });
  });
});
