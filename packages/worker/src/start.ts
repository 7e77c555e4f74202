import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { createAgent, createLogger, listen, parseConfig, type RunningService } from '@parley/service-kit';
import { buildWorker } from './build-worker.ts';
import { CompletionService } from './completion/completion-service.ts';
import { workerConfigSchema, type WorkerSettings } from './config.ts';
import type { Sleep } from './engine.ts';
import { createEngine } from './engines/registry.ts';
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
}

/**
 * Starts one worker: it listens and is registered at the controller, or goes on trying after
 * 10 s. The caller closes it, which says goodbye to the controller and lets open answers finish.
 * Throws `ConfigError`, and Node's `EADDRINUSE`.
 */
export async function startWorker(settings: WorkerSettings, seams: WorkerSeams = {}): Promise<RunningService> {
  const config = parseConfig('worker', workerConfigSchema, settings);
  const { now = Date.now, newId = randomUUID, sleep = pause } = seams;
  const { model, secret, controller_url: controllerUrl } = config;
  const logger = seams.logger ?? createLogger(`worker:${model.name}`, config.log_level);
  const engine = await createEngine(model, { logger, now, sleep });
  const agent = createAgent();
  const slots = new SlotLimiter(model.concurrency);
  const completions = new CompletionService({ engine, slots, model, now, newId });
  const texts = new TextService({ engine, slots, model });
  const app = buildWorker({ model, secret, completions, texts, slots, startedAt: now(), logger });
  const end = async () => {
    await app.close();
    await engine.close();
    agent.destroy();
  };
  try {
    const address = await listen(app, config);
    const workerName = config.public_url ?? address;
    const registration = new Registration({
      controller: new ControllerClient({ controllerUrl, secret, workerName, agent }),
      status: () => workerStatus(model, slots),
      intervalMs: config.heart_beat_interval_ms,
      logger,
      sleep,
    });
    await registration.start();
    return { address, close: once(() => registration.stop().then(end)) };
  } catch (error) {
    await end();
    throw error;
  }
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | null = null;
  return () => (closing ??= close());
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal });
}
