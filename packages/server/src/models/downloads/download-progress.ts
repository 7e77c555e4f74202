/** How far a download is. Bytes, and seconds. */
export interface DownloadProgress {
  state: 'running' | 'checking';
  receivedBytes: number;
  sizeBytes: number | null;
  bytesPerSecond: number | null;
  secondsLeft: number | null;
}

const WINDOW_MS = 5_000;
const REPORT_EVERY_MS = 250;

interface Sample {
  time: number;
  bytes: number;
}

export interface ProgressMeterOptions {
  report: (progress: DownloadProgress) => void;
  now: () => number;
}

/** Turns bytes as they come into at most four reports a second, with the speed over the last five seconds. */
export class ProgressMeter {
  readonly #options: ProgressMeterOptions;
  #samples: Sample[] = [];
  #reportedAt = -Infinity;

  constructor(options: ProgressMeterOptions) {
    this.#options = options;
  }

  /** `receivedBytes` of the file are there; they go back when it begins anew. */
  received(receivedBytes: number, sizeBytes: number | null): void {
    const now = this.#options.now();
    const last = this.#samples.at(-1);
    if (last && receivedBytes < last.bytes) this.#samples = [];
    if (now - this.#reportedAt < REPORT_EVERY_MS && receivedBytes !== sizeBytes) return;
    this.#reportedAt = now;
    this.#samples = [
      ...this.#samples.filter(({ time }) => now - time <= WINDOW_MS),
      { time: now, bytes: receivedBytes },
    ];
    const bytesPerSecond = speedOf(this.#samples);
    const secondsLeft = bytesPerSecond && sizeBytes !== null ? (sizeBytes - receivedBytes) / bytesPerSecond : null;
    this.#options.report({ state: 'running', receivedBytes, sizeBytes, bytesPerSecond, secondsLeft });
  }

  /** The file is whole and is being read once more. */
  checking(sizeBytes: number): void {
    const progress = { receivedBytes: sizeBytes, sizeBytes, bytesPerSecond: null, secondsLeft: null };
    this.#options.report({ state: 'checking', ...progress });
  }
}

function speedOf(samples: readonly Sample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.time <= first.time) return null;
  return ((last.bytes - first.bytes) * 1000) / (last.time - first.time);
}
