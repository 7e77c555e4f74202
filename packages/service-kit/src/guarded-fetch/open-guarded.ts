import { ParleyError } from '@parley/contracts';
import { followRedirects, type Followed, type Following } from './follow-redirects.ts';
import { untilSignal } from './until-signal.ts';

export interface OpenGuardedOptions extends Omit<Following, 'connectMs' | 'headersMs'> {
  /** Default 10 s. */
  connectMs?: number;
  /** Default 30 s. */
  headersMs?: number;
}

/**
 * `guardedFetch` for what is too large to be read whole: the same checks of the address and of each
 * redirect, and the response with its body unread and its status not judged. Throws `url_refused`,
 * `url_private`, `url_unreachable`, and `request_aborted` when `signal` aborts, which ends the body too.
 */
export async function openGuarded(address: string, options: OpenGuardedOptions): Promise<Followed> {
  const { signal } = options;
  try {
    return await untilSignal(followRedirects(address, { connectMs: 10_000, headersMs: 30_000, ...options }), signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new ParleyError('request_aborted', 'The request was aborted.', { cause: error });
  }
}
