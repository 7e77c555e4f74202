import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunningService } from '@parley/service-kit';
import { freePort, silentLogger, waitUntil } from '@parley/service-kit/testing';
import { startWorker, workerConfigSchema, type WorkerSeams } from '../start.ts';
import { startFakeController } from '../testing/fake-controller.ts';
import { Registration } from './registration.ts';

describe('registration', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const service of open.splice(0).toReversed()) await service.close();
  });

  async function startController(port?: number) {
    const controller = await startFakeController(port === undefined ? {} : { port });
    open.push(controller);
    return controller;
  }

  async function start(url: string, settings: object = {}, seams: WorkerSeams = {}): Promise<RunningService> {
    const model = { engine: 'extractive', name: 'guide' };
    const config = workerConfigSchema.parse({ secret: 's', controller_url: url, model, ...settings });
    const worker = await startWorker(config, { logger: silentLogger(), ...seams });
    open.push(worker);
    return worker;
  }

  it('beats with the name it registered by and the length of its queue', async () => {
    const controller = await startController();
    const beat = controller.next('/receive_heart_beat');
    await start(controller.url, { public_url: 'https://worker.example/', heart_beat_interval_ms: 10 });
    expect((await beat).body).toEqual({ worker_name: 'https://worker.example', queue_length: 0 });
    expect(controller.calls[0]?.body).toMatchObject({ worker_name: 'https://worker.example' });
  });

  it('pauses a second between two beats', async () => {
    const controller = await startController();
    const pauses: number[] = [];
    const sleep = (ms: number, signal: AbortSignal) => {
      pauses.push(ms);
      return delay(ms === 1000 ? 1 : ms, undefined, { signal });
    };
    const third = controller.next('/receive_heart_beat').then(() => controller.next('/receive_heart_beat'));
    await start(controller.url, {}, { sleep });
    await third;
    expect(new Set(pauses)).toEqual(new Set([10_000, 1000]));
  });

  it('registers again at once when the controller does not know it', async () => {
    const controller = await startController();
    await start(controller.url, { heart_beat_interval_ms: 10 });
    const again = controller.next('/register_worker');
    controller.forget();
    await again;
    const paths = controller.calls.map(({ path }) => path);
    expect(paths.lastIndexOf('/register_worker')).toBe(paths.lastIndexOf('/receive_heart_beat') + 1);
  });

  it('registers again, unasked, at a controller that restarted', async () => {
    const first = await startFakeController();
    await start(first.url, { heart_beat_interval_ms: 1000 });
    await first.close();
    const second = await startController(first.port);
    const restarted = performance.now();
    await second.next('/register_worker');
    expect(performance.now() - restarted).toBeLessThan(10_000);
  });

  it('asks a lost controller every 250 ms', async () => {
    const controller = await startFakeController();
    const pauses: number[] = [];
    const sleep = (ms: number, signal: AbortSignal) => {
      pauses.push(ms);
      return delay(ms === 250 ? 5 : ms, undefined, { signal });
    };
    await start(controller.url, { heart_beat_interval_ms: 10 }, { sleep });
    await controller.close();
    await waitUntil(() => pauses.filter((ms) => ms === 250).length >= 3, 'three tries');
    expect(pauses.slice(-3)).toEqual([250, 250, 250]);
  });

  it('has started only when a controller that comes late knows it', async () => {
    const port = await freePort();
    let hasStarted = false;
    const pauses: number[] = [];
    const sleep = (ms: number, signal: AbortSignal) => {
      pauses.push(ms);
      return delay(ms, undefined, { signal });
    };
    const starting = start(`http://127.0.0.1:${port}`, {}, { sleep }).then(() => (hasStarted = true));
    await waitUntil(() => pauses.length >= 3, 'two tries');
    expect(hasStarted).toBe(false);
    const controller = await startController(port);
    await starting;
    expect(controller.calls[0]?.path).toBe('/register_worker');
    expect(pauses.slice(0, 3)).toEqual([100, 10_000, 200].toSorted((a, b) => pauses.indexOf(a) - pauses.indexOf(b)));
  });

  it('goes on without a controller after ten seconds, and registers when there is one', async () => {
    const port = await freePort();
    const sleep = (ms: number, signal: AbortSignal) => delay(ms === 10_000 ? 1 : 5, undefined, { signal });
    const worker = await start(`http://127.0.0.1:${port}`, {}, { sleep });
    expect((await fetch(`${worker.address}/health`)).status).toBe(200);
    const controller = await startController(port);
    await controller.next('/register_worker');
  });

  it('says goodbye also where the controller has heard of it, but has not answered yet', async () => {
    const told: string[] = [];
    const asked = Promise.withResolvers<void>();
    const controller = {
      register: (_: unknown, signal: AbortSignal) =>
        new Promise<void>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
          asked.resolve();
        }),
      heartBeat: async () => true,
      unregister: async () => void told.push('goodbye'),
    };
    const status = () => ({ model_names: ['guide'], speed: 1, queue_length: 0 });
    const options = { controller, status, intervalMs: 10, logger: silentLogger(), sleep: async () => undefined };
    const registration = new Registration(options);
    void registration.start();
    await asked.promise;
    await registration.stop();
    expect(told).toEqual(['goodbye']);
  });

  it('stops at once, also while it waits for a controller', async () => {
    const port = await freePort();
    const sleep = (ms: number, signal: AbortSignal) => delay(ms === 10_000 ? 1 : 60_000, undefined, { signal });
    const worker = await start(`http://127.0.0.1:${port}`, {}, { sleep });
    await Promise.all([worker.close(), worker.close()]);
    await expect(fetch(`${worker.address}/health`)).rejects.toThrow('fetch failed');
  });
});
