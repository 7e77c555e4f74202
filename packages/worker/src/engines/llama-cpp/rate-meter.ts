const WINDOW_SECONDS = 10;

/** Counts tokens of the last ten seconds. */
export class RateMeter {
  readonly #now: () => number;
  /** Tokens by second. */
  readonly #seconds = new Map<number, number>();

  /** `now`: milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  readonly add = (): void => {
    const second = Math.floor(this.#now() / 1000);
    this.#seconds.set(second, (this.#seconds.get(second) ?? 0) + 1);
    if (this.#seconds.size > WINDOW_SECONDS) this.#forget(second);
  };

  /** Tokens for a second. */
  get rate(): number {
    this.#forget(Math.floor(this.#now() / 1000));
    return this.#seconds.values().reduce((sum, tokens) => sum + tokens, 0) / WINDOW_SECONDS;
  }

  #forget(current: number): void {
    for (const second of this.#seconds.keys()) {
      if (second <= current - WINDOW_SECONDS) this.#seconds.delete(second);
    }
  }
}
