/** An appended value and its place: 1, 2, 3, … */
export interface LoggedEvent<Value> {
  sequence: number;
  value: Value;
}

/**
 * A sequenced log of one run that any number of readers follow, each from where it likes and at
 * its own pace. A slow or absent reader costs nothing: nobody is waited for, nothing is copied.
 */
export class EventLog<Value> {
  readonly #events: LoggedEvent<Value>[] = [];
  readonly #wakers = new Set<() => void>();
  #hasEnded = false;

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Sequence of the newest event; 0 before the first. */
  get lastSequence(): number {
    return this.#events.length;
  }

  append(value: Value): void {
    if (this.#hasEnded) throw new Error('The log has ended.');
    this.#events.push({ sequence: this.#events.length + 1, value });
    this.#wake();
  }

  /** No more events will come; followers finish. Safe to call again. */
  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  /** Yields what comes after `afterSequence`, old and new, until the log ends or `signal` aborts. */
  async *follow(afterSequence: number, signal?: AbortSignal): AsyncGenerator<LoggedEvent<Value>> {
    let next = afterSequence;
    while (!signal?.aborted) {
      const event = this.#events[next];
      if (event) {
        next += 1;
        yield event;
      } else if (this.#hasEnded) return;
      else await this.#change(signal);
    }
  }

  #change(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#wakers.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      this.#wakers.add(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  #wake(): void {
    for (const wake of this.#wakers) wake();
  }
}
