import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunningService } from '@parley/service-kit';
import { silentLogger, waitUntil } from '@parley/service-kit/testing';
import { startController } from './start.ts';
import { ControllerClient, TEST_SECRET } from './testing/controller-client.ts';
import { FakeClock } from './testing/fake-clock.ts';

const A = 'http://127.0.0.1:9001';
const B = 'http://127.0.0.1:9002';
let clock: FakeClock;
let controller: RunningService;
let client: ControllerClient;
const closers: (() => void)[] = [];

beforeEach(async () => {
  clock = new FakeClock();
  controller = await startController({ port: 0, secret: TEST_SECRET }, { now: clock.now, logger: silentLogger() });
  client = new ControllerClient(controller.address);
});
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await controller.close();
});

/** A worker that answers nothing but its status. */
function statusWorker(model: string): Promise<string> {
  return workerThat((response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ model_names: [model], speed: 2, queue_length: 1 }));
  });
}

/** A worker that answers everything it is asked so. */
async function workerThat(answer: (response: ServerResponse) => unknown): Promise<string> {
  const server = createServer((_, response) => void answer(response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('answers FastChat programs in the shapes that they expect', async () => {
  const worker_status = { model_names: ['glm-4', 'vicuna'], speed: 1, queue_length: 3 };
  const registered = await client.post('/register_worker', { worker_name: A, check_heart_beat: true, worker_status });
  expect([registered.status, registered.json]).toEqual([200, null]);
  expect((await client.post('/list_models')).json).toEqual({ models: ['glm-4', 'vicuna'] });
  expect((await client.post('/get_worker_address', { model: 'glm-4' })).json).toEqual({ address: A });
  expect((await client.post('/get_worker_address', { model: 'other' })).json).toEqual({ address: '' });
  expect((await client.post('/receive_heart_beat', { worker_name: A, queue_length: 0 })).json).toEqual({ exist: true });
  expect((await client.post('/receive_heart_beat', { worker_name: B, queue_length: 0 })).json).toEqual({
    exist: false,
  });
  expect((await client.post('/unregister_worker', { worker_name: A })).json).toBeNull();
  expect((await client.post('/list_models')).json).toEqual({ models: [] });
});

it('tells its callers apart by the secret, except where it only says that it lives', async () => {
  expect((await fetch(`${controller.address}/list_models`, { method: 'POST' })).status).toBe(401);
  expect((await fetch(`${controller.address}/workers`, { headers: { authorization: 'Bearer wrong' } })).status).toBe(
    401,
  );
  expect(await (await fetch(`${controller.address}/test_connection`)).json()).toBe('success');
  expect((await fetch(`${controller.address}/health`)).status).toBe(200);
});

it('forgets a worker that missed three beats, and no other', async () => {
  await client.register(A, { models: ['m'] });
  await client.register(B, { models: ['m'] });
  for (let second = 0; second < 4; second += 1) {
    clock.advance(900);
    await client.post('/receive_heart_beat', { worker_name: B, queue_length: 0 });
  }
  await waitUntil(async () => (await client.workers()).workers.length === 1, 'one worker is left');
  expect((await client.workers()).workers[0]?.worker_name).toBe(B);
});

it('keeps a worker that registered without heart beats', async () => {
  const worker_status = { model_names: ['m'], speed: 1, queue_length: 0 };
  await client.post('/register_worker', { worker_name: A, check_heart_beat: false, worker_status });
  await client.register(B, { models: ['m'] });
  for (let step = 0; step < 5; step += 1) clock.advance(900);
  await waitUntil(async () => (await client.workers()).workers.length === 1, 'the silent one is forgotten');
  expect((await client.workers()).workers[0]?.worker_name).toBe(A);
});

it('asks a worker that registers without a status, and says so when it does not answer', async () => {
  const worker = await statusWorker('asked-model');
  await client.post('/register_worker', { worker_name: worker, check_heart_beat: true, worker_status: null });
  expect((await client.post('/list_models')).json).toEqual({ models: ['asked-model'] });
  const refused = await client.post('/register_worker', { worker_name: 'http://127.0.0.1:1', check_heart_beat: true });
  expect(refused).toMatchObject({ status: 502, json: { error: { code: 'worker_unreachable' } } });
});

it('says whose answer it was when a worker breaks off in the middle of its status', async () => {
  const worker = await workerThat((response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"model_names":', () => response.destroy());
  });
  const refused = await client.post('/register_worker', { worker_name: worker, check_heart_beat: true });
  expect(refused).toMatchObject({ status: 502, json: { error: { code: 'worker_unreachable' } } });
  expect(JSON.stringify(refused.json)).toContain(worker);
});

it('believes at a refresh what a worker did after it was asked, and not its answer', async () => {
  const worker: string = await workerThat(async (response) => {
    await client.post('/unregister_worker', { worker_name: worker });
    response.end(JSON.stringify({ model_names: ['m'], speed: 1, queue_length: 0 }));
  });
  await client.register(worker, { models: ['m'] });
  await client.post('/refresh_all_workers');
  expect((await client.post('/list_models')).json).toEqual({ models: [] });
});

it('drops at a refresh only the workers that do not answer', async () => {
  const alive = await statusWorker('alive-model');
  await client.register(alive, { models: ['old-model'] });
  await client.register('http://127.0.0.1:1', { models: ['dead-model'] });
  expect((await client.post('/refresh_all_workers')).json).toBeNull();
  expect((await client.post('/list_models')).json).toEqual({ models: ['alive-model'] });
  expect((await client.post('/worker_get_status')).json).toEqual({
    model_names: ['alive-model'],
    speed: 2,
    queue_length: 1,
  });
});

it('replaces the status at a repeated registration and keeps the leases', async () => {
  await client.register(A, { models: ['old'], concurrency: 2 });
  await client.post('/leases/acquire', { owner: 'g', model: 'old' });
  await client.register(A, { models: ['new'], concurrency: 5 });
  expect((await client.workers()).workers).toMatchObject([{ model_names: ['new'], concurrency: 5, in_flight: 1 }]);
});

it('names the field at fault when a registration is wrong', async () => {
  const answer = await client.post('/register_worker', { worker_name: 'file:///etc/passwd', check_heart_beat: true });
  expect(answer).toMatchObject({ status: 400, json: { error: { param: 'worker_name' } } });
});
