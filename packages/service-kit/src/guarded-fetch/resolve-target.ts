import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { ParleyError } from '@parley/contracts';

export interface HostAddress {
  address: string;
  family: number;
}

/** Answers every address of a host name; rejects when there is none. */
export type ResolveHost = (hostname: string) => Promise<HostAddress[]>;

/** An address that may be opened, and the only machines to connect to for it. */
export interface Target {
  url: URL;
  addresses: readonly [HostAddress, ...HostAddress[]];
}

/** By the system's resolver, so that it is what a connection would have used. */
export const resolveBySystem: ResolveHost = (hostname) => lookup(hostname, { all: true });

/** Other services than the web's have these ports; a request is not to be smuggled to them. */
const RESERVED_PORTS_END = 1024;
const WEB_PORTS = new Set(['', '80', '443']);

export interface TargetRules {
  allowPrivate: boolean;
  isPublic: (address: string) => boolean;
  resolveHost: ResolveHost;
}

/**
 * Reads an address as a browser does (which turns decimal, octal and hexadecimal hosts, wide digits
 * and IDN into one form) and looks its host up once. Throws `url_refused` for what is no plain web
 * address, `url_private` when a single one of the host's addresses is not public, and
 * `url_unreachable` when there is no such host.
 */
export async function resolveTarget(address: string, rules: TargetRules): Promise<Target> {
  const { allowPrivate, isPublic, resolveHost } = rules;
  const url = readAddress(address);
  if (!allowPrivate) refuseReservedPort(url);
  const addresses = await addressesOf(url, resolveHost);
  if (!allowPrivate && !addresses.every((one) => isPublic(one.address))) {
    throw new ParleyError('url_private', `${url.host} lies in a private network, which Parley does not open.`);
  }
  return { url, addresses };
}

function readAddress(address: string): URL {
  const url = URL.parse(address);
  if (!url) throw new ParleyError('url_refused', 'This is not a web address.');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ParleyError('url_refused', `Only http and https addresses can be opened, not ${url.protocol}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new ParleyError('url_refused', 'An address with a name or password in it is not opened.');
  }
  // "example.com." is the same host; but not to certificates, nor to whoever compares names.
  url.hostname = url.hostname.replace(/\.$/, '');
  url.hash = '';
  return url;
}

function refuseReservedPort({ port }: URL): void {
  if (WEB_PORTS.has(port) || Number(port) >= RESERVED_PORTS_END) return;
  throw new ParleyError('url_refused', `Port ${port} belongs to another service than the web.`);
}

async function addressesOf({ hostname }: URL, resolveHost: ResolveHost): Promise<Target['addresses']> {
  const literal = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(literal);
  if (family !== 0) return [{ address: literal, family }];
  const [first, ...others] = await resolveHost(hostname).catch((error: unknown) => {
    throw new ParleyError('url_unreachable', `There is no host "${hostname}".`, { cause: error });
  });
  if (!first) throw new ParleyError('url_unreachable', `There is no host "${hostname}".`);
  return [first, ...others];
}
