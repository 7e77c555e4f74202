export interface RunAheadOptions {
  /** How many items may lie ready. */
  limit: number;
  /** The source stands still, for nobody takes its items. */
  onPause: () => void;
  onResume: () => void;
}

/**
 * Draws from `source` without waiting for each item to be taken, up to a limit: conversations that are
 * computed together must not wait for each other's readers. Ends the source, and waits for that, when
 * it is left early.
 */
export async function* runAhead<Item>(source: AsyncGenerator<Item>, options: RunAheadOptions): AsyncGenerator<Item> {
  const runner = new Runner(source, options);
  try {
    while (true) {
      const item = await runner.take();
      if (item === null) return;
      yield item.value;
    }
  } finally {
    await runner.stop();
  }
}

class Runner<Item> {
  readonly #source: AsyncGenerator<Item>;
  readonly #options: RunAheadOptions;
  readonly #ready: Item[] = [];
  readonly #running: Promise<void>;
  #failure: { error: unknown } | null = null;
  #hasEnded = false;
  #isStopped = false;
  /** What the reader waits for, and what the source. */
  #item = Promise.withResolvers<void>();
  #wakeSource: (() => void) | null = null;

  constructor(source: AsyncGenerator<Item>, options: RunAheadOptions) {
    this.#source = source;
    this.#options = options;
    this.#running = this.#run();
  }

  /** The next item; null at the end. Throws what the source threw, after its last item. */
  async take(): Promise<{ value: Item } | null> {
    while (this.#ready.length === 0 && !this.#hasEnded) {
      this.#item = Promise.withResolvers<void>();
      await this.#item.promise;
    }
    if (this.#ready.length > 0) {
      const value = this.#ready.shift() as Item;
      this.#wakeSource?.();
      return { value };
    }
    if (this.#failure) throw this.#failure.error;
    return null;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wakeSource?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      for await (const item of this.#source) {
        this.#ready.push(item);
        // Later: what the reader does with an item must not hold back the source's next step, which runs beside it.
        setImmediate(() => this.#item.resolve());
        if (this.#ready.length >= this.#options.limit && !this.#isStopped) await this.#room();
        if (this.#isStopped) break;
      }
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#hasEnded = true;
      this.#item.resolve();
    }
  }

  async #room(): Promise<void> {
    this.#options.onPause();
    await new Promise<void>((resolve) => (this.#wakeSource = resolve));
    this.#wakeSource = null;
    this.#options.onResume();
  }
}
