/**
 * Answers that the gateway makes itself, held against Alipay's own: the names and the order of the published examples
 * where the document shows such an answer, and those of Alipay's wire where a query stands in for another call.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import examples from '../../test/api/v1-examples.json' with { type: 'json' };
import { fen } from '../core/money.ts';
import { parseShanghaiText } from '../core/time.ts';
import { WIRE } from './fixtures.ts';
import {
  codeOf,
  notConfigured,
  payFromQuery,
  payHasClosed,
  payInProcess,
  queryFindsNothing,
  REFUND_REFUSALS,
  refundFromQuery,
  refundInProcess,
  refundRefused,
  type RefundRefusal,
} from './own-answers.ts';

type Fields = Record<string, unknown>;
const fieldsOf = (text: string): Fields => JSON.parse(text) as Fields;
const keysOf = (text: string): string[] => Object.keys(fieldsOf(text));
const published = (path: string) => examples.calls.find((call) => call.path === path)!;

const BARCODE = published('/f2f/hb_barcode');
const QUERY = published('/f2f/query');
const REFUND = published('/f2f/refund');

describe('a payment that has closed', () => {
  test('is answered exactly as the published example, with what Alipay said of the buyer', () => {
    const declined = BARCODE.declined!.re;
    const waiting = JSON.stringify({
      ...fieldsOf(WIRE.payWaiting.text),
      buyer_logon_id: declined.buyer_logon_id,
      buyer_user_id: declined.buyer_user_id,
      open_id: declined.open_id,
    });
    expect(payHasClosed(declined.out_trade_no, waiting)).toBe(JSON.stringify(declined));
  });

  test('of which Alipay never spoke is answered without a buyer', () => {
    const { buyer_logon_id, buyer_user_id, open_id, ...rest } = BARCODE.declined!.re;
    expect([buyer_logon_id, buyer_user_id, open_id].every(Boolean)).toBe(true);
    expect(payHasClosed(rest.out_trade_no, null)).toBe(JSON.stringify(rest));
  });
});

describe('a payment in process', () => {
  test('is 10003 with number and amount, in the words and the order of Alipay', () => {
    const text = payInProcess({ paymentNo: 'X', amountFen: fen(1) });
    expect(text).toBe(
      '{"code":"10003","msg":" order success pay inprocess","out_trade_no":"X","total_amount":"0.01"}',
    );
    const wire = fieldsOf(WIRE.payWaiting.text);
    expect(fieldsOf(text)).toStrictEqual(
      Object.fromEntries(keysOf(text).map((name) => [name, wire[name]])),
    );
    expect(Object.keys(wire).filter((name) => name in fieldsOf(text))).toStrictEqual(keysOf(text));
  });
});

describe('a payment that a query found paid', () => {
  test('has the names of the pay call, and those alone', () => {
    const names = keysOf(payFromQuery(JSON.stringify(QUERY.success.data)));
    expect(names.toSorted()).toStrictEqual(Object.keys(BARCODE.success.re).toSorted());
  });

  test('says what the query said, the time under the name of the pay call', () => {
    const { trade_status, send_pay_date, ...kept } = fieldsOf(JSON.stringify(QUERY.success.data));
    expect(trade_status).toBe('TRADE_SUCCESS');
    expect(fieldsOf(payFromQuery(JSON.stringify(QUERY.success.data)))).toStrictEqual({
      ...kept,
      gmt_payment: send_pay_date,
    });
  });

  test("has the order of Alipay's pay call: code and msg, then by name", () => {
    const paid = keysOf(WIRE.paid.text);
    expect(keysOf(payFromQuery(WIRE.queryPaid.text))).toStrictEqual(paid);
    expect(paid.slice(2)).toStrictEqual(paid.slice(2).toSorted());
  });

  test('without a time says none', () => {
    expect(payFromQuery('{"code":"10000","msg":"Success","trade_status":"TRADE_SUCCESS"}')).toBe(
      '{"code":"10000","msg":"Success"}',
    );
  });

  test('keeps fields that nobody knows yet', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z]{1,4}_[a-z]{1,8}$/), fc.jsonValue()),
        (added) => {
          const query = { ...added, code: '10000', msg: 'Success' };
          const expected = fieldsOf(JSON.stringify(query));
          delete expected['trade_status'];
          const { send_pay_date: paidAt, ...rest } = expected;
          const all = paidAt === undefined ? rest : { ...rest, gmt_payment: paidAt };
          fc.pre(!('gmt_payment' in added));
          expect(fieldsOf(payFromQuery(JSON.stringify(query)))).toStrictEqual(all);
        },
      ),
    );
  });
});

test("a query for another merchant's trade is answered as Alipay answers one for no trade", () => {
  expect(queryFindsNothing('X')).toBe(WIRE.queryAbsent.text);
  const absent: Fields = { ...QUERY.failures[0]?.data };
  expect(fieldsOf(queryFindsNothing(String(absent['out_trade_no'])))).toStrictEqual(absent);
});

describe('a refund', () => {
  test('refused by the gateway is answered exactly as the published example', () => {
    expect(refundRefused('ACQ.TRADE_NOT_EXIST')).toBe(JSON.stringify(REFUND.failures[0]?.data));
  });

  test.each(Object.keys(REFUND_REFUSALS) as RefundRefusal[])(
    'refused with %s says why',
    (subCode) => {
      expect(fieldsOf(refundRefused(subCode))).toMatchObject({
        code: '40004',
        sub_code: subCode,
        sub_msg: REFUND_REFUSALS[subCode],
      });
    },
  );

  test('in doubt is answered as the contract says', () => {
    expect(refundInProcess('FF1', '01')).toBe(
      '{"code":"10003","msg":"refund in process","out_trade_no":"FF1","out_request_no":"01"}',
    );
  });

  const known = {
    paymentNo: 'X',
    amountFen: fen(1),
    refundedTotalFen: fen(3),
    nowMs: parseShanghaiText('2026-03-21 12:00:00')!,
  };

  test("that a query found done has the order of Alipay's refund call", () => {
    const accepted = WIRE.refunded.text.replace('"fund_change":"Y"', '"fund_change":"N"');
    const text = refundFromQuery(WIRE.refundFound.text, accepted, known);
    expect(keysOf(text)).toStrictEqual(keysOf(WIRE.refunded.text));
    expect(fieldsOf(text)).toStrictEqual({
      ...fieldsOf(WIRE.refunded.text),
      send_back_fee: '0.01',
    });
  });

  test.each<[string, string, string | null, object]>([
    [
      'nothing but what we know',
      '{"code":"10000"}',
      null,
      { gmt_refund_pay: '2026-03-21 12:00:00', refund_fee: '0.03', send_back_fee: '0.01' },
    ],
    [
      "the query's time, before that of the call",
      '{"gmt_refund_pay":"2026-03-21 11:00:00","trade_no":"Q"}',
      '{"gmt_refund_pay":"2026-03-21 10:00:00","trade_no":"A","refund_fee":"0.02"}',
      { gmt_refund_pay: '2026-03-21 11:00:00', trade_no: 'Q', refund_fee: '0.02' },
    ],
    [
      "the call's, where the query has none",
      '{}',
      '{"gmt_refund_pay":"2026-03-21 10:00:00","trade_no":"A"}',
      { gmt_refund_pay: '2026-03-21 10:00:00', trade_no: 'A' },
    ],
  ])('that a query found done: %s', (_case, query, accepted, expected) => {
    const fields = fieldsOf(refundFromQuery(query, accepted, known));
    expect(fields).toMatchObject({
      code: '10000',
      msg: 'Success',
      fund_change: 'Y',
      out_trade_no: 'X',
      ...expected,
    });
    const allowed = Object.keys(REFUND.success.data);
    expect(Object.keys(fields).filter((name) => !allowed.includes(name))).toStrictEqual([]);
  });
});

test("without Alipay's public key the shop is told what to set, and where", () => {
  const fields = fieldsOf(notConfigured());
  expect(Object.keys(fields)).toStrictEqual(['code', 'msg', 'sub_code', 'sub_msg']);
  expect(fields).toMatchObject({ code: '40003', sub_code: 'isv.missing-signature-config' });
  expect(fields['sub_msg']).toContain('cpiAlipubKey');
});

test.each<[string | null, unknown]>([
  ['{"msg":"Success","code":"10000"}', '10000'],
  ['{}', undefined],
  [null, undefined],
])('the code of %s is %j', (answer, expected) => {
  expect(codeOf(answer)).toBe(expected);
});
