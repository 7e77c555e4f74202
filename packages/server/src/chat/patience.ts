import { setTimeout as delay } from 'node:timers/promises';
import { ParleyError, type ErrorCode } from '@parley/contracts';

/** What passes when a process of ours restarts, which takes it a second or two. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'gateway_unreachable',
  'controller_unreachable',
  'no_worker_for_model',
  'worker_unreachable',
  'stream_interrupted',
]);
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

export interface PatienceOptions {
  /** How long failures are waited out. */
  patienceMs?: number;
  /** Milliseconds that only go forward; a clock that is set back would make it wait for hours. */
  now?: () => number;
}

/** The pauses between the attempts of one call. */
export class Patience {
  readonly #now: () => number;
  readonly #patienceMs: number;
  /** From the first failure on: before it, the call may have been queued, read and answered for minutes. */
  #deadline: number | null = null;
  #pauseMs = FIRST_PAUSE_MS;

  constructor({ patienceMs = 5_000, now = () => performance.now() }: PatienceOptions = {}) {
    this.#now = now;
    this.#patienceMs = patienceMs;
  }

  /** Whether to ask again after this failure. */
  allows(error: unknown): boolean {
    this.#deadline ??= this.#now() + this.#patienceMs;
    const isPassing = error instanceof ParleyError && PASSING.has(error.code);
    return isPassing && this.#now() + this.#pauseMs <= this.#deadline;
  }

  /** Waits before the next attempt, longer each time. Rejects once `signal` aborts. */
  async pause(signal: AbortSignal): Promise<void> {
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    await delay(pauseMs, undefined, { signal });
  }
}

/** Calls again, for some seconds, while it fails for a reason that passes. */
export async function patiently<Result>(
  attempt: () => Promise<Result>,
  signal: AbortSignal,
  options: PatienceOptions = {},
): Promise<Result> {
  const patience = new Patience(options);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted || !patience.allows(error)) throw error;
    }
    await patience.pause(signal).catch((cause: unknown) => {
      throw new ParleyError('request_aborted', 'The request was aborted.', { cause });
    });
  }
}
