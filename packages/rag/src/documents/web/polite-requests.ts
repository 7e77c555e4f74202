import { setTimeout as delay } from 'node:timers/promises';
import { ParleyError } from '@parley/contracts';
import type { CrawlOptions, FetchedPage } from './crawl-events.ts';

/** Milliseconds between two requests where the site does not ask for more. */
const PAUSE_MS = 500;

/** One request at a time, with a pause before each but the first. */
export class PoliteRequests {
  /** Set when the site asks for a longer pause; milliseconds. */
  pauseMs = PAUSE_MS;
  readonly #options: Pick<CrawlOptions, 'fetchPage' | 'signal' | 'wait'>;
  #count = 0;

  constructor(options: Pick<CrawlOptions, 'fetchPage' | 'signal' | 'wait'>) {
    this.#options = options;
  }

  /** Throws the reason of the signal; a page that fails is answered with its error. */
  async fetch(url: string): Promise<FetchedPage | { url: string; error: ParleyError }> {
    const { fetchPage, signal, wait = clockWait } = this.#options;
    signal.throwIfAborted();
    if (this.#count > 0) await wait(Math.max(this.pauseMs, PAUSE_MS), signal);
    this.#count += 1;
    try {
      return await fetchPage(url, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ParleyError) return { url, error };
      throw error;
    }
  }
}

async function clockWait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal });
}
