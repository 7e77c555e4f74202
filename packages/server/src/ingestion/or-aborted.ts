import { ParleyError } from '@parley/contracts';

/** What `work` gives, or `request_aborted` as soon as `signal` aborts: a colleague that is slow to notice is not waited for. */
export async function orAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const gone = Promise.withResolvers<never>();
  const leave = () =>
    gone.reject(new ParleyError('request_aborted', 'The work was stopped.', { cause: signal.reason }));
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
