import { ParleyError } from '@parley/contracts';

export interface SignInLimiterOptions {
  /** Attempts that may fail within the window. */
  limit: number;
  windowMs: number;
  now: () => number;
  /** Most keys remembered; the oldest is forgotten first. */
  maxKeys?: number;
}

interface Attempts {
  count: number;
  until: number;
}

/** Counts attempts to sign in per key. An attempt counts before its password is checked, so that parallel guesses count too. */
export class SignInLimiter {
  readonly #options: Required<SignInLimiterOptions>;
  readonly #attempts = new Map<string, Attempts>();

  constructor(options: SignInLimiterOptions) {
    this.#options = { maxKeys: 10_000, ...options };
  }

  /** Counts one attempt; throws `too_many_requests` when there were too many. */
  take(key: string): void {
    const { limit, windowMs, now } = this.#options;
    const known = this.#attempts.get(key);
    const attempts = known && known.until > now() ? known : { count: 0, until: now() + windowMs };
    if (attempts.count >= limit) throw tooMany(attempts.until - now());
    attempts.count += 1;
    this.#remember(key, attempts);
  }

  /** A right password clears the key. */
  clear(key: string): void {
    this.#attempts.delete(key);
  }

  /** Starts from nothing. */
  clearAll(): void {
    this.#attempts.clear();
  }

  #remember(key: string, attempts: Attempts): void {
    this.#attempts.delete(key);
    this.#attempts.set(key, attempts);
    const [oldest] = this.#attempts.keys();
    if (this.#attempts.size > this.#options.maxKeys && oldest !== undefined) this.#attempts.delete(oldest);
  }
}

function tooMany(waitMs: number): ParleyError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new ParleyError(
    'too_many_requests',
    `Too many attempts to sign in. Try again in ${retryAfterSeconds} seconds.`,
    {
      retryAfterSeconds,
    },
  );
}
