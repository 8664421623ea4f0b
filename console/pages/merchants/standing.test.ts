/** What hinders a merchant most is what its tag says. */
import { expect, test } from 'vitest';
import type { Merchant } from '../../../client/client.ts';
import { standingOf } from './standing.ts';

const NOW_MS = Date.parse('2026-12-01T00:00:00Z');
const DAY_MS = 24 * 60 * 60 * 1000;
const after = (days: number): string => new Date(NOW_MS + days * DAY_MS).toISOString();

function merchant(state: Merchant['state'], app: Partial<Merchant['app']>): Merchant {
  const keys = { app_id: '2016022901171807', sign_type: 'RSA2', public_key: 'MIIB' } as const;
  return {
    id: 'mch_1',
    object: 'merchant',
    shop_no: 'TEA-1',
    store_no: '001',
    name: null,
    state,
    seller_id: '2088102146225135',
    product_codes: { barcode: 'FACE_TO_FACE_PAYMENT', qr: 'FACE_TO_FACE_PAYMENT' },
    authorization: null,
    app: { ...keys, alipay_public_key: null, next_key: null, certificates: null, ...app },
    created_at: after(-1),
  };
}

const certificates = (appDays: number, alipayDays: number): Partial<Merchant['app']> => ({
  certificates: {
    app: { serial_no: '1', expires_at: after(appDays) },
    alipay: { serial_no: '2', expires_at: after(alipayDays) },
    alipay_root_serial_no: '3',
  },
});

test.each([
  ['without a key nothing is sent', 'active', {}, { kind: 'no_alipay_key' }],
  ['with one it takes payments', 'active', { alipay_public_key: 'MIIB' }, { kind: 'active' }],
  ['suspended goes before all', 'suspended', certificates(-1, -1), { kind: 'suspended' }],
  ['certificates need no bare key', 'active', certificates(400, 400), { kind: 'active' }],
  ['the earlier end counts', 'active', certificates(400, 29), { kind: 'expiring', at: after(29) }],
  ['thirty days are enough', 'active', certificates(30, 400), { kind: 'active' }],
  ['what has ended', 'active', certificates(0, 29), { kind: 'expired', at: after(0) }],
] as const)('%s', (_what, state, app, standing) => {
  expect(standingOf(merchant(state, app), NOW_MS)).toStrictEqual(standing);
});
