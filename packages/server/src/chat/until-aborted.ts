/**
 * Yields what the source yields until the signal aborts, then throws at once, even if the source
 * is slow to notice: a Stop must never wait for a chain that hangs.
 */
export async function* untilAborted<Value>(source: AsyncIterable<Value>, signal: AbortSignal): AsyncGenerator<Value> {
  const iterator = source[Symbol.asyncIterator]();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(new DOMException('aborted', 'AbortError'));
  // Without a reader of its own a rejection between two rounds would count as unhandled.
  aborted.catch(() => {});
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    while (true) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    // Not awaited: a generator that is busy would hold it until its own next step.
    void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}
