import type { FastifyBaseLogger } from 'fastify';
import type { Dispatcher } from './dispatcher.ts';
import type { WorkerRegistry } from './worker-registry.ts';

const INTERVAL_MS = 100;
/** A round that comes later than this says that this process was held up, not that workers were silent. */
const HELD_UP_MS = 1_000;

interface HousekeepingParts {
  registry: WorkerRegistry;
  dispatcher: Dispatcher;
  logger: FastifyBaseLogger;
  now: () => number;
}

/** Does regularly what time makes due: silent workers, old leases, requests that waited in vain. */
export class Housekeeping {
  readonly #parts: HousekeepingParts;
  #timer: NodeJS.Timeout | null = null;
  #lastRoundAt: number;

  constructor(parts: HousekeepingParts) {
    this.#parts = parts;
    this.#lastRoundAt = parts.now();
  }

  start(): void {
    this.#timer = setInterval(() => this.#round(), INTERVAL_MS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  #round(): void {
    const { registry, dispatcher, logger, now } = this.#parts;
    const isHeldUp = now() - this.#lastRoundAt > HELD_UP_MS;
    this.#lastRoundAt = now();
    // Beats and renewals that came meanwhile wait in the sockets; they are read before the next round.
    if (isHeldUp) return;
    const silent = registry.expire();
    if (silent.length > 0) logger.warn({ workers: silent }, 'workers fell silent and were forgotten');
    const expired = dispatcher.tick();
    if (expired.length > 0) logger.warn({ leases: expired.length }, 'leases were not renewed and ended');
  }
}
