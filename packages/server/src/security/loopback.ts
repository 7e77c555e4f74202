import type { FastifyRequest } from 'fastify';

/** How the server is reached, as its settings say. */
export interface Reach {
  /** The address that it listens on. */
  host: string;
  /** Further host names, without ports. */
  allowedHosts: readonly string[];
}

/** Whether the name or address means this machine. */
export function isLoopbackName(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

/** The host name of a `Host` header or an origin, without its port; null when it cannot be read. */
export function hostNameOf(authority: string): string | null {
  return URL.canParse(`http://${authority}`) ? new URL(`http://${authority}`).hostname : null;
}

/**
 * Whether this request can only come from this machine. Not so behind a reverse proxy, which
 * itself sits on loopback: its host name is set, or it says for whom it asks.
 */
export function isLoopbackOnly(request: FastifyRequest, { host, allowedHosts }: Reach): boolean {
  const { headers } = request;
  const isForwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip'].some((name) => headers[name] !== undefined);
  return isLoopbackName(host) && allowedHosts.every(isLoopbackName) && !isForwarded;
}
