/** Each kind of fault, which calls it hits, and whether the call is carried out. */
import { describe, expect, test } from 'vitest';

import iconv from 'iconv-lite';

import type { Answer } from './simulator.ts';
import { openDesk, readAnswer } from './testing/client.ts';
import type { Desk, Json } from './testing/client.ts';

const ORDER = {
  out_trade_no: 'F1',
  total_amount: '5.00',
  subject: 'x',
  auth_code: '281111111111111111',
};

function suffer(desk: Desk, fault: Json): Answer {
  expect(desk.control('POST', '/simulator/faults', fault)).toMatchObject({
    status: 200,
    json: { id: expect.any(String) },
  });
  return desk.send('alipay.trade.pay', ORDER).answer;
}

const isPaid = (desk: Desk): boolean => desk.trade('F1')?.['tradeStatus'] === 'TRADE_SUCCESS';

describe('kinds', () => {
  test.each([
    ['drop_request', undefined, false],
    ['drop_response', undefined, true],
    ['drop_response', false, false],
  ])('%s, executed %j: no answer; paid %j', (kind, executed, paid) => {
    const desk = openDesk();
    const answer = suffer(desk, executed === undefined ? { kind } : { kind, executed });
    expect(answer).toEqual({ kind: 'reset', holdMs: 0 });
    expect(isPaid(desk)).toBe(paid);
  });

  test('delay holds the answer back', () => {
    const desk = openDesk();
    const answer = suffer(desk, { kind: 'delay', ms: 1234 });
    expect(answer).toMatchObject({ kind: 'reply', holdMs: 1234 });
    expect(readAnswer(answer)).toMatchObject({ isSigned: true, node: { code: '10000' } });
    expect(isPaid(desk)).toBe(true);
  });

  test('http_502 and empty_body', () => {
    const desk = openDesk();
    expect(suffer(desk, { kind: 'http_502' })).toMatchObject({ status: 502 });
    expect(isPaid(desk)).toBe(true);
    const empty = suffer(desk, { kind: 'empty_body', executed: false });
    expect(empty).toMatchObject({ status: 200, body: Buffer.alloc(0) });
  });

  test('unknown_20000 is signed, unknown_20000_gbk is GBK bytes without a signature', () => {
    const desk = openDesk();
    const node = { code: '20000', msg: 'Service Currently Unavailable', sub_msg: '系统繁忙' };
    const signed = readAnswer(suffer(desk, { kind: 'unknown_20000' }));
    expect(signed).toMatchObject({
      isSigned: true,
      node: { ...node, sub_code: 'isp.unknow-error' },
    });
    const answer = suffer(desk, { kind: 'unknown_20000_gbk' });
    expect(readAnswer(answer, { charset: 'GBK' })).toMatchObject({
      isSigned: false,
      nodeName: 'alipay_trade_pay_response',
      contentType: 'text/html;charset=GBK',
      node,
    });
    expect(answer.kind === 'reply' && answer.body.includes(iconv.encode('系统繁忙', 'gbk'))).toBe(
      true,
    );
    expect(isPaid(desk)).toBe(true);
  });

  test('bad_signature, no_signature, tampered_body', () => {
    const desk = openDesk();
    const bad = readAnswer(suffer(desk, { kind: 'bad_signature' }));
    expect(bad).toMatchObject({ isSigned: false, node: { code: '10000', total_amount: '5.00' } });
    const again = { kind: 'no_signature', outTradeNo: 'F1' };
    const none = readAnswer(suffer(desk, again));
    expect(none).toMatchObject({ isSigned: false, node: { sub_code: 'ACQ.TRADE_HAS_SUCCESS' } });
    expect(none.text).not.toContain('"sign"');
    // The lie would make a careless client believe in a second payment.
    const lie = readAnswer(suffer(desk, { kind: 'tampered_body' }));
    expect(lie).toMatchObject({ isSigned: false, node: { code: '10000' } });
    expect(lie.text).toMatch(/"sign":"[A-Za-z0-9+/]+=*"\}$/);
  });

  test('duplicate_request is carried out twice and returns the first answer', () => {
    const desk = openDesk();
    const answer = readAnswer(suffer(desk, { kind: 'duplicate_request' }));
    expect(answer).toMatchObject({ isSigned: true, node: { code: '10000' } });
    expect(desk.trade('F1')).toMatchObject({ chargeCount: 1 });
    const refund = { out_trade_no: 'F1', refund_amount: '1', out_request_no: 'R1' };
    desk.control('POST', '/simulator/faults', { kind: 'duplicate_request' });
    expect(desk.call('alipay.trade.refund', refund)).toMatchObject({ fund_change: 'Y' });
    expect(desk.trade('F1')).toMatchObject({ refundedAmount: '1.00' });
    desk.control('POST', '/simulator/faults', { kind: 'duplicate_request' });
    desk.call('alipay.trade.precreate', { ...ORDER, out_trade_no: 'F2' });
    expect([...desk.book.qrCode.values()]).toMatchObject([{ count: 2 }]);
  });

  test('a call that is not carried out answers that the system is busy', () => {
    const desk = openDesk();
    const answer = readAnswer(suffer(desk, { kind: 'delay', ms: 1, executed: false }));
    expect(answer).toMatchObject({ isSigned: true, node: { code: '20000' } });
    expect(isPaid(desk)).toBe(false);
  });
});

describe('which calls suffer', () => {
  const kind = 'http_502';
  const isHit = (desk: Desk, method: string, biz: Json): boolean => {
    const { answer } = desk.send(method, biz);
    return answer.kind === 'reply' && answer.status === 502;
  };

  test('those of a method and an order, as often as asked', () => {
    const desk = openDesk();
    const fault = { kind, method: 'alipay.trade.query', outTradeNo: 'F1', times: 2 };
    desk.control('POST', '/simulator/faults', fault);
    const query = (outTradeNo: string): boolean =>
      isHit(desk, 'alipay.trade.query', { out_trade_no: outTradeNo });
    expect(query('F2')).toBe(false);
    expect(isHit(desk, 'alipay.trade.cancel', { out_trade_no: 'F1' })).toBe(false);
    expect([query('F1'), query('F1'), query('F1')]).toEqual([true, true, false]);
  });

  test('an order named by its trade number', () => {
    const desk = openDesk();
    const { trade_no: tradeNo } = desk.call('alipay.trade.pay', ORDER);
    desk.control('POST', '/simulator/faults', { kind, outTradeNo: 'F1' });
    expect(isHit(desk, 'alipay.trade.query', { trade_no: tradeNo })).toBe(true);
  });

  test('first come first served, and all end at once', () => {
    const desk = openDesk();
    desk.control('POST', '/simulator/faults', { kind: 'empty_body' });
    desk.control('POST', '/simulator/faults', { kind, times: 9 });
    expect(isHit(desk, 'alipay.trade.pay', ORDER)).toBe(false);
    expect(isHit(desk, 'alipay.trade.pay', ORDER)).toBe(true);
    expect(desk.control('DELETE', '/simulator/faults').status).toBe(200);
    expect(isHit(desk, 'alipay.trade.pay', ORDER)).toBe(false);
  });

  test('a fault wins over the story of a magic code', () => {
    const desk = openDesk();
    desk.control('POST', '/simulator/faults', { kind });
    expect(isHit(desk, 'alipay.trade.pay', { ...ORDER, auth_code: '281111111111110007' })).toBe(
      true,
    );
  });
});
