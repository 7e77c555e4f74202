import { ParleyError } from '@parley/contracts';
import { tooMuchMemory, type ReaderProcessHandle } from './reader-process-handle.ts';

const MEMORY_INTERVAL_MS = 200;

/** Ends a process that works too long on a document, or grows too large. Time in which it only waits does not count. */
export class ReadWatch {
  readonly #child: ReaderProcessHandle;
  readonly #maxMemory: number;
  #remainingMs: number;
  #startedAt = 0;
  #timer: NodeJS.Timeout | null = null;
  readonly #memoryTimer: NodeJS.Timeout;

  constructor(child: ReaderProcessHandle, limits: { timeLimitMs: number; memoryLimitMb: number }) {
    this.#child = child;
    this.#remainingMs = limits.timeLimitMs;
    this.#maxMemory = limits.memoryLimitMb * 1024 * 1024;
    this.#memoryTimer = setInterval(() => void this.#checkMemory(), MEMORY_INTERVAL_MS);
  }

  /** The result of `step`, on the process's own time. */
  async during<Value>(step: () => Promise<Value>): Promise<Value> {
    this.#startedAt = performance.now();
    this.#timer = setTimeout(() => this.#child.kill(tooSlow()), this.#remainingMs);
    try {
      return await step();
    } finally {
      clearTimeout(this.#timer);
      this.#remainingMs -= performance.now() - this.#startedAt;
    }
  }

  stop(): void {
    clearInterval(this.#memoryTimer);
  }

  async #checkMemory(): Promise<void> {
    if ((await this.#child.memory()) > this.#maxMemory) this.#child.kill(tooMuchMemory());
  }
}

function tooSlow(): ParleyError {
  return new ParleyError('document_too_slow', 'Reading this document took too long, so it was given up.');
}
