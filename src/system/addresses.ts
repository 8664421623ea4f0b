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

/** All of IPv6 that is given to anybody. Outside of it are this host and its network, and forms that carry an IPv4 address. */
const GIVEN_6 = ['2000::', 3] as const;
/** Within it: what is nobody's, and other forms that carry one, which could be any of the above. */
const PRIVATE_6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

/** Two lists: in one, an IPv4 address would be found under the form of IPv6 that carries it. */
const lists = { 4: new BlockList(), 6: new BlockList() };
for (const [net, bits] of PRIVATE_4) lists[4].addSubnet(net, bits, 'ipv4');
for (const [net, bits] of PRIVATE_6) lists[6].addSubnet(net, bits, 'ipv6');
const given = new BlockList();
given.addSubnet(...GIVEN_6, 'ipv6');

/** False for addresses of this host and of private networks, and for what is no address. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !lists[4].check(address, 'ipv4');
  return version === 6 && given.check(address, 'ipv6') && !lists[6].check(address, 'ipv6');
}

/** How this host reaches what listens there. */
export function originOf(listeningHost: string, port: number): string {
  const isEverywhere = listeningHost === '0.0.0.0' || listeningHost === '::';
  const host = isEverywhere ? '127.0.0.1' : listeningHost;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
