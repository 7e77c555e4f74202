import { once } from 'node:events';
import { createConnection } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from 'undici';
import { waitUntil } from '@parley/service-kit/testing';
import { startTestWorker, TEST_SECRET, type TestWorker } from './testing/start-test-worker.ts';
import { startWorker, workerConfigSchema } from './start.ts';

const model = { engine: 'extractive', name: 'guide', label: 'Parley guide', piece_delay_ms: 0, speed: 2 };

const noAnswer = () => false;

describe('a worker', () => {
  let worker: TestWorker;
  beforeEach(async () => {
    worker = await startTestWorker(model);
  });
  afterEach(() => worker.close());

  it('is registered, with its secret, once it has started', () => {
    expect(worker.controller.calls[0]).toEqual({
      path: '/register_worker',
      authorization: `Bearer ${TEST_SECRET}`,
      body: {
        worker_name: worker.address,
        check_heart_beat: true,
        multimodal: false,
        worker_status: { model_names: ['guide'], speed: 2, queue_length: 0, concurrency: 5 },
      },
    });
  });

  it('says goodbye to the controller when it stops, once', async () => {
    await worker.close();
    const goodbyes = worker.controller.calls.filter(({ path }) => path === '/unregister_worker');
    expect(goodbyes.map(({ body }) => body)).toEqual([{ worker_name: worker.address }]);
  });

  it('answers a request that had come when it began to stop, however slowly it is read', async () => {
    const { port, hostname } = new URL(worker.address);
    const late = createConnection({ port: Number(port), host: hostname });
    late.write('GET /v1/models HTTP/1.1\r\n');
    await worker.call('/v1/models');
    const stopped = worker.close();
    const isRefused = () => worker.call('/v1/models').then(noAnswer, () => true);
    await waitUntil(isRefused, 'it takes no connection any more');
    late.write(`host: worker\r\nauthorization: Bearer ${TEST_SECRET}\r\n\r\n`);
    expect(String((await once(late, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 .*\r\nconnection: close\r\n/is);
    await stopped;
  });

  it.each(['/v1/models', '/worker/status'])('answers %s only to those who know the secret', async (path) => {
    for (const authorization of [undefined, 'Bearer wrong']) {
      const answer = await request(`${worker.address}${path}`, { headers: authorization ? { authorization } : {} });
      expect(answer.statusCode).toBe(401);
      expect(await answer.body.json()).toMatchObject({ error: { code: 'invalid_api_key' } });
    }
  });

  it('tells its health to everyone', async () => {
    const answer = await request(`${worker.address}/health`);
    expect(await answer.body.json()).toMatchObject({ status: 'ok', service: 'worker' });
  });

  it("answers FastChat's status request", async () => {
    const answer = await worker.call('/worker_get_status', {});
    expect(await answer.body.json()).toEqual({ model_names: ['guide'], speed: 2, queue_length: 0, concurrency: 5 });
  });

  it('shows what runs and waits', async () => {
    const answer = await worker.call('/worker/status');
    expect(await answer.body.json()).toMatchObject({
      engine: 'extractive',
      label: 'Parley guide',
      running: 0,
      waiting: 0,
    });
  });

  it('lists its one model', async () => {
    const answer = await worker.call('/v1/models');
    expect(await answer.body.json()).toMatchObject({ object: 'list', data: [{ id: 'guide', object: 'model' }] });
  });

  it('knows no other model', async () => {
    const answer = await worker.call('/v1/chat/completions', {
      model: 'x',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect(answer.statusCode).toBe(404);
    expect(await answer.body.json()).toMatchObject({ error: { code: 'model_not_found', param: 'model' } });
  });

  it.each([{}, { model: 'guide', messages: [] }, { model: 'guide', messages: 'Hi' }, []])(
    'refuses a request that is none: %j',
    async (body) => {
      const answer = await worker.call('/v1/chat/completions', body);
      expect(answer.statusCode).toBe(400);
      expect(await answer.body.json()).toMatchObject({ error: { code: 'invalid_request' } });
    },
  );
});

it('does not start with settings that are wrong, or on a port that is taken', async () => {
  await expect(startWorker({ secret: 's' } as never)).rejects.toThrow('worker.controller_url');
  const worker = await startTestWorker(model);
  const port = Number(new URL(worker.address).port);
  const settings = { secret: 's', controller_url: worker.controller.url, port, log_level: 'silent' as const };
  const guide = { engine: 'extractive' as const, name: 'guide' };
  await expect(startWorker({ ...settings, model: guide })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await worker.close();
});

describe('settings', () => {
  const settings = (changed: object) =>
    workerConfigSchema.safeParse({ secret: 's', controller_url: 'http://127.0.0.1:1', model, ...changed });

  it('have defaults that fit a single machine', () => {
    expect(settings({}).data).toMatchObject({ host: '127.0.0.1', heart_beat_interval_ms: 1000, public_url: null });
  });

  it('give an online model more slots than a local one', () => {
    const zhipu = { engine: 'zhipu', name: 'glm-4', api_key: 'a.b' };
    expect(settings({}).data?.model.concurrency).toBe(5);
    expect(settings({ model: zhipu }).data?.model.concurrency).toBe(32);
  });

  it('refuse a Zhipu key that is not id.secret, without repeating it', () => {
    const { error } = settings({ model: { engine: 'zhipu', name: 'glm-4', api_key: 'not-a-key' } });
    expect(error?.message).toContain('id.secret');
    expect(error?.message).not.toContain('not-a-key');
  });

  it.each(['openai-compatible', 'anthropic', 'gemini'])('refuse a key that no header can hold: %s', (engine) => {
    const online = { engine, name: 'online', base_url: 'http://127.0.0.1:1', api_key: 'sk-schlüssel\u200B\n' };
    const { error } = settings({ model: online });
    expect(error?.message).toContain('as the provider shows it');
    expect(error?.message).not.toContain('schlüssel');
  });

  it('are each described', () => {
    for (const field of Object.values(workerConfigSchema.shape)) expect(field.description).toBeTruthy();
  });
});
