import type { WorkerStatus } from '@parley/contracts';

export interface RegisteredWorker {
  worker_name: string;
  models: ReadonlySet<string>;
  speed: number;
  concurrency: number | null;
  /** What the worker last said of itself: running and waiting. */
  queue_length: number;
  /** False for foreign workers that do not beat; they never expire. */
  isBeating: boolean;
  lastBeatAt: number;
  /** Until then nothing is sent to it: someone could not reach it. 0 when all is well. */
  suspectUntil: number;
  lastUsed: number;
}

export interface Registration {
  worker_name: string;
  status: WorkerStatus;
  isBeating: boolean;
}

interface RegistryParts {
  now: () => number;
  expiryMs: number;
  /** Called when workers came, went, or changed what they serve. */
  onChange: () => void;
}

/** How many models that no worker serves any more are remembered. */
const MAX_REMEMBERED_MODELS = 10_000;

/** Who is alive. Counts no requests: that is the lease book's. */
export class WorkerRegistry {
  readonly #workers = new Map<string, RegisteredWorker>();
  /** When the last worker of a model went. */
  readonly #lostAt = new Map<string, number>();
  /** Models that were taken away while workers still serve them. */
  readonly #leaving = new Set<string>();
  readonly #parts: RegistryParts;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  get workers(): RegisteredWorker[] {
    return [...this.#workers.values()];
  }

  /** Models that a worker serves now, sorted. */
  get models(): string[] {
    return [...new Set(this.workers.flatMap((worker) => [...worker.models]))].toSorted();
  }

  /** Adds a worker, or replaces what is known of it. */
  register({ worker_name, status, isBeating }: Registration): void {
    const before = this.#workers.get(worker_name);
    this.#workers.set(worker_name, {
      worker_name,
      models: new Set(status.model_names),
      speed: status.speed,
      concurrency: status.concurrency ?? null,
      queue_length: status.queue_length,
      isBeating,
      lastBeatAt: this.#parts.now(),
      suspectUntil: 0,
      lastUsed: before?.lastUsed ?? 0,
    });
    for (const model of status.model_names) {
      this.#lostAt.delete(model);
      // A worker that was not there is no one who leaves: the model is back.
      if (before === undefined) this.#leaving.delete(model);
    }
    if (before !== undefined) this.#noteLost(before.models);
    this.#parts.onChange();
  }

  /** False when the worker is unknown. */
  unregister(workerName: string): boolean {
    const worker = this.#workers.get(workerName);
    if (worker === undefined) return false;
    this.#remove([worker]);
    return true;
  }

  /** False when the worker is unknown: it must register again. True, and `hasReturned`, when it was suspect. */
  beat(workerName: string, queueLength: number): { exist: boolean; hasReturned: boolean } {
    const worker = this.#workers.get(workerName);
    if (worker === undefined) return { exist: false, hasReturned: false };
    const hasReturned = worker.suspectUntil > 0;
    worker.lastBeatAt = this.#parts.now();
    worker.suspectUntil = 0;
    worker.queue_length = queueLength;
    return { exist: true, hasReturned };
  }

  /** Someone could not reach it: nothing is sent to it until its next beat, or for an expiry time. */
  suspect(workerName: string): void {
    const worker = this.#workers.get(workerName);
    if (worker !== undefined) worker.suspectUntil = this.#parts.now() + this.#parts.expiryMs;
  }

  /** Forgets workers that have been silent for too long, and answers their names. */
  expire(): string[] {
    const oldest = this.#parts.now() - this.#parts.expiryMs;
    const silent = this.workers.filter((worker) => worker.isBeating && worker.lastBeatAt < oldest);
    this.#remove(silent);
    return silent.map((worker) => worker.worker_name);
  }

  /** Workers of the model, suspects included. */
  serving(model: string): RegisteredWorker[] {
    const serving = [];
    for (const worker of this.#workers.values()) if (worker.models.has(model)) serving.push(worker);
    return serving;
  }

  /** When the model lost its last worker; null when it has one, or never had. */
  lostAt(model: string): number | null {
    return this.#lostAt.get(model) ?? null;
  }

  /** A model that is not configured any more: nobody waits for a worker of it, also when its last one goes later. */
  forget(model: string): void {
    this.#lostAt.delete(model);
    if (this.serving(model).length > 0) this.#leaving.add(model);
  }

  #remove(workers: readonly RegisteredWorker[]): void {
    if (workers.length === 0) return;
    for (const worker of workers) this.#workers.delete(worker.worker_name);
    for (const worker of workers) this.#noteLost(worker.models);
    this.#parts.onChange();
  }

  #noteLost(models: ReadonlySet<string>): void {
    const served = new Set(this.workers.flatMap((worker) => [...worker.models]));
    for (const model of models) {
      if (served.has(model)) continue;
      this.#lostAt.delete(model);
      if (this.#leaving.delete(model)) continue;
      this.#lostAt.set(model, this.#parts.now());
    }
    while (this.#lostAt.size > MAX_REMEMBERED_MODELS) {
      const [oldest] = this.#lostAt.keys();
      if (oldest !== undefined) this.#lostAt.delete(oldest);
    }
  }
}
