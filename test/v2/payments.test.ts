/** Payments over v2: what becomes of each, how they are found again, and that v1 sees the same ones. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
import { aPayment, firstMerchant, type V2Client, v2Client } from './client.ts';

let world: World;
let till: V2Client;
let merchant: string;
beforeEach(async () => {
  world = await createWorld();
  till = await v2Client(world);
  merchant = await firstMerchant(world);
});
afterEach(() => world.close());

const PAYS_AT_ONCE = '280851932108279999';

/** A payment code whose last digits choose the simulator's story. */
function code(story: string): string {
  return `28085193210827${story}`;
}

const aBarcode = (more: object = {}) => aPayment(merchant, more);

function aQr(more: object = {}) {
  return {
    merchant,
    method: 'qr',
    amount: 8800,
    merchant_reference: 'A-1',
    subject: 'Tea',
    ...more,
  };
}

describe('a payment code', () => {
  test('is charged, and the payment is there to be looked at', async () => {
    const made = await till.post('/v2/payments', aBarcode({ metadata: { room: '1203' } }));
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      object: 'payment',
      merchant,
      merchant_reference: 'A-1',
      state: 'paid',
      amount: 8800,
      currency: 'CNY',
      refunded_amount: 0,
      allowed_actions: ['refund'],
      next_action: null,
      failure: null,
      metadata: { room: '1203' },
      paid_at: expect.stringMatching(/^2026-11-23T12:00:\d\d\.\d{3}\+08:00$/),
    });
    const { alipay } = made.body as { alipay: { out_trade_no: string } };
    expect(world.trade(alipay.out_trade_no)).toMatchObject({ chargeCount: 1, paidAmount: '88.00' });
    const seen = await till.get(`/v2/payments/${String(made.body['id'])}`);
    expect(seen.body).toStrictEqual(made.body);
  });

  test('that is refused is declined, with what Alipay said', async () => {
    const { status, body } = await till.post('/v2/payments', aBarcode({ auth_code: code('0003') }));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      state: 'declined',
      failure: { code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH', message: expect.stringMatching(/./) },
      allowed_actions: [],
    });
  });

  test('whose guest has to confirm: answered at once, or once it is over', async () => {
    const open = await till.post('/v2/payments', aBarcode({ auth_code: code('0001') }));
    expect(open.body).toMatchObject({
      state: 'awaiting_buyer',
      next_action: { type: 'wait_for_buyer' },
      allowed_actions: ['cancel'],
    });
    const seen = await till.get(`/v2/payments/${String(open.body['id'])}?wait=20`);
    expect(seen.body['state']).toBe('paid');
    const next = aBarcode({ auth_code: '281111111111110001', merchant_reference: 'A-2' });
    expect((await till.post('/v2/payments?wait=20', next)).body['state']).toBe('paid');
  });

  test('of which nothing is known is in doubt, and never failed', async () => {
    const made = await till.post('/v2/payments', aBarcode({ auth_code: code('0007') }));
    expect(made.body).toMatchObject({ state: 'created', failure: null });
    const seen = await till.get(`/v2/payments/${String(made.body['id'])}?wait=30`);
    expect(seen.body['state']).toBe('paid');
  });
});

describe('a QR code', () => {
  test('is shown as text and as pictures, and paid', async () => {
    const { status, body } = await till.post('/v2/payments', aQr());
    expect(status).toBe(201);
    const action = body['next_action'] as { qr_code: string; svg_url: string; png_url: string };
    expect(body).toMatchObject({ state: 'awaiting_buyer', next_action: { type: 'show_qr_code' } });
    const svg = await world.app.inject({ url: action.svg_url });
    expect([svg.statusCode, svg.headers['content-type']]).toEqual([200, 'image/svg+xml']);
    expect(svg.body).toMatch(/^<svg/);
    const png = await world.app.inject({ url: action.png_url });
    expect(png.rawPayload.subarray(1, 4).toString()).toBe('PNG');
    const guessed = await world.app.inject({ url: action.svg_url.replace(/token=.*/, 'token=0') });
    expect(guessed.statusCode).toBe(404);
    world.control('POST', '/simulator/scan', { qrCode: action.qr_code });
    const { out_trade_no: paymentNo } = body['alipay'] as { out_trade_no: string };
    world.control('POST', `/simulator/trades/${paymentNo}/pay`, {});
    const seen = await till.get(`/v2/payments/${String(body['id'])}?wait=20`);
    expect(seen.body).toMatchObject({ state: 'paid', next_action: null });
  });

  test('that came when a later attempt had begun is shown nowhere: a guest could pay twice', async () => {
    const told: { type: string; data: Record<string, unknown> }[] = [];
    world.onWebhook(async ({ body }) => {
      told.push(JSON.parse(String(body)) as (typeof told)[number]);
      return { status: 200, headers: {}, body: Buffer.from('') };
    });
    await till.post('/v2/webhook_endpoints', { url: 'https://pms.example/hook' });
    world.control('POST', '/simulator/faults', {
      method: 'alipay.trade.precreate',
      kind: 'delay',
      ms: 5000,
    });
    // The clock jumps while the call is under way, and back: the worker gives the call up, and the same bill tries again.
    const clock = world.deps.clock as { nowMs(): number };
    const right = clock.nowMs;
    const late = till.send({ path: '/v2/payments', body: aQr() });
    await world.clock.advance(1000);
    clock.nowMs = () => right() + 60_000;
    world.deps.news.tell('due');
    await world.clock.advance(1000);
    const second = await till.post('/v2/payments', aQr());
    clock.nowMs = right;
    await world.clock.advance(10_000);
    const { code, payment: id } = (await late).body;
    expect([code, second.body['attempt']]).toEqual(['alipay_silent', 2]);

    // Its code is there all the same.
    const row = await world.db
      .selectFrom('payment')
      .selectAll()
      .where('payment_no', '=', String(id).slice('pay_'.length))
      .executeTakeFirstOrThrow();
    expect([row.state, row.qr_code]).toEqual(['awaiting_buyer', expect.stringMatching(/^https/)]);
    const seen = (await till.get(`/v2/payments/${String(id)}`)).body;
    expect(seen).toMatchObject({ state: 'awaiting_buyer', next_action: null });
    const listed = (await till.get('/v2/payments')).body['data'] as Record<string, unknown>[];
    expect(listed.find((one) => one['id'] === id)).toStrictEqual(seen);
    const theOther = listed.find((one) => one['id'] === second.body['id']);
    expect(theOther?.['next_action']).toStrictEqual(second.body['next_action']);
    const token = createHash('sha256').update(String(row.qr_code)).digest('hex').slice(0, 32);
    const picture = `/v2/payments/${String(id)}/qr_code.svg?token=${token}`;
    expect((await world.app.inject({ url: picture })).statusCode).toBe(404);
    const { svg_url: theirs } = second.body['next_action'] as { svg_url: string };
    expect((await world.app.inject({ url: theirs })).statusCode).toBe(200);
    const events = (await till.get('/v2/events')).body['data'] as typeof told;
    for (const each of [events, told]) {
      const waiting = each.filter(({ type }) => type === 'payment.awaiting_buyer');
      const actions = waiting.map(({ data }) => [data['id'], data['next_action']]);
      expect(Object.fromEntries(actions)).toStrictEqual({
        [String(id)]: null,
        [String(second.body['id'])]: second.body['next_action'],
      });
    }
  });

  test('that nobody paid in time has no picture any more', async () => {
    const { body } = await till.post('/v2/payments', aQr());
    const { png_url: url } = body['next_action'] as { png_url: string };
    expect((await world.app.inject({ url })).statusCode).toBe(200);
    await world.clock.advance(3_600_000);
    expect((await till.get(`/v2/payments/${String(body['id'])}`)).body['state']).toBe('closed');
    expect((await world.app.inject({ url })).statusCode).toBe(404);
  });

  test('that Alipay gave no answer for: nobody can pay it, and the bill may be charged again', async () => {
    world.control('POST', '/simulator/faults', {
      method: 'alipay.trade.precreate',
      kind: 'drop_request',
    });
    const silent = await till.post('/v2/payments', aQr(), 'first');
    expect(silent.status).toBe(502);
    expect(silent.body).toMatchObject({
      code: 'alipay_silent',
      payment: expect.stringMatching(/^pay_/),
    });
    // The same key is the same call: it does not make a code later.
    expect((await till.post('/v2/payments', aQr(), 'first')).body['code']).toBe('alipay_silent');
    const again = await till.post('/v2/payments', aQr());
    expect(again.body).toMatchObject({ state: 'awaiting_buyer', attempt: 2 });
  });
});

test('a QR payment that somebody paid, though its code never reached us, is paid for whoever asks for a code', async () => {
  // Each world's simulator makes the same codes.
  const other = await till.post('/v2/payments', aQr());
  const { qr_code: qrCode } = other.body['next_action'] as { qr_code: string };
  await world.close();
  world = await createWorld();
  till = await v2Client(world);
  world.control('POST', '/simulator/faults', {
    method: 'alipay.trade.precreate',
    kind: 'drop_response',
  });
  const { code, payment: id } = (await till.post('/v2/payments', aQr(), 'k')).body;
  expect(code).toBe('alipay_silent');
  world.control('POST', '/simulator/scan', { qrCode });
  world.control('POST', `/simulator/trades/${String(id).slice('pay_'.length)}/pay`, {});
  await world.clock.advance(20_000);
  for (const key of ['k', 'another']) {
    const { status, body } = await till.post('/v2/payments', aQr(), key);
    expect([key, status, body['id'], body['state']]).toEqual([key, 201, id, 'paid']);
  }
});

describe('a bill', () => {
  test('is charged once, whatever key comes with it', async () => {
    const first = await till.post('/v2/payments', aBarcode());
    const second = await till.post('/v2/payments', aBarcode());
    expect(second.body['id']).toBe(first.body['id']);
    expect(second.headers['idempotent-replayed']).toBeUndefined();
    const other = await till.post('/v2/payments', aBarcode({ amount: 100 }));
    expect(other.status).toBe(409);
    expect(other.body).toMatchObject({
      code: 'merchant_reference_taken',
      field: 'merchant_reference',
      payment: first.body['id'],
    });
  });

  test('is one for v1 and v2', async () => {
    const charge = { localNo: 'A-1', totalAmount: '88.00', authCode: PAYS_AT_ONCE, subject: 'Tea' };
    const old = await world.ask('/f2f/hb_barcode', { cpiNo: 'DL0001', ...charge });
    expect(old.re['code']).toBe('10000');
    const made = await till.post('/v2/payments', aBarcode());
    expect(made.body).toMatchObject({
      state: 'paid',
      alipay: { out_trade_no: old.re['out_trade_no'] },
    });
    const query = { cpiNo: 'DL0001', outTradeNo: old.re['out_trade_no'] };
    expect((await world.ask('/f2f/query', query)).err).toBe('nothing');
    expect(world.trade(String(old.re['out_trade_no']))?.chargeCount).toBe(1);
  });
});

describe('cancel', () => {
  test('ends an open payment at Alipay before its time', async () => {
    const open = await till.post('/v2/payments', aBarcode({ auth_code: code('0002') }));
    const path = `/v2/payments/${String(open.body['id'])}`;
    const ended = await till.post(`${path}/cancel`);
    expect(ended.status).toBe(200);
    expect(ended.body).toMatchObject({ state: 'closed', allowed_actions: [], paid_at: null });
    const { out_trade_no: paymentNo } = open.body['alipay'] as { out_trade_no: string };
    expect(world.trade(paymentNo)).toMatchObject({ tradeStatus: 'TRADE_CLOSED', chargeCount: 0 });
    expect((await world.history(paymentNo)).kinds).toContain('cancel_asked');
    expect((await till.post(`${path}/cancel`)).body).toMatchObject({ state: 'closed' });
  });

  test('does not give back money that came first', async () => {
    const made = await till.post('/v2/payments', aBarcode());
    const answer = await till.post(`/v2/payments/${String(made.body['id'])}/cancel`);
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'payment_not_cancelable', payment: made.body['id'] });
    const { out_trade_no: paymentNo } = made.body['alipay'] as { out_trade_no: string };
    expect(world.trade(paymentNo)).toMatchObject({ refundedAmount: '0.00' });
  });

  test('of late money that went back by itself answers as it is: there is nothing to refund', async () => {
    await world.close();
    world = await createWorld({ latePayment: 'refund' });
    till = await v2Client(world);
    merchant = await firstMerchant(world);
    world.onRequest(async (method) => {
      if (method === 'alipay.trade.pay') await world.clock.sleep(120_000);
    });
    const charging = till.send({ path: '/v2/payments', body: aBarcode() });
    await world.clock.settle();
    world.deps.news.tell('due');
    await world.clock.advance(180_000);
    const path = `/v2/payments/${String((await charging).body['id'])}`;
    const seen = await till.get(path);
    expect(seen.body).toMatchObject({ state: 'reversed', late: true, allowed_actions: [] });
    const answer = await till.post(`${path}/cancel`);
    expect(answer.status).toBe(200);
    expect(answer.body).toStrictEqual(seen.body);
  });

  test('waits for a charge that is under way: ended before it arrives, it would be paid after all', async () => {
    world.onRequest(async (method) => {
      if (method === 'alipay.trade.pay') await world.clock.sleep(5000);
    });
    const charging = till.send({ path: '/v2/payments', body: aBarcode() });
    await world.clock.advance(1000);
    const [open] = (await till.get('/v2/payments')).body['data'] as { id: string; state: string }[];
    expect(open?.state).toBe('created');
    const ended = await till.post(`/v2/payments/${open?.id}/cancel?wait=40`);
    expect((await charging).body['state']).toBe('paid');
    expect(ended.body['code']).toBe('payment_not_cancelable');
    expect(world.calls.map(({ method }) => method)).not.toContain('alipay.trade.cancel');
  });

  test('does so also when a query has looked meanwhile, and found nothing yet', async () => {
    world.onRequest(async (method) => {
      if (method === 'alipay.trade.pay') await world.clock.sleep(9500);
    });
    const charging = till.send({ path: '/v2/payments', body: aBarcode() });
    await world.clock.advance(500);
    const [open] = (await till.get('/v2/payments')).body['data'] as { id: string }[];
    const query = { cpiNo: 'DL0001', outTradeNo: open?.id.slice('pay_'.length) };
    await world.ask('/f2f/query', query);
    const ended = await till.post(`/v2/payments/${open?.id}/cancel?wait=50`);
    expect((await charging).body['state']).toBe('paid');
    expect(ended.body['code']).toBe('payment_not_cancelable');
    expect(world.calls.map(({ method }) => method)).not.toContain('alipay.trade.cancel');
  });

  test('of a QR code that is being made: whoever asked for it is shown none', async () => {
    world.control('POST', '/simulator/faults', {
      method: 'alipay.trade.precreate',
      kind: 'delay',
      ms: 5000,
    });
    const asked = till.send({ path: '/v2/payments', body: aQr() });
    await world.clock.advance(1000);
    const [made] = (await till.get('/v2/payments')).body['data'] as { id: string }[];
    const ending = await till.post(`/v2/payments/${made?.id}/cancel`);
    expect(ending.body).toMatchObject({ state: 'awaiting_buyer', allowed_actions: [] });
    expect(ending.body['next_action']).toBeNull();
    expect((await asked).body).toMatchObject({ id: made?.id, next_action: null });
    await world.clock.advance(16 * 60_000);
    expect((await till.get(`/v2/payments/${made?.id}`)).body['state']).toBe('closed');
  });

  test('a code that nobody has scanned may be paid until Alipay lets go of it, and says so', async () => {
    const made = await till.post('/v2/payments', aQr());
    const path = `/v2/payments/${String(made.body['id'])}`;
    const { svg_url: picture } = made.body['next_action'] as { svg_url: string };
    const ending = await till.post(`${path}/cancel?wait=5`);
    expect(ending.body).toMatchObject({
      state: 'awaiting_buyer',
      allowed_actions: [],
      // Nor is it given to whoever asks anew.
      next_action: null,
    });
    const again = await till.post('/v2/payments', aQr());
    expect(again.body).toMatchObject({ id: made.body['id'], next_action: null });
    expect((await world.app.inject({ url: picture })).statusCode).toBe(404);
    await world.clock.advance(16 * 60_000);
    expect((await till.get(path)).body['state']).toBe('closed');
  });
});

describe('the list', () => {
  test('is newest first, in pages that neither repeat nor hide one', async () => {
    for (let bill = 1; bill <= 5; bill += 1) {
      const auth_code = `28555555555555${bill}9999`;
      await till.post('/v2/payments', aBarcode({ merchant_reference: `B-${bill}`, auth_code }));
      await world.clock.advance(1000);
    }
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await till.get(
        `/v2/payments?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      const data = page.body['data'] as { merchant_reference: string }[];
      seen.push(...data.map(({ merchant_reference }) => merchant_reference));
      cursor = page.body['next_cursor'] as string | null;
    }
    expect(seen).toEqual(['B-5', 'B-4', 'B-3', 'B-2', 'B-1']);
  });

  test('by state, by bill, and by time', async () => {
    await till.post('/v2/payments', aBarcode());
    await world.clock.advance(60_000);
    await till.post(
      '/v2/payments',
      aBarcode({ merchant_reference: 'A-2', auth_code: code('0003') }),
    );
    const found = async (query: string) =>
      (
        (await till.get(`/v2/payments?${query}`)).body['data'] as { merchant_reference: string }[]
      ).map(({ merchant_reference }) => merchant_reference);
    expect(await found('state=declined')).toEqual(['A-2']);
    expect(await found('merchant_reference=A-1')).toEqual(['A-1']);
    expect(await found('created_from=2026-11-23T04:00:30Z')).toEqual(['A-2']);
    expect(await found('created_before=2026-11-23T12:00:30%2B08:00')).toEqual(['A-1']);
    expect(await found(`merchant=${merchant}`)).toEqual(['A-2', 'A-1']);
  });
});
