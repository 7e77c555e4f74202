import { request } from 'undici';
import { readEventStream } from '@parley/service-kit';
import { collect, silentLogger } from '@parley/service-kit/testing';
import { startWorker, workerConfigSchema, type WorkerSeams } from '../start.ts';
import { startFakeController, type FakeController } from './fake-controller.ts';

export const TEST_SECRET = 'test-installation-secret';

export interface TestWorker {
  address: string;
  controller: FakeController;
  /** Any call with the secret. */
  call(path: string, body?: unknown, signal?: AbortSignal): ReturnType<typeof request>;
  /** A streamed completion, all `data:` of it. */
  stream(body: object): Promise<{ status: number; data: string[] }>;
  close(): Promise<void>;
}

/** A worker on a real port, beside a fake controller that it is registered at; `more` are settings beside the model's. */
export async function startTestWorker(model: object, seams: WorkerSeams = {}, more: object = {}): Promise<TestWorker> {
  const controller = await startFakeController();
  const settings = workerConfigSchema.parse({ secret: TEST_SECRET, controller_url: controller.url, model, ...more });
  const worker = await startWorker(settings, { logger: silentLogger(), ...seams });
  const { address } = worker;
  const call: TestWorker['call'] = (path, body, signal) =>
    request(`${address}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${TEST_SECRET}`, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    });
  return {
    address,
    controller,
    call,
    async stream(body) {
      const answer = await call('/v1/chat/completions', { ...body, stream: true });
      const events = await collect(readEventStream(answer.body));
      return { status: answer.statusCode, data: events.map(({ data }) => data) };
    },
    async close() {
      await worker.close();
      await controller.close();
    },
  };
}
