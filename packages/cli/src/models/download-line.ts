import type { ModelDownload } from '@parley/contracts';
import type { Messages } from '../terminal/messages.ts';
import { ERASE_LINE, toOneLine, type ProgressOutput } from '../terminal/progress-output.ts';

/** How far a download is: a line that is written over on a terminal, a new one every tenth elsewhere. */
export class DownloadLine {
  readonly #output: ProgressOutput;
  readonly #say: Messages;
  #told = '';

  constructor(output: ProgressOutput, say: Messages) {
    this.#output = output;
    this.#say = say;
  }

  show(download: ModelDownload): void {
    const line = this.#toLine(download);
    if (this.#output.isTTY) {
      this.#output.write(ERASE_LINE + toOneLine(line, this.#output));
      return;
    }
    const step = `${download.state} ${Math.floor((percentOf(download) ?? 0) / 10)}`;
    if (step === this.#told) return;
    this.#told = step;
    this.#output.write(`${line}\n`);
  }

  /** Takes the line that is written over away. */
  end(): void {
    if (this.#output.isTTY) this.#output.write(ERASE_LINE);
  }

  #toLine(download: ModelDownload): string {
    const { models } = this.#say;
    const { file, state, bytes_per_second: speed, seconds_left: left } = download;
    if (state !== 'running' || speed === null) return `${file}: ${models.downloadStates[state]}`;
    const pace = models.speed((speed / 1e6).toFixed(1));
    return models.progress(file, percentOf(download), left === null ? pace : pace + this.#toRest(Math.round(left)));
  }

  #toRest(seconds: number): string {
    return this.#say.models.left(Math.floor(seconds / 60), seconds % 60);
  }
}

function percentOf({ received_bytes: received, size_bytes: size }: ModelDownload): number | null {
  return size === null || size === 0 ? null : Math.floor((received / size) * 100);
}
