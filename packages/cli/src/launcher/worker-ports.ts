export interface WorkerPortsOptions {
  first: number;
  /** Free now, but a neighbour's as soon as it starts. */
  reserved: readonly number[];
  /** Answers the first free port from `from` on. */
  nextFreePort: (from: number) => Promise<number>;
}

/** The ports of the workers. One that waits for its restart keeps its port, though nobody listens there. */
export class WorkerPorts {
  readonly #options: WorkerPortsOptions;
  readonly #held: Set<number>;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: WorkerPortsOptions) {
    this.#options = options;
    this.#held = new Set(options.reserved);
  }

  /** The next free one; whoever takes it gives it back. Two that ask at once get different ones. */
  take(): Promise<number> {
    const taking = this.#turn.then(() => this.#find());
    this.#turn = taking.catch(() => {});
    return taking;
  }

  give(port: number): void {
    this.#held.delete(port);
  }

  async #find(): Promise<number> {
    const { first, nextFreePort } = this.#options;
    let port = await nextFreePort(first);
    while (this.#held.has(port)) port = await nextFreePort(port + 1);
    this.#held.add(port);
    return port;
  }
}
