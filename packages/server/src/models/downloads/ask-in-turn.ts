import { ParleyError } from '@parley/contracts';
import type { Verdict } from './judge-answer.ts';
import type { FileSource } from './model-source.ts';
import { RetryPace, type Failure } from './retry-pace.ts';

/** The body ended before the file did. */
export class BrokenOff extends Error {}

/** Null when it went well, or is to be asked again at once. */
export type Outcome = Extract<Verdict, { kind: 'later' | 'refused' }> | null;

export interface AskOptions {
  source: FileSource;
  signal: AbortSignal;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Bytes that are there: failures without one more of them are counted. */
  received: () => number;
  isDone: () => boolean;
  /** May throw `BrokenOff`. */
  ask: (url: string) => Promise<Outcome>;
}

/** Asks the addresses of a file until it is done: again after failures, and another where one does not have it. */
export async function askInTurn(options: AskOptions): Promise<void> {
  const { source, signal, wait, received, isDone } = options;
  const urls: string[] = [...source.urls];
  let pace = new RetryPace(urls.length, received());
  while (!isDone()) {
    signal.throwIfAborted();
    const outcome = await ask(options, urls[pace.way] ?? '');
    if (outcome === null) continue;
    if ('error' in outcome) {
      if (urls.length === 1) throw outcome.error;
      urls.splice(pace.way, 1);
      pace = new RetryPace(urls.length, received());
      continue;
    }
    const pause = pace.after(outcome, received());
    if (pause === null) throw givenUp(outcome, received());
    await wait(pause, signal);
  }
}

async function ask({ ask: askOnce, signal }: AskOptions, url: string): Promise<Outcome> {
  try {
    return await askOnce(url);
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof BrokenOff) return later('The connection broke off.');
    if (error instanceof ParleyError && error.code === 'url_unreachable') {
      return later(error.message);
    }
    throw error;
  }
}

function later(reason: string): Outcome {
  return { kind: 'later', reason, retryAfterMs: null };
}

function givenUp({ reason }: Failure, received: number): ParleyError {
  const kept = received > 0 ? ' What is there is kept, and it goes on from there when you try again.' : '';
  return new ParleyError('download_failed', reason + kept);
}
