import type { ParleyError } from '@parley/contracts';

/** What of an `AbortSignal` the way of a request needs; a signal whose reason is a `ParleyError` is one. */
export interface EndingSignal {
  readonly aborted: boolean;
  // As an `AbortSignal` has it; here it is always a `ParleyError`.
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * Ends one request early, with a reason. Every request has one, so it is no AbortController: that
 * and its listeners are some 4 µs a request, a twentieth of what the gateway costs.
 */
export class EarlyEnd implements EndingSignal {
  #reason: ParleyError | null = null;
  #listeners: (() => void)[] = [];

  get aborted(): boolean {
    return this.#reason !== null;
  }

  get reason(): ParleyError | null {
    return this.#reason;
  }

  /** Tells those who listen, once; a second reason is not heard. */
  end(reason: ParleyError): void {
    if (this.#reason !== null) return;
    this.#reason = reason;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener);
  }
}
