/**
 * Whatever arrives, the core answers and does not throw: random bytes as requests, and signed calls
 * whose fields are anything JSON can say. And the same seed with the same calls gives the same
 * bytes.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { handle } from './simulator.ts';
import type { Answer } from './simulator.ts';
import { openDesk, readAnswer } from './testing/client.ts';
import { yuan } from './wire/money.ts';

const METHODS = [
  'alipay.trade.precreate',
  'alipay.trade.pay',
  'alipay.trade.query',
  'alipay.trade.cancel',
  'alipay.trade.close',
  'alipay.trade.refund',
  'alipay.trade.fastpay.refund.query',
  'alipay.data.dataservice.bill.downloadurl.query',
  'monitor.heartbeat.syn',
];
const FIELDS = [
  'out_trade_no',
  'trade_no',
  'total_amount',
  'subject',
  'auth_code',
  'refund_amount',
  'out_request_no',
  'timeout_express',
  'time_expire',
  'goods_detail',
  'query_options',
  'bill_type',
  'bill_date',
];
const PATHS = [
  '/gateway.do',
  '/simulator/apps',
  '/simulator/faults',
  '/simulator/clock',
  '/simulator/scan',
  '/simulator/trades',
  '/simulator/trades/x/pay',
  '/downloadBillFile.resource',
  '/',
];

const isAnswer = (answer: Answer): boolean =>
  answer.kind === 'reset' || (answer.status >= 200 && answer.status < 600);

test('random requests are answered', () => {
  const desk = openDesk();
  fc.assert(
    fc.property(
      fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', ''),
      fc.constantFrom(...PATHS),
      fc.string(),
      fc.option(fc.constantFrom('multipart/form-data; boundary=a', 'application/json', 'x')),
      fc.oneof(
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        fc.json().map((json) => Buffer.from(json)),
      ),
      (method, path, query, type, body) => {
        const contentType = type ?? 'application/x-www-form-urlencoded';
        const url = `${path}?${query}`;
        const { answer } = handle(desk.book, desk.nowMs, { method, url, contentType, body });
        expect(isAnswer(answer)).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

test('signed calls with any content get a signed answer', () => {
  const desk = openDesk();
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('T1', 'T2', '1', '0.01', 5, '281111111111111111', '281111111111110002', '1m'),
  );
  const biz = fc.dictionary(fc.constantFrom(...FIELDS), value);
  fc.assert(
    fc.property(fc.constantFrom(...METHODS), biz, (method, content) => {
      const { isSigned, node } = readAnswer(desk.send(method, content).answer);
      expect(isSigned).toBe(true);
      expect(['10000', '10003', '20000', '40004']).toContain(node['code']);
    }),
    { numRuns: 300 },
  );
});

const AMOUNTS = [100, 250, 1000];
const calls = fc.array(
  fc.record({
    method: fc.constantFrom(...METHODS.slice(0, 7)),
    outTradeNo: fc.constantFrom('T1', 'T2', 'T3'),
    fen: fc.constantFrom(...AMOUNTS),
    ending: fc.constantFrom('0001', '0002', '0011', '1111'),
    waitMs: fc.constantFrom(0, 1000, 3000, 3_600_000, 90_000_000),
    act: fc.constantFrom('none', 'pay', 'decline'),
  }),
  { maxLength: 25 },
);

test('the books balance, and a seed repeats itself to the byte', () => {
  fc.assert(
    fc.property(calls, fc.integer(), (steps, seed) => {
      const run = (): string[] => {
        const desk = openDesk({ seed });
        return steps.flatMap(({ method, outTradeNo, fen, ending, waitMs, act }, i) => {
          const { answer } = desk.send(method, {
            out_trade_no: outTradeNo,
            total_amount: yuan(fen),
            subject: 'x',
            auth_code: `28${String(i).padStart(12, '0')}${ending}`,
            refund_amount: yuan(fen),
            out_request_no: `R${i % 3}`,
          });
          desk.nowMs += waitMs;
          const acted = desk.control('POST', `/simulator/trades/${outTradeNo}/${act}`, {});
          for (const trade of desk.book.trade.values()) {
            const refunded = trade.refunds.reduce((sum, { amountFen }) => sum + amountFen, 0);
            const isPaid = trade.paidAtMs !== undefined;
            expect(trade.chargeCount).toBe(isPaid ? 1 : 0);
            expect(refunded).toBeLessThanOrEqual(isPaid ? trade.order.totalFen : 0);
            const isOpen = trade.status !== 'TRADE_CLOSED';
            expect(refunded === 0 || isOpen === refunded < trade.order.totalFen).toBe(true);
          }
          return [readAnswer(answer).text, JSON.stringify(acted)];
        });
      };
      expect(run()).toEqual(run());
    }),
    { numRuns: 40 },
  );
});
