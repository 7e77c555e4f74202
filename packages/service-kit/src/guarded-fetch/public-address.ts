import { BlockList, isIP } from 'node:net';

/**
 * IPv4 that is not the public internet: the IANA special-purpose registry (RFC 6890 and its
 * updates), multicast and reserved space, and the one public-looking address behind which a cloud
 * keeps its metadata (Azure).
 */
const SPECIAL_IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/**
 * Inside 2000::/3, the only IPv6 space that IANA has given out, what is special all the same:
 * protocol assignments with Teredo, documentation, and 6to4, which carries an IPv4 address inside.
 */
const SPECIAL_IPV6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const special = new BlockList();
for (const [network, prefix] of SPECIAL_IPV4) special.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of SPECIAL_IPV6) special.addSubnet(network, prefix, 'ipv6');

const globalIpv6 = new BlockList();
globalIpv6.addSubnet('2000::', 3, 'ipv6');

/** IPv4-mapped addresses (RFC 4291) and NAT64 (RFC 6052): they lead to the IPv4 address in their last 32 bits. */
const carriers = new BlockList();
carriers.addSubnet('::ffff:0:0', 96, 'ipv6');
carriers.addSubnet('64:ff9b::', 96, 'ipv6');

/** True when `address` is an IP address of the public internet; false for every other, and for what is none. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  // A zone ("%eth0") belongs to link-local addresses only.
  if (family !== 6 || address.includes('%')) return false;
  if (carriers.check(address, 'ipv6')) return isPublicAddress(lastIpv4Of(address));
  return globalIpv6.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

function lastIpv4Of(address: string): string {
  // The URL parser writes every form of an IPv6 address in one way, all groups in hexadecimal.
  const groups = new URL(`http://[${address}]/`).hostname.slice(1, -1).split(':');
  const [high = 0, low = 0] = groups.slice(-2).map((group) => Number.parseInt(group || '0', 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
