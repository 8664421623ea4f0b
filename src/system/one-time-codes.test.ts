/** Codes of an authenticator app, held against the vectors of RFC 6238 (appendix B, SHA-1, the last six digits). */
import { expect, test } from 'vitest';
import { oneTimeCodes } from './one-time-codes.ts';

const SECRET = oneTimeCodes.secretOf(Buffer.from('12345678901234567890').toString('hex'));

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_234_567_890, '005924'],
  [20_000_000_000, '353130'],
])('at %i seconds it is %s, and tells its period', (seconds, code) => {
  const period = Math.floor(seconds / 30);
  const at = (s: number) => oneTimeCodes.periodOf(SECRET, code, s * 1000);
  expect(at(seconds)).toBe(period);
  // A telephone's clock that is half a minute off, and no more.
  const begins = period * 30;
  expect([at(begins - 30), at(begins + 59)]).toEqual([period, period]);
  expect([at(begins - 31), at(begins + 60)]).toEqual([undefined, undefined]);
});

test('another code, or something that is none, is wrong', () => {
  for (const code of ['287083', '', '28708', '2870820', 'abcdef']) {
    expect(oneTimeCodes.periodOf(SECRET, code, 59_000)).toBeUndefined();
  }
});

test('an app reads the secret, the name and the gateway', () => {
  expect(SECRET).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  const uri = new URL(oneTimeCodes.uriOf(SECRET, '王芳@tea'));
  expect(uri.protocol).toBe('otpauth:');
  expect(decodeURIComponent(uri.pathname)).toContain('alipay-f2f:王芳@tea');
  expect(Object.fromEntries(uri.searchParams)).toMatchObject({
    issuer: 'alipay-f2f',
    secret: SECRET,
  });
});
