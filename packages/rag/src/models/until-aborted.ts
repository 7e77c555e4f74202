import { ParleyError } from '@parley/contracts';

/**
 * Passes `values` on until `signal` aborts; then throws `request_aborted` at once, even if the
 * source is silent and slow to notice. A source that is left early is told to end.
 */
export async function* untilAborted<Value>(values: AsyncIterable<Value>, signal: AbortSignal): AsyncGenerator<Value> {
  const iterator = values[Symbol.asyncIterator]();
  let isDone = false;
  try {
    for (;;) {
      const next = await nextOrAbort(iterator, signal);
      isDone = Boolean(next.done);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a generator that waits inside answers `return` only when its wait is over.
    if (!isDone) iterator.return?.().catch(() => {});
  }
}

// A promise of its own for each step: racing one long-lived promise would keep every step in memory.
function nextOrAbort<Value>(iterator: AsyncIterator<Value>, signal: AbortSignal): Promise<IteratorResult<Value>> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new ParleyError('request_aborted', 'The answer was stopped.', { cause: signal.reason }));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    iterator
      .next()
      .finally(() => signal.removeEventListener('abort', abort))
      .then(resolve, reject);
  });
}
