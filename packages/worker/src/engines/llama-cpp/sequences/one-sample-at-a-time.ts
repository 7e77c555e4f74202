import type { LlamaContext } from 'node-llama-cpp';

type SampleToken = (...parts: unknown[]) => Promise<unknown>;

/**
 * Lets a context choose one token at a time. The library chooses those of a batch in several threads,
 * and llama.cpp, where a batch was not in the order of its sequences, puts its results in order with
 * the first question and without a lock: a conversation was then given the token of its neighbour (in
 * 27 of 960 answers of eight at once, called directly). Sorted batches (`BatchAligner`) avoid it too;
 * but what one person is told must not hang on that alone.
 */
export function oneSampleAtATime(context: LlamaContext): void {
  const native: unknown = Reflect.get(context, '_ctx');
  if (typeof native !== 'object' || native === null) return;
  const sample: unknown = Reflect.get(native, 'sampleToken');
  if (typeof sample !== 'function') return;
  let last: Promise<unknown> = Promise.resolve();
  const value: SampleToken = (...parts) => {
    const next = last.then(() => (sample as SampleToken).apply(native, parts));
    last = next.catch(() => undefined);
    return next;
  };
  Object.defineProperty(native, 'sampleToken', { value });
}
