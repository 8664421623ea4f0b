/** What the audit log keeps of a request: all that tells what was asked, and nothing that lets somebody in or takes money. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskRequest, maskSecrets, REQUEST_BYTES_MAX } from './audit-mask.ts';

const masked = (request: Record<string, unknown>): unknown => JSON.parse(maskRequest(request));

test('what was asked stays as it is', () => {
  const request = {
    params: { id: 'pay_FF2611230000001' },
    query: { wait: 30 },
    body: {
      amount: 8800,
      reason: '一杯茶 too many',
      scopes: ['read', 'charge'],
      enabled: false,
      description: null,
      seller_id: '2088212612254111',
      app_id: '2016022901171807',
      trade_no: '2026112322001000000000214134',
      shop_no: 'DL0001',
      metadata: { room: '1203' },
    },
  };
  expect(masked(request)).toEqual(request);
});

describe('what is masked by its name', () => {
  test.each([
    'password',
    'new_password',
    'passphrase',
    'secret',
    'client_secret',
    'token',
    'app_auth_token',
    'csrf_token',
    'auth_code',
    'authCode',
    'totp',
    'code',
    'private_key',
    'credentials',
    'Authorization',
  ])('%s', (name) => {
    for (const value of ['x', 123456, { inner: 'x' }, ['x']]) {
      expect(masked({ body: { [name]: value, deep: [{ [name]: value }] } })).toEqual({
        body: { [name]: '***', deep: [{ [name]: '***' }] },
      });
    }
  });

  test('but not that there is none', () => {
    const body = { totp: true, token: null };
    expect(masked({ body })).toEqual({ body });
  });
});

test.each([
  ['a key of the API', 'my key is f2f_0123456789abcdef!', 'my key is f2f_***!'],
  ['a secret of a webhook', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_***'],
  ['a payment code', 'paid with 280851932108279999', 'paid with ***'],
  ['a private key', 'a -----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY----- b', 'a *** b'],
  ['half of one', '-----BEGIN RSA PRIVATE KEY-----\nMIIEvQ', '***'],
  ['an address’s password', 'https://me:pass@pms.example/hook', 'https://***@pms.example/hook'],
  ['an address’s query', 'https://a.example/b?access_token=x&c=d#e', 'https://a.example/b?***#e'],
  [
    'none of them',
    '中文 2088212612254111 FF2611230000001',
    '中文 2088212612254111 FF2611230000001',
  ],
])('what is masked by its looks: %s', (_what, text, left) => {
  expect(maskSecrets(text)).toBe(left);
});

test('a payment code that is written as a number, or as a name', () => {
  expect(masked({ body: { x: 2808519321082799, '280851932108279999': 1 } })).toEqual({
    body: { x: '***', '***': 1 },
  });
});

test('what is long is shortened, and what is still too long is left out', () => {
  expect(masked({ body: { certificate: '茶'.repeat(3000) } })).toEqual({
    body: { certificate: `${'茶'.repeat(200)}… (3000 characters)` },
  });
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`n${i}`, 'x'.repeat(199)]));
  expect(masked({ body: many })).toEqual({ omitted_bytes: expect.any(Number) });
});

test('whatever is sent: JSON, small, and without the secrets in it', () => {
  const secret = fc.oneof(
    fc.stringMatching(/^[0-9a-f]{48}$/).map((hex) => `f2f_${hex}`),
    fc.stringMatching(/^2[5-9][0-9]{14,22}$/),
    fc.stringMatching(/^[A-Za-z0-9+]{32}$/).map((text) => `whsec_${text}`),
  );
  const around = fc.string({
    unit: fc.constantFrom(' ', '.', ':', '(', '茶', '"', '\n', '\\', '/'),
  });
  fc.assert(
    fc.property(
      secret,
      fc.string({ minLength: 12 }),
      around,
      fc.json(),
      (found, pass, gap, json) => {
        const other: unknown = JSON.parse(json);
        const body = {
          note: `${gap}${found}${gap}`,
          list: [{ [`${gap}${found}`]: gap }],
          password: `#${pass}#`,
          nested: { app_auth_token: { value: `#${pass}#` }, other },
          other,
        };
        const text = maskRequest({ body });
        expect(JSON.parse(text)).toBeTypeOf('object');
        expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(REQUEST_BYTES_MAX);
        expect(text).not.toContain(found);
        expect(text).not.toContain(JSON.stringify(`#${pass}#`).slice(1, -1));
      },
    ),
    { numRuns: 300 },
  );
});

test('of an odd text no more is looked at than of any other', () => {
  // Looked through to the end from each of its beginnings, it would take a minute.
  const note = '://'.repeat(200_000);
  expect(maskRequest({ body: { note } })).toContain('(600000 characters)');
});
