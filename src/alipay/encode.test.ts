/**
 * Requests, down to the byte: a golden one pinned by OpenSSL, each builder's JSON in full, and the round trip that the
 * receiving side makes (decode the form, canonicalise, verify) for arbitrary text.
 */
import { createPublicKey } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError } from '../core/assert.ts';
import { FEN_MAX, fen } from '../core/money.ts';
import { canonicalRequest } from './canonical.ts';
import {
  buildRequest,
  encodeCancel,
  encodeClose,
  encodeHeartbeat,
  encodePay,
  encodePrecreate,
  encodeQuery,
  encodeRefund,
  encodeRefundQuery,
  type AlipayCall,
  type SignedRequest,
} from './encode.ts';
import { APP, KEYS, NOW_MS } from './fixtures.ts';
import { isSignatureValid } from './sign.ts';

const GATEWAY = 'https://openapi.alipay.com/gateway.do';

function content({ bizContent }: AlipayCall): unknown {
  return JSON.parse(bizContent);
}

describe('biz_content', () => {
  const least = { paymentNo: 'FF1603210000058', amountFen: fen(1), subject: '房费' };

  test('pay, the least and the most', () => {
    expect(content(encodePay({ ...least, authCode: '280851932108273550' }))).toEqual({
      out_trade_no: 'FF1603210000058',
      scene: 'bar_code',
      auth_code: '280851932108273550',
      total_amount: '0.01',
      subject: '房费',
      product_code: 'FACE_TO_FACE_PAYMENT',
    });
    const most = encodePay({
      paymentNo: 'FF1603210000059',
      authCode: '280851932108273550',
      amountFen: FEN_MAX,
      subject: '迪联测试主题',
      body: '测试一下',
      operatorId: 'op007',
      storeId: '01',
      terminalId: 'T1',
      sellerId: '2088212612254111',
      timeoutMinutes: 2,
      notifyUrl: 'https://shop.example/notify',
      productCode: 'OFFLINE_PAYMENT',
    });
    expect(most.method).toBe('pay');
    expect(most.notifyUrl).toBe('https://shop.example/notify');
    expect(content(most)).toEqual({
      out_trade_no: 'FF1603210000059',
      scene: 'bar_code',
      auth_code: '280851932108273550',
      total_amount: '100000000.00',
      subject: '迪联测试主题',
      body: '测试一下',
      product_code: 'OFFLINE_PAYMENT',
      seller_id: '2088212612254111',
      operator_id: 'op007',
      store_id: '01',
      terminal_id: 'T1',
      timeout_express: '2m',
    });
  });

  test('precreate sends both timeouts', () => {
    expect(
      content(encodePrecreate({ ...least, timeoutMinutes: 90, qrTimeoutMinutes: 120 })),
    ).toEqual({
      out_trade_no: 'FF1603210000058',
      total_amount: '0.01',
      subject: '房费',
      product_code: 'FACE_TO_FACE_PAYMENT',
      timeout_express: '90m',
      qr_code_timeout_express: '120m',
    });
  });

  test.each([
    ['query', encodeQuery],
    ['cancel', encodeCancel],
    ['close', encodeClose],
  ])('%s asks by our number and sends no amount', (method, encode) => {
    const call = encode({ paymentNo: 'FF1603210000058', amountFen: fen(1) });
    expect(call).toEqual({
      method,
      bizContent: '{"out_trade_no":"FF1603210000058"}',
      notifyUrl: undefined,
    });
  });

  test('refund sends what is documented and nothing else', () => {
    const refund = { paymentNo: 'FF1603290000028', requestNo: '01', amountFen: fen(1) };
    expect(content(encodeRefund(refund))).toEqual({
      out_trade_no: 'FF1603290000028',
      refund_amount: '0.01',
      out_request_no: '01',
    });
    expect(
      content(encodeRefund({ ...refund, reason: '退款测试', storeId: '01', operatorId: 'op007' })),
    ).toEqual({
      out_trade_no: 'FF1603290000028',
      refund_amount: '0.01',
      out_request_no: '01',
      refund_reason: '退款测试',
      operator_id: 'op007',
      store_id: '01',
    });
    expect(content(encodeRefundQuery(refund))).toEqual({
      out_trade_no: 'FF1603290000028',
      out_request_no: '01',
      query_options: ['gmt_refund_pay'],
    });
  });

  test('heartbeat reports a working cash register, in Shanghai time', () => {
    expect(content(encodeHeartbeat({ equipmentId: 'DL20160328000003' }, NOW_MS))).toEqual({
      product: 'FP',
      type: 'CR',
      equipment_id: 'DL20160328000003',
      equipment_status: '30',
      time: '2014-07-24 03:07:50',
      store_id: 'DF',
      network_type: 'wired',
      trade_info: '[]',
    });
  });

  test('empty texts are not sent', () => {
    const call = encodePay({
      ...least,
      authCode: '280851932108273550',
      body: '',
      storeId: '',
      operatorId: undefined,
    });
    expect(Object.keys(content(call) ?? {})).not.toEqual(expect.arrayContaining(['body']));
    expect(call.bizContent).not.toMatch(/body|store_id|operator_id/);
  });

  test.each([0, -1, 1.5, 21_601, NaN])(
    'a timeout of %d minutes is a mistake of ours',
    (timeoutMinutes) => {
      expect(() => encodePrecreate({ ...least, timeoutMinutes })).toThrow(AssertionError);
      expect(() => encodePrecreate({ ...least, qrTimeoutMinutes: timeoutMinutes })).toThrow(
        AssertionError,
      );
    },
  );

  test.each([0, -1])('an amount of %d fen is a mistake of ours', (amount) => {
    expect(() => encodePrecreate({ ...least, amountFen: fen(amount) })).toThrow(AssertionError);
    expect(() => encodeRefund({ paymentNo: 'X', requestNo: 'R', amountFen: fen(amount) })).toThrow(
      AssertionError,
    );
  });
});

/** What the receiving side sees: parameters of the query and of the body. */
function received({ url, body }: SignedRequest): { query: URLSearchParams; form: URLSearchParams } {
  return { query: new URL(url).searchParams, form: new URLSearchParams(body) };
}

describe('buildRequest', () => {
  const call: AlipayCall = { method: 'query', bizContent: '{"out_trade_no":"20150320010101001"}' };

  test('the example of the pages, signed with our fixed key (signature by OpenSSL)', () => {
    const request = buildRequest(APP, call, NOW_MS, GATEWAY);
    const { query } = received(request);
    expect(request.method).toBe('POST');
    expect(Object.fromEntries(query)).toEqual({
      app_id: '2014072300007148',
      method: 'alipay.trade.query',
      format: 'JSON',
      charset: 'utf-8',
      sign_type: 'RSA2',
      timestamp: '2014-07-24 03:07:50',
      version: '1.0',
      sign: GOLDEN_RSA2,
    });
    expect(request.body).toBe('biz_content=%7B%22out_trade_no%22%3A%2220150320010101001%22%7D');
    expect(request.headers['content-type']).toBe('application/x-www-form-urlencoded;charset=utf-8');
  });

  test('every common parameter stands in the query once, and none in the body', () => {
    const app = { ...APP, appAuthToken: '201510BBaabdb44d8fd04607abf8d5931ec75D84' };
    const { query, form } = received(
      buildRequest(app, { ...call, notifyUrl: 'https://a.example/n?x=1&y=2' }, NOW_MS, GATEWAY),
    );
    expect([...form.keys()]).toEqual(['biz_content']);
    expect(new Set(query.keys()).size).toBe([...query.keys()].length);
    expect(query.get('notify_url')).toBe('https://a.example/n?x=1&y=2');
    expect(query.get('app_auth_token')).toBe('201510BBaabdb44d8fd04607abf8d5931ec75D84');
    expect(query.has('biz_content')).toBe(false);
  });

  test('an RSA application signs with RSA and says so', () => {
    const app = { ...APP, signType: 'RSA' as const };
    const { query, form } = received(buildRequest(app, call, NOW_MS, GATEWAY));
    expect(query.get('sign_type')).toBe('RSA');
    const text = canonicalRequest([...query, ...form]);
    expect(
      isSignatureValid(
        Buffer.from(text),
        query.get('sign') ?? '',
        createPublicKey(KEYS.app),
        'RSA',
      ),
    ).toBe(true);
  });

  test('for any text, the receiving side rebuilds what was signed', () => {
    const publicKey = createPublicKey(KEYS.app);
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('%', '+', '&', '=', '/', '"', '\\', '版', '—', '\ud800', ' '),
      }),
    );
    fc.assert(
      fc.property(
        anyText,
        anyText,
        fc.integer({ min: 1, max: FEN_MAX }),
        (subject, body, amount) => {
          const pay = encodePay({
            paymentNo: 'X1',
            authCode: '280851932108273550',
            amountFen: fen(amount),
            subject,
            body,
          });
          const { query, form } = received(buildRequest(APP, pay, NOW_MS, GATEWAY));
          expect(form.get('biz_content')).toBe(pay.bizContent);
          const text = canonicalRequest([...query, ...form]);
          expect(
            isSignatureValid(Buffer.from(text), query.get('sign') ?? '', publicKey, 'RSA2'),
          ).toBe(true);
          expect(content(pay)).toMatchObject(subject === '' ? {} : { subject });
        },
      ),
      { numRuns: 100 },
    );
  });
});

/** As in `sign.test.ts`: made with `openssl dgst -sha256 -sign`. */
const GOLDEN_RSA2 =
  'b3Fi7p8ZYTqt8LxEPOhoZ7EFnjtDBL/U+M8x84+io2bK82UmLm57b0D5ibn5fkrzxMWqyY+2GHxkzfQwrsmW9ZJ99vYJ5BesOasfBw4eBgUjBQcnKj/eF/cEJVKgL8fi7d9FtRlvFdmJjyc4yP22zUWmv1lFbrm6d6RBlnrkgBY=';
