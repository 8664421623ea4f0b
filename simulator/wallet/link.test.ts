/** The address of the page as the cashier writes it, as people type it, and broken. */
import { expect, test } from 'vitest';

import { readLink } from './link.ts';

test.each([
  ['', { view: 'code' }],
  ['#history', { view: 'history' }],
  ['#nothing', { view: 'code' }],
  ['#qr=https://qr.alipay.com/bax1', { view: 'code', qrCode: 'https://qr.alipay.com/bax1' }],
  ['#qr=https%3A%2F%2Fq%2Fa%2Bb%26c', { view: 'code', qrCode: 'https://q/a+b&c' }],
  ['#qr=a+b', { view: 'code', qrCode: 'a+b' }],
  ['#token=s%20e&qr=x', { view: 'code', token: 's e', qrCode: 'x' }],
  ['#token=x&view=demo', { view: 'demo', token: 'x' }],
  ['#qr=100%', { view: 'code', qrCode: '100%' }],
  ['#qr=', { view: 'code' }],
])('%s', (hash, link) => {
  expect(readLink(hash)).toStrictEqual(link);
});
