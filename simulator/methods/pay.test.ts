/**
 * `alipay.trade.pay`: what is refused, what is the same order again, and the answers' fields. Magic
 * codes have their own test.
 */
import { describe, expect, test } from 'vitest';

import { openDesk } from '../testing/client.ts';
import type { Desk, Json } from '../testing/client.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../wire/time.ts';

const PAY = 'alipay.trade.pay';

function anOrder(fields: Json = {}): Json {
  return {
    out_trade_no: 'A1',
    total_amount: '88.88',
    subject: '房费',
    scene: 'bar_code',
    auth_code: '281234567890123456',
    ...fields,
  };
}

const pay = (desk: Desk, fields: Json = {}): Json => desk.call(PAY, anOrder(fields));
const query = (desk: Desk, outTradeNo = 'A1'): Json =>
  desk.call('alipay.trade.query', { out_trade_no: outTradeNo });

test('a plain code pays at once', () => {
  const desk = openDesk();
  const node = pay(desk);
  expect(node).toEqual({
    code: '10000',
    msg: 'Success',
    buyer_logon_id: '159****5620',
    buyer_pay_amount: '88.88',
    buyer_user_id: '2088102177846880',
    fund_bill_list: [{ amount: '88.88', fund_channel: 'ALIPAYACCOUNT' }],
    gmt_payment: '2026-03-01 12:00:00',
    invoice_amount: '88.88',
    out_trade_no: 'A1',
    point_amount: '0.00',
    receipt_amount: '88.88',
    total_amount: '88.88',
    trade_no: expect.stringMatching(/^2026030122001\d{15}$/),
  });
  expect(Object.keys(node).slice(2)).toEqual(Object.keys(node).slice(2).toSorted());
  expect(desk.trade('A1')).toMatchObject({ tradeStatus: 'TRADE_SUCCESS', chargeCount: 1 });
});

describe('parameters that Alipay refuses', () => {
  test.each([
    ['no number', { out_trade_no: undefined }],
    ['an empty number', { out_trade_no: '' }],
    ['a number too long', { out_trade_no: 'a'.repeat(65) }],
    ['a number with a dash', { out_trade_no: 'a-1' }],
    ['no amount', { total_amount: undefined }],
    ['nothing to pay', { total_amount: '0.00' }],
    ['a negative amount', { total_amount: -1 }],
    ['three decimals', { total_amount: '1.001' }],
    ['too much', { total_amount: '100000000.01' }],
    ['words for money', { total_amount: 'one' }],
    ['an object for money', { total_amount: {} }],
    ['no subject', { subject: undefined }],
    ['a subject too long', { subject: '房'.repeat(257) }],
    ['a body too long', { body: 'x'.repeat(129) }],
    ['a store too long', { store_id: 'x'.repeat(33) }],
    ['an operator too long', { operator_id: 'x'.repeat(29) }],
    ['a timeout in seconds', { timeout_express: '90s' }],
    ['a timeout too long', { timeout_express: '16d' }],
    ['an expiry that is no time', { time_expire: 'soon' }],
    ['a code too short', { auth_code: '281234567890123' }],
    ['a code too long', { auth_code: `28${'1'.repeat(23)}` }],
    ['a code of others', { auth_code: '131234567890123456' }],
    ['a code with letters', { auth_code: '28123456789012345x' }],
    ['an unknown scene', { scene: 'qr_code' }],
    ['both lists of channels', { enable_pay_channels: 'balance', disable_pay_channels: 'pcredit' }],
    ['amounts that disagree', { discountable_amount: '1.00', undiscountable_amount: '1.00' }],
  ])('%s', (_name, fields) => {
    const desk = openDesk();
    expect(pay(desk, fields)).toMatchObject({
      code: '40004',
      msg: 'Business Failed',
      sub_code: 'ACQ.INVALID_PARAMETER',
      sub_msg: '参数无效',
      buyer_pay_amount: '0.00',
      receipt_amount: '0.00',
    });
    expect(desk.book.trade.size).toBe(0);
  });

  test.each([
    ['ACQ.AUTH_TOKEN_IS_NOT_EXIST', { auth_code: undefined }],
    ['ACQ.PAYMENT_AUTH_CODE_INVALID', { auth_code: `fp${'a'.repeat(33)}` }],
    ['ACQ.SUB_GOODS_SIZE_MAX_COUNT', { goods_detail: Array.from({ length: 151 }, () => ({})) }],
    ['ACQ.ACCESS_FORBIDDEN', { product_code: 'QR_CODE_OFFLINE' }],
    ['ACQ.SELLER_NOT_EXIST', { seller_id: '12' }],
    ['ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR', { time_expire: '2026-03-01 12:00:00' }],
  ])('%s', (subCode, fields) => {
    expect(pay(openDesk(), fields)).toMatchObject({ code: '40004', sub_code: subCode });
  });

  test.each([
    { total_amount: 88.88 },
    { total_amount: '0.01' },
    { total_amount: '100000000' },
    { auth_code: '2512345678901234' },
    { auth_code: `30${'1'.repeat(22)}` },
    { timeout_express: '1c', time_expire: '2026-03-01 13:00:00' },
    { scene: undefined, product_code: 'FACE_TO_FACE_PAYMENT', seller_id: '2088102146225135' },
    { discountable_amount: '80.00', undiscountable_amount: '8.88' },
    { goods_detail: [], extend_params: { sys_service_provider_id: '1' }, unknown: [1] },
  ])('but not %j', (fields) => {
    expect(pay(openDesk(), fields)).toMatchObject({ code: '10000' });
  });
});

describe('the same number again (protocol 4.7)', () => {
  test('paid: has success; another amount or subject: inconsistent', () => {
    const desk = openDesk();
    pay(desk);
    expect(pay(desk)).toMatchObject({ sub_code: 'ACQ.TRADE_HAS_SUCCESS' });
    expect(pay(desk, { total_amount: '88.89' })).toMatchObject({
      sub_code: 'ACQ.CONTEXT_INCONSISTENT',
      sub_msg: '支付失败，商户订单号重复，请收银员取消本笔交易并重新收款。[CONTEXT_INCONSISTENT]',
    });
    expect(pay(desk, { subject: 'other' })).toMatchObject({ sub_code: 'ACQ.CONTEXT_INCONSISTENT' });
    expect(desk.trade('A1')).toMatchObject({ chargeCount: 1, paidAmount: '88.88' });
  });

  test('waiting: the same code goes on, a new one pays, another buyer does not match', () => {
    const desk = openDesk();
    const asked = pay(desk, { auth_code: '281111111111110002' });
    expect(asked).toMatchObject({ code: '10003', msg: ' order success pay inprocess' });
    expect(pay(desk, { auth_code: '281111111111110002' })).toMatchObject({
      code: '10003',
      trade_no: asked['trade_no'],
    });
    const { json } = desk.control('POST', '/simulator/payment-codes', { buyer: 'poor' });
    expect(pay(desk, { auth_code: json['authCode'] })).toMatchObject({
      sub_code: 'ACQ.TRADE_BUYER_NOT_MATCH',
    });
    expect(pay(desk)).toMatchObject({ code: '10000', trade_no: asked['trade_no'] });
    expect(desk.trade('A1')).toMatchObject({ chargeCount: 1 });
  });

  test('closed: has close', () => {
    const desk = openDesk();
    pay(desk, { auth_code: '281111111111110002' });
    desk.call('alipay.trade.close', { out_trade_no: 'A1' });
    expect(pay(desk)).toMatchObject({ sub_code: 'ACQ.TRADE_HAS_CLOSE' });
  });

  test('a number shown as a QR code takes no other data', () => {
    const desk = openDesk();
    desk.call('alipay.trade.precreate', anOrder({ total_amount: '1' }));
    expect(pay(desk)).toMatchObject({ sub_code: 'ACQ.CONTEXT_INCONSISTENT' });
    expect(pay(desk, { total_amount: '1' })).toMatchObject({ code: '10000' });
  });
});

describe('payment codes', () => {
  test('one code, one order', () => {
    const desk = openDesk();
    expect(pay(desk)).toMatchObject({ code: '10000' });
    expect(pay(desk, { out_trade_no: 'A2' })).toMatchObject({
      sub_code: 'ACQ.PAYMENT_AUTH_CODE_INVALID',
      sub_msg:
        '支付失败，获取顾客账户信息失败，请顾客刷新付款码后重新收款，如再次收款失败，请联系管理员处理。[SOUNDWAVE_PARSER_FAIL]',
    });
    expect(desk.trade('A2')).toBeUndefined();
  });

  test('an issued code lives for one minute', () => {
    const desk = openDesk();
    const issue = (): unknown =>
      desk.control('POST', '/simulator/payment-codes', {}).json['authCode'];
    const [first, second] = [issue(), issue()];
    expect(first).toMatch(/^28\d{12}[1-9]\d{3}$/);
    desk.nowMs += MINUTE_MS - 1;
    expect(pay(desk, { auth_code: first })).toMatchObject({ code: '10000' });
    desk.nowMs += 1;
    expect(pay(desk, { out_trade_no: 'A2', auth_code: second })).toMatchObject({
      sub_code: 'ACQ.PAYMENT_AUTH_CODE_INVALID',
    });
    // It still answers for the order it paid.
    expect(pay(desk, { auth_code: first })).toMatchObject({ sub_code: 'ACQ.TRADE_HAS_SUCCESS' });
  });

  test('the poor buyer cannot pay, and no trade is left', () => {
    const desk = openDesk();
    const { json } = desk.control('POST', '/simulator/payment-codes', { buyer: 'poor' });
    expect(pay(desk, { auth_code: json['authCode'] })).toMatchObject({
      sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH',
      sub_msg: '买家余额不足',
    });
    expect(query(desk)).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' });
  });
});

describe('timeouts count from the creation of the trade', () => {
  test.each([
    [{ timeout_express: '5m' }, 5 * MINUTE_MS],
    [{}, 3 * HOUR_MS],
    [{ timeout_express: '1c' }, 12 * HOUR_MS],
    [{ timeout_express: '15d' }, 15 * DAY_MS],
    [{ timeout_express: '5m', time_expire: '2026-03-01 12:00:10' }, 10 * SECOND_MS],
  ])('%j', (fields, spanMs) => {
    const desk = openDesk();
    pay(desk, { auth_code: '281111111111110002', ...fields });
    desk.nowMs += spanMs - 1;
    expect(query(desk)).toMatchObject({ trade_status: 'WAIT_BUYER_PAY' });
    desk.nowMs += 1;
    const closed = query(desk);
    expect(closed).toMatchObject({ trade_status: 'TRADE_CLOSED', buyer_pay_amount: '0.00' });
    expect(closed).not.toHaveProperty('send_pay_date');
  });
});
