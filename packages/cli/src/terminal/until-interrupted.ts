/** Does something that Ctrl+C ends by its signal. */
export async function untilInterrupted<Result>(use: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGINT', stop);
  try {
    return await use(stopping.signal);
  } finally {
    process.off('SIGINT', stop);
  }
}
