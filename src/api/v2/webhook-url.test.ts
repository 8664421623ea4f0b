/** Which URLs of webhooks are taken, where only the internet may be called: in whatever way an address is written. */
import { expect, test } from 'vitest';
import { isPublicAddress } from '../../system/addresses.ts';
import { mayCall, requireUrl } from './webhook-url.ts';

const webhooks = { allow: 'public', isPublic: isPublicAddress } as const;

test.each([
  'https://pms.example.com/hook',
  'https://pms.example.com:8443/hook?a=b#c',
  'HTTPS://PMS.example.com',
  ' https://pms.example.com ',
  'https://收银.example.com/',
  'https://8.8.8.8/',
  'https://[2606:4700::1111]/',
  'https://localhost.example.com/',
])('%s is taken as it is, and may be called', (url) => {
  expect(requireUrl({ webhooks }, url)).toBe(url);
  expect(mayCall(webhooks, url)).toBe(true);
});

const PRIVATE = /must be on the internet/;

test.each([
  ['pms.example.com', /must be a URL/],
  ['https://', /must be a URL/],
  ['https://[fe80::1%eth0]/', /must be a URL/],
  ['http://pms.example.com/', /must begin with https/],
  ['javascript:alert(1)', /must begin with https/],
  ['https://user@pms.example.com/', /user or a password/],
  ['https://8.8.8.8@10.0.0.1/', /user or a password/],
  ['https://localhost/', PRIVATE],
  ['https://localhost./', PRIVATE],
  ['https://a.LOCALHOST/', PRIVATE],
  ['https://127.0.0.1./', PRIVATE],
  ['https://127.1/', PRIVATE],
  ['https://2130706433/', PRIVATE],
  ['https://0x7f.0.0.1/', PRIVATE],
  ['https://0177.0.0.1/', PRIVATE],
  ['https://１２７.0.0.1/', PRIVATE],
  ['https://0/', PRIVATE],
  ['https://100.64.0.1/', PRIVATE],
  ['https://169.254.169.254/latest/meta-data', PRIVATE],
  ['https://[::1]/', PRIVATE],
  ['https://[::ffff:127.0.0.1]/', PRIVATE],
  ['https://[::ffff:0:7f00:1]/', PRIVATE],
  ['https://[64:ff9b::10.0.0.1]/', PRIVATE],
  ['https://[2002:7f00:1::]/', PRIVATE],
])('%s is refused', (url, rule) => {
  expect(() => requireUrl({ webhooks }, url)).toThrow(
    expect.objectContaining({ message: expect.stringMatching(rule) }),
  );
});

test('where all may be called, what is no HTTP may not', () => {
  const any = { allow: 'any' } as const;
  expect(['http://10.0.0.1/', 'ftp://10.0.0.1/', 'pms'].map((url) => mayCall(any, url))).toEqual([
    true,
    false,
    false,
  ]);
});
