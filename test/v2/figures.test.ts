/**
 * Figures over v2: filters, the search box, totals and statistics, as a page gets them. That they are right after any history is
 * tested in `src/flows/read-figures.test.ts`.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
import { addOtherMerchant, aPayment, firstMerchant, v2Client, type V2Client } from './client.ts';

let world: World;
let till: V2Client;
let merchant: string;
/** By what they were begun with. */
const ids: Record<string, string> = {};
let refundId: string;
let tradeNo: string;
beforeAll(async () => {
  world = await createWorld();
  till = await v2Client(world);
  merchant = await firstMerchant(world);
  const charge = async (reference: string, more: object) => {
    const bill = aPayment(merchant, { merchant_reference: reference, ...more });
    const { body } = await till.post('/v2/payments', bill);
    ids[reference] = String(body['id']);
    return body;
  };
  const paid = await charge('房间 1203', { amount: 8800 });
  tradeNo = (paid['alipay'] as { trade_no: string }).trade_no;
  await charge('A-2', { amount: 500, auth_code: '280851932108280003' });
  await world.clock.advance(3_600_000);
  await charge('A-3', { amount: 700, auth_code: '280851932108289999' });
  await charge('A-4', { amount: 900, method: 'qr', auth_code: undefined });
  const path = `/v2/payments/${ids['房间 1203']}/refunds`;
  refundId = String((await till.post(path, { amount: 300 })).body['id']);
  // Now is no part of what is before it.
  await world.clock.advance(1000);
});
afterAll(() => world.close());

type Listed = { readonly data: readonly { id: string; merchant_reference: string }[] };

/** The references of what a query lists, and how many its totals count: they must be the same payments. */
async function meant(query: Record<string, string | number>): Promise<readonly string[]> {
  const text = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)]),
  ).toString();
  const { data } = (await till.get(`/v2/payments?${text}`)).body as Listed;
  const totals = (await till.get(`/v2/payments/totals?${text}`)).body;
  expect([query, totals['count']]).toEqual([query, data.length]);
  return data.map((payment) => payment.merchant_reference);
}

describe('filters mean the same in lists and totals', () => {
  test.each<[Record<string, string | number>, readonly string[]]>([
    [{}, ['A-4', 'A-3', 'A-2', '房间 1203']],
    [{ state: 'paid' }, ['A-3', '房间 1203']],
    [{ method: 'qr' }, ['A-4']],
    [{ method: 'barcode', state: 'declined' }, ['A-2']],
    [{ amount_from: 700 }, ['A-4', 'A-3', '房间 1203']],
    [{ amount_to: 700 }, ['A-3', 'A-2']],
    [{ amount_from: 700, amount_to: 900 }, ['A-4', 'A-3']],
    [{ refunded: 'true' }, ['房间 1203']],
    [{ refunded: 'false', state: 'paid' }, ['A-3']],
    [{ merchant_reference: 'A-3' }, ['A-3']],
    [{ created_before: '2026-11-23T12:30:00+08:00' }, ['A-2', '房间 1203']],
    [{ created_from: '2026-11-23T12:30:00+08:00', amount_to: 800 }, ['A-3']],
  ])('%j', async (query, expected) => {
    expect(await meant(query)).toEqual(expected);
  });

  test.each([
    ['amount_from', 'amount_from=0', 'must be at least 1'],
    ['refunded', 'refunded=1', 'must be one of true, false'],
    ['method', 'method=cash', 'must be one of barcode, qr'],
    ['created_by_nobody', 'created_by_nobody=1', 'is not a field of this request'],
  ])('%s that is wrong is told', async (field, query, sentence) => {
    const { status, body } = await till.get(`/v2/payments/totals?${query}`);
    expect([status, body['field'], body['detail']]).toEqual([400, field, `${field}: ${sentence}`]);
  });
});

describe('one box finds a payment by whatever number somebody has', () => {
  test.each<[string, () => string]>([
    ['its id', () => ids['房间 1203'] ?? ''],
    ['its number at Alipay, which is ours', () => (ids['房间 1203'] ?? '').slice('pay_'.length)],
    ['the till’s reference', () => '房间 1203'],
    ['Alipay’s trade number', () => tradeNo],
    ['the id of a refund', () => refundId],
  ])('%s', async (_what, number) => {
    expect(await meant({ number: number() })).toEqual(['房间 1203']);
    expect(await meant({ number: number(), state: 'declined' })).toEqual([]);
  });

  test('whole numbers only, and none of another merchant’s', async () => {
    expect(await meant({ number: tradeNo.slice(0, -1) })).toEqual([]);
    expect(await meant({ number: 'A-' })).toEqual([]);
    expect(await meant({ number: `${refundId}0` })).toEqual([]);
    const { merchantId } = await addOtherMerchant(world);
    const stranger = await v2Client(world, { merchantId });
    for (const number of [ids['房间 1203'] ?? '', '房间 1203', tradeNo, refundId]) {
      const found = await stranger.get(`/v2/payments?number=${encodeURIComponent(number)}`);
      expect(found.body['data']).toEqual([]);
      const totals = await stranger.get(`/v2/payments/totals?number=${encodeURIComponent(number)}`);
      expect(totals.body['count']).toBe(0);
    }
    expect((await stranger.get('/v2/statistics')).body).toMatchObject({
      total: { ended_count: 0, success_rate: null, average_amount: null },
      merchants: [],
    });
  });
});

test('totals tell what was paid, what went back and what is left', async () => {
  const { body } = await till.get('/v2/payments/totals');
  expect(body).toEqual({
    object: 'payment_totals',
    count: 4,
    amount: 10_900,
    paid: { count: 2, amount: 9500 },
    refunded: { count: 1, amount: 300 },
    net_amount: 9200,
    by_method: {
      barcode: { count: 3, amount: 10_000, refunded_amount: 300 },
      qr: { count: 1, amount: 900, refunded_amount: 0 },
    },
    by_state: {
      created: { count: 0, amount: 0 },
      awaiting_buyer: { count: 1, amount: 900 },
      paid: { count: 2, amount: 9500 },
      declined: { count: 1, amount: 500 },
      closed: { count: 0, amount: 0 },
      reversed: { count: 0, amount: 0 },
    },
  });
});

describe('statistics', () => {
  test('by hour, with the time before', async () => {
    const path =
      '/v2/statistics?by=hour&from=2026-11-23T13:00:00%2B08:00&before=2026-11-23T15:00:00%2B08:00';
    const { body } = await till.get(path);
    const second = {
      paid_count: 1,
      paid_amount: 700,
      ended_count: 1,
      success_rate: 1,
      average_amount: 700,
      refund_count: 0,
      refunded_amount: 0,
    };
    const first = {
      ...second,
      paid_amount: 8800,
      ended_count: 2,
      success_rate: 0.5,
      average_amount: 8800,
      refund_count: 1,
      refunded_amount: 300,
    };
    expect(body).toMatchObject({ by: 'hour', total: second, previous: first });
    const series = body['series'] as { from: string; paid_count: number }[];
    expect(series.map(({ from, paid_count: count }) => [from, count])).toEqual([
      ['2026-11-23T13:00:00.000+08:00', 1],
      ['2026-11-23T14:00:00.000+08:00', 0],
    ]);
    expect(body['merchants']).toEqual([{ merchant, name: null, ...second }]);
  });

  test('by day of Shanghai, of thirty days unless it is told', async () => {
    const { body } = await till.get('/v2/statistics');
    const series = body['series'] as { from: string; paid_count: number }[];
    expect(series).toHaveLength(30);
    expect([series[0]?.from, series.at(-1)?.from]).toEqual([
      '2026-10-25T00:00:00.000+08:00',
      '2026-11-23T00:00:00.000+08:00',
    ]);
    expect(series.map((day) => day.paid_count)).toEqual([
      ...Array.from({ length: 29 }, () => 0),
      2,
    ]);
    const ofOne = (await till.get(`/v2/statistics?merchant=${merchant}`)).body;
    expect(ofOne).toEqual({ ...body, before: ofOne['before'] });
  });

  test.each([
    ['from=2026-11-23T00:00:00Z&before=2026-11-23T00:00:00Z', 'from: must be earlier than before'],
    [
      'by=hour&from=2026-10-01T00:00:00Z&before=2026-11-23T00:00:00Z',
      'from: must be at most 31 days before the end',
    ],
    [
      'from=2025-01-01T00:00:00Z&before=2026-11-23T00:00:00Z',
      'from: must be at most 366 days before the end',
    ],
    // Times of RFC 3339, around which there are some that are none: neither can be shown.
    ['before=0000-01-01T00:00:00Z', 'before: must be within the years 1970 to 9998'],
    [
      'from=9999-12-31T00:00:00Z&before=9999-12-31T23:59:59Z',
      'before: must be within the years 1970 to 9998',
    ],
  ])('%s is refused', async (query, detail) => {
    const { status, body } = await till.get(`/v2/statistics?${query}`);
    expect([status, body['detail']]).toEqual([400, detail]);
  });
});
