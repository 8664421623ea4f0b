/** Only what differs is a change, so that a person who may change the name alone can, and nothing is sent for nothing. */
import { expect, test } from 'vitest';
import { changeOf, type Fields } from './merchant-change.ts';

const BEFORE: Fields = {
  name: 'Tea house',
  seller_id: '2088102146225135',
  app_id: '2016022901171807',
  sign_type: 'RSA2',
  product_codes: { barcode: 'FACE_TO_FACE_PAYMENT', qr: 'FACE_TO_FACE_PAYMENT' },
};

test.each([
  ['nothing', {}, {}],
  ['spaces around', { name: ' Tea house ' }, {}],
  ['an emptied name is left as it was', { name: '' }, {}],
  ['the name', { name: 'Tea garden' }, { name: 'Tea garden' }],
  [
    'a product, with the other',
    { product_codes: { ...BEFORE.product_codes, qr: 'QR_CODE_OFFLINE' } },
    { product_codes: { barcode: 'FACE_TO_FACE_PAYMENT', qr: 'QR_CODE_OFFLINE' } },
  ],
])('%s', (_what, wanted, change) => {
  expect(changeOf(BEFORE, { ...BEFORE, ...wanted })).toStrictEqual(change);
});
