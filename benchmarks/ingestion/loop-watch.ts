import { readFileSync } from 'node:fs';
import { createHistogram, performance } from 'node:perf_hooks';

/** How often the loop is asked whether it still turns; what it is late beyond this is a block. */
const RESOLUTION_MS = 5;
const MICROSECONDS = 1_000;

/** How long the event loop did not turn, in milliseconds. */
export interface Blocks {
  longestMs: number;
  p99Ms: number;
  /** The longest without the time in which the thread could run, but the processor was given to others. */
  longestOwnMs: number;
  /** The most processor time that the thread used in one block. */
  longestCpuMs: number;
  /** Blocks over 50 ms, and those that are so without the time of others. */
  over50Ms: number;
  ownOver50Ms: number;
}

/** Watches the event loop of the thread that it is made in: the main one, of which the system tells how long it waited. */
export class LoopWatch {
  readonly #late = createHistogram();
  #most = { own: 0, cpu: 0 };
  #over = { all: 0, own: 0 };
  #last = readClocks();
  #timer: NodeJS.Timeout | undefined;

  start(): void {
    this.#last = readClocks();
    this.#timer = setInterval(() => this.#look(), RESOLUTION_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** What was seen since the last call. */
  take(): Blocks {
    const result = {
      longestMs: this.#late.count === 0 ? 0 : this.#late.max / MICROSECONDS,
      p99Ms: this.#late.count === 0 ? 0 : this.#late.percentile(99) / MICROSECONDS,
      longestOwnMs: this.#most.own,
      longestCpuMs: this.#most.cpu,
      over50Ms: this.#over.all,
      ownOver50Ms: this.#over.own,
    };
    this.#late.reset();
    this.#most = { own: 0, cpu: 0 };
    this.#over = { all: 0, own: 0 };
    return result;
  }

  #look(): void {
    const now = readClocks();
    const late = Math.max(0, now.wall - this.#last.wall - RESOLUTION_MS);
    const own = Math.max(0, late - (now.waited - this.#last.waited));
    this.#late.record(Math.max(1, Math.round(late * MICROSECONDS)));
    this.#most.own = Math.max(this.#most.own, own);
    this.#most.cpu = Math.max(this.#most.cpu, now.cpu - this.#last.cpu);
    if (late > 50) this.#over.all += 1;
    if (own > 50) this.#over.own += 1;
    this.#last = now;
  }
}

function readClocks(): { wall: number; cpu: number; waited: number } {
  const { user, system } = process.threadCpuUsage();
  return { wall: performance.now(), cpu: (user + system) / 1_000, waited: waitedMs() };
}

/** How long the main thread has waited for a processor; 0 where the system does not tell. */
function waitedMs(): number {
  try {
    const [, nanoseconds] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ');
    return Number(nanoseconds) / 1e6;
  } catch {
    return 0;
  }
}
