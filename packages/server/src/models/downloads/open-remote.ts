import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { VERSION, type HttpAgent } from '@parley/service-kit';
import type { Followed, OpenGuardedOptions } from '@parley/service-kit/guarded-fetch';
import type { HubSettings, FileSource } from './model-source.ts';

/** What a server answered; nothing of its body is read yet. */
export interface RemoteAnswer {
  status: number;
  host: string;
  body: IncomingMessage;
  headers: IncomingHttpHeaders;
  /** Of the whole file, when the server says it. */
  size: number | null;
  /** Strong ones only: a weak one does not promise the same bytes. */
  etag: string | null;
  /** SHA-256 of the file in hex, as the hub states it. */
  digest: string | null;
  /** Of a 206: the place that its first byte belongs to; null when it does not say. */
  start: number | null;
}

export interface RangeRequest {
  from: number;
  /** The last byte; a server may send fewer. */
  to: number;
  /** The server is to send the whole file when it is another one by now. */
  ifRange: string | null;
}

export type OpenRemote = (url: string, range: RangeRequest | null, signal: AbortSignal) => Promise<RemoteAnswer>;

export interface OpenerOptions {
  hub: HubSettings;
  /** Opens private addresses too, beside those of the endpoints themselves. */
  allowPrivate: boolean;
  /** Keeps the connection between the pieces of a file. */
  agent: HttpAgent;
}

/**
 * How to open the addresses of one source: each one guarded, and the token for the endpoint alone.
 * Where an address led to is remembered, with what the hub said on the way, and asked at once for the
 * next piece.
 */
export function createOpener(source: FileSource, options: OpenerOptions): OpenRemote {
  const { isFromHub } = source;
  const rules = rulesOf(source, options);
  let shortcut: Shortcut | null = null;
  return async (address, range, signal) => {
    const opening: OpenGuardedOptions = { ...rules(range), signal };
    if (shortcut?.from === address) {
      const known = shortcut;
      shortcut = null;
      const followed = await followSafely(known.to, opening);
      const answer = toAnswer({ ...followed, redirects: known.redirects }, isFromHub);
      if (goesOn(answer, range)) {
        shortcut = known;
        return answer;
      }
      // Its signature may have run out, or another file be there: the hub knows.
      answer.body.destroy();
    }
    const followed = await followSafely(address, opening);
    const answer = toAnswer(followed, isFromHub);
    const { redirects, url } = followed;
    if (isOfFile(answer) && redirects.length > 0) shortcut = { from: address, to: url.href, redirects };
    return answer;
  };
}

interface Shortcut {
  from: string;
  to: string;
  redirects: Followed['redirects'];
}

function rulesOf({ isFromHub }: FileSource, { hub, allowPrivate, agent }: OpenerOptions) {
  const endpoint = new URL(hub.endpoint);
  const endpoints = [hub.endpoint, ...hub.mirrors].map((address) => new URL(address));
  // An endpoint at home redirects to a port beside it; an address that a person names gets no such trust.
  const isOwn = (url: URL) =>
    endpoints.some(({ host, hostname }) => (isFromHub ? hostname === url.hostname : host === url.host));
  return (range: RangeRequest | null): Omit<OpenGuardedOptions, 'signal'> => ({
    agent,
    allowPrivate: (url) => allowPrivate || isOwn(url),
    headersFor: (url) => ({
      'user-agent': `Parley/${VERSION}`,
      accept: '*/*',
      'accept-encoding': 'identity',
      ...(range && { range: `bytes=${range.from}-${range.to}` }),
      ...(range?.ifRange && { 'if-range': range.ifRange }),
      ...(hub.token !== null && url.origin === endpoint.origin && { authorization: `Bearer ${hub.token}` }),
    }),
  });
}

async function followSafely(address: string, opening: OpenGuardedOptions): Promise<Followed> {
  const { openGuarded } = await import('@parley/service-kit/guarded-fetch');
  return openGuarded(address, opening);
}

/** An answer about the file, and not about the right to have it or the state of the server. */
function isOfFile({ status }: RemoteAnswer): boolean {
  return status === 200 || status === 206 || status === 416;
}

/** The whole file in place of a range says that it is another one, as far as this server knows. */
function goesOn(answer: RemoteAnswer, range: RangeRequest | null): boolean {
  return isOfFile(answer) && (answer.status !== 200 || range?.ifRange === null);
}

function toAnswer(followed: Followed, isFromHub: boolean): RemoteAnswer {
  const { url, response } = followed;
  const { statusCode: status = 0, headers } = response;
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers['content-range'] ?? '');
  const whole = status === 200 ? headers['content-length'] : undefined;
  const { linkedSize, ...identity } = identityOf(followed, isFromHub);
  return {
    status,
    host: url.host,
    body: response,
    headers,
    size: toCount(range?.[2] ?? whole) ?? linkedSize,
    start: toCount(range?.[1]),
    ...identity,
  };
}

/** The hub tells digest and size where it redirects from, and not where the bytes are. */
function identityOf({ response: { headers }, redirects }: Followed, isFromHub: boolean) {
  const linked = redirects.find((one) => one['x-linked-etag'] !== undefined) ?? headers;
  // Elsewhere than at the hub itself an etag that looks like a digest may be one of something else.
  const own = isFromHub && redirects.length === 0 ? headers.etag : undefined;
  return {
    etag: headers.etag?.startsWith('"') ? headers.etag : null,
    digest: toDigest(headerOf(linked, 'x-linked-etag')) ?? toDigest(own),
    linkedSize: toCount(headerOf(linked, 'x-linked-size')),
  };
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function toCount(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function toDigest(etag: string | undefined): string | null {
  return /^(?:W\/)?"?([0-9a-f]{64})"?$/i.exec(etag ?? '')?.[1]?.toLowerCase() ?? null;
}
