import { ParleyError } from '@parley/contracts';

/**
 * Passes `source`'s values on until `signal` aborts, then throws `request_aborted` at once, even
 * while the source is silent or slow to notice. A source that is left early is told to end, but
 * not waited for: a slow farewell must hold neither a slot nor a Stop.
 */
export async function* untilAborted<Value>(source: AsyncIterable<Value>, signal: AbortSignal): AsyncGenerator<Value> {
  const iterator = source[Symbol.asyncIterator]();
  let hasEnded = false;
  try {
    while (true) {
      const step = await stepOrAbort(iterator, signal);
      hasEnded = Boolean(step.done);
      if (step.done) return;
      yield step.value;
    }
  } finally {
    if (!hasEnded) iterator.return?.().catch(() => undefined);
  }
}

// A promise of its own for each step: racing one long-lived promise would keep every step in memory.
function stepOrAbort<Value>(iterator: AsyncIterator<Value>, signal: AbortSignal): Promise<IteratorResult<Value>> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new ParleyError('request_aborted', 'The reader left.', { cause: signal.reason }));
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    iterator
      .next()
      .finally(() => signal.removeEventListener('abort', abort))
      .then(resolve, reject);
  });
}
