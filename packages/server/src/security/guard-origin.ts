import type { FastifyRequest } from 'fastify';
import { ParleyError } from '@parley/contracts';
import { hostNameOf, type Reach } from './loopback.ts';

const READING_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a request that changes something on behalf of a browser's cookie unless our own page
 * sent it. Without a cookie there is nothing to steal, so a caller that names no origin may pass.
 */
export function guardOrigin(request: FastifyRequest, reach: Reach, hasCookie: boolean): void {
  if (READING_METHODS.has(request.method)) return;
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  if (origin !== undefined) {
    if (!isOwnOrigin(origin, host ?? '', reach.allowedHosts)) throw foreignOrigin();
    return;
  }
  const isNamed = typeof site === 'string';
  if (isNamed ? site !== 'same-origin' : hasCookie) throw foreignOrigin();
}

function isOwnOrigin(origin: string, host: string, allowedHosts: readonly string[]): boolean {
  if (!URL.canParse(origin)) return false;
  const authority = new URL(origin).host;
  return authority === host.toLowerCase() || allowedHosts.includes(hostNameOf(authority) ?? '');
}

function foreignOrigin(): ParleyError {
  return new ParleyError(
    'foreign_origin',
    'This request did not come from the page of this server. Scripts should send a token instead of a cookie.',
  );
}
