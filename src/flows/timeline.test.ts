/**
 * Stored events as lines. Goal: a request stands where it was sent, not where its answer came; each kind of event says what
 * a person needs; free texts are masked. Whole stories are told in `test/flows/timeline.test.ts`.
 */
import { describe, expect, test } from 'vitest';
import { at } from '../core/payment.fixtures.ts';
import type { PaymentEvent } from '../store/events.ts';
import { shanghaiTextMs } from '../core/time.ts';
import { timelineOf } from './timeline.ts';

const NO = 'FF2603210000001';
const event = (kind: PaymentEvent['kind'], more: Partial<PaymentEvent> = {}): PaymentEvent => ({
  seq: 100,
  atMs: at(0),
  kind,
  state: 'created',
  version: 1,
  detail: {},
  changes: {},
  ...more,
});
const told = (...events: PaymentEvent[]): string[] =>
  timelineOf(NO, events).map(
    ({ atMs, what, text }) => `${shanghaiTextMs(atMs).slice(17)} ${what}: ${text.en}`,
  );
const toldInChinese = (...events: PaymentEvent[]): string[] =>
  timelineOf(NO, events).map(({ title, text }) => `${title.zh}: ${text.zh}`);

describe('requests', () => {
  const query = { method: 'query', askedAtMs: at(2), fact: 'waiting', code: '10000' };

  test('stand where they were sent, and what happened meanwhile stands between', () => {
    expect(
      told(
        event('created', { detail: { method: 'barcode', amountFen: 8800 } }),
        event('hint', { atMs: at(2.5), detail: { tradeStatus: 'TRADE_SUCCESS', notifyId: 'N1' } }),
        event('fact', { atMs: at(3.25), detail: { ...query, traceId: 'T1' } }),
      ),
    ).toStrictEqual([
      '00.000 gateway: intent stored: barcode, 88.00 yuan',
      `02.000 request: alipay.trade.query, out_trade_no ${NO}`,
      '02.500 notification: Alipay notifies: TRADE_SUCCESS, notify_id N1',
      '03.250 answer: alipay.trade.query: waiting, code 10000, trace T1, took 1250 ms',
    ]);
  });

  test('of the same moment stand before their own answers, in order', () => {
    const now = { atMs: at(2) };
    const lines = told(
      event('created', now),
      event('fact', { ...now, detail: query }),
      event('cancel_sent', now),
      event('fact', { ...now, detail: { ...query, method: 'cancel' } }),
    ).map((line) => line.slice(7).split(',')[0]);
    expect(lines).toStrictEqual([
      'gateway: intent stored: undefined',
      'request: alipay.trade.query',
      'answer: alipay.trade.query: waiting',
      'gateway: intent to cancel stored',
      'request: alipay.trade.cancel',
      'answer: alipay.trade.cancel: waiting',
    ]);
  });

  test('stand before their answers also when the clock was set back', () => {
    const lines = told(
      event('created'),
      event('fact', { atMs: at(-5), detail: { ...query, askedAtMs: at(1) } }),
      event('cancel_sent', { atMs: at(2) }),
    );
    const whats = lines.map((line) => line.slice(7, 14));
    expect(whats).toStrictEqual(['gateway', 'request', 'answer:', 'gateway']);
  });

  test('of a refund name it', () => {
    const detail = { method: 'refund_query', askedAtMs: at(2), requestNo: '01', outcome: 'absent' };
    expect(told(event('refund_fact', { atMs: at(3), detail }))[0]).toBe(
      `02.000 request: alipay.trade.fastpay.refund.query, out_trade_no ${NO}, out_request_no 01`,
    );
  });

  test('that never were sent are none', () => {
    const detail = { method: 'query', reason: 'no_alipay_public_key' };
    expect(told(event('silence', { detail }))).toStrictEqual([
      '00.000 silence: alipay.trade.query: nothing learnt: no_alipay_public_key',
    ]);
  });
});

describe('each kind', () => {
  test.each<[PaymentEvent['kind'], PaymentEvent['detail'], string]>([
    [
      'silence',
      {
        method: 'pay',
        outcome: 'unknown',
        reason: 'http_status',
        httpStatus: 502,
        explanation: 'HTTP status 502',
      },
      'silence: alipay.trade.pay: nothing learnt: http_status, http 502, says HTTP status 502',
    ],
    [
      'silence',
      { method: 'query', outcome: 'refused', code: '40002', subCode: 'isv.invalid-signature' },
      'silence: alipay.trade.query: nothing learnt: refused, code 40002, sub_code isv.invalid-signature',
    ],
    [
      'fact',
      { method: 'pay', fact: 'refused', code: '40004', subCode: 'ACQ.X', subMsg: '13800138000' },
      'answer: alipay.trade.pay: refused, code 40004, sub_code ACQ.X, says 138****8000',
    ],
    [
      'hint',
      {
        tradeStatus: 'TRADE_SUCCESS',
        refundedTotalFen: 800,
        refundRequestNo: '01',
        notifyId: 'N',
      },
      'notification: Alipay notifies: TRADE_SUCCESS, refunded 8.00 yuan, refund 01, notify_id N',
    ],
    [
      'refund_created',
      { requestNo: '01', amountFen: 800 },
      'refund: refund 01 asked for: 8.00 yuan, reserved',
    ],
    [
      'refund_refused',
      { requestNo: '01', amountFen: 800, subCode: 'ACQ.TRADE_HAS_CLOSE' },
      'refund: refund 01 of 8.00 yuan refused by the gateway: ACQ.TRADE_HAS_CLOSE',
    ],
    [
      'incident',
      { reason: 'refund_stays_silent', requestNo: '01', incidentNo: 7 },
      'incident: incident 7: a person must look: refund_stays_silent, refund 01',
    ],
    [
      'incident_resolved',
      { reason: 'late_payment', incidentNo: 7, by: 'Li Lei', note: 'called 13800138000' },
      'person: incident 7 (late_payment) resolved by Li Lei: called 138****8000',
    ],
    [
      'incident_resolved',
      { reason: 'late_payment', incidentNo: 7, by: 'gateway', note: null },
      'person: incident 7 (late_payment) resolved by gateway',
    ],
  ])('%s %j', (kind, detail, text) => {
    expect(told(event(kind, { detail }))).toStrictEqual([`00.000 ${text}`]);
  });

  test('in Chinese too, with the same numbers and codes', () => {
    const detail = { method: 'query', askedAtMs: at(0), requestNo: '01', traceId: 'T1' };
    expect(
      toldInChinese(
        event('created', { detail: { method: 'qr', amountFen: 8800 } }),
        event('fact', { atMs: at(1), detail: { ...detail, fact: 'waiting', code: '10000' } }),
        event('silence', { detail: { method: 'pay', reason: 'timeout' } }),
        event('hint', { detail: { tradeStatus: 'TRADE_SUCCESS', refundedTotalFen: 800 } }),
        event('incident_resolved', {
          detail: { reason: 'late_payment', incidentNo: 7, by: 'Li Lei', note: '13800138000' },
        }),
      ),
    ).toStrictEqual([
      '支付开始: 意图已保存：二维码，88.00 元',
      `请求支付宝: alipay.trade.query，out_trade_no ${NO}，out_request_no 01`,
      '支付宝应答: alipay.trade.query：等待买家付款，code 10000，退款 01，trace T1，耗时 1000 ms',
      '没有结论: alipay.trade.pay：未得到结论：超时',
      '支付宝通知: 支付宝通知：TRADE_SUCCESS，累计已退 8.00 元',
      '事件已结案: 事件 7（late_payment）由 Li Lei 结案：138****8000',
    ]);
  });

  test('says where the payment moved, and nothing when it stayed', () => {
    const events = [
      event('created'),
      event('hint'),
      event('fact', { state: 'paid' }),
      event('late_payment', { state: 'paid' }),
    ];
    const moves = timelineOf(NO, events).map(({ moved }) => moved);
    expect(moves).toStrictEqual(['created', null, 'created -> paid', null]);
  });

  test('for programs is masked in the same places, and numbers are whole', () => {
    const detail = { explanation: 'of 13800138000', requestNo: '13800138000', code: '40004' };
    const [line] = timelineOf(NO, [event('refund_silence', { detail })]);
    expect(line?.data).toStrictEqual({
      event: 'refund_silence',
      state: 'created',
      version: 1,
      explanation: 'of 138****8000',
      requestNo: '13800138000',
      code: '40004',
    });
  });
});
