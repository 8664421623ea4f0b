/**
 * The rules of v1.md on shops that the published examples do not show: running numbers, other names
 * for a shop, numbers in place of texts, keys of both kinds, and what a new key or app leaves intact.
 */
import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type Gateway } from '../support/gateway-process.ts';
import { simulatorClient } from '../support/simulator-client.ts';
import {
  aCharge,
  addShop,
  aName,
  anAppId,
  aPaymentCode,
  call,
  enrol,
  field,
  text,
  type Reply,
} from '../support/v1-client.ts';

let gateway: Gateway;
let token: string;

beforeAll(async () => {
  gateway = await startGateway({ F2F_BARCODE_WAIT_S: '1' });
  ({ token } = await enrol(gateway.url()));
});
afterAll(() => gateway.stop());

const ask = (path: string, data?: object): Promise<Reply> =>
  call(gateway.url(), path, { data, token });
const update = async (data: object): Promise<unknown> =>
  Object.values((await ask('/f2f/company/update', data)).data)[0];

test('stores are numbered within their pid, shops without end', async () => {
  const [one, other] = ['2088000000000011', '2088000000000012'];
  const shops = [];
  for (const cpiPid of [one, one, other])
    shops.push(await addShop(gateway.url(), token, { cpiPid }));
  expect(shops.map(({ data }) => data['storeNo'])).toStrictEqual(['001', '002', '001']);
  const numbers = shops.map(({ cpiNo }) => Number(cpiNo.slice(10)));
  expect(new Set(numbers).size).toBe(3);
  expect(numbers.toSorted((a, b) => a - b)).toStrictEqual(numbers);
});

test('shops added at once get numbers of their own', async () => {
  const cpiPid = '2088000000000021';
  const shops = await Promise.all(
    Array.from({ length: 20 }, () => addShop(gateway.url(), token, { cpiPid })),
  );
  expect(new Set(shops.map(({ cpiNo }) => cpiNo)).size).toBe(20);
  expect(new Set(shops.map(({ data }) => data['storeNo'])).size).toBe(20);
});

test('a storeDogNo raced for by twenty calls is given once', async () => {
  const data = { storeDogNo: aName('raced'), cpiPid: '2088000000000031', cpiAppid: anAppId() };
  const replies = await Promise.all(
    Array.from({ length: 20 }, () => ask('/f2f/company/add', data)),
  );
  expect(replies.filter(({ err }) => err === 'nothing')).toHaveLength(1);
  expect(replies.filter(({ err }) => err === 'DOGNO_ALREADY_EXISTS')).toHaveLength(19);
});

test('a storeNo that does not match finds nothing', async () => {
  const { cpiNo } = await addShop(gateway.url(), token);
  const reply = await ask('/f2f/company/query', { cpiNo, storeNo: '999' });
  expect(reply).toMatchObject({ err: 'RESULT_NOT_EXISTS', data: {} });
});

test('the storeDogNo stands for the shop in every call', async () => {
  const { data: shop } = await addShop(gateway.url(), token);
  const cpiNo = text(shop, 'storeDogNo');
  const charged = await ask('/f2f/hb_barcode', aCharge(cpiNo));
  const outTradeNo = text(charged.re, 'out_trade_no');
  const refund = { cpiNo, outTradeNo, refundAmount: '0.01', outRequestNo: '1' };
  const replies = [
    await ask(`/f2f/test/${cpiNo}`),
    await ask('/f2f/qrcode', aCharge(cpiNo)),
    charged,
    await ask('/f2f/query', { cpiNo, outTradeNo }),
    await ask('/f2f/refund', refund),
  ];
  expect(replies.map(({ err }) => err)).toStrictEqual(replies.map(() => 'nothing'));
});

test('a JSON number in a text field is taken as its digits', async () => {
  const storeDogNo = aName('digits');
  const data = { storeDogNo, cpiPid: 2088121307572082, cpiAppid: 2016032501241041 };
  const added = await ask('/f2f/company/add', data);
  expect(added.data).toMatchObject({
    cpiPid: '2088121307572082',
    cpiAppid: '2016032501241041',
  });
  const charge = aCharge(storeDogNo, { localNo: 319, totalAmount: 0.01, storeId: 1 });
  const charged = await ask('/f2f/hb_barcode', charge);
  const again = await ask('/f2f/hb_barcode', { ...charge, localNo: '319' });
  expect(charged.re).toMatchObject({ code: '10000', total_amount: '0.01' });
  expect(again.raw).toBe(charged.raw);
});

test.each([
  [undefined, 2048],
  ['RSA2', 2048],
  ['RSA', 1024],
])('signType %s makes a key of %i bits that Alipay accepts', async (signType, bits) => {
  const { cpiNo, data } = await addShop(gateway.url(), token, { signType });
  const der = Buffer.from(text(data, 'cpiPubKey'), 'base64');
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  expect(key.asymmetricKeyDetails?.modulusLength).toBe(bits);
  expect((await ask(`/f2f/test/${cpiNo}`)).data['code']).toBe('10000');
  expect((await ask('/f2f/hb_barcode', aCharge(cpiNo))).re).toMatchObject({ code: '10000' });
});

test('shops of one terminal that share an app share its keys; of two terminals they do not', async () => {
  const cpiAppid = anAppId();
  const stranger = await enrol(gateway.url());
  const one = await addShop(gateway.url(), token, { cpiAppid });
  const two = await addShop(gateway.url(), token, { cpiAppid });
  const other = await addShop(gateway.url(), stranger.token, { cpiAppid });
  expect(two.data['cpiPubKey']).toBe(one.data['cpiPubKey']);
  expect(other.data['cpiPubKey']).not.toBe(one.data['cpiPubKey']);
});

test('trades that began under the old key or app still resolve', async () => {
  const { cpiNo, data: before } = await addShop(gateway.url(), token);
  const open = await ask('/f2f/hb_barcode', aCharge(cpiNo, { authCode: aPaymentCode('0001') }));
  const paid = await ask('/f2f/hb_barcode', aCharge(cpiNo));
  await update({ cpiNo, cpiPriKey: 'true', cpiPubKey: 'true' });
  const after = await update({ cpiNo, cpiAppid: anAppId() });
  expect(field(after, 'cpiPubKey')).not.toBe(before['cpiPubKey']);

  const simulator = simulatorClient(gateway.simulatorUrl());
  const openNo = text(open.re, 'out_trade_no');
  await simulator.pay(openNo);
  const query = await ask('/f2f/query', { cpiNo, outTradeNo: openNo });
  expect(query.data).toMatchObject({ code: '10000', trade_status: 'TRADE_SUCCESS' });
  const outTradeNo = text(paid.re, 'out_trade_no');
  const refund = { cpiNo, outTradeNo, refundAmount: '0.01', outRequestNo: '1' };
  expect((await ask('/f2f/refund', refund)).data).toMatchObject({ code: '10000' });
});
