/**
 * What follows a payment: query, cancel, close, refund and refund query, in every state of a trade.
 */
import { describe, expect, test } from 'vitest';

import { openDesk } from '../testing/client.ts';
import type { Desk, Json } from '../testing/client.ts';
import { DAY_MS } from '../wire/time.ts';

type State =
  | 'waiting'
  | 'paid'
  | 'part_refunded'
  | 'refunded'
  | 'cancelled'
  | 'closed'
  | 'finished';

const trade =
  (method: string) =>
  (desk: Desk, biz: Json = {}) =>
    desk.call(`alipay.trade.${method}`, { out_trade_no: 'T1', ...biz });
const [query, cancel, close, refund, refundQuery] = [
  trade('query'),
  trade('cancel'),
  trade('close'),
  trade('refund'),
  trade('fastpay.refund.query'),
] as const;

function aDesk(state: State): Desk {
  const desk = openDesk();
  const isOpen = state === 'waiting' || state === 'closed';
  const code = isOpen ? '281111111111110002' : '281111111111111111';
  const order = { total_amount: '10.00', subject: 'x', auth_code: code, timeout_express: '15d' };
  desk.call('alipay.trade.pay', { out_trade_no: 'T1', ...order });
  const prepare: Partial<Record<State, () => unknown>> = {
    part_refunded: () => refund(desk, { refund_amount: '4.00', out_request_no: 'R1' }),
    refunded: () => refund(desk, { refund_amount: '10.00' }),
    cancelled: () => cancel(desk),
    closed: () => close(desk),
    finished: () => (desk.nowMs += 366 * DAY_MS),
  };
  prepare[state]?.();
  desk.nowMs += 1000;
  return desk;
}

describe('query', () => {
  test.each([
    ['waiting', 'WAIT_BUYER_PAY', '0.00', undefined],
    ['paid', 'TRADE_SUCCESS', '10.00', '2026-03-01 12:00:00'],
    ['part_refunded', 'TRADE_SUCCESS', '10.00', '2026-03-01 12:00:00'],
    ['refunded', 'TRADE_CLOSED', '10.00', '2026-03-01 12:00:00'],
    ['cancelled', 'TRADE_CLOSED', '10.00', '2026-03-01 12:00:00'],
    ['closed', 'TRADE_CLOSED', '0.00', undefined],
    ['finished', 'TRADE_FINISHED', '10.00', '2026-03-01 12:00:00'],
  ] as const)('a %s trade is %s', (state, status, paid, paidAt) => {
    const desk = aDesk(state);
    const byNumber = query(desk);
    expect(byNumber).toMatchObject({ code: '10000', trade_status: status, receipt_amount: paid });
    expect(byNumber['send_pay_date']).toBe(paidAt);
    const tradeNo = byNumber['trade_no'];
    // trade_no wins, even over a number that says something else.
    expect(query(desk, { trade_no: tradeNo, out_trade_no: 'OTHER' })).toEqual(byNumber);
  });

  test('by nothing, and by numbers nobody has', () => {
    const desk = aDesk('paid');
    expect(query(desk, { out_trade_no: undefined })).toMatchObject({
      sub_code: 'ACQ.INVALID_PARAMETER',
    });
    expect(query(desk, { trade_no: '2026030122001000000000000000' })).toMatchObject({
      sub_code: 'ACQ.TRADE_NOT_EXIST',
    });
    expect(query(desk, { out_trade_no: {} })).toMatchObject({ sub_code: 'ACQ.INVALID_PARAMETER' });
  });

  test('store and terminal come back', () => {
    const desk = openDesk();
    const order = {
      out_trade_no: 'T1',
      total_amount: '1',
      subject: 'x',
      store_id: 'S',
      terminal_id: 'N',
    };
    desk.call('alipay.trade.pay', { ...order, auth_code: '281111111111111111' });
    expect(query(desk)).toMatchObject({ store_id: 'S', terminal_id: 'N' });
  });
});

describe('cancel', () => {
  test.each([
    ['waiting', 'close', undefined],
    ['paid', 'refund', undefined],
    ['closed', 'close', undefined],
    ['cancelled', 'refund', undefined],
    ['part_refunded', undefined, 'ACQ.REASON_TRADE_REFUND_FEE_ERR'],
    ['refunded', undefined, 'ACQ.REASON_TRADE_REFUND_FEE_ERR'],
    ['finished', undefined, 'ACQ.TRADE_HAS_FINISHED'],
  ] as const)('a %s trade', (state, action, subCode) => {
    const desk = aDesk(state);
    const answers = [cancel(desk), cancel(desk)];
    for (const answer of answers) {
      expect(answer).toMatchObject({ out_trade_no: 'T1', retry_flag: 'N' });
      expect(answer['action']).toBe(action);
      expect(answer['sub_code']).toBe(subCode);
      expect(answer['trade_no']).toMatch(/^\d{28}$/);
    }
  });

  test('gives everything back, once', () => {
    const desk = aDesk('paid');
    cancel(desk);
    cancel(desk);
    expect(desk.trade('T1')).toMatchObject({
      tradeStatus: 'TRADE_CLOSED',
      paidAmount: '10.00',
      refundedAmount: '10.00',
      refunds: [{ outRequestNo: 'T1', amount: '10.00' }],
      chargeCount: 1,
    });
    expect(refundQuery(desk, { out_request_no: 'T1' })).toMatchObject({
      refund_status: 'REFUND_SUCCESS',
      refund_amount: '10.00',
    });
  });

  test.each(['waiting', 'paid'] as const)('a %s trade of yesterday is too old', (state) => {
    const desk = aDesk(state);
    desk.nowMs += DAY_MS - 1000;
    const before = structuredClone(desk.trade('T1'));
    desk.nowMs += 1;
    expect(cancel(desk)).toMatchObject({
      code: '40004',
      sub_code: 'ACQ.TRADE_CANCEL_TIME_OUT',
      sub_msg: '超过撤销时间范围',
      retry_flag: 'N',
    });
    expect(desk.trade('T1')).toEqual(before);
    desk.nowMs -= 1;
    expect(cancel(desk)).toMatchObject({ code: '10000' });
  });

  test('by nothing, and by a trade number nobody has', () => {
    const desk = aDesk('paid');
    expect(cancel(desk, { out_trade_no: '' })).toEqual({
      code: '40004',
      msg: 'Business Failed',
      sub_code: 'ACQ.INVALID_PARAMETER',
      sub_msg: '参数无效',
      retry_flag: 'N',
    });
    expect(cancel(desk, { trade_no: '1' })).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' });
  });
});

describe('close', () => {
  test.each(['paid', 'part_refunded', 'refunded', 'cancelled', 'closed', 'finished'] as const)(
    'not a %s trade',
    (state) => {
      expect(close(aDesk(state))).toMatchObject({
        sub_code: 'ACQ.TRADE_STATUS_ERROR',
        sub_msg: '交易状态不合法',
        out_trade_no: 'T1',
      });
    },
  );

  test('a waiting one', () => {
    const desk = aDesk('waiting');
    expect(close(desk)).toEqual({
      code: '10000',
      msg: 'Success',
      out_trade_no: 'T1',
      trade_no: expect.stringMatching(/^\d{28}$/),
    });
    expect(desk.trade('T1')).toMatchObject({ tradeStatus: 'TRADE_CLOSED', refundedAmount: '0.00' });
    expect(close(desk, { out_trade_no: undefined })).toMatchObject({
      sub_code: 'ACQ.INVALID_PARAMETER',
    });
  });
});

describe('refund', () => {
  test('in parts, until nothing is left', () => {
    const desk = aDesk('paid');
    const part = (amount: string, number: string): Json =>
      refund(desk, { refund_amount: amount, out_request_no: number });
    expect(part('4.00', 'R1')).toEqual({
      code: '10000',
      msg: 'Success',
      buyer_logon_id: '159****5620',
      buyer_user_id: '2088102177846880',
      fund_change: 'Y',
      gmt_refund_pay: '2026-03-01 12:00:01',
      out_trade_no: 'T1',
      refund_fee: '4.00',
      send_back_fee: '0.00',
      trade_no: expect.any(String),
    });
    desk.nowMs += 10_000;
    // The same again changes nothing and remembers when it was done.
    expect(part('4.00', 'R1')).toMatchObject({
      fund_change: 'N',
      refund_fee: '4.00',
      gmt_refund_pay: '2026-03-01 12:00:01',
    });
    expect(part('4.01', 'R1')).toMatchObject({
      sub_code: 'ACQ.DISCORDANT_REPEAT_REQUEST',
      sub_msg: '不一致的请求',
    });
    expect(part('6.01', 'R2')).toMatchObject({
      sub_code: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
      sub_msg: '退款金额超限',
    });
    expect(part('6', 'R2')).toMatchObject({ fund_change: 'Y', refund_fee: '10.00' });
    expect(query(desk)).toMatchObject({ trade_status: 'TRADE_CLOSED' });
    expect(part('6.00', 'R2')).toMatchObject({ fund_change: 'N', refund_fee: '10.00' });
    expect(part('0.01', 'R3')).toMatchObject({ sub_code: 'ACQ.TRADE_HAS_CLOSE' });
    expect(desk.trade('T1')).toMatchObject({
      refundedAmount: '10.00',
      refunds: [
        { outRequestNo: 'R1', amount: '4.00' },
        { outRequestNo: 'R2', amount: '6.00' },
      ],
    });
  });

  test('two within 3 s are accepted', () => {
    const desk = aDesk('paid');
    for (const number of ['R1', 'R2']) {
      const made = refund(desk, { refund_amount: '1', out_request_no: number });
      expect(made).toMatchObject({ fund_change: 'Y' });
    }
  });

  test('without a number only in full, and then the order number stands in', () => {
    const desk = aDesk('paid');
    expect(refund(desk, { refund_amount: '9.99' })).toMatchObject({
      sub_code: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
    });
    expect(refund(desk, { refund_amount: '10' })).toMatchObject({ fund_change: 'Y' });
    expect(refund(desk, { refund_amount: '10', out_request_no: 'T1' })).toMatchObject({
      fund_change: 'N',
    });
  });

  test.each([
    ['waiting', 'ACQ.TRADE_STATUS_ERROR', '交易状态非法'],
    ['closed', 'ACQ.TRADE_HAS_CLOSE', '交易已关闭'],
    ['cancelled', 'ACQ.TRADE_HAS_CLOSE', '交易已关闭'],
    ['finished', 'ACQ.TRADE_HAS_FINISHED', '交易已完结'],
  ] as const)('not of a %s trade', (state, subCode, subMsg) => {
    const made = refund(aDesk(state), { refund_amount: '1.00', out_request_no: 'R9' });
    expect(made).toMatchObject({ code: '40004', sub_code: subCode, sub_msg: subMsg });
  });

  test.each([
    { refund_amount: undefined },
    { refund_amount: '0' },
    { refund_amount: '1.001' },
    { refund_amount: '-1' },
    { refund_amount: '1', out_request_no: 'x'.repeat(65) },
    { refund_amount: '1', out_request_no: '房' },
    { refund_amount: '1', refund_reason: 'x'.repeat(257) },
    { refund_amount: '1', out_trade_no: undefined },
  ])('not with %j', (biz) => {
    expect(refund(aDesk('paid'), biz)).toMatchObject({ sub_code: 'ACQ.INVALID_PARAMETER' });
  });

  test('details on request', () => {
    const options = { query_options: ['refund_detail_item_list'] };
    const made = refund(aDesk('paid'), { refund_amount: '4', out_request_no: 'R1', ...options });
    expect(made).toMatchObject({
      send_back_fee: '4.00',
      refund_detail_item_list: [{ amount: '4.00', fund_channel: 'ALIPAYACCOUNT' }],
    });
  });
});

describe('refund query', () => {
  test('a made one, an unknown one, an unknown trade', () => {
    const desk = aDesk('part_refunded');
    expect(refundQuery(desk, { out_request_no: 'R1' })).toEqual({
      code: '10000',
      msg: 'Success',
      out_request_no: 'R1',
      out_trade_no: 'T1',
      refund_amount: '4.00',
      refund_status: 'REFUND_SUCCESS',
      total_amount: '10.00',
      trade_no: expect.any(String),
    });
    expect(refundQuery(desk, { out_request_no: 'R2' })).toEqual({ code: '10000', msg: 'Success' });
    expect(refundQuery(desk, { out_trade_no: 'T2', out_request_no: 'R1' })).toMatchObject({
      sub_code: 'ACQ.TRADE_NOT_EXIST',
    });
    expect(refundQuery(desk)).toMatchObject({ sub_code: 'ACQ.INVALID_PARAMETER' });
    const options = { query_options: ['gmt_refund_pay', 'refund_detail_item_list'] };
    expect(refundQuery(desk, { out_request_no: 'R1', ...options })).toMatchObject({
      gmt_refund_pay: '2026-03-01 12:00:00',
      send_back_fee: '4.00',
      refund_detail_item_list: [{ amount: '4.00', fund_channel: 'ALIPAYACCOUNT' }],
    });
  });
});

test('a trade finishes twelve months after it was paid', () => {
  const desk = aDesk('paid');
  desk.nowMs += 365 * DAY_MS - 2000;
  expect(query(desk)).toMatchObject({ trade_status: 'TRADE_SUCCESS' });
  desk.nowMs += 1000;
  expect(query(desk)).toMatchObject({ trade_status: 'TRADE_FINISHED' });
});
