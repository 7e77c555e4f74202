/** A look-up cannot be called off; nobody is to wait for it once the time is over. */
export async function untilSignal<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const gone = Promise.withResolvers<never>();
  const leave = () => gone.reject(signal.reason as Error);
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  // What is left behind may still fail; nobody is there to hear it.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, gone.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
