import { ParleyError } from '@parley/contracts';
import type { ClockSettings } from '../config.ts';

/** What is being waited for. The connection has no clock here: the HTTP agent keeps that one. */
export type Stage = 'headers' | 'first_content' | 'between_contents';

const MAX_TICK_MS = 250;
const MIN_TICK_MS = 5;

interface RequestClocksParts {
  limits: ClockSettings;
  now: () => number;
}

/**
 * The time limits of all running requests, looked at by one coarse timer: a timer of its own for
 * every piece of a stream would cost more than passing the piece on.
 */
export class RequestClocks {
  readonly #running = new Set<RequestClock>();
  readonly #parts: RequestClocksParts;
  readonly #tickMs: number;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: RequestClocksParts) {
    this.#parts = parts;
    const shortest = Math.min(...Object.values(parts.limits));
    this.#tickMs = Math.max(MIN_TICK_MS, Math.min(MAX_TICK_MS, shortest / 4));
  }

  /** Begins to watch a request; `onTimeout` is called at most once. The caller stops the clock. */
  watch(onTimeout: (error: ParleyError) => void): RequestClock {
    const clock = new RequestClock({ ...this.#parts, onTimeout, onStop: () => this.#stopped(clock) });
    this.#running.add(clock);
    this.#timer ??= setInterval(() => this.#tick(), this.#tickMs);
    return clock;
  }

  #tick(): void {
    const now = this.#parts.now();
    for (const clock of this.#running) clock.check(now);
  }

  // No requests, no timer: an idle gateway must not wake up.
  #stopped(clock: RequestClock): void {
    this.#running.delete(clock);
    if (this.#running.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}

interface RequestClockParts extends RequestClocksParts {
  onTimeout: (error: ParleyError) => void;
  onStop: () => void;
}

/** The time limits of one request. */
export class RequestClock {
  readonly #parts: RequestClockParts;
  readonly #totalEnd: number;
  #stage: Stage = 'headers';
  #stageEnd = Infinity;
  readonly startedAt: number;

  constructor(parts: RequestClockParts) {
    this.#parts = parts;
    this.startedAt = parts.now();
    this.#totalEnd = this.startedAt + parts.limits.total_ms;
  }

  /** A stage begins, or begins anew. */
  enter(stage: Stage): void {
    this.#stage = stage;
    this.#stageEnd = this.#parts.now() + this.#parts.limits[`${stage}_ms`];
  }

  /** The worker is not waited for at the moment: the reader is slow, or the request waits in a queue. */
  pause(): void {
    this.#stageEnd = Infinity;
  }

  elapsedMs(): number {
    return Math.round(this.#parts.now() - this.startedAt);
  }

  /** Ends the watch; a second time does nothing. */
  stop(): void {
    this.#parts.onStop();
  }

  check(now: number): void {
    const isTotal = now >= this.#totalEnd;
    if (!isTotal && now < this.#stageEnd) return;
    this.stop();
    this.#parts.onTimeout(timeoutError(isTotal ? 'total' : this.#stage, this.#parts.limits));
  }
}

function timeoutError(stage: Stage | 'total', limits: ClockSettings): ParleyError {
  const seconds = `${limits[`${stage}_ms`] / 1000} s`;
  const messages = {
    headers: `The worker did not begin to answer within ${seconds}.`,
    first_content: `The worker sent no text within ${seconds}.`,
    between_contents: `The worker sent no more text for ${seconds}.`,
    total: `The request took longer than ${seconds}, which is the limit for all of it.`,
  };
  return new ParleyError('worker_timeout', messages[stage]);
}
