import type { IncomingMessage } from 'node:http';
import { ParleyError } from '@parley/contracts';
import { VERSION } from '../version.ts';
import { followRedirects } from './follow-redirects.ts';
import { readBounded } from './read-bounded.ts';
import type { ResolveHost } from './resolve-target.ts';
import { untilSignal } from './until-signal.ts';

/** Milliseconds and bytes. */
export interface FetchLimits {
  /** The page's own bytes, after they are unpacked. */
  maxBytes: number;
  connectMs: number;
  headersMs: number;
  /** From the first look-up to the last byte, redirects included. */
  totalMs: number;
}

export interface GuardedFetchOptions {
  /** What may come back, as media types without parameters. */
  mediaTypes: readonly string[];
  /** Opens private and loopback addresses too. Only for a caller who may reach them anyway. */
  allowPrivate?: boolean;
  /** Default: 10 MiB, 5 s, 10 s, 30 s. */
  limits?: Partial<FetchLimits>;
  signal?: AbortSignal;
  resolveHost?: ResolveHost;
  /** What counts as the public internet; a test's server is none of it. */
  isPublic?: (address: string) => boolean;
}

export interface FetchedPage {
  /** Where the page was found in the end. */
  url: string;
  mediaType: string;
  /** As the server named it, or null. */
  charset: string | null;
  body: Buffer;
}

const DEFAULT_LIMITS: FetchLimits = {
  maxBytes: 10 * 1024 * 1024,
  connectMs: 5_000,
  headersMs: 10_000,
  totalMs: 30_000,
};

/**
 * Fetches a page whose address a person named: the one way out for such addresses. A host is looked
 * up once, every address of it checked, and only those are connected to, so that a name that
 * changes its mind changes nothing; each redirect is checked like the first address. Throws
 * `url_refused`, `url_private`, `url_unreachable`, `document_too_large`, `document_unreadable`, and
 * `request_aborted` when `signal` aborts.
 */
export async function guardedFetch(address: string, options: GuardedFetchOptions): Promise<FetchedPage> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const clock = AbortSignal.timeout(limits.totalMs);
  const signal = AbortSignal.any([clock, ...(options.signal ? [options.signal] : [])]);
  try {
    return await untilSignal(fetchPage(address, { ...options, limits, signal }), signal);
  } catch (error) {
    if (options.signal?.aborted) throw new ParleyError('request_aborted', 'The request was aborted.', { cause: error });
    if (!clock.aborted) throw error;
    const seconds = limits.totalMs / 1000;
    throw new ParleyError('url_unreachable', `The page took longer than ${seconds} s.`, { cause: error });
  }
}

interface Hop extends GuardedFetchOptions {
  limits: FetchLimits;
  signal: AbortSignal;
}

async function fetchPage(address: string, hop: Hop): Promise<FetchedPage> {
  const headers = {
    'user-agent': `ParleyBot/${VERSION}`,
    accept: hop.mediaTypes.join(', '),
    'accept-encoding': 'gzip',
  };
  const { connectMs, headersMs } = hop.limits;
  const { url, response } = await followRedirects(address, {
    headersFor: () => headers,
    allowPrivate: () => hop.allowPrivate ?? false,
    connectMs,
    headersMs,
    signal: hop.signal,
    resolveHost: hop.resolveHost,
    isPublic: hop.isPublic,
  });
  return readPage(response, url, hop);
}

async function readPage(response: IncomingMessage, url: URL, { mediaTypes, limits }: Hop): Promise<FetchedPage> {
  try {
    const { statusCode = 0, headers } = response;
    if (statusCode !== 200) throw answeredWith(statusCode, url);
    const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';');
    const mediaType = type.trim().toLowerCase();
    if (!mediaTypes.includes(mediaType)) {
      const what = mediaType === '' ? 'something that it does not name' : mediaType;
      throw new ParleyError('document_unreadable', `${url.host} answered with ${what}, which cannot be read here.`);
    }
    return { url: url.href, mediaType, charset: charsetOf(parameters), body: await readBounded(response, limits) };
  } finally {
    response.destroy();
  }
}

function answeredWith(status: number, { host }: URL): ParleyError {
  return new ParleyError('url_unreachable', `${host} answered with status ${status}.`, { answeredStatus: status });
}

function charsetOf(parameters: readonly string[]): string | null {
  const named = parameters.map((parameter) => /^\s*charset\s*=\s*"?([\w-]+)"?\s*$/i.exec(parameter)?.[1]);
  return named.find(Boolean)?.toLowerCase() ?? null;
}
