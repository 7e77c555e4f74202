import type { RegistrySnapshot, WorkerView } from '@parley/contracts';

/** Workers beat once a second; a controller that is new hears of all of them within this time. */
const GATHERING_MS = 3_000;

/**
 * The registry as this gateway believes it to be: what the controller sent last, except for a
 * moment after a reconnect. A controller that was restarted knows no workers until they come back
 * to it; to believe it at once would make models vanish that are served all the time.
 */
export class RegistryView {
  #current: RegistrySnapshot | null = null;
  #openedAt = -Infinity;
  #adoption: NodeJS.Timeout | undefined;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Null before the first snapshot came. */
  get current(): RegistrySnapshot | null {
    return this.#current;
  }

  /** A connection was opened. */
  opened(): void {
    this.#openedAt = this.#now();
  }

  /** The connection was lost: what the controller has not heard of until now, it will not hear of. */
  lost(): void {
    clearTimeout(this.#adoption);
  }

  take(snapshot: RegistrySnapshot): void {
    clearTimeout(this.#adoption);
    const gathering = this.#openedAt + GATHERING_MS - this.#now();
    const away = gathering > 0 ? this.#workersNotIn(snapshot) : [];
    this.#current = { ...snapshot, workers: [...snapshot.workers, ...away] };
    if (away.length > 0) this.#adoption = setTimeout(() => (this.#current = snapshot), gathering).unref();
  }

  #workersNotIn(snapshot: RegistrySnapshot): WorkerView[] {
    const names = new Set(snapshot.workers.map((worker) => worker.worker_name));
    return (this.#current?.workers ?? []).filter((worker) => !names.has(worker.worker_name));
  }
}
