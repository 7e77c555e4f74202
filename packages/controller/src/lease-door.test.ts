import { once } from 'node:events';
import { createConnection } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningService } from '@parley/service-kit';
import { silentLogger, waitUntil } from '@parley/service-kit/testing';
import { WebSocket } from 'ws';
import { startController, type ControllerConfig } from './start.ts';
import { ControllerClient, TEST_SECRET } from './testing/controller-client.ts';
import { FakeClock } from './testing/fake-clock.ts';

const A = 'http://127.0.0.1:9001';
const B = 'http://127.0.0.1:9002';
let clock: FakeClock;
let controller: RunningService;
let client: ControllerClient;

async function start(settings: Partial<ControllerConfig> = {}): Promise<void> {
  clock = new FakeClock();
  controller = await startController(
    { port: 0, secret: TEST_SECRET, ...settings },
    { now: clock.now, logger: silentLogger() },
  );
  client = new ControllerClient(controller.address);
}
const inFlight = async () => (await client.workers()).workers.reduce((sum, worker) => sum + worker.in_flight, 0);

/** Lets time pass in steps that a running process could have seen. */
function pass(ms: number): void {
  for (let passed = 0; passed < ms; passed += 500) clock.advance(500);
}

const UPGRADE = [
  'GET /leases/connect?owner=g HTTP/1.1',
  'host: localhost',
  'connection: upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
  '\r\n',
].join('\r\n');
/** For a fetch: whether nobody listens any more. */
const isRefused = [() => false, () => true] as const;

afterEach(() => controller.close());

describe('over the connection', () => {
  beforeEach(() => start({ queue_limit: 2 }));

  it('answers everything of a tick in one message', async () => {
    await client.register(A, { models: ['m'] });
    const gateway = await client.connect('g');
    await gateway.reply('snapshot');
    gateway.send({ op: 'acquire', request: 1, model: 'm' }, { op: 'acquire', request: 2, model: 'm' });
    await gateway.reply('acquired', 2);
    expect(gateway.messages).toBe(2);
    expect(await inFlight()).toBe(2);
  });

  it('pushes the registry at connect and when the set of workers changes', async () => {
    const gateway = await client.connect('g');
    expect((await gateway.reply('snapshot')).snapshot.workers).toEqual([]);
    await client.register(A, { models: ['m'] });
    await waitUntil(() => gateway.replies.length === 2, 'a second snapshot');
    expect((await gateway.reply('snapshot')).snapshot.workers).toMatchObject([{ worker_name: A }]);
  });

  it('queues at the limit, tells the place, and moves up on release', async () => {
    await client.register(A, { models: ['m'], concurrency: 1 });
    const gateway = await client.connect('g');
    for (const request of [1, 2, 3, 4]) gateway.send({ op: 'acquire', request, model: 'm', user: 'ada' });
    expect((await gateway.reply('queued', 3)).position).toBe(2);
    const refused = await gateway.reply('refused', 4);
    expect(refused).toMatchObject({ code: 'queue_full', retry_after_seconds: expect.any(Number) });
    const first = await gateway.reply('acquired', 1);
    gateway.send({ op: 'release', lease_id: first.lease.lease_id });
    await gateway.reply('acquired', 2);
    await waitUntil(async () => (await gateway.reply('queued', 3)).position === 1, 'the third moves up');
    expect(await inFlight()).toBe(1);
  });

  it('forgets a cancelled request, so that the next one gets the place', async () => {
    await client.register(A, { models: ['m'], concurrency: 1 });
    const gateway = await client.connect('g');
    for (const request of [1, 2, 3]) gateway.send({ op: 'acquire', request, model: 'm' });
    const { lease } = await gateway.reply('acquired', 1);
    gateway.send({ op: 'cancel', request: 2 }, { op: 'release', lease_id: lease.lease_id });
    await gateway.reply('acquired', 3);
    expect(gateway.replies.some((reply) => reply.op === 'acquired' && reply.request === 2)).toBe(false);
  });

  it('forgets who waited on a connection that is gone', async () => {
    await client.register(A, { models: ['m'], concurrency: 1 });
    const [holder, leaver] = [await client.connect('g'), await client.connect('h')];
    holder.send({ op: 'acquire', request: 1, model: 'm' });
    const { lease } = await holder.reply('acquired', 1);
    leaver.send({ op: 'acquire', request: 1, model: 'm' });
    await leaver.reply('queued', 1);
    leaver.socket.terminate();
    holder.send({ op: 'acquire', request: 2, model: 'm' });
    await waitUntil(async () => (await holder.reply('queued', 2)).position === 1, 'the leaver is out of the queue');
    holder.send({ op: 'release', lease_id: lease.lease_id });
    expect((await holder.reply('acquired', 2)).lease.worker_name).toBe(A);
  });

  it('ends the leases of an owner that stopped renewing them, and only those', async () => {
    await client.register(A, { models: ['m'] });
    const gateway = await client.connect('g');
    gateway.send({ op: 'acquire', request: 1, model: 'm' }, { op: 'acquire', request: 2, model: 'm' });
    const kept = (await gateway.reply('acquired', 1)).lease;
    for (let step = 0; step < 8; step += 1) {
      clock.advance(900);
      await client.post('/receive_heart_beat', { worker_name: A, queue_length: 0 });
      await client.post('/leases/renew', { owner: 'g', leases: [kept] });
    }
    await waitUntil(async () => (await inFlight()) === 1, 'one lease is left');
    expect((await client.post('/leases/release', { owner: 'g', lease_id: kept.lease_id })).status).toBe(200);
  });

  it('adopts leases that it does not know', async () => {
    await client.register(A, { models: ['m'], concurrency: 1 });
    const gateway = await client.connect('g');
    gateway.send({ op: 'renew', leases: [{ lease_id: 'from-before', model: 'm', worker_name: A }] });
    gateway.send({ op: 'acquire', request: 1, model: 'm' });
    await gateway.reply('queued', 1);
    gateway.send({ op: 'release', lease_id: 'from-before' });
    await gateway.reply('acquired', 1);
    expect(await inFlight()).toBe(1);
  });

  it('lets nobody end a lease of someone else', async () => {
    await client.register(A, { models: ['m'] });
    const acquired = await client.post('/leases/acquire', { owner: 'g', model: 'm' });
    const { lease_id } = acquired.json as { lease_id: string };
    const answer = await client.post('/leases/release', { owner: 'h', lease_id });
    expect(answer).toMatchObject({ status: 404, json: { error: { code: 'lease_not_found' } } });
    expect(await inFlight()).toBe(1);
    expect((await client.post('/leases/release', { owner: 'g', lease_id })).status).toBe(200);
    expect(await inFlight()).toBe(0);
  });

  it('sends nothing to a worker that could not be reached, until its next beat', async () => {
    await client.register(A, { models: ['m'] });
    const gateway = await client.connect('g');
    gateway.send({ op: 'acquire', request: 1, model: 'm' });
    const { lease } = await gateway.reply('acquired', 1);
    gateway.send({ op: 'release', lease_id: lease.lease_id, is_unreachable: true });
    gateway.send({ op: 'acquire', request: 2, model: 'm' });
    await gateway.reply('queued', 2);
    await client.post('/receive_heart_beat', { worker_name: A, queue_length: 0 });
    expect((await gateway.reply('acquired', 2)).lease.worker_name).toBe(A);
  });

  it('closes a connection that sends nonsense, and says what was wrong', async () => {
    const gateway = await client.connect('g');
    gateway.socket.send(JSON.stringify([{ op: 'release' }]));
    await waitUntil(() => gateway.closeReason !== null, 'the connection is closed');
    expect(gateway.closeReason).toMatch(/not an array of lease operations: 0\.lease_id/);
  });

  it('lets nobody in without the secret', async () => {
    const url = `${controller.address.replace('http', 'ws')}/leases/connect`;
    const status = await new Promise((resolve) => {
      new WebSocket(url).on('error', () => {}).once('unexpected-response', (_, answer) => resolve(answer.statusCode));
    });
    expect(status).toBe(401);
  });

  it('hangs up on a stranger, who cannot hold the controller back when it stops', async () => {
    const { port, hostname } = new URL(controller.address);
    // Says goodbye to nobody: its own end stays open after the other side's.
    const stranger = createConnection({ port: Number(port), host: hostname, allowHalfOpen: true });
    stranger.write(UPGRADE);
    expect(String((await once(stranger, 'data'))[0])).toMatch(/^HTTP\/1\.1 401 /);
    await controller.close();
    stranger.destroy();
  });

  it('takes no connection that asks for one while the controller stops', async () => {
    const { port, hostname } = new URL(controller.address);
    const late = createConnection({ port: Number(port), host: hostname });
    await new Promise((resolve) => late.write(UPGRADE.slice(0, 10), resolve));
    await waitUntil(async () => (await fetch(`${controller.address}/health`)).ok, 'its first bytes were read');
    const closed = controller.close();
    await waitUntil(() => fetch(`${controller.address}/health`).then(...isRefused), 'the controller stops');
    late.write(UPGRADE.slice(10).replace('\r\n\r\n', `\r\nauthorization: Bearer ${TEST_SECRET}\r\n\r\n`));
    expect(String((await once(late, 'data'))[0])).toMatch(/^HTTP\/1\.1 503 /);
    await closed;
  });

  it('frees the place of an HTTP caller that left while it waited', async () => {
    await client.register(A, { models: ['m'], concurrency: 1 });
    const gateway = await client.connect('g');
    gateway.send({ op: 'acquire', request: 1, model: 'm' });
    const { lease } = await gateway.reply('acquired', 1);
    const leaver = new AbortController();
    const left = client.post('/leases/acquire', { owner: 'h', model: 'm' }, leaver.signal).catch(() => 'left');
    gateway.send({ op: 'acquire', request: 2, model: 'm' });
    await gateway.reply('queued', 2);
    leaver.abort();
    expect(await left).toBe('left');
    await waitUntil(async () => (await gateway.reply('queued', 2)).position === 1, 'the leaver is out of the queue');
    gateway.send({ op: 'release', lease_id: lease.lease_id });
    expect((await gateway.reply('acquired', 2)).lease.worker_name).toBe(A);
  });
});

describe('when nobody serves the model', () => {
  beforeEach(() => start({ expected_models: ['expected'] }));

  it('waits for an expected worker, then refuses with the time to come back', async () => {
    pass(60_000);
    const gateway = await client.connect('g');
    gateway.send({ op: 'acquire', request: 1, model: 'expected' });
    await gateway.reply('queued', 1);
    for (let step = 0; step < 5; step += 1) clock.advance(700);
    expect(await gateway.reply('refused', 1)).toMatchObject({ code: 'no_worker_for_model', retry_after_seconds: 3 });
  });

  it('waits for a model that is expected from now on, and no more for one that is not', async () => {
    pass(60_000);
    const gateway = await client.connect('g');
    expect((await client.put('/expected_models', { models: ['later'] })).status).toBe(204);
    gateway.send({ op: 'acquire', request: 1, model: 'later' }, { op: 'acquire', request: 2, model: 'expected' });
    await gateway.reply('queued', 1);
    expect((await gateway.reply('refused', 2)).code).toBe('model_not_found');
    expect((await client.put('/expected_models', { models: [''] })).status).toBe(400);
  });

  it('waits for no model that was taken away, also when its worker ends only after that, until it is back', async () => {
    pass(60_000);
    await client.register(A, { models: ['expected'] });
    await client.put('/expected_models', { models: [] });
    await client.post('/unregister_worker', { worker_name: A });
    const gateway = await client.connect('g');
    gateway.send({ op: 'acquire', request: 1, model: 'expected' });
    expect((await gateway.reply('refused', 1)).code).toBe('model_not_found');
    await client.register(B, { models: ['expected'] });
    await client.post('/unregister_worker', { worker_name: B });
    gateway.send({ op: 'acquire', request: 2, model: 'expected' });
    await gateway.reply('queued', 2);
  });

  it('serves the request when the worker comes in time', async () => {
    const gateway = await client.connect('g');
    gateway.send({ op: 'acquire', request: 1, model: 'expected' });
    await gateway.reply('queued', 1);
    await client.register(A, { models: ['expected'] });
    expect((await gateway.reply('acquired', 1)).lease.worker_name).toBe(A);
  });

  it('refuses those who wait when the only worker does not come back', async () => {
    await client.register(A, { models: ['m'], concurrency: 1 });
    const gateway = await client.connect('g');
    gateway.send({ op: 'acquire', request: 1, model: 'm' }, { op: 'acquire', request: 2, model: 'm' });
    await gateway.reply('queued', 2);
    await client.post('/unregister_worker', { worker_name: A });
    for (let step = 0; step < 5; step += 1) clock.advance(700);
    expect((await gateway.reply('refused', 2)).code).toBe('no_worker_for_model');
  });

  it('names the models there are when it never heard of the one that is asked for', async () => {
    await client.register(A, { models: ['alpha', 'beta'] });
    pass(60_000);
    const answer = await client.post('/leases/acquire', { owner: 'g', model: 'gamma' });
    expect(answer).toMatchObject({ status: 404, json: { error: { code: 'model_not_found' } } });
    expect(JSON.stringify(answer.json)).toContain('alpha, beta');
  });

  it('gives workers time to come back when it is new itself', async () => {
    const gateway = await client.connect('g');
    gateway.send({ op: 'acquire', request: 1, model: 'not-yet-back' });
    await gateway.reply('queued', 1);
    await client.register(B, { models: ['not-yet-back'] });
    expect((await gateway.reply('acquired', 1)).lease.worker_name).toBe(B);
  });
});

it('refuses those who wait when it stops, but leaves those of a gateway to the gateway', async () => {
  await start();
  await client.register(A, { models: ['m'], concurrency: 1 });
  await client.post('/leases/acquire', { owner: 'g', model: 'm' });
  const waiting = client.post('/leases/acquire', { owner: 'g', model: 'm' });
  const gateway = await client.connect('h');
  gateway.send({ op: 'acquire', request: 1, model: 'm' });
  await gateway.reply('queued', 1);
  await controller.close();
  expect(await waiting).toMatchObject({ status: 503, json: { error: { code: 'controller_unreachable' } } });
  await waitUntil(() => gateway.closeReason !== null, 'the connection is closed');
  expect(gateway.replies.filter(({ op }) => op === 'refused')).toEqual([]);
});
