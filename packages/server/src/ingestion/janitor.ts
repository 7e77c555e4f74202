import { sweepFiles, type SweepFilesOptions } from './files/sweep-files.ts';
import type { IngestionLogger } from './ingestion-logger.ts';
import type { IngestionSettings } from './ingestion-settings.ts';
import { sweepVersions } from './rows/sweep-versions.ts';

export interface JanitorOptions extends Omit<SweepFilesOptions, 'keepMs'> {
  settings: Pick<IngestionSettings, 'keepFilesMs' | 'keepVersionsMs' | 'sweepMs' | 'sharesDatabase'>;
  logger: IngestionLogger;
}

/** Removes, now and then, what nothing needs any more: superseded versions, half-written ones, files. */
export class Janitor {
  readonly #options: JanitorOptions;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(options: JanitorOptions) {
    this.#options = options;
  }

  /** Begins at once: what a crash left is among it. */
  start(): void {
    const { files, settings } = this.#options;
    if (!settings.sharesDatabase) this.#queue(() => files.removeStrays());
    const sweep = () => this.#queue(() => this.sweep());
    sweep();
    this.#timer = setInterval(sweep, settings.sweepMs).unref();
  }

  async sweep(): Promise<void> {
    const { settings, logger } = this.#options;
    const versions = await sweepVersions({ ...this.#options, keepMs: settings.keepVersionsMs });
    const files = await sweepFiles({ ...this.#options, keepMs: settings.keepFilesMs });
    if (versions + files > 0) logger.info({ versions, files }, 'what nothing needed any more was removed');
  }

  /** Ends after the sweep that runs. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#work;
  }

  // One after the other. A sweep that fails (a disk that can only be read) is tried again with the next.
  #queue(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      this.#options.logger.error({ err: error }, 'what nothing needs any more could not be removed');
    });
  }
}
