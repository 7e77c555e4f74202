import { ParleyError } from '@parley/contracts';

/**
 * Passes values on until `signal` aborts, then throws `request_aborted` in the same turn of the
 * event loop, even while the source is silent. The source is told to end, but not waited for: a
 * slow farewell must not hold the slot.
 */
export async function* untilAborted<Value>(source: AsyncIterable<Value>, signal: AbortSignal): AsyncGenerator<Value> {
  const iterator = source[Symbol.asyncIterator]();
  let hasEnded = false;
  try {
    while (true) {
      const step = await stepOrAbort(iterator, signal);
      if (step.done) {
        hasEnded = true;
        return;
      }
      yield step.value;
    }
  } finally {
    if (!hasEnded) iterator.return?.().catch(() => undefined);
  }
}

function stepOrAbort<Value>(iterator: AsyncIterator<Value>, signal: AbortSignal): Promise<IteratorResult<Value>> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new ParleyError('request_aborted', 'The reader left.'));
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    iterator
      .next()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}
