/**
 * Which addresses a webhook may be sent to. The private ones are those that a server behind a firewall reaches and its caller
 * does not.
 */
import { expect, test } from 'vitest';
import { isPublicAddress } from './addresses.ts';

test.each([
  '8.8.8.8',
  '110.75.244.229',
  '172.32.0.1',
  '100.128.0.1',
  '2400:3200::1',
  '2606:4700::1111',
])('%s is public', (address) => expect(isPublicAddress(address)).toBe(true));

test.each([
  '127.0.0.1',
  '127.8.8.8',
  '0.0.0.0',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::7f00:1',
  '::ffff:0:127.0.0.1',
  '2002:7f00:1::',
  '2001::7f00:1',
  '2001:db8::1',
  '3fff::1',
  '100:0:0:1::1',
  '5f00::1',
  'fec0::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd12::1',
  'fe80::1',
  'ff02::1',
  'localhost',
  '',
  '1.2.3',
])('%j is not', (address) => expect(isPublicAddress(address)).toBe(false));
