import { ParleyError } from '@parley/contracts';

/**
 * A clock on silence: `signal` aborts when `parent` does, or when `touch` was not called for
 * `limitMs`. The caller stops it.
 */
export class SilenceLimit {
  readonly signal: AbortSignal;
  readonly #limitMs: number;
  readonly #silent = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(limitMs: number, parent: AbortSignal) {
    this.#limitMs = limitMs;
    this.signal = AbortSignal.any([parent, this.#silent.signal]);
    this.#timer = setTimeout(() => this.#silent.abort(), limitMs);
    this.#timer.unref();
  }

  touch(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Throws when it was the silence that aborted. */
  check(): void {
    if (!this.#silent.signal.aborted) return;
    const seconds = Math.round(this.#limitMs / 1000);
    throw new ParleyError('provider_failed', `The provider was silent for ${seconds} s. Try again in a little while.`);
  }
}
