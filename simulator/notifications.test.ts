/**
 * Notifications of the core: which events make one, their fields and signatures in both character
 * sets, and the schedule.
 */
import { createPublicKey, verify } from 'node:crypto';

import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';

import { ATTEMPT_OFFSETS_MS } from './notifications.ts';
import { handle, nextDueMs, notificationAnswered, tick } from './simulator.ts';
import type { DueNotification } from './simulator.ts';
import { openDesk, PID, SHAPES, signedParams } from './testing/client.ts';
import type { ClientOptions, Json } from './testing/client.ts';
import { ALIPAY_KEY } from './testing/keys.ts';

const NOTIFY: ClientOptions = { notifyUrl: 'https://shop.example/notify' };
const ORDER = {
  out_trade_no: 'N1',
  total_amount: '5.00',
  subject: '房费 & 早餐 100%',
  body: 'a+b=c',
  passback_params: 'room%3D1203',
  auth_code: '281111111111111111',
};

/** The fields of a form in a character set, and whether its V1 signature is right. */
function read(
  sent: DueNotification | undefined,
  charset = 'utf-8',
): { fields: Json; isSigned: boolean } {
  const body = sent?.body.toString('latin1') ?? '';
  const bytes = (text: string): Buffer =>
    Buffer.from(decodeLatin1(text.replaceAll('+', ' ')), 'latin1');
  const pairs = body.split('&').map((pair) => {
    const [name = '', value = ''] = pair.split('=');
    return [name, bytes(value)] as const;
  });
  const signed = pairs
    .filter(([name]) => name !== 'sign' && name !== 'sign_type')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value], i) => [Buffer.from(`${i > 0 ? '&' : ''}${name}=`), value]);
  const fields = Object.fromEntries(
    pairs.map(([name, value]) => [name, iconv.decode(value, charset)]),
  );
  const digest = fields['sign_type'] === 'RSA' ? 'sha1' : 'sha256';
  const signature = Buffer.from(String(fields['sign']), 'base64');
  const isSigned = verify(digest, Buffer.concat(signed), createPublicKey(ALIPAY_KEY), signature);
  return { fields, isSigned };
}

const decodeLatin1 = (text: string): string =>
  text.replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number(`0x${hex}`)));

describe('events', () => {
  test('a payment notifies at once', () => {
    const desk = openDesk();
    const { notifications } = desk.send('alipay.trade.pay', ORDER, NOTIFY);
    expect(notifications).toHaveLength(1);
    expect(notifications[0]).toMatchObject({
      url: 'https://shop.example/notify',
      contentType: 'application/x-www-form-urlencoded; charset=utf-8',
      outTradeNo: 'N1',
      tradeStatus: 'TRADE_SUCCESS',
      attempt: 1,
    });
    const { fields, isSigned } = read(notifications[0]);
    expect(isSigned).toBe(true);
    expect(fields).toEqual({
      app_id: '2014072300007148',
      auth_app_id: '2014072300007148',
      body: 'a+b=c',
      buyer_id: '2088102177846880',
      buyer_logon_id: '159****5620',
      buyer_pay_amount: '5.00',
      charset: 'utf-8',
      fund_bill_list: '[{"amount":"5.00","fundChannel":"ALIPAYACCOUNT"}]',
      gmt_create: '2026-03-01 12:00:00',
      gmt_payment: '2026-03-01 12:00:00',
      invoice_amount: '5.00',
      notify_id: expect.stringMatching(/^2026030100222120000\d{15}$/),
      notify_time: '2026-03-01 12:00:00',
      notify_type: 'trade_status_sync',
      out_trade_no: 'N1',
      passback_params: 'room%3D1203',
      point_amount: '0.00',
      receipt_amount: '5.00',
      seller_id: PID,
      sign: expect.any(String),
      sign_type: 'RSA2',
      subject: '房费 & 早餐 100%',
      total_amount: '5.00',
      trade_no: expect.stringMatching(/^\d{28}$/),
      trade_status: 'TRADE_SUCCESS',
      version: '1.0',
    });
  });

  test('refunds notify, with the refund fields and without the amounts', () => {
    const desk = openDesk();
    desk.send('alipay.trade.pay', ORDER, NOTIFY);
    desk.nowMs += 1143;
    const refund = (biz: Json): Json =>
      read(desk.send('alipay.trade.refund', { out_trade_no: 'N1', ...biz }).notifications[0])
        .fields;
    const part = refund({ refund_amount: '2', out_request_no: 'R1' });
    expect(part).toMatchObject({
      trade_status: 'TRADE_SUCCESS',
      refund_fee: '2.00',
      out_biz_no: 'R1',
      gmt_refund: '2026-03-01 12:00:01.143',
    });
    expect(part).not.toHaveProperty('gmt_close');
    expect(part).not.toHaveProperty('receipt_amount');
    expect(part).not.toHaveProperty('fund_bill_list');
    const rest = refund({ refund_amount: '3', out_request_no: 'R2' });
    expect(rest).toMatchObject({
      trade_status: 'TRADE_CLOSED',
      refund_fee: '5.00',
      gmt_close: '2026-03-01 12:00:01',
    });
  });

  test('a full refund without a number and a cancel carry the trade number', () => {
    for (const method of ['alipay.trade.refund', 'alipay.trade.cancel']) {
      const desk = openDesk();
      desk.send('alipay.trade.pay', ORDER, NOTIFY);
      const biz = { out_trade_no: 'N1', refund_amount: '5' };
      const { fields } = read(desk.send(method, biz).notifications[0]);
      expect(fields).toMatchObject({ trade_status: 'TRADE_CLOSED', refund_fee: '5.00' });
      expect(fields['out_biz_no']).toBe(fields['trade_no']);
    }
  });

  test('closing, timing out and paying without notify_url notify nobody', () => {
    const desk = openDesk();
    desk.send('alipay.trade.pay', { ...ORDER, auth_code: '281111111111110002' }, NOTIFY);
    expect(desk.send('alipay.trade.close', { out_trade_no: 'N1' }).notifications).toEqual([]);
    expect(desk.send('alipay.trade.pay', { ...ORDER, out_trade_no: 'N2' }).notifications).toEqual(
      [],
    );
    expect(nextDueMs(desk.book)).toBeUndefined();
  });

  test('a QR payment notifies when the buyer pays, not when he scans', () => {
    const desk = openDesk();
    const shown = desk.call('alipay.trade.precreate', ORDER, NOTIFY);
    desk.control('POST', '/simulator/scan', { qrCode: shown['qr_code'] });
    expect(tick(desk.book, desk.nowMs).notifications).toEqual([]);
    const { notifications } = handle(desk.book, desk.nowMs, {
      method: 'POST',
      url: '/simulator/trades/N1/pay',
      body: Buffer.from('{}'),
    });
    expect(notifications.map(({ tradeStatus }) => tradeStatus)).toEqual(['TRADE_SUCCESS']);
  });
});

describe('character sets and algorithms', () => {
  test.each([
    { charset: 'utf-8', signType: 'RSA' },
    { charset: 'GBK', signType: 'RSA2' },
    { charset: 'gb2312', signType: 'RSA' },
  ])('%j', (options) => {
    const desk = openDesk();
    const { notifications } = desk.send('alipay.trade.pay', ORDER, { ...NOTIFY, ...options });
    const name = options.charset === 'utf-8' ? 'utf-8' : 'gbk';
    const { fields, isSigned } = read(notifications[0], name);
    expect(isSigned).toBe(true);
    expect(fields).toMatchObject({
      charset: options.charset,
      sign_type: options.signType,
      subject: ORDER.subject,
    });
  });

  test('charset missing from the URL query: the notification is GBK', () => {
    const desk = openDesk();
    const params = signedParams('alipay.trade.pay', { ...ORDER, subject: 'room' }, NOTIFY);
    const { notifications } = handle(desk.book, desk.nowMs, SHAPES.smartwalle(params));
    const { fields, isSigned } = read(notifications[0], 'gbk');
    expect(isSigned).toBe(true);
    expect(fields).toMatchObject({ charset: 'GBK', subject: 'room' });
    expect(notifications[0]?.contentType).toBe('application/x-www-form-urlencoded; charset=GBK');
  });
});

describe('attempts', () => {
  test('three at once, then 4m, 10m, 10m, 1h, 2h, 6h, 15h later, with one id, then never again', () => {
    const desk = openDesk();
    const startMs = desk.nowMs;
    let sent = desk.send('alipay.trade.pay', ORDER, NOTIFY).notifications;
    const seen: { atMs: number; notifyId: string; attempt: number }[] = [];
    while (sent[0] !== undefined && seen.length < 20) {
      const { id, notifyId, attempt } = sent[0];
      seen.push({ atMs: desk.nowMs - startMs, notifyId, attempt });
      sent = notificationAnswered(desk.book, desk.nowMs, id, false).notifications;
      const dueMs = nextDueMs(desk.book);
      if (sent.length > 0 || dueMs === undefined) continue;
      desk.nowMs = dueMs;
      sent = tick(desk.book, dueMs).notifications;
    }
    expect(seen.map(({ atMs }) => atMs)).toEqual(ATTEMPT_OFFSETS_MS);
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(new Set(seen.map(({ notifyId }) => notifyId)).size).toBe(1);
    expect(desk.book.notification.size).toBe(0);
    expect((ATTEMPT_OFFSETS_MS.at(-1) ?? 0) / 60_000).toBe(24 * 60 + 24);
  });

  test('success ends them, and time passing alone sends nothing while one is under way', () => {
    const desk = openDesk();
    const [sent] = desk.send('alipay.trade.pay', ORDER, NOTIFY).notifications;
    expect(tick(desk.book, desk.nowMs + 1e9).notifications).toEqual([]);
    expect(nextDueMs(desk.book)).toBeUndefined();
    notificationAnswered(desk.book, desk.nowMs, sent?.id ?? '', true);
    expect(tick(desk.book, desk.nowMs + 1e9).notifications).toEqual([]);
    expect(desk.book.notification.size).toBe(0);
    // Somebody else's id, or the same one again, changes nothing.
    expect(notificationAnswered(desk.book, desk.nowMs, 'n0', false).notifications).toEqual([]);
  });
});
