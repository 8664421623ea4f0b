/**
 * Which addresses are somebody's on the internet, and which are this host, its network or nobody's: a program of ours that
 * calls whatever URL it is given must not be sent to those (SSRF). The lists are IANA's special-purpose registries. Also where
 * this host reaches itself.
 */
import { BlockList, isIP } from 'node:net';

const PRIVATE_4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
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
] as const;

/** Beside what is nobody's: forms of IPv6 that carry an IPv4 address, which could be any of the above. */
const PRIVATE_6 = [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const;

/** Two lists: in one, an IPv4 address would be found under the form of IPv6 that carries it. */
const lists = { 4: new BlockList(), 6: new BlockList() };
for (const [net, bits] of PRIVATE_4) lists[4].addSubnet(net, bits, 'ipv4');
for (const [net, bits] of PRIVATE_6) lists[6].addSubnet(net, bits, 'ipv6');

/** False for addresses of this host and of private networks, and for what is no address. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !lists[4].check(address, 'ipv4');
  return version === 6 && !lists[6].check(address, 'ipv6');
}

/** How this host reaches what listens there. */
export function originOf(listeningHost: string, port: number): string {
  const isEverywhere = listeningHost === '0.0.0.0' || listeningHost === '::';
  const host = isEverywhere ? '127.0.0.1' : listeningHost;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
