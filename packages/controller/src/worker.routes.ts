import type { FastifyInstance, FastifyReply } from 'fastify';
import {
  expectedModelsRequestSchema,
  heartBeatRequestSchema,
  registerWorkerRequestSchema,
  unregisterWorkerRequestSchema,
  workerAddressRequestSchema,
  type RegistrySnapshot,
} from '@parley/contracts';
import { parseBody } from '@parley/service-kit';
import type { Dispatcher } from './dispatcher.ts';
import { refreshWorkers } from './refresh-workers.ts';
import type { PollWorker } from './poll-worker.ts';
import type { WorkerRegistry } from './worker-registry.ts';

export interface WorkerRouteParts {
  registry: WorkerRegistry;
  dispatcher: Dispatcher;
  pollWorker: PollWorker;
  takeSnapshot: () => RegistrySnapshot;
  /** The configured models are others now. */
  expect: (models: readonly string[]) => void;
}

/** The rim that workers and FastChat's own programs speak: names and shapes are FastChat's. */
export function addWorkerRoutes(app: FastifyInstance, parts: WorkerRouteParts): void {
  const { registry, dispatcher, pollWorker, takeSnapshot, expect } = parts;

  app.post('/register_worker', async (request, reply) => {
    const { worker_name, worker_status, check_heart_beat } = parseBody(registerWorkerRequestSchema, request.body);
    const status = worker_status ?? (await pollWorker(worker_name));
    registry.register({ worker_name, status, isBeating: check_heart_beat });
    request.log.info({ worker: worker_name, models: status.model_names }, 'worker registered');
    return sendJson(reply, null);
  });

  app.post('/unregister_worker', (request, reply) => {
    const { worker_name } = parseBody(unregisterWorkerRequestSchema, request.body);
    if (registry.unregister(worker_name)) request.log.info({ worker: worker_name }, 'worker left');
    return sendJson(reply, null);
  });

  app.post('/receive_heart_beat', (request) => {
    const { worker_name, queue_length } = parseBody(heartBeatRequestSchema, request.body);
    const { exist, hasReturned } = registry.beat(worker_name, queue_length);
    if (hasReturned) dispatcher.pump();
    return { exist };
  });

  app.post('/list_models', () => ({ models: registry.models }));

  app.post('/get_worker_address', (request) => {
    const { model } = parseBody(workerAddressRequestSchema, request.body);
    return { address: dispatcher.choose(model)?.worker_name ?? '' };
  });

  app.post('/refresh_all_workers', async (request, reply) => {
    const dropped = await refreshWorkers(registry, pollWorker);
    if (dropped.length > 0) request.log.warn({ workers: dropped }, 'workers did not answer and were dropped');
    return sendJson(reply, null);
  });

  app.post('/worker_get_status', () => ({
    model_names: registry.models,
    speed: registry.workers.reduce((sum, { speed }) => sum + speed, 0),
    queue_length: takeSnapshot().workers.reduce(
      (sum, worker) => sum + Math.max(worker.queue_length, worker.in_flight),
      0,
    ),
  }));

  app.get('/test_connection', (_request, reply) => sendJson(reply, 'success'));
  app.get('/workers', takeSnapshot);

  app.put('/expected_models', (request, reply) => {
    expect(parseBody(expectedModelsRequestSchema, request.body).models);
    return reply.code(204).send();
  });
}

// Left to itself, Fastify sends null as an empty body and a string as plain text.
function sendJson(reply: FastifyReply, value: string | null): FastifyReply {
  return reply.type('application/json').send(JSON.stringify(value));
}
