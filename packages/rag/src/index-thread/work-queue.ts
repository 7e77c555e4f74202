/** Work in slices: gives way at each `yield`, never in the middle of a transaction. */
export type Work<Value> = Generator<void, Value, void>;

/** How long work goes on before questions are looked for again. */
const SLICE_MS = 3;

export interface WorkQueueOptions {
  /** What is to be done when there is nothing else; null: nothing. A failure waits for the next write. */
  findMaintenance: () => Work<void> | null;
  /** True: maintenance goes before writes, which would otherwise outrun it. */
  isBehind: () => boolean;
  onMaintenanceFailure?: (error: unknown) => void;
  now?: () => number;
  /** Calls back after what came in meanwhile was taken in. */
  defer?: (turn: () => void) => void;
}

/** One thing at a time: questions first, then what was asked to be written, in order, then maintenance. */
export class WorkQueue {
  readonly #options: Required<WorkQueueOptions>;
  readonly #queries: (() => void)[] = [];
  readonly #writes: Work<void>[] = [];
  #maintenance: Work<void> | null = null;
  #hasMaintenance = true;
  #isTurning = false;

  constructor(options: WorkQueueOptions) {
    this.#options = {
      now: () => performance.now(),
      defer: (turn) => setImmediate(turn),
      onMaintenanceFailure: () => {},
      ...options,
    };
  }

  /** `query` and what a write ends with must not throw: they answer their errors. */
  addQuery(query: () => void): void {
    this.#queries.push(query);
    this.#wake();
  }

  addWrite(write: Work<void>): void {
    this.#writes.push(write);
    this.#wake();
  }

  #wake(): void {
    if (this.#isTurning) return;
    this.#isTurning = true;
    this.#options.defer(() => this.#turn());
  }

  #turn(): void {
    for (const query of this.#queries.splice(0)) query();
    const end = this.#options.now() + SLICE_MS;
    let isBusy = this.#step();
    while (isBusy && this.#options.now() < end) isBusy = this.#step();
    this.#isTurning = false;
    if (isBusy || this.#queries.length > 0) this.#wake();
  }

  /** Answers false when nothing was left to do. */
  #step(): boolean {
    const [write] = this.#writes;
    if (write && !(this.#hasMaintenance && this.#options.isBehind())) {
      if (write.next().done) this.#writes.shift();
      this.#hasMaintenance = true;
      return true;
    }
    return this.#hasMaintenance && this.#maintain();
  }

  #maintain(): boolean {
    try {
      this.#maintenance ??= this.#options.findMaintenance();
      if (this.#maintenance?.next().done) this.#maintenance = null;
      else if (!this.#maintenance) this.#hasMaintenance = false;
    } catch (error) {
      // A full disk, say. It is begun anew after the next write; what was half done is thrown away when
      // the file is opened again.
      this.#options.onMaintenanceFailure(error);
      this.#maintenance = null;
      this.#hasMaintenance = false;
    }
    return this.#hasMaintenance || this.#writes.length > 0;
  }
}
