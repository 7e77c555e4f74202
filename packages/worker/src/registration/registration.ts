import type { FastifyBaseLogger } from 'fastify';
import type { WorkerStatus } from '@parley/contracts';
import { asParleyError } from '@parley/service-kit';
import type { Sleep } from '../engine.ts';
import type { ControllerClient } from './controller-client.ts';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 1_000;
/** Shorter than a beat, so that a controller that comes back knows its workers within a second. */
const LOST_RETRY_MS = 250;
/** How long `start` waits for a controller before the worker goes on without one. */
const START_LIMIT_MS = 10_000;
const FAREWELL_LIMIT_MS = 1_000;

export interface RegistrationOptions {
  controller: Pick<ControllerClient, 'register' | 'heartBeat' | 'unregister'>;
  status: () => WorkerStatus;
  intervalMs: number;
  logger: FastifyBaseLogger;
  sleep: Sleep;
}

/** Keeps the controller knowing this worker: registers, beats, registers again when it was forgotten. */
export class Registration {
  readonly #options: RegistrationOptions;
  readonly #stopped = new AbortController();
  readonly #registered = Promise.withResolvers<void>();
  #isRegistered = false;
  /** The controller was told of this worker; it may know it also where its answer never came. */
  #hasAsked = false;
  #failures = 0;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: RegistrationOptions) {
    this.#options = options;
  }

  /** Resolves once registered, or after 10 s without success; then it goes on trying in the background. */
  async start(): Promise<void> {
    const waited = new AbortController();
    this.#loop = this.#keep();
    const limit = this.#options.sleep(START_LIMIT_MS, waited.signal).catch(() => undefined);
    await Promise.race([this.#registered.promise, limit]);
    waited.abort();
    if (!this.#isRegistered) this.#options.logger.warn('not registered yet; the worker goes on trying');
  }

  /** Says goodbye, so that no request is sent here any more. Safe to call twice. */
  async stop(): Promise<void> {
    if (this.#stopped.signal.aborted) return;
    this.#stopped.abort();
    await this.#loop;
    if (!this.#hasAsked) return;
    // A controller that is gone, or that answers too late, forgets this worker by its missing beats.
    await this.#options.controller.unregister(AbortSignal.timeout(FAREWELL_LIMIT_MS)).catch((error: unknown) => {
      this.#options.logger.debug({ err: error }, 'could not unregister');
    });
  }

  async #keep(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const pauseMs = await this.#step(signal);
      // Rejects only when stopped, which the loop's condition sees.
      if (pauseMs > 0) await this.#options.sleep(pauseMs, signal).catch(() => undefined);
    }
  }

  /** One call to the controller; answers how long to wait before the next. */
  async #step(signal: AbortSignal): Promise<number> {
    try {
      const pauseMs = this.#isRegistered ? await this.#beat(signal) : await this.#register(signal);
      this.#failures = 0;
      return pauseMs;
    } catch (error) {
      return signal.aborted ? 0 : this.#afterFailure(error);
    }
  }

  async #register(signal: AbortSignal): Promise<number> {
    const { controller, status, logger, intervalMs } = this.#options;
    this.#hasAsked = true;
    await controller.register(status(), signal);
    this.#isRegistered = true;
    this.#registered.resolve();
    logger.info('registered at the controller');
    return intervalMs;
  }

  async #beat(signal: AbortSignal): Promise<number> {
    const { controller, status, intervalMs } = this.#options;
    this.#isRegistered = await controller.heartBeat(status().queue_length, signal);
    return this.#isRegistered ? intervalMs : 0;
  }

  #afterFailure(error: unknown): number {
    const wasKnown = this.#isRegistered;
    if (this.#failures === 0) {
      const { code, message } = asParleyError(error);
      this.#options.logger.warn({ code, reason: message }, 'no contact with the controller; trying again');
    }
    this.#failures += 1;
    return wasKnown ? LOST_RETRY_MS : Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_RETRY_MS);
  }
}
