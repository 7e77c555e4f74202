import { ParleyError } from '@parley/contracts';
import type { ReaderProcessHandle } from './reader-process-handle.ts';

export interface PoolOptions {
  /** Most processes at a time. */
  processes: number;
  idleMs: number;
  /** A process that has used so much is replaced. */
  retireCpuMs: number;
  start: () => Promise<ReaderProcessHandle>;
}

interface Waiting {
  resolve: () => void;
  reject: (error: ParleyError) => void;
}

/** Processes that are started on demand, serve one document at a time, and end when nothing is asked of them. */
export class ProcessPool {
  readonly #options: PoolOptions;
  readonly #idle = new Map<ReaderProcessHandle, NodeJS.Timeout>();
  readonly #all = new Set<ReaderProcessHandle>();
  readonly #waiting: Waiting[] = [];
  #busy = 0;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** A process of one's own, in turn; `release` must follow. */
  async acquire(signal: AbortSignal): Promise<ReaderProcessHandle> {
    await this.#turn(signal);
    try {
      return (await this.#takeIdle()) ?? (await this.#start());
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  /** Gives a process back. `isFree`: it can take the next document; otherwise it is ended. */
  async release(child: ReaderProcessHandle, { isFree }: { isFree: boolean }): Promise<void> {
    const isKept = isFree && child.isAlive && !this.#isClosed && child.cpuMs < this.#options.retireCpuMs;
    if (isKept) this.#idle.set(child, setTimeout(() => void this.#end(child), this.#options.idleMs).unref());
    else await this.#end(child);
    this.#leave();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(closed());
    await Promise.all([...this.#all].map((child) => this.#end(child)));
  }

  /** One that still answers: an idle process may have been ended from outside, and nobody noticed yet. */
  async #takeIdle(): Promise<ReaderProcessHandle | null> {
    for (const [child, timer] of this.#idle) {
      clearTimeout(timer);
      this.#idle.delete(child);
      child.send({ type: 'ping' });
      if (await child.isReady()) return child;
      await this.#end(child);
    }
    return null;
  }

  async #start(): Promise<ReaderProcessHandle> {
    const child = await this.#options.start();
    this.#all.add(child);
    const isReady = await child.isReady();
    if (isReady && !this.#isClosed) return child;
    await this.#end(child);
    throw isReady ? closed() : child.reason;
  }

  async #end(child: ReaderProcessHandle): Promise<void> {
    clearTimeout(this.#idle.get(child));
    this.#idle.delete(child);
    child.kill(closed());
    await child.exited();
    this.#all.delete(child);
  }

  /** Waits for one of the places; whoever has waited longest is next. */
  async #turn(signal: AbortSignal): Promise<void> {
    if (this.#isClosed) throw closed();
    if (this.#busy < this.#options.processes) this.#busy += 1;
    else await this.#waitInLine(signal);
  }

  #waitInLine(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = { resolve, reject };
      const abort = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(aborted(signal));
      };
      signal.addEventListener('abort', abort, { once: true });
      waiting.resolve = () => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      this.#waiting.push(waiting);
    });
  }

  /** Hands the place to the next in line, or frees it. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next.resolve();
    else this.#busy -= 1;
  }
}

/** The reading was called off by its caller. */
export function aborted(signal: AbortSignal): ParleyError {
  return new ParleyError('request_aborted', 'Reading this document was stopped.', { cause: signal.reason });
}

function closed(): ParleyError {
  return new ParleyError('request_aborted', 'The readers of documents were ended.');
}
