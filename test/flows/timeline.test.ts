/**
 * `f2f payment show` of payments that lived through something. Goal: every request that reached the simulator, every answer,
 * silence, notification, intent and refund step is one line, in the order in which it happened, masked; the last sentence
 * says why and what is next; and `--json` says the same.
 */
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addPaymentCommands } from '../../src/cli/payment.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

async function show(...words: string[]): Promise<string[]> {
  const lines: string[] = [];
  const program = new Command('f2f').exitOverride();
  addPaymentCommands(program, {
    clock: world.clock,
    withDatabase: (work) => work(world.db),
    print: (line) => lines.push(line),
  });
  await program.parseAsync(['payment', 'show', ...words], { from: 'user' });
  return lines;
}

type Shown = {
  payment: Record<string, unknown>;
  timeline: { at: string; what: string; moved: string | null; text: string; data: object }[];
  faults: string[];
  why: { en: string; zh: string };
};
const data = async (paymentNo: string): Promise<Shown> =>
  JSON.parse((await show(paymentNo, '--json')).join('\n')) as Shown;

const fault = (method: string, kind: string): unknown =>
  world.control('POST', '/simulator/faults', { method: `alipay.trade.${method}`, kind });

async function charge(localNo: string, code: string): Promise<string> {
  const answer = await world.ask('/f2f/hb_barcode', {
    cpiNo: 'DL0001',
    localNo,
    totalAmount: '88.00',
    authCode: `28085193210827${code}`,
    subject: 'Tea',
  });
  return String(answer.re['out_trade_no']);
}

/** A payment whose first two answers are lost, refunded in doubt, and refused a refund that is too much. */
async function live(): Promise<string> {
  fault('pay', 'unknown_20000');
  fault('query', 'drop_response');
  const paymentNo = await charge('1', '3550');
  fault('refund', 'http_502');
  const refund = { cpiNo: 'DL0001', outTradeNo: paymentNo };
  await world.ask('/f2f/refund', { ...refund, refundAmount: '8.00', outRequestNo: '01' });
  await world.ask('/f2f/refund', { ...refund, refundAmount: '88.00', outRequestNo: '02' });
  return paymentNo;
}

test('tells all that happened, in order', async () => {
  const no = await live();
  const { timeline } = await data(no);
  const lines = timeline.map(
    ({ what, text }) => `${what}: ${text.replace(/, (trace|took) .*/, '')}`,
  );
  const request = (method: string, refund = ''): string =>
    `request: alipay.trade.${method}, out_trade_no ${no}${refund && `, out_request_no ${refund}`}`;
  expect(lines.map((line) => line.replace(/(, refunded .*)?, notify_id \d+/, ''))).toStrictEqual([
    'gateway: intent stored: barcode, 88.00 yuan',
    request('pay'),
    'silence: alipay.trade.pay: nothing learnt: doubtful_code, code 20000, sub_code isp.unknow-error',
    'notification: Alipay notifies: TRADE_SUCCESS',
    request('query'),
    'silence: alipay.trade.query: nothing learnt: no_response',
    request('query'),
    'answer: alipay.trade.query: paid, code 10000',
    'refund: refund 01 asked for: 8.00 yuan, reserved',
    'refund: refund 01: intent to send stored',
    request('refund', '01'),
    'silence: alipay.trade.refund: nothing learnt: http_status, http 502, refund 01',
    'notification: Alipay notifies: TRADE_SUCCESS',
    'refund: refund 01: intent to send stored',
    request('refund', '01'),
    'answer: alipay.trade.refund: accepted, code 10000, refund 01',
    request('fastpay.refund.query', '01'),
    'answer: alipay.trade.fastpay.refund.query: done, code 10000, refund 01',
    'refund: refund 02 of 88.00 yuan refused by the gateway: ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
  ]);
});

test('has one line for each request that reached Alipay', async () => {
  const no = await live();
  const requests = (await data(no)).timeline.filter(({ what }) => what === 'request');
  const sent = world.calls.filter(({ paymentNo }) => paymentNo === no);
  expect(sent.length).toBeGreaterThan(5);
  expect(requests.map(({ text }) => text.split(',')[0])).toStrictEqual(
    sent.map(({ method }) => method),
  );
});

test('masks the buyer, tells the trace of an answer, and finds the history whole', async () => {
  const no = await live();
  const text = (await show(no)).join('\n');
  expect((await show(`pay_${no}`)).join('\n')).toBe(text);
  expect(text).toContain('159****5620');
  // The answers that are stored name the buyer by an id.
  expect(text).not.toMatch(/2088\d{12}/);
  expect(text).not.toContain('280851932108273550');
  expect(text).toMatch(/code 10000, trace [0-9a-f]{32}, took 0 ms/);
  expect(text).toContain('2026-11-23 12:00:02.000');
  expect((await data(no)).faults).toStrictEqual([]);
});

test('ends with why, and what is next', async () => {
  world.loseNotifications(Infinity);
  const answer = await world.ask('/f2f/qrcode', {
    cpiNo: 'DL0001',
    localNo: '3',
    totalAmount: '8.00',
    subject: 'Tea',
  });
  const no = String(answer.data['out_trade_no']);
  const lines = await show(no);
  expect(lines.slice(-2)).toStrictEqual([
    'awaiting_buyer: the QR code is out and nobody has scanned it; next Alipay is asked (alipay.trade.query) at 2026-11-23 12:00:03.000, and what is still open at 2026-11-23 12:15:00.000 is ended.',
    'awaiting_buyer：二维码已发出，尚无人扫码；下一步于 2026-11-23 12:00:03.000 查询支付宝（alipay.trade.query），至 2026-11-23 12:15:00.000 仍未付款则结束。',
  ]);
  const asked = world.calls.length;
  await world.clock.advance(2999);
  expect(world.calls).toHaveLength(asked);
  await world.clock.advance(1);
  expect(world.calls[asked]).toMatchObject({ method: 'alipay.trade.query', paymentNo: no });
});

test('tells the intent to cancel before the cancel', async () => {
  const no = await charge('2', '0002');
  await world.clock.advance(70_000);
  const { timeline, why } = await data(no);
  expect(timeline.slice(-3).map(({ what, moved }) => [what, moved])).toStrictEqual([
    ['gateway', null],
    ['request', null],
    ['answer', 'awaiting_buyer -> closed'],
  ]);
  expect(why.en).toBe('closed: Alipay closed the trade unpaid; nothing is left to ask.');
});

test('says so when the history does not tell the whole story', async () => {
  const no = await charge('1', '3550');
  const tell = (subject: string): Promise<unknown> =>
    world.db.updateTable('payment').set({ subject }).where('payment_no', '=', no).execute();
  await tell('not tea');
  expect(await show(no)).toContain(
    'The history does not replay to the rows: payment.subject is stored otherwise than it is told',
  );
  await tell('Tea');
});
