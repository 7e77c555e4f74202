import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { VERSION } from '@parley/service-kit';
import type { Followed } from '@parley/service-kit/guarded-fetch';
import type { HubSettings, ModelSource } from './model-source.ts';

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
  /** The server is to send the whole file when it is another one by now. */
  ifRange: string | null;
}

export type OpenRemote = (url: string, range: RangeRequest | null, signal: AbortSignal) => Promise<RemoteAnswer>;

export interface OpenerOptions {
  hub: HubSettings;
  /** Opens private addresses too, beside those of the endpoints themselves. */
  allowPrivate: boolean;
}

/** How to open the addresses of one source: each one guarded, and the token for the endpoint alone. */
export function createOpener({ isFromHub }: ModelSource, { hub, allowPrivate }: OpenerOptions): OpenRemote {
  const endpoint = new URL(hub.endpoint);
  const endpoints = [hub.endpoint, ...hub.mirrors].map((address) => new URL(address));
  // An endpoint at home redirects to a port beside it; an address that a person names gets no such trust.
  const isOwn = (url: URL) =>
    endpoints.some(({ host, hostname }) => (isFromHub ? hostname === url.hostname : host === url.host));
  return async (address, range, signal) => {
    const { openGuarded } = await import('@parley/service-kit/guarded-fetch');
    const followed = await openGuarded(address, {
      signal,
      allowPrivate: (url) => allowPrivate || isOwn(url),
      headersFor: (url) => ({
        'user-agent': `Parley/${VERSION}`,
        accept: '*/*',
        'accept-encoding': 'identity',
        ...(range && { range: `bytes=${range.from}-` }),
        ...(range?.ifRange && { 'if-range': range.ifRange }),
        ...(hub.token !== null && url.origin === endpoint.origin && { authorization: `Bearer ${hub.token}` }),
      }),
    });
    return toAnswer(followed, isFromHub);
  };
}

function toAnswer({ url, response, redirects }: Followed, isFromHub: boolean): RemoteAnswer {
  const { statusCode: status = 0, headers } = response;
  const isHubItself = isFromHub && redirects.length === 0;
  const linked = redirects.find((one) => one['x-linked-etag'] !== undefined) ?? headers;
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers['content-range'] ?? '');
  const total = range ? range[2] : status === 200 ? headers['content-length'] : undefined;
  return {
    status,
    host: url.host,
    body: response,
    headers,
    size: toCount(total) ?? toCount(headerOf(linked, 'x-linked-size')),
    etag: headers.etag?.startsWith('"') ? headers.etag : null,
    // Of the hub itself only: elsewhere an etag that looks like a digest may be one of something else.
    digest: toDigest(headerOf(linked, 'x-linked-etag')) ?? (isHubItself ? toDigest(headers.etag) : null),
    start: toCount(range?.[1]),
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
