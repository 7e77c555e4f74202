const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** Tries in a row without one more byte. A name that was never right is to be found out soon. */
const MOST_FAILURES = { before: 4, after: 8 };

export interface Failure {
  /** A whole sentence. */
  reason: string;
  retryAfterMs: number | null;
}

/** Counts failures without progress, takes the mirrors in turn, and says how long to wait before the next try. */
export class RetryPace {
  readonly #ways: number;
  #way = 0;
  #best: number;
  #failures = 0;

  constructor(ways: number, receivedBytes: number) {
    this.#ways = ways;
    this.#best = receivedBytes;
  }

  /** The address to try next, by its place in the list. */
  get way(): number {
    return this.#way;
  }

  /** Milliseconds to wait before the next try; null when it is time to give up. */
  after({ retryAfterMs }: Failure, receivedBytes: number): number | null {
    if (receivedBytes > this.#best) {
      this.#best = receivedBytes;
      this.#failures = 0;
      return Math.max(FIRST_WAIT_MS, retryAfterMs ?? 0);
    }
    this.#failures += 1;
    this.#way = (this.#way + 1) % this.#ways;
    // Another mirror need not wait for this one.
    if (this.#failures % this.#ways !== 0) return 0;
    const rounds = this.#failures / this.#ways;
    if (rounds >= (this.#best > 0 ? MOST_FAILURES.after : MOST_FAILURES.before)) return null;
    return Math.max(Math.min(FIRST_WAIT_MS * 2 ** (rounds - 1), LONGEST_WAIT_MS), retryAfterMs ?? 0);
  }
}
