import { ParleyError } from '@parley/contracts';

/** Lets `limit` requests run at once; the others wait in the order in which they came. */
export class SlotLimiter {
  #limit: number;
  #running = 0;
  // A Set keeps the order of arrival and forgets one from the middle without a search.
  readonly #waiters = new Set<() => void>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Only before the first request: those that run or wait already were counted by the limit of then. */
  setLimit(limit: number): void {
    this.#limit = limit;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** FastChat's queue_length: running and waiting together. */
  get queueLength(): number {
    return this.#running + this.#waiters.size;
  }

  /** Resolves with the function that gives the slot back (more calls do nothing); rejects once `signal` aborts. */
  async acquire(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw readerLeft();
    if (this.#running < this.#limit) this.#running += 1;
    else await this.#turn(signal);
    let isHeld = true;
    return () => {
      if (isHeld) this.#release();
      isHeld = false;
    };
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiters.delete(take);
        reject(readerLeft());
      };
      const take = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      this.#waiters.add(take);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  // The slot goes to the next in line without being free in between, so nobody can slip in.
  #release(): void {
    const [next] = this.#waiters;
    if (next === undefined) {
      this.#running -= 1;
      return;
    }
    this.#waiters.delete(next);
    next();
  }
}

function readerLeft(): ParleyError {
  return new ParleyError('request_aborted', 'The reader left before it was its turn.');
}
