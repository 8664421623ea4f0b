/** The feed: what is told, in which order, and that nothing is ever missing from it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listPayments } from '../../src/store/payments.ts';
import { createWorld, type World } from '../support/world.ts';
import {
  addOtherMerchant,
  aPayment,
  clientWith,
  firstMerchant,
  type V2Client,
  v2Client,
} from './client.ts';

let world: World;
let till: V2Client;
let merchant: string;
beforeEach(async () => {
  world = await createWorld();
  till = await v2Client(world);
  merchant = await firstMerchant(world);
});
afterEach(() => world.close());

type Event = { id: string; type: string; data: Record<string, unknown> };

const aBarcode = (more: object = {}) => aPayment(merchant, more);

/** Everything from a cursor on, page by page. */
async function feed(query = '', from = till): Promise<Event[]> {
  const events: Event[] = [];
  let cursor = '';
  for (;;) {
    const page = await from.get(`/v2/events?limit=3${cursor}${query}`);
    const data = page.body['data'] as Event[];
    events.push(...data);
    cursor = `&cursor=${String(page.body['next_cursor'])}`;
    if (page.body['has_more'] !== true) return events;
  }
}

const typesOf = (events: readonly Event[]): readonly string[] => events.map(({ type }) => type);

test('tells of a payment and its refund, each as it was then', async () => {
  const made = await till.post('/v2/payments', aBarcode());
  const id = String(made.body['id']);
  await till.post(`/v2/payments/${id}/refunds`, { amount: 800 });
  await world.clock.advance(1000);
  const events = await feed();
  expect(typesOf(events)).toEqual([
    'payment.created',
    'payment.paid',
    'refund.created',
    'refund.succeeded',
  ]);
  expect(events.map(({ data }) => [data['object'], data['state']])).toEqual([
    ['payment', 'created'],
    ['payment', 'paid'],
    ['refund', 'pending'],
    ['refund', 'succeeded'],
  ]);
  expect(events[1]?.data).toMatchObject({ id, refunded_amount: 0, allowed_actions: ['refund'] });
  for (const event of events) {
    expect((await till.get(`/v2/events/${event.id}`)).body).toEqual(event);
  }
});

test('tells what v1 does, what Alipay refuses, and what ends unpaid', async () => {
  const charge = {
    localNo: 'B-1',
    totalAmount: '1.00',
    authCode: '280851932108270003',
    subject: 'Tea',
  };
  await world.ask('/f2f/hb_barcode', { cpiNo: 'DL0001', ...charge });
  await world.clock.advance(1000);
  await till.post('/v2/payments', aBarcode({ auth_code: '280851932108270002' }));
  await world.clock.advance(120_000);
  await till.post(
    '/v2/payments',
    aBarcode({ merchant_reference: 'A-2', method: 'qr', auth_code: undefined }),
  );
  await world.clock.advance(1000);
  expect(typesOf(await feed())).toEqual([
    'payment.created',
    'payment.declined',
    'payment.created',
    'payment.awaiting_buyer',
    'payment.closed',
    'payment.created',
    'payment.awaiting_buyer',
  ]);
});

test('what an event says stays as it was, also when the bill is tried again', async () => {
  const bill = aBarcode({ method: 'qr', auth_code: undefined });
  await till.post('/v2/payments', bill);
  await world.clock.advance(3_600_000);
  const before = await feed();
  expect(typesOf(before).at(-1)).toBe('payment.closed');
  expect(before[1]?.data['next_action']).toMatchObject({ type: 'show_qr_code' });
  expect((await till.post('/v2/payments', bill)).body['attempt']).toBe(2);
  await world.clock.advance(1000);
  expect((await feed()).slice(0, before.length)).toStrictEqual(before);
});

test('replayed from the start gives the state of every payment', async () => {
  for (const [bill, story] of [
    '9999',
    '0001',
    '0002',
    '0003',
    '0005',
    '0006',
    '0007',
    '0011',
  ].entries()) {
    const auth_code = `2808519321082${bill}${story}`;
    await till.post('/v2/payments', aBarcode({ auth_code, merchant_reference: `B-${bill}` }));
  }
  await world.clock.advance(600_000);
  const states = new Map<unknown, unknown>();
  for (const { data } of await feed()) states.set(data['id'], data['state']);
  const payments = await listPayments(world.db, { limit: 100 });
  expect(payments.length).toBeGreaterThan(7);
  expect(Object.fromEntries(states)).toEqual(
    Object.fromEntries(payments.map(({ paymentNo, state }) => [`pay_${paymentNo}`, state])),
  );
});

test('its order never changes, and a reader at any place misses nothing', async () => {
  const seen: string[] = [];
  let cursor = '';
  for (let bill = 1; bill <= 6; bill += 1) {
    const auth_code = `28085193210${bill}279999`;
    const making = till.send({
      path: '/v2/payments',
      body: aBarcode({ auth_code, merchant_reference: `${bill}` }),
    });
    const page = await till.get(`/v2/events?limit=1&${cursor}`);
    seen.push(...(page.body['data'] as Event[]).map(({ id }) => id));
    cursor = `cursor=${String(page.body['next_cursor'])}`;
    await world.clock.advance(100);
    await making;
  }
  await world.clock.advance(1000);
  const rest = await till.get(`/v2/events?limit=100&${cursor}`);
  seen.push(...(rest.body['data'] as Event[]).map(({ id }) => id));
  expect(seen).toEqual((await feed()).map(({ id }) => id));
  expect(seen).toHaveLength(12);
});

describe('waiting', () => {
  test('answers as soon as something happens', async () => {
    const waiting = till.send({ path: '/v2/events?wait=30' });
    await world.clock.advance(5000);
    await till.post('/v2/payments', aBarcode());
    await world.clock.advance(1000);
    const { body } = await waiting;
    expect(typesOf(body['data'] as Event[])[0]).toBe('payment.created');
  });

  test('for one merchant, answers as soon as something happens to it, and looks for nothing else', async () => {
    const other = await addOtherMerchant(world);
    const stranger = await v2Client(world, { merchantId: other.merchantId });
    const waiting = stranger.send({ path: '/v2/events?wait=30' });
    await world.clock.advance(100);
    const executor = world.db.getExecutor();
    const execute = executor.executeQuery.bind(executor);
    let looks = 0;
    executor.executeQuery = (query, ...rest) => {
      if (query.sql.includes('max("position")')) looks += 1;
      return execute(query, ...rest);
    };
    // Less than the second after which whoever waits looks by himself.
    await till.post('/v2/payments', aBarcode());
    await world.clock.advance(500);
    expect(looks).toBe(0);
    const theirs = aBarcode({ merchant: other.id, auth_code: '280851932108278888' });
    const made = await till.post('/v2/payments', theirs);
    await world.clock.advance(60);
    expect(looks).toBe(1);
    executor.executeQuery = execute;
    const [first] = (await waiting).body['data'] as Event[];
    expect(first?.data['id']).toBe(made.body['id']);
  });

  test('ends with nothing, and a cursor to go on from', async () => {
    const empty = await till.get('/v2/events?wait=2');
    expect(empty.body).toMatchObject({
      data: [],
      has_more: false,
      next_cursor: expect.stringMatching(/./),
    });
    await till.post('/v2/payments', aBarcode());
    await world.clock.advance(1000);
    const next = await till.get(`/v2/events?cursor=${String(empty.body['next_cursor'])}`);
    expect(typesOf(next.body['data'] as Event[])).toEqual(['payment.created', 'payment.paid']);
  });
});

describe('a cursor', () => {
  test('of now leaves out what was, and misses nothing that comes', async () => {
    await till.post('/v2/payments', aBarcode());
    await world.clock.advance(1000);
    const now = await till.get('/v2/events?cursor=now');
    expect(now.body).toMatchObject({ data: [], has_more: false });
    const next = aBarcode({ merchant_reference: 'A-2', auth_code: '280851932108278888' });
    await till.post('/v2/payments', next);
    await world.clock.advance(1000);
    const later = await till.get(`/v2/events?cursor=${String(now.body['next_cursor'])}`);
    const events = later.body['data'] as Event[];
    expect(typesOf(events)).toEqual(['payment.created', 'payment.paid']);
    expect(events.map(({ data }) => data['merchant_reference'])).toEqual(['A-2', 'A-2']);
  });

  test('of now waits for what comes', async () => {
    await till.post('/v2/payments', aBarcode());
    await world.clock.advance(1000);
    const waiting = till.send({ path: '/v2/events?cursor=now&wait=30' });
    await world.clock.advance(5000);
    const next = aBarcode({ merchant_reference: 'A-2', auth_code: '280851932108278888' });
    await till.post('/v2/payments', next);
    await world.clock.advance(1000);
    const [first] = (await waiting).body['data'] as Event[];
    expect(first?.data['merchant_reference']).toBe('A-2');
  });

  test('may be the last event that a reader took in', async () => {
    await till.post('/v2/payments', aBarcode());
    await world.clock.advance(1000);
    const [first, second] = await feed();
    const { body } = await till.get(`/v2/events?cursor=${first?.id}`);
    expect(body['data']).toEqual([second]);
  });

  test.each(['later', 'evt_', 'evt_x', 'pay_1'])('of %s is none', async (cursor) => {
    const { status, body } = await till.get(`/v2/events?cursor=${cursor}`);
    expect([status, body['detail']]).toEqual([
      400,
      'cursor: must be a next_cursor of a page before, the id of an event (evt_…), or now',
    ]);
  });
});

test('what was looked through for a type is not looked through again', async () => {
  await till.post('/v2/payments', aBarcode());
  await world.clock.advance(1000);
  const none = await till.get('/v2/events?types=payment.reversed');
  expect(none.body['data']).toEqual([]);
  const all = await till.get(`/v2/events?cursor=${String(none.body['next_cursor'])}`);
  expect(all.body['data']).toEqual([]);
});

test('by types, and by merchant', async () => {
  const other = await addOtherMerchant(world);
  await till.post('/v2/payments', aBarcode());
  const theirs = aBarcode({ merchant: other.id, auth_code: '280851932108278888' });
  await till.post('/v2/payments', theirs);
  await world.clock.advance(1000);
  expect(typesOf(await feed('&types=payment.paid'))).toEqual(['payment.paid', 'payment.paid']);
  expect(await feed('&types=payment.created,payment.paid')).toHaveLength(4);
  const unknown = await till.get('/v2/events?types=payment.paid,payment.succeeded');
  expect(unknown.body).toMatchObject({
    status: 400,
    detail: expect.stringContaining(
      'types: must be types of events, with commas between them: payment.created,',
    ),
  });
  expect(await feed(`&merchant=${merchant}`)).toHaveLength(2);
  const stranger = await v2Client(world, { merchantId: other.merchantId });
  const seen = await feed('', stranger);
  expect(seen.map(({ data }) => data['merchant'])).toEqual([theirs.merchant, theirs.merchant]);
});

test('what was stored before a process died is told by the next', async () => {
  await till.post('/v2/payments', aBarcode());
  await world.clock.advance(1000);
  world.onRequest((method) => (method === 'alipay.trade.pay' ? world.crash() : undefined));
  const dying = aBarcode({ merchant_reference: 'A-2', auth_code: '280851932108278888' });
  void till.send({ path: '/v2/payments', body: dying });
  await world.clock.advance(5);
  world.onRequest(undefined);
  await world.clock.advance(600_000);
  const events = await feed('', clientWith(world, till.secret));
  const ofSecond = events.filter(({ data }) => data['merchant_reference'] === 'A-2');
  expect(typesOf(ofSecond)[0]).toBe('payment.created');
  expect(typesOf(ofSecond).at(-1)).toMatch(/payment\.(paid|closed|declined)/);
});

test('of a range of time, whatever else is asked for', async () => {
  const charge = async (reference: string, code: string) => {
    const body = aBarcode({ merchant_reference: reference, auth_code: `28085193210827${code}` });
    await till.post('/v2/payments', body);
    await world.clock.advance(3_600_000);
  };
  await charge('A-1', '9999');
  await charge('A-2', '8888');
  await charge('A-3', '7777');
  const billsIn = async (range: string): Promise<unknown> => {
    const found = await feed(`&types=payment.created,payment.paid${range}`);
    return found.map(({ data }) => data['merchant_reference']);
  };
  const [noon, one] = ['2026-11-23T04:30:00Z', '2026-11-23T13:30:00%2B08:00'];
  expect(await billsIn('')).toEqual(['A-1', 'A-1', 'A-2', 'A-2', 'A-3', 'A-3']);
  expect(await billsIn(`&created_from=${noon}`)).toEqual(['A-2', 'A-2', 'A-3', 'A-3']);
  expect(await billsIn(`&created_before=${one}`)).toEqual(['A-1', 'A-1', 'A-2', 'A-2']);
  expect(await billsIn(`&created_from=${noon}&created_before=${one}`)).toEqual(['A-2', 'A-2']);
});

/** What each payment is worth, by the rule of the guide on refunds: the money that is there and stays. */
function worthOf(events: readonly Event[]): number {
  const worth = new Map<unknown, number>();
  for (const { type, data } of events) {
    const payment = data['payment'] ?? data['id'];
    const before = worth.get(payment) ?? 0;
    const amount = Number(data['amount']);
    if (type === 'payment.paid') worth.set(payment, amount - Number(data['refunded_amount']));
    if (type === 'payment.reversed') worth.set(payment, 0);
    if (type === 'refund.succeeded') worth.set(payment, Math.max(0, before - amount));
  }
  return [...worth.values()].reduce((sum, amount) => sum + amount, 0);
}

test.each(['incident', 'refund'] as const)(
  'books that are kept from it come to the totals, also of late money: %s',
  async (latePayment) => {
    await world.close();
    world = await createWorld({ latePayment });
    till = await v2Client(world);
    merchant = await firstMerchant(world);
    const expectSameSum = async (fen: number): Promise<void> => {
      await world.clock.advance(1000);
      const { body } = await till.get('/v2/payments/totals');
      expect([worthOf(await feed()), body['net_amount']]).toEqual([fen, fen]);
    };
    const tea = await till.post('/v2/payments', aBarcode());
    await till.post(`/v2/payments/${String(tea.body['id'])}/refunds`, { amount: 800 });
    await expectSameSum(8000);

    // A charge whose call hangs until it has ended; then it is carried out.
    let carryOut: (() => void) | undefined;
    world.onRequest((method) =>
      method === 'alipay.trade.pay'
        ? new Promise((resolve) => {
            carryOut = resolve;
          })
        : undefined,
    );
    const asked = till.send({
      path: '/v2/payments',
      body: aBarcode({ merchant_reference: 'A-2', auth_code: '280851932108278888' }),
    });
    await world.clock.advance(130_000);
    world.onRequest(undefined);
    carryOut?.();
    const late = (await asked).body;
    await world.clock.advance(60_000);
    await expectSameSum(latePayment === 'refund' ? 8000 : 16_800);
    if (latePayment === 'refund') return;
    const path = `/v2/payments/${String(late['id'])}/refunds`;
    await till.post(path, { amount: 8000 });
    await expectSameSum(8800);
    await till.post(path, { amount: 800 });
    await expectSameSum(8000);
  },
);
