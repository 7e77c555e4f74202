/** How many of the last ends are looked at. */
const WINDOW = 32;
/** Said when nothing has ended yet, in seconds. */
const UNKNOWN_WAIT_SECONDS = 10;
const LONGEST_WAIT_SECONDS = 120;
const MAX_MODELS = 10_000;

/** How fast a model's requests have been ending lately, for an honest `Retry-After`. */
export class DrainRate {
  readonly #ends = new Map<string, number[]>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  record(model: string): void {
    const ends = this.#ends.get(model) ?? [];
    if (ends.length === 0 && this.#ends.size < MAX_MODELS) this.#ends.set(model, ends);
    ends.push(this.#now());
    if (ends.length > WINDOW) ends.shift();
  }

  /** Whole seconds until so many requests of the model have ended, at the pace of the last ones. */
  secondsFor(model: string, requests: number): number {
    const ends = this.#ends.get(model);
    if (ends?.[0] === undefined) return UNKNOWN_WAIT_SECONDS;
    const seconds = (((this.#now() - ends[0]) / ends.length) * requests) / 1000;
    return Math.min(LONGEST_WAIT_SECONDS, Math.max(1, Math.ceil(seconds)));
  }
}
