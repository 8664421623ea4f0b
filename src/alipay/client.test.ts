/**
 * The client over a transport that is a function: every way a call can come to nothing has a row, and every method is
 * asked once with the answer of the wire. What goes out is looked at as the receiving side would.
 */
import { describe, expect, test } from 'vitest';
import { AssertionError } from '../core/assert.ts';
import { fen } from '../core/money.ts';
import { NoResponse, type HttpSend } from '../system/http.ts';
import { createAlipayClient, type AlipayClient, type CallRecord } from './client.ts';
import { answering, APP, NOW_MS, signedBody, silent, WIRE } from './fixtures.ts';

const GATEWAY = 'https://openapi.alipay.com/gateway.do';
const PAY = { paymentNo: 'X', authCode: '280851932108273550', amountFen: fen(1), subject: '房费' };

function client(send: HttpSend): { alipay: AlipayClient; records: CallRecord[] } {
  const records: CallRecord[] = [];
  let nowMs = NOW_MS;
  const alipay = createAlipayClient({
    send,
    // Each look at the clock is 7 ms after the last.
    clock: { nowMs: () => (nowMs += 7) - 7 },
    gatewayUrl: GATEWAY,
    timeoutMs: 3_000,
    onCall: (record) => void records.push(record),
  });
  return { alipay, records };
}

describe('the eight methods, with the answers of the wire', () => {
  const payment = { paymentNo: 'X', amountFen: fen(2000) };
  const refund = { paymentNo: 'X', requestNo: 'R1', amountFen: fen(1) };
  type Sample = { node: string; text: string };
  const rows: [string, Sample, (alipay: AlipayClient) => Promise<{ kind: string }>, string][] = [
    ['alipay.trade.pay', WIRE.paid, (alipay) => alipay.pay(APP, PAY), 'paid'],
    ['alipay.trade.precreate', WIRE.precreated, (alipay) => alipay.precreate(APP, PAY), 'issued'],
    ['alipay.trade.query', WIRE.queryPaid, (alipay) => alipay.query(APP, payment), 'paid'],
    [
      'alipay.trade.cancel',
      WIRE.cancelRefunded,
      (alipay) => alipay.cancel(APP, payment),
      'refunded',
    ],
    ['alipay.trade.close', WIRE.closeNotOpen, (alipay) => alipay.close(APP, payment), 'not_open'],
    ['alipay.trade.refund', WIRE.refunded, (alipay) => alipay.refund(APP, refund), 'done'],
    [
      'alipay.trade.fastpay.refund.query',
      WIRE.refundFound,
      (alipay) => alipay.refundQuery(APP, refund),
      'done',
    ],
    [
      'monitor.heartbeat.syn',
      WIRE.heartbeat,
      (alipay) => alipay.heartbeat(APP, { equipmentId: 'DL1' }),
      'ok',
    ],
  ];
  test.each(rows)('%s', async (method, { node, text }, ask, kind) => {
    const send = answering(signedBody(node, text), { headers: { trace_id: '0b26eb0d17' } });
    const { alipay, records } = client(send);
    expect(await ask(alipay)).toMatchObject({ kind, answer: { raw: text, traceId: '0b26eb0d17' } });
    expect(send.sent).toHaveLength(1);
    const [request] = send.sent;
    expect(request).toMatchObject({ method: 'POST', timeoutMs: 3_000, maxBytes: 262_144 });
    const url = new URL(request?.url ?? '');
    expect(`${url.origin}${url.pathname}`).toBe(GATEWAY);
    expect(url.searchParams.get('method')).toBe(method);
    expect(url.searchParams.get('charset')).toBe('utf-8');
    expect(records).toMatchObject([{ outcome: kind, traceId: '0b26eb0d17', reason: undefined }]);
  });
});

describe('unknown, with its reason', () => {
  const { node, text } = WIRE.paid;
  const signed = (content: string): Buffer => signedBody(node, content);
  const replaced = (from: string, to: string): Buffer => signed(text.replace(from, to));
  const refusal = (code: string, subCode: string): Buffer =>
    signed(`{"code":"${code}","msg":"Business Failed","sub_code":"${subCode}","out_trade_no":"X"}`);

  const rows: [string, string, HttpSend][] = [
    ['no_response', 'a broken connection', silent('connection')],
    ['timeout', 'silence', silent('timeout')],
    ['too_large', 'a flood', silent('too_large')],
    [
      'http_status',
      'a redirect',
      answering(signed(text), { status: 302, headers: { location: 'https://evil.example' } }),
    ],
    ['http_status', 'a gateway between', answering(Buffer.from('<html>'), { status: 502 })],
    ['http_status', 'a good answer under another status', answering(signed(text), { status: 201 })],
    ['http_status', 'a rate limit', answering(Buffer.alloc(0), { status: 429 })],
    ['empty', '200 and nothing', answering(Buffer.alloc(0))],
    ['not_json', 'a web page', answering(Buffer.from('<html>login</html>'))],
    ['no_node', 'JSON of somebody else', answering(Buffer.from('{"code":"10000"}'))],
    ['wrong_node', 'an answer to another method', answering(signedBody(WIRE.queryPaid.node, text))],
    [
      'two_nodes',
      'an answer with another behind it',
      answering(Buffer.from(`{"${node}":${text},"error_response":{}}`)),
    ],
    ['unsigned', 'no signature', answering(Buffer.from(`{"${node}":${text}}`))],
    [
      'bad_signature',
      'a changed answer',
      answering(Buffer.from(signed(text).toString().replace('"0.01"', '"0.02"'))),
    ],
    ['malformed', 'no trade number', answering(replaced('"trade_no"', '"trade_mo"'))],
    ['wrong_number', 'another payment', answering(replaced('"X"', '"Y"'))],
    [
      'wrong_amount',
      'another amount',
      answering(replaced('"total_amount":"0.01"', '"total_amount":"0.10"')),
    ],
    ['doubtful_code', '20000', answering(refusal('20000', 'isp.unknow-error'))],
    ['doubtful_code', 'paid before', answering(refusal('40004', 'ACQ.TRADE_HAS_SUCCESS'))],
    ['unknown_code', 'a new code', answering(refusal('40004', 'ACQ.NEW'))],
  ];
  test.each(rows)('%s: %s', async (reason, _case, send) => {
    const { alipay, records } = client(send);
    const outcome = await alipay.pay(APP, PAY);
    expect(outcome).toMatchObject({ kind: 'unknown', reason, detail: expect.stringMatching(/\w/) });
    expect(records).toMatchObject([{ method: 'pay', outcome: 'unknown', reason }]);
  });

  test('unknown_status: a query with a new status', async () => {
    const strange = WIRE.queryPaid.text.replace('TRADE_SUCCESS', 'TRADE_NEW');
    const { alipay } = client(answering(signedBody(WIRE.queryPaid.node, strange)));
    expect(await alipay.query(APP, { paymentNo: 'X' })).toMatchObject({ reason: 'unknown_status' });
  });

  test('unsettled: a cancel to be repeated', async () => {
    const again = WIRE.cancelNothing.text.replace('"N"', '"Y"');
    const { alipay } = client(answering(signedBody(WIRE.cancelNothing.node, again)));
    expect(await alipay.cancel(APP, { paymentNo: 'X' })).toMatchObject({ reason: 'unsettled' });
  });

  test('what is there to trace it by is kept', async () => {
    const bad = client(answering(Buffer.alloc(0), { status: 502, headers: { trace_id: 't1' } }));
    expect(await bad.alipay.pay(APP, PAY)).toMatchObject({ httpStatus: 502, traceId: 't1' });
    const refused = client(answering(refusal('40004', 'ACQ.NEW'), { headers: { trace_id: 't2' } }));
    expect(await refused.alipay.pay(APP, PAY)).toMatchObject({
      code: '40004',
      subCode: 'ACQ.NEW',
      traceId: 't2',
    });
    expect(refused.records).toMatchObject([{ code: '40004', subCode: 'ACQ.NEW', traceId: 't2' }]);
  });

  test('no record and no sentence shows a key, a signature or the payment code', async () => {
    for (const [, , send] of rows) {
      const { alipay, records } = client(send);
      const outcome = await alipay.pay(APP, PAY);
      const { answer: _, ...told } = { answer: undefined, ...outcome };
      expect(JSON.stringify([told, records])).not.toMatch(/sign=|280851932108273550|MII/);
    }
  });
});

describe('unsigned refusals count', () => {
  test('an application that Alipay does not know', async () => {
    const body =
      '{"alipay_trade_pay_response":{"code":"40002","msg":"Invalid Arguments","sub_code":"isv.invalid-app-id","sub_msg":"无效的AppID参数"}}';
    const { alipay } = client(answering(Buffer.from(body)));
    expect(await alipay.pay(APP, PAY)).toMatchObject({ kind: 'refused', cause: 'configuration' });
  });
});

describe('the client itself', () => {
  test('takes the time it says', async () => {
    const { alipay, records } = client(silent('timeout'));
    await alipay.query(APP, { paymentNo: 'X' });
    expect(records[0]?.durationMs).toBe(14);
  });

  test('sends once, whatever comes back', async () => {
    let count = 0;
    const { alipay } = client(() => {
      count += 1;
      return Promise.reject(new NoResponse('connection', 'reset'));
    });
    await alipay.refund(APP, { paymentNo: 'X', requestNo: 'R1', amountFen: fen(1) });
    expect(count).toBe(1);
  });

  test('a mistake of ours is thrown, and nothing is sent', async () => {
    const send = answering(Buffer.alloc(0));
    const { alipay } = client(send);
    await expect(alipay.pay(APP, { ...PAY, amountFen: fen(0) })).rejects.toThrow(AssertionError);
    expect(send.sent).toHaveLength(0);
  });

  test('a fault of the transport that is no silence is not hidden', async () => {
    const { alipay } = client(() => Promise.reject(new TypeError('bug')));
    await expect(alipay.pay(APP, PAY)).rejects.toThrow(TypeError);
  });

  test.each(['openapi.alipay.com/gateway.do', 'https://a.example/g?x=1', 'ftp://a.example/', ''])(
    'the gateway %j is a mistake of ours',
    (gatewayUrl) => {
      const options = { send: silent('timeout'), clock: { nowMs: () => NOW_MS }, gatewayUrl };
      expect(() => createAlipayClient({ ...options, timeoutMs: 1 })).toThrow(AssertionError);
    },
  );
});
