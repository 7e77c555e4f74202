import type { DownloadProgress } from './download-progress.ts';

/** How much of one file is there, and how much there is of it; null until somebody has said it. */
export interface FileProgress {
  received: number;
  size: number | null;
}

/** Makes one progress of those of several files, which are fetched one after the other in their order. */
export class JointProgress {
  readonly #files: FileProgress[];
  readonly #report: (progress: DownloadProgress) => void;

  constructor(files: readonly FileProgress[], report: (progress: DownloadProgress) => void) {
    this.#files = [...files];
    this.#report = report;
  }

  /** Bytes that are still to come, as far as anybody knows. */
  get missing(): number {
    return this.#files.reduce((sum, { received, size }) => sum + Math.max(0, (size ?? 0) - received), 0);
  }

  /** Before the first byte. */
  begin(): void {
    this.#tell('running', null);
  }

  /** Takes what is reported of one file. Only the last one's check is the check of all. */
  of(index: number): (progress: DownloadProgress) => void {
    return ({ state, receivedBytes, sizeBytes, bytesPerSecond }) => {
      this.#files[index] = { received: receivedBytes, size: sizeBytes ?? this.#files[index]?.size ?? null };
      this.#tell(index === this.#files.length - 1 ? state : 'running', bytesPerSecond);
    };
  }

  #tell(state: DownloadProgress['state'], bytesPerSecond: number | null): void {
    const receivedBytes = this.#files.reduce((sum, { received }) => sum + received, 0);
    const sizes = this.#files.map(({ size }) => size).filter((size) => size !== null);
    const isKnown = sizes.length === this.#files.length;
    const sizeBytes = isKnown ? sizes.reduce((sum, size) => sum + size, 0) : null;
    const secondsLeft = bytesPerSecond && sizeBytes !== null ? (sizeBytes - receivedBytes) / bytesPerSecond : null;
    this.#report({ state, receivedBytes, sizeBytes, bytesPerSecond, secondsLeft });
  }
}
