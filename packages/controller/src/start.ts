import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import { createAgent, createLogger, listen, parseConfig, type RunningService } from '@parley/service-kit';
import { buildController } from './build-controller.ts';
import { controllerConfigSchema, type ControllerConfig, type ControllerSettings } from './config.ts';
import { Dispatcher } from './dispatcher.ts';
import { ExpectedModels } from './expected-models.ts';
import { DrainRate } from './drain-rate.ts';
import { Housekeeping } from './housekeeping.ts';
import { LeaseBook } from './lease-book.ts';
import { LeaseDoor } from './lease-door.ts';
import { createPollWorker } from './poll-worker.ts';
import { findPolicy } from './policies/find-policy.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { WorkerRegistry } from './worker-registry.ts';

export { controllerConfigSchema, type ControllerConfig } from './config.ts';

/** What a test may replace. */
export interface ControllerSeams {
  /** Milliseconds that only go forward; a clock that is set must not make workers look dead. */
  now?: () => number;
  random?: () => number;
  newId?: () => string;
  logger?: FastifyBaseLogger;
}

/** Starts the controller; it listens when this resolves. Throws `ConfigError`, and Node's `EADDRINUSE`. */
export async function startController(
  settings: ControllerSettings,
  seams: ControllerSeams = {},
): Promise<RunningService> {
  const config = parseConfig('controller', controllerConfigSchema, settings);
  const { now = () => performance.now(), logger = createLogger('controller', config.log_level) } = seams;
  const agent = createAgent();
  const plane = createPlane(config, { ...seams, now });
  const app = buildController({
    ...plane,
    secret: config.secret,
    logger,
    pollWorker: createPollWorker(config.secret, agent),
  });
  plane.door.open(app.server);
  app.addHook('preClose', async () => {
    // The door first: a gateway whose connection ends keeps those who wait, and finds workers for them
    // by itself. A refusal would end them.
    plane.door.close();
    plane.dispatcher.stop();
  });
  const housekeeping = new Housekeeping({ ...plane, logger, now });
  app.addHook('onClose', async () => {
    housekeeping.stop();
    agent.destroy();
  });
  const address = await listen(app, config);
  housekeeping.start();
  return { address, close: () => app.close() };
}

/** The parts of the controller that know nothing of HTTP, put together. */
function createPlane(config: ControllerConfig, seams: ControllerSeams & { now: () => number }) {
  const { now, random = Math.random, newId = randomUUID } = seams;
  const registry = new WorkerRegistry({ now, expiryMs: config.heart_beat_expiry_ms, onChange: () => changed() });
  const expectedModels = new ExpectedModels(config.expected_models);
  const leases = new LeaseBook({ ttlMs: config.lease_ttl_ms, now, newId });
  const dispatcher = new Dispatcher({
    registry,
    leases,
    drainRate: new DrainRate(now),
    policy: findPolicy(config.dispatch_method),
    now,
    random,
    queueLimit: config.queue_limit,
    workerWaitMs: config.worker_wait_ms,
    expectedModels,
  });
  const snapshot = () => takeSnapshot({ registry, leases, expectedModels, now });
  const door = new LeaseDoor({ secret: config.secret, dispatcher, takeSnapshot: snapshot });
  const changed = () => {
    dispatcher.pump();
    door.pushSnapshot();
  };
  const expect = (models: readonly string[]) => {
    for (const name of expectedModels.names) if (!models.includes(name)) registry.forget(name);
    expectedModels.replace(models);
    changed();
  };
  return { registry, dispatcher, door, takeSnapshot: snapshot, expect };
}
