import type { LlamaContext } from 'node-llama-cpp';
import { ParleyError } from '@parley/contracts';

type SampleToken = (...parts: unknown[]) => Promise<unknown>;

/**
 * Lets a context choose one token at a time. The library chooses those of a batch in several threads,
 * and llama.cpp, where it computed a batch in another order, puts its results in order with the first
 * question and without a lock: a conversation was then given the token of its neighbour (in 27 of 960
 * answers of eight at once, called directly). That a batch is sorted (`BatchAligner`) does not prevent
 * it: where one reads while others write, their tokens are computed apart.
 *
 * Throws `internal_error` where the library's inner part is not as it was: one person's words must not
 * go to another because of an update.
 */
export function oneSampleAtATime(context: LlamaContext): void {
  const native: unknown = Reflect.get(context, '_ctx');
  const sample: unknown = typeof native === 'object' && native !== null ? Reflect.get(native, 'sampleToken') : null;
  if (typeof sample !== 'function') {
    const message = 'This version of node-llama-cpp cannot keep conversations apart; run npm install again.';
    throw new ParleyError('internal_error', message);
  }
  let last: Promise<unknown> = Promise.resolve();
  const value: SampleToken = (...parts) => {
    const next = last.then(() => (sample as SampleToken).apply(native, parts));
    last = next.catch(() => undefined);
    return next;
  };
  Object.defineProperty(native, 'sampleToken', { value });
}
