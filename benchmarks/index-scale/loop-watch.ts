import { monitorEventLoopDelay } from 'node:perf_hooks';
import { round } from './measure.ts';

const EVERY_MS = 5;

/**
 * Watches how long this thread's event loop is held up. On a busy machine most of a delay is time in
 * which other processes had the CPU; what the thread itself worked between two looks tells them apart.
 */
export class LoopWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: EVERY_MS });
  #mostCpu = 0;
  #timer: NodeJS.Timeout | null = null;

  start(): void {
    this.#delay.enable();
    let before = process.threadCpuUsage();
    this.#timer = setInterval(() => {
      const { user, system } = process.threadCpuUsage(before);
      before = process.threadCpuUsage();
      this.#mostCpu = Math.max(this.#mostCpu, user + system);
    }, EVERY_MS);
  }

  /** Milliseconds: delays, and the most CPU time of this thread between two turns of the loop. */
  stop(): { p99Ms: number; maxMs: number; maxCpuMs: number } {
    if (this.#timer) clearInterval(this.#timer);
    this.#delay.disable();
    return {
      p99Ms: round(this.#delay.percentile(99) / 1e6),
      maxMs: round(this.#delay.max / 1e6),
      maxCpuMs: round(this.#mostCpu / 1_000),
    };
  }
}
