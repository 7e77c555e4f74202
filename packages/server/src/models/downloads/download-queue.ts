import type { DownloadProgress } from './download-progress.ts';

/** Why a running download is ended: to go on at the next start, or never. */
export type EndReason = 'stop' | 'cancel';

export interface RunningDownload {
  /** Its reason is an `EndReason`. */
  signal: AbortSignal;
  onProgress: (progress: DownloadProgress) => void;
}

interface Live {
  abort: AbortController;
  progress: DownloadProgress | null;
  ended: Promise<void>;
}

export interface DownloadQueueOptions {
  /** Most that run at once. */
  limit: number;
  /** Does the work and stores how it ended; it must not reject. */
  run: (id: string, running: RunningDownload) => Promise<void>;
}

/** Lets a few downloads run at once, the others in the order in which they came. */
export class DownloadQueue {
  readonly #options: DownloadQueueOptions;
  readonly #live = new Map<string, Live>();
  #waiting: string[] = [];
  #isClosed = false;

  constructor(options: DownloadQueueOptions) {
    this.#options = options;
  }

  /** One that still runs begins anew after that: how it ended is known a moment before its run is over. */
  add(id: string): void {
    if (this.#isClosed || this.#waiting.includes(id)) return;
    this.#waiting.push(id);
    this.#startNext();
  }

  /** Null for one that does not run, or has not begun to receive. */
  progressOf(id: string): DownloadProgress | null {
    return this.#live.get(id)?.progress ?? null;
  }

  /** Resolves when it does not run any more. */
  async cancel(id: string): Promise<void> {
    this.#waiting = this.#waiting.filter((waiting) => waiting !== id);
    const live = this.#live.get(id);
    live?.abort.abort('cancel' satisfies EndReason);
    await live?.ended;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting = [];
    const live = [...this.#live.values()];
    for (const { abort } of live) abort.abort('stop' satisfies EndReason);
    await Promise.all(live.map(({ ended }) => ended));
  }

  #startNext(): void {
    while (this.#live.size < this.#options.limit) {
      const id = this.#waiting.find((waiting) => !this.#live.has(waiting));
      if (id === undefined) return;
      this.#waiting = this.#waiting.filter((waiting) => waiting !== id);
      const live: Live = { abort: new AbortController(), progress: null, ended: Promise.resolve() };
      this.#live.set(id, live);
      live.ended = this.#run(id, live);
    }
  }

  async #run(id: string, live: Live): Promise<void> {
    try {
      const onProgress = (progress: DownloadProgress) => void (live.progress = progress);
      await this.#options.run(id, { signal: live.abort.signal, onProgress });
    } finally {
      this.#live.delete(id);
      this.#startNext();
    }
  }
}
