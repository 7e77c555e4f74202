import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { WorkerStatus } from '@parley/contracts';
import { createAgent, createLogger, listen, parseConfig, type RunningService } from '@parley/service-kit';
import { buildWorker } from './build-worker.ts';
import { CompletionService } from './completion/completion-service.ts';
import { workerConfigSchema, type WorkerConfig, type WorkerSettings } from './config.ts';
import type { Sleep } from './engine.ts';
import { createEngine } from './engines/registry.ts';
import { Readiness } from './readiness.ts';
import { ControllerClient } from './registration/controller-client.ts';
import { Registration } from './registration/registration.ts';
import { workerStatus } from './routes/status.routes.ts';
import { SlotLimiter } from './slot-limiter.ts';
import { TextService } from './texts/text-service.ts';

export * from './config.ts';

/** What a test may replace; all have defaults. */
export interface WorkerSeams {
  /** Milliseconds since 1970. */
  now?: () => number;
  newId?: () => string;
  sleep?: Sleep;
  logger?: FastifyBaseLogger;
  /** Told how far the loading of the model is, 0 to 100; null when nobody knows. */
  onLoading?: (percent: number | null) => void;
}

/**
 * Starts one worker: it listens, loads its model, and is registered at the controller, or goes on
 * trying after 10 s. The caller closes it, which says goodbye to the controller and lets open answers
 * finish. Throws `ConfigError`, Node's `EADDRINUSE`, and what `Engine.load` throws; then nothing is left open.
 */
export async function startWorker(settings: WorkerSettings, seams: WorkerSeams = {}): Promise<RunningService> {
  const config = parseConfig('worker', workerConfigSchema, settings);
  const { now = Date.now, newId = randomUUID, sleep = pause, onLoading } = seams;
  const { model, secret } = config;
  const logger = seams.logger ?? createLogger(`worker:${model.name}`, config.log_level);
  const engine = await createEngine(model, { logger, now, sleep, scratchFolder: config.scratch_folder });
  const slots = new SlotLimiter(model.concurrency);
  const readiness = new Readiness(model.name);
  const completions = new CompletionService({ engine, slots, model, now, newId });
  const texts = new TextService({ engine, slots, model });
  const app = buildWorker({ model, secret, completions, texts, slots, engine, readiness, startedAt: now(), logger });
  const end = async () => {
    await app.close();
    await engine.close();
  };
  try {
    const address = await listen(app, config);
    await engine.load?.((percent) => {
      readiness.report(percent);
      onLoading?.(percent);
    });
    slots.setLimit(engine.concurrency?.() ?? model.concurrency);
    readiness.finish();
    if (!config.registers) return { address, close: once(end) };
    const unregister = await register({ config, address, status: () => workerStatus(model, slots), logger, sleep });
    return { address, close: once(() => unregister().then(end)) };
  } catch (error) {
    await end();
    throw error;
  }
}

interface RegistrationParts {
  config: WorkerConfig;
  address: string;
  status: () => WorkerStatus;
  logger: FastifyBaseLogger;
  sleep: Sleep;
}

/** Makes the worker known, and answers how to say goodbye. */
async function register({ config, address, status, logger, sleep }: RegistrationParts): Promise<() => Promise<void>> {
  const agent = createAgent();
  const { controller_url: controllerUrl, secret } = config;
  const controller = new ControllerClient({
    controllerUrl,
    secret,
    workerName: config.public_url ?? address,
    agent,
  });
  const registration = new Registration({
    controller,
    status,
    intervalMs: config.heart_beat_interval_ms,
    logger,
    sleep,
  });
  await registration.start();
  return async () => {
    await registration.stop();
    agent.destroy();
  };
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | null = null;
  return () => (closing ??= close());
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal });
}
