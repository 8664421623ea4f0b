/**
 * Notifications as an attacker and as Alipay send them. Goal: only a verified one that matches in app, number, amount and
 * seller is even a hint, and no notification whatever changes a payment without Alipay being asked.
 */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NOTIFICATION_PATH } from '../../src/api/notifications.ts';
import { listEvents } from '../../src/store/events.ts';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { alipaySigns, createWorld, type World } from '../support/world.ts';

let world: World;
let paymentNo: string;

beforeEach(async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  const answer = await world.ask('/f2f/qrcode', {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '8.00',
    subject: 'Tea',
  });
  paymentNo = String(answer.data['out_trade_no']);
});
afterEach(() => world.close());

const genuine = (): Record<string, string> => ({
  app_id: '2016022901171807',
  charset: 'utf-8',
  notify_id: '2026112300222000000000000000000001',
  notify_time: '2026-11-23 12:00:05',
  notify_type: 'trade_status_sync',
  out_trade_no: paymentNo,
  seller_id: '2088212612254111',
  subject: 'Tea 中文 + 100%',
  total_amount: '8.00',
  trade_no: '2026112322001000000000000001',
  trade_status: 'TRADE_SUCCESS',
  version: '1.0',
});

const content = (fields: Record<string, string>): string =>
  Object.keys(fields)
    .toSorted()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');

async function post(
  fields: Record<string, string>,
  sign: (text: string) => string,
): Promise<string> {
  const body = new URLSearchParams({ ...fields, sign_type: 'RSA2', sign: sign(content(fields)) });
  return postRaw(body.toString());
}

async function postRaw(payload: string | Buffer): Promise<string> {
  const reply = await world.app.inject({
    method: 'POST',
    url: NOTIFICATION_PATH,
    headers: { 'content-type': 'application/x-www-form-urlencoded; text/html; charset=utf-8' },
    payload,
  });
  expect(reply.statusCode).toBe(200);
  return reply.body;
}

test('a genuine one is a hint: Alipay is asked, and decides', async () => {
  expect(await post(genuine(), alipaySigns)).toBe('success');
  await world.clock.advance(1000);
  // Nobody paid at Alipay, whatever the notification says.
  const { kinds, states } = await world.history(paymentNo);
  expect(kinds.slice(0, 4)).toStrictEqual(['created', 'fact', 'hint', 'fact']);
  expect(states.at(-1)).toBe('awaiting_buyer');
});

const stranger = generateKeyPairSync('rsa', { modulusLength: 1024 });

test.each([
  [
    'signed by a stranger',
    {},
    (text: string) => createSign('RSA-SHA256').update(text).sign(stranger.privateKey, 'base64'),
  ],
  ['with an empty signature', {}, () => ''],
  ['for another app', { app_id: '2016022901171808' }, alipaySigns],
  ['for another number', { out_trade_no: 'FF2611230009999' }, alipaySigns],
  ['for another amount', { total_amount: '0.01' }, alipaySigns],
  ['for another seller', { seller_id: '2088212612254112' }, alipaySigns],
  ['with an unknown status', { trade_status: 'TRADE_PENDING' }, alipaySigns],
])('one %s changes nothing and is answered fail', async (_name, change, sign) => {
  const before = [await findPaymentByNo(world.db, paymentNo), await world.history(paymentNo)];
  expect(await post({ ...genuine(), ...change }, sign)).toBe('fail');
  expect([
    await findPaymentByNo(world.db, paymentNo),
    await world.history(paymentNo),
  ]).toStrictEqual(before);
});

test.each([
  ['nothing', ''],
  ['bytes', Buffer.from([0xff, 0xfe, 0x00, 0x25])],
  ['a broken form', 'a=%zz&&&=&sign'],
  ['two numbers', 'out_trade_no=1&out_trade_no=2'],
])('%s is answered fail', async (_name, payload) => {
  expect(await postRaw(payload)).toBe('fail');
});

/** A guest scans and pays; the payment settles by polling alone. */
async function pay(): Promise<void> {
  const qr = await world.ask('/f2f/qrcode', {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '8.00',
    subject: 'Tea',
  });
  world.control('POST', '/simulator/scan', { qrCode: qr.data['qr_code'] });
  world.control('POST', `/simulator/trades/${paymentNo}/pay`);
  await world.clock.advance(20_000);
}

/** Alipay's numbers of the notifications that the history tells, in order. */
async function told(): Promise<unknown[]> {
  const payment = await findPaymentByNo(world.db, paymentNo);
  const events = await listEvents(world.db, payment!);
  return events.filter(({ kind }) => kind === 'hint').map(({ detail }) => detail['notifyId']);
}

test('a repetition is answered success and changes nothing', async () => {
  expect(await post(genuine(), alipaySigns)).toBe('success');
  await world.clock.advance(1000);
  const before = await findPaymentByNo(world.db, paymentNo);
  const asked = world.calls.length;
  expect(await post(genuine(), alipaySigns)).toBe('success');
  expect(await post({ ...genuine(), notify_time: '2026-11-23 12:04:05' }, alipaySigns)).toBe(
    'success',
  );
  expect(await findPaymentByNo(world.db, paymentNo)).toStrictEqual(before);
  expect(world.calls).toHaveLength(asked);
  expect(await told()).toStrictEqual([genuine()['notify_id']]);
});

test('one that arrives twice at once is told once', async () => {
  const both = await Promise.all([post(genuine(), alipaySigns), post(genuine(), alipaySigns)]);
  expect(both).toStrictEqual(['success', 'success']);
  expect(await told()).toStrictEqual([genuine()['notify_id']]);
});

test('another notification of the same trade is another hint', async () => {
  const next = { ...genuine(), notify_id: '2026112300222000000000000000000002' };
  await post(genuine(), alipaySigns);
  expect(await post(next, alipaySigns)).toBe('success');
  expect(await told()).toStrictEqual([genuine()['notify_id'], next.notify_id]);
});

test('one without a number is told once too', async () => {
  const { notify_id: _, ...unnamed } = genuine();
  await post(unnamed, alipaySigns);
  expect(await post(unnamed, alipaySigns)).toBe('success');
  expect(await told()).toHaveLength(1);
});

test('old news of a settled payment is told once, and nobody is asked because of it', async () => {
  await pay();
  const before = await findPaymentByNo(world.db, paymentNo);
  expect([before?.state, before?.dueAtMs]).toStrictEqual(['paid', null]);
  const asked = world.calls.length;
  expect(await post(genuine(), alipaySigns)).toBe('success');
  expect(await post(genuine(), alipaySigns)).toBe('success');
  await world.clock.advance(20_000);
  expect(world.calls).toHaveLength(asked);
  const after = await findPaymentByNo(world.db, paymentNo);
  expect(after).toStrictEqual({ ...before, version: before!.version + 1 });
  expect(await told()).toStrictEqual([genuine()['notify_id']]);
});

test('news of a settled payment is looked into: all of it went back in the console', async () => {
  await pay();
  const asked = world.calls.length;
  const closed = { ...genuine(), trade_status: 'TRADE_CLOSED', refund_fee: '8.00' };
  expect(await post(closed, alipaySigns)).toBe('success');
  await world.clock.advance(20_000);
  expect(world.calls.length).toBeGreaterThan(asked);
});

test('"paid" of a charge that Alipay answered as paid is all that is left to hear: no query follows', async () => {
  const charge = {
    cpiNo: 'DL0001',
    localNo: '2',
    totalAmount: '88.00',
    authCode: '280851932108279999',
    subject: 'Tea',
  };
  const queries = (): number =>
    world.calls.filter(({ method }) => method === 'alipay.trade.query').length;
  const before = queries();
  const { re } = await world.ask('/f2f/hb_barcode', charge);
  paymentNo = String(re['out_trade_no']);
  expect((await findPaymentByNo(world.db, paymentNo))?.dueAtMs).not.toBeNull();
  expect(await post({ ...genuine(), total_amount: '88.00' }, alipaySigns)).toBe('success');
  expect(await findPaymentByNo(world.db, paymentNo)).toMatchObject({
    state: 'paid',
    dueAtMs: null,
  });
  expect((await world.history(paymentNo)).kinds).toStrictEqual(['created', 'fact', 'hint']);
  // The QR code of this file's beginning is asked about meanwhile; nobody else is.
  const others = world.calls.filter((call) => call.paymentNo === paymentNo);
  await world.clock.advance(60_000);
  expect(world.calls.filter((call) => call.paymentNo === paymentNo)).toStrictEqual(others);
  expect(queries()).toBeGreaterThan(before);
});
