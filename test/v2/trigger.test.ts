/** `f2f trigger`: every event can be had, and it really happened; and nothing is tried where money moves. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SCOPES, scopesFor } from '../../src/core/api-key.ts';
import { EVENT_TYPES } from '../../src/core/event-types.ts';
import { listPayments } from '../../src/store/payments.ts';
import { createWorld, type World } from '../support/world.ts';
import { aPayment, firstMerchant, type V2Client, v2Client } from './client.ts';
import { openTerminal, type Terminal } from './remote.ts';

let world: World;
let till: V2Client;
let terminal: Terminal;
beforeEach(async () => {
  world = await createWorld();
  till = await v2Client(world);
  terminal = openTerminal(world, till.secret);
});
afterEach(async () => {
  terminal.stop();
  await world.close();
});

type Told = {
  readonly type: string;
  readonly merchant: string;
  readonly payment: string;
  readonly refund: string | null;
  readonly events: readonly { readonly type: string; readonly data: object }[];
};

async function trigger(...args: string[]): Promise<Told> {
  expect(await terminal.run('trigger', ...args, '--json')).toBe('');
  return JSON.parse(terminal.printed.splice(0).join('\n')) as Told;
}

/** What the simulator's book says of the payment's money, in yuan: paid, and given back. */
function moneyOf(payment: string): string {
  const trade = world.trade(payment.replace('pay_', ''));
  return trade === undefined ? 'none' : `${trade.paidAmount} ${trade.refundedAmount}`;
}

const MONEY: Record<(typeof EVENT_TYPES)[number], string> = {
  'payment.created': '88.00 0.00',
  'payment.awaiting_buyer': '0.00 0.00',
  'payment.paid': '88.00 0.00',
  'payment.declined': 'none',
  'payment.closed': '0.00 0.00',
  'payment.reversed': '88.00 88.00',
  'refund.created': '88.00 88.00',
  'refund.succeeded': '88.00 88.00',
  'refund.failed': '88.00 0.00',
};

describe.each([0, Infinity])('with %s notifications lost', (lost) => {
  test.each(EVENT_TYPES)('%s really happens', async (type) => {
    world.loseNotifications(lost);
    const told = await trigger(type);
    expect(told.type).toBe(type);
    expect(told.events.at(-1)?.type).toBe(type);
    expect(told.events.filter((event) => event.type === type)).toHaveLength(1);
    expect(moneyOf(told.payment)).toBe(MONEY[type]);
    // What it printed is what the feed has.
    const { body } = await till.get(`/v2/events?limit=100&merchant=${told.merchant}`);
    expect(body['data']).toEqual(expect.arrayContaining([...told.events]));
    const { body: refunds } = await till.get(`/v2/payments/${told.payment}/refunds`);
    const ids = (refunds['data'] as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual(type.startsWith('refund.') ? [told.refund] : []);
    expect(told.refund).toBe(ids[0] ?? null);
  });
});

test('people read what was done, and each event that came of it', async () => {
  expect(await terminal.run('trigger', 'payment.reversed')).toBe('');
  const lines = terminal.printed.map((line) => line.replaceAll(/[\d]{6,}/g, 'N'));
  expect(lines[0]).toMatch(
    /^pay_FFN at mch_DLN: 88.00 yuan, payment code N \(the guest pays in the/,
  );
  expect(lines[1]).toBe('cancelled');
  const types = lines.slice(2).map((line) => line.split(/ {2,}/)[1]);
  expect(types).toEqual(['payment.created', 'payment.awaiting_buyer', 'payment.reversed']);
});

describe('the merchant', () => {
  test('is one of its own, the same each time, beside any number of others', async () => {
    const { merchant } = await trigger('payment.paid');
    expect(merchant).not.toBe(await firstMerchant(world));
    const { body } = await till.get(`/v2/merchants/${merchant}`);
    expect(body).toMatchObject({ shop_no: 'F2F-TRIGGER', name: 'f2f trigger' });
    for (let shop = 0; shop < 3; shop += 1)
      expect((await trigger('payment.paid')).merchant).toBe(merchant);
    expect(await listPayments(world.db, { limit: 100 })).toHaveLength(4);
  });

  test('may be named', async () => {
    const named = await firstMerchant(world);
    expect((await trigger('payment.paid', '--merchant', named)).merchant).toBe(named);
    expect((await till.get('/v2/merchants')).body['data']).toHaveLength(1);
    expect(await terminal.run('trigger', 'payment.paid', '--merchant', 'mch_X')).toContain(
      'There is no such merchant.',
    );
    expect(await terminal.run('trigger', 'payment.paid', '--merchant', '')).toContain('merchant: ');
    expect((await till.get('/v2/merchants')).body['data']).toHaveLength(1);
  });

  test("is the key's own, where it has one", async () => {
    const { secret } = await v2Client(world, { merchantId: 1 });
    terminal = openTerminal(world, secret);
    expect((await trigger('refund.succeeded')).merchant).toBe(await firstMerchant(world));
  });
});

describe('is refused', () => {
  test('where money moves, before anything is begun', async () => {
    await world.close();
    world = await createWorld({ simulator: undefined });
    till = await v2Client(world);
    terminal = openTerminal(world, till.secret);
    const merchants = (await till.get('/v2/merchants')).body['data'];
    const ended = await terminal.run('trigger', 'payment.paid');
    expect(ended).toMatch(/^The gateway at .* speaks to the real Alipay.*F2F_ALIPAY=simulator\)$/);
    expect(terminal.calls).toEqual(['GET /v2/gateway']);
    expect(await listPayments(world.db, { limit: 1 })).toEqual([]);
    expect((await till.get('/v2/merchants')).body['data']).toEqual(merchants);
  });

  test.each(scopesFor(1))('to a key without %s, with the scope that it lacks', async (missing) => {
    const scopes = SCOPES.filter((scope) => scope !== missing);
    const { secret } = await v2Client(world, { scopes });
    terminal = openTerminal(world, secret);
    expect(await terminal.run('trigger', 'refund.succeeded')).toMatch(
      new RegExp(`This API key lacks the scope "${missing}".*"f2f api-key create NAME" makes`),
    );
  });

  test('when it is no event', async () => {
    expect(await terminal.run('trigger', 'payment.lost')).toContain(
      'Allowed choices are payment.created',
    );
    expect(terminal.calls).toEqual([]);
  });
});

test("another payment's event is not taken for its own", async () => {
  const theirs = aPayment(await firstMerchant(world), { auth_code: '280851932108270011' });
  await till.post('/v2/payments', theirs);
  await world.clock.advance(1000);
  const { payment, events } = await trigger('payment.closed');
  expect(events.map(({ data }) => data)).toEqual(
    Array.from({ length: 3 }, () => expect.objectContaining({ id: payment }) as unknown),
  );
});

test('an event that does not come is not waited for for ever', async () => {
  // The worker that would give it its place has died.
  world.deps.news.stop();
  expect(await terminal.run('trigger', 'payment.paid')).toMatch(
    /^payment.paid did not come within a minute; "f2f payment show" .* pay_FF/,
  );
});
