/**
 * Notifications as bytes: signed over the bytes of their charset, percent-encoded, posted. The helper below is the
 * sender, written from the pages without `canonical.ts` or `sign.ts`. The trade is the real one of the pages' samples.
 */
import * as fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { fen } from '../core/money.ts';
import { APP, KEYS, signatureOf } from './fixtures.ts';
import {
  matchNotification,
  parseNotification,
  verifyNotification,
  type ParsedNotification,
  type VerifiedNotification,
} from './notification.ts';

type Fields = Record<string, string>;

const PAID: Fields = {
  gmt_create: '2018-09-26 22:49:50',
  charset: 'utf-8',
  gmt_payment: '2018-09-26 22:49:55',
  notify_time: '2018-09-26 22:50:16',
  subject: '房费 100% + 早餐 & "押金" = 版—',
  buyer_id: '2088302521568545',
  invoice_amount: '0.01',
  version: '1.0',
  notify_id: '2018092600222225016068540520681832',
  fund_bill_list: '[{"amount":"0.01","fundChannel":"ALIPAYACCOUNT"}]',
  notify_type: 'trade_status_sync',
  out_trade_no: 'FF1809260000001',
  total_amount: '0.01',
  trade_status: 'TRADE_SUCCESS',
  trade_no: '2018092622001468540530681832',
  auth_app_id: APP.appId,
  receipt_amount: '0.01',
  point_amount: '0.00',
  app_id: APP.appId,
  buyer_pay_amount: '0.01',
  seller_id: '2088212612254111',
};

const SUBJECT = {
  appId: APP.appId,
  sellerId: '2088212612254111',
  paymentNo: 'FF1809260000001',
  amountFen: fen(1),
};

function percent(bytes: Buffer): string {
  return Array.from(bytes, (byte) =>
    byte === 0x20
      ? '+'
      : /[\w.*-]/.test(String.fromCharCode(byte)) && byte < 0x80
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}

/** The sender: signs the bytes of the charset without sign and sign_type, then posts everything. */
function post(
  fields: Fields,
  charset = 'utf-8',
  key = KEYS.alipay,
  signType: 'RSA2' | 'RSA' = 'RSA2',
): Buffer {
  const text = Object.keys(fields)
    .filter((name) => fields[name] !== '')
    .toSorted()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
  const sent = {
    ...fields,
    sign: signatureOf(iconv.encode(text, charset), key, signType),
    sign_type: signType,
  };
  const pairs = Object.entries(sent).map(
    ([name, value]) => `${name}=${percent(iconv.encode(value, charset))}`,
  );
  return Buffer.from(pairs.join('&'));
}

function parsed(body: Uint8Array, contentType?: string): ParsedNotification {
  const result = parseNotification(body, contentType);
  if (result.ok) return result.parsed;
  throw new Error(result.reason);
}

function verified(body: Uint8Array, contentType?: string): VerifiedNotification {
  const result = verifyNotification(parsed(body, contentType), APP.alipayPublicKey, 'RSA2');
  if (result.ok) return result.notification;
  throw new Error(result.reason);
}

describe('a notification', () => {
  test('is parsed, verified and matched', () => {
    const body = post(PAID);
    expect(parsed(body)).toMatchObject({
      claimedAppId: APP.appId,
      claimedPaymentNo: 'FF1809260000001',
      claimedNotifyId: '2018092600222225016068540520681832',
    });
    const notification = verified(body);
    expect(notification.fields).toMatchObject(PAID);
    expect(notification).toMatchObject({
      notifyType: 'trade_status_sync',
      paymentNo: 'FF1809260000001',
    });
    expect(matchNotification(notification, SUBJECT)).toEqual({
      ok: true,
      hint: {
        alipayTradeNo: '2018092622001468540530681832',
        tradeStatus: 'TRADE_SUCCESS',
        paidAtMs: Date.parse('2018-09-26T22:49:55+08:00'),
        refundedTotalFen: undefined,
        refundRequestNo: undefined,
      },
    });
  });

  test.each([
    undefined,
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; text/html; charset=utf-8',
    ';;;charset=',
    'charset="utf-8"',
    'text/html;charset=no-such-charset',
  ])('with the content type %s is the same notification', (contentType) => {
    expect(verified(post(PAID), contentType).fields).toMatchObject(PAID);
  });

  test('in GBK is verified over its bytes and read as GBK', () => {
    const gbk = { ...PAID, charset: 'GBK' };
    expect(verified(post(gbk, 'gbk')).fields['subject']).toBe(PAID['subject']);
    const { charset: _, ...unnamed } = PAID;
    const type = 'application/x-www-form-urlencoded;charset=GBK';
    expect(verified(post(unnamed, 'gbk'), type).fields['subject']).toBe(PAID['subject']);
    expect(verified(post(unnamed, 'gbk')).fields['subject']).toBe(PAID['subject']);
  });

  test('with raw bytes instead of percent-encoding reads the same', () => {
    const body = post({ ...PAID, subject: '房费' })
      .toString('latin1')
      .replace(/subject=[^&]*/, () => `subject=${Buffer.from('房费').toString('latin1')}`);
    expect(verified(Buffer.from(body, 'latin1')).fields['subject']).toBe('房费');
  });

  test('with empty values is signed without them', () => {
    expect(verified(post({ ...PAID, body: '' })).fields['body']).toBe('');
  });

  test('of a refund says how much, and with which number', () => {
    const refund = {
      ...PAID,
      trade_status: 'TRADE_CLOSED',
      refund_fee: '0.01',
      out_biz_no: 'R1',
      gmt_refund: '2020-03-27 18:19:15.143',
    };
    expect(matchNotification(verified(post(refund)), SUBJECT)).toMatchObject({
      hint: { tradeStatus: 'TRADE_CLOSED', refundedTotalFen: 1, refundRequestNo: 'R1' },
    });
  });

  test('with a parameter called __proto__ changes nobody’s prototype', () => {
    const { fields } = verified(post({ ...PAID, ['__proto__']: 'x' }));
    expect(Object.getPrototypeOf(fields)).toBeNull();
    expect(fields['toString']).toBeUndefined();
  });
});

describe('verification fails', () => {
  const good = post(PAID);
  const text = good.toString('latin1');
  const cases: [string, string, Buffer][] = [
    [
      'an amount changed',
      'bad_signature',
      Buffer.from(text.replace('total_amount=0.01', 'total_amount=0.02')),
    ],
    ['a parameter added', 'bad_signature', Buffer.from(`${text}&refund_fee=0.01`)],
    [
      'a parameter taken away',
      'bad_signature',
      Buffer.from(text.replace(/&point_amount=[^&]*/, '')),
    ],
    ['signed by a stranger', 'bad_signature', post(PAID, 'utf-8', KEYS.stranger)],
    ['signed by ourselves', 'bad_signature', post(PAID, 'utf-8', KEYS.app)],
    [
      'signed with the old algorithm, as it says itself',
      'bad_signature',
      post(PAID, 'utf-8', KEYS.alipay, 'RSA'),
    ],
    [
      'decoded twice',
      'bad_signature',
      Buffer.from(
        decodeURIComponent(text.replaceAll('+', '%20').replace('100%25', '100%2525')).replaceAll(
          '%',
          '%25',
        ),
      ),
    ],
    ['no signature', 'unsigned', Buffer.from(text.replace(/&sign=[^&]*/, ''))],
    ['an empty signature', 'unsigned', Buffer.from(text.replace(/&sign=[^&]*/, '&sign='))],
    ['nothing', 'unsigned', Buffer.alloc(0)],
    ['JSON', 'unsigned', Buffer.from('{"app_id":"1"}')],
  ];
  test.each(cases)('%s: %s', (_case, reason, body) => {
    expect(verifyNotification(parsed(body), APP.alipayPublicKey, 'RSA2')).toEqual({
      ok: false,
      reason,
    });
  });

  test('the algorithm is ours, not what sign_type says', () => {
    const lying = Buffer.from(text.replace('sign_type=RSA2', 'sign_type=RSA'));
    expect(verifyNotification(parsed(lying), APP.alipayPublicKey, 'RSA2')).toMatchObject({
      ok: true,
    });
    expect(verifyNotification(parsed(good), APP.alipayPublicKey, 'RSA')).toMatchObject({
      reason: 'bad_signature',
    });
  });

  test('bytes in no charset', () => {
    const bytes = Buffer.from('body=\xff', 'latin1');
    const body = `body=%FF&sign=${percent(Buffer.from(signatureOf(bytes)))}`;
    expect(verifyNotification(parsed(Buffer.from(body)), APP.alipayPublicKey, 'RSA2')).toEqual({
      ok: false,
      reason: 'malformed',
    });
  });
});

describe('parsing fails', () => {
  test.each([
    ['duplicate_name', 'a=1&a=2'],
    ['duplicate_name', 'a=1&a=1'],
    ['duplicate_name', 'a=1&%61=2'],
    ['duplicate_name', 'sign=x&sign='],
    ['malformed', 'a=%'],
    ['malformed', 'a=%2'],
    ['malformed', 'a=100%&b=1'],
    ['malformed', '%zz=1'],
  ])('%s: %s', (reason, body) => {
    expect(parseNotification(Buffer.from(body))).toEqual({ ok: false, reason });
  });

  test('any bytes are a form or have a reason, and none verifies', () => {
    const form = fc
      .array(
        fc.constantFrom(
          'a',
          'sign',
          '=',
          '&',
          '%',
          '41',
          '+',
          'c2ln',
          '\xff',
          'charset',
          'gbk',
          '=',
        ),
        { maxLength: 30 },
      )
      .map((parts) => Buffer.from(parts.join(''), 'latin1'));
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array(), form),
        fc.option(fc.string(), { nil: undefined }),
        (body, contentType) => {
          const result = parseNotification(body, contentType);
          const end = result.ok
            ? verifyNotification(result.parsed, APP.alipayPublicKey, 'RSA2')
            : result;
          expect(end.ok).toBe(false);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('any text, in either charset, arrives as it was sent', () => {
    const unit = fc.constantFrom(
      '%',
      '+',
      '&',
      '=',
      ' ',
      '"',
      '版',
      '乗',
      '\\',
      'a',
      '房',
      '\u0000',
    );
    fc.assert(
      fc.property(
        fc.string({ unit, minLength: 1 }),
        fc.constantFrom('utf-8', 'gbk'),
        (subject, charset) => {
          expect(verified(post({ ...PAID, charset, subject }, charset)).fields['subject']).toBe(
            subject,
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('matching', () => {
  const changes: [string, Fields, string | undefined][] = [
    ['the payment itself', {}, undefined],
    ['the amount written otherwise', { total_amount: '0.010' }, 'wrong_amount'],
    ['another amount', { total_amount: '0.02' }, 'wrong_amount'],
    ['another number', { out_trade_no: 'FF1809260000002' }, 'wrong_number'],
    ['another application', { app_id: '2014072300007149' }, 'wrong_app'],
    ['another seller', { seller_id: '2088212612254112' }, 'wrong_seller'],
    ['no seller, which is optional', { seller_id: '' }, undefined],
    ['created', { trade_status: 'WAIT_BUYER_PAY' }, undefined],
    ['finished', { trade_status: 'TRADE_FINISHED' }, undefined],
    ['a status that is new', { trade_status: 'TRADE_PENDING' }, 'not_a_trade'],
    ['an event of another kind', { notify_type: 'fund_auth_freeze' }, 'not_a_trade'],
  ];
  test.each(changes)('%s', (_case, fields, reason) => {
    const match = matchNotification(verified(post({ ...PAID, ...fields })), SUBJECT);
    expect(match.ok ? undefined : match.reason).toBe(reason);
  });

  test('without a known seller, any seller matches', () => {
    const { sellerId: _, ...subject } = SUBJECT;
    expect(matchNotification(verified(post(PAID)), subject).ok).toBe(true);
  });
});
