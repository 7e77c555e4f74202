import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { ParleyError } from '@parley/contracts';
import type { HttpAgent } from '../http-client.ts';
import { openPage } from './open-page.ts';
import { isPublicAddress } from './public-address.ts';
import { resolveBySystem, resolveTarget, type ResolveHost } from './resolve-target.ts';

export interface Following {
  /** Asked anew for each address of the way, so that what one host may see does not reach another. */
  headersFor: (url: URL) => Record<string, string>;
  /** Whether an address of the way may be private; an address that cannot be read is never asked about. */
  allowPrivate: (url: URL) => boolean;
  /** Milliseconds to connect, and to the headers, for each address of the way. */
  connectMs: number;
  headersMs: number;
  signal: AbortSignal;
  /** Keeps connections between calls with the same rules; whoever made it destroys it. */
  agent?: HttpAgent | undefined;
  resolveHost?: ResolveHost | undefined;
  isPublic?: ((address: string) => boolean) | undefined;
}

export interface Followed {
  url: URL;
  /** Its body unread; the caller reads or destroys it. */
  response: IncomingMessage;
  /** What the redirecting servers answered, the first one first. */
  redirects: readonly IncomingHttpHeaders[];
}

const MAX_REDIRECTS = 5;

/** Opens an address, and each one that it redirects to, every one checked before it is connected to. */
export async function followRedirects(address: string, following: Following): Promise<Followed> {
  const { isPublic = isPublicAddress, resolveHost = resolveBySystem, ...rules } = following;
  const redirects: IncomingHttpHeaders[] = [];
  let next = address;
  while (redirects.length <= MAX_REDIRECTS) {
    const named = URL.parse(next);
    const allowPrivate = named !== null && rules.allowPrivate(named);
    const target = await resolveTarget(next, { allowPrivate, isPublic, resolveHost });
    rules.signal.throwIfAborted();
    const response = await openPage(target, { ...rules, headers: rules.headersFor(target.url) });
    const location = redirectOf(response);
    if (location === null) return { url: target.url, response, redirects };
    response.destroy();
    redirects.push(response.headers);
    next = URL.parse(location, target.url.href)?.href ?? location;
  }
  throw new ParleyError('url_unreachable', `The address redirects more than ${MAX_REDIRECTS} times.`);
}

function redirectOf({ statusCode = 0, headers }: IncomingMessage): string | null {
  return [301, 302, 303, 307, 308].includes(statusCode) ? (headers.location ?? null) : null;
}
