import type { FastifyInstance } from 'fastify';
import type { ModelList, WorkerStatus } from '@parley/contracts';
import type { ModelConfig } from '../config.ts';
import type { Engine } from '../engine.ts';
import type { Readiness } from '../readiness.ts';
import type { SlotLimiter } from '../slot-limiter.ts';

/** What the controller is told at registration and may ask for at any time. */
export function workerStatus(model: ModelConfig, slots: SlotLimiter): WorkerStatus {
  return {
    model_names: [model.name],
    speed: model.speed,
    queue_length: slots.queueLength,
    concurrency: slots.limit,
  };
}

export interface StatusParts {
  model: ModelConfig;
  slots: SlotLimiter;
  engine: Engine;
  readiness: Readiness;
  startedAt: number;
}

/** `GET /worker/status`, FastChat's `POST /worker_get_status`, and `GET /v1/models`. */
export function addStatusRoutes(
  app: FastifyInstance,
  { model, slots, engine, readiness, startedAt }: StatusParts,
): void {
  app.get('/worker/status', () => ({
    ...workerStatus(model, slots),
    engine: model.engine,
    purpose: model.purpose,
    label: model.label ?? model.name,
    running: slots.running,
    waiting: slots.waiting,
    state: readiness.state,
    loading_percent: readiness.loadingPercent,
    ...engine.facts?.(),
  }));
  app.post('/worker_get_status', () => workerStatus(model, slots));
  app.get('/v1/models', (): ModelList => {
    const created = Math.floor(startedAt / 1000);
    return { object: 'list', data: [{ id: model.name, object: 'model', created, owned_by: 'parley' }] };
  });
}
