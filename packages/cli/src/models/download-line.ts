import type { ModelDownload } from '@parley/contracts';
import type { ProgressOutput } from '../kb/progress-line.ts';
import type { Messages } from '../terminal/messages.ts';

const ERASE_LINE = '\r\u001B[2K';

/** How far a download is: a line that is written over on a terminal, a new one every tenth elsewhere. */
export class DownloadLine {
  readonly #output: ProgressOutput;
  readonly #say: Messages;
  #toldTenth = -1;

  constructor(output: ProgressOutput, say: Messages) {
    this.#output = output;
    this.#say = say;
  }

  show(download: ModelDownload): void {
    if (this.#output.isTTY) {
      this.#output.write(ERASE_LINE + this.#toLine(download));
      return;
    }
    const tenth = Math.floor((percentOf(download) ?? 0) / 10);
    if (tenth === this.#toldTenth) return;
    this.#toldTenth = tenth;
    this.#output.write(`${this.#toLine(download)}\n`);
  }

  /** Takes the line that is written over away. */
  end(): void {
    if (this.#output.isTTY) this.#output.write(ERASE_LINE);
  }

  #toLine(download: ModelDownload): string {
    const { models } = this.#say;
    const { file, state, bytes_per_second: speed, seconds_left: left } = download;
    if (state !== 'running' || speed === null) return `${file}: ${models.downloadStates[state]}`;
    const rest = left === null ? '' : models.left(Math.floor(left / 60), Math.round(left % 60));
    return models.progress(file, percentOf(download), models.speed((speed / 1e6).toFixed(1)) + rest);
  }
}

function percentOf({ received_bytes: received, size_bytes: size }: ModelDownload): number | null {
  return size === null || size === 0 ? null : Math.floor((received / size) * 100);
}
