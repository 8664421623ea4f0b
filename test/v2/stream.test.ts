/**
 * The stream of a payment: a page hears its state at once and whenever it changes, nothing twice, and nothing that is not for
 * it; and whatever the page does, the gateway keeps nothing of it.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { authenticateApiKey, revokeApiKey } from '../../src/flows/manage-api-keys.ts';
import { DatabaseUnavailable, tellHowCommitsLast } from '../../src/store/database.ts';
import { createWorld, type World } from '../support/world.ts';
import { aPayment, firstMerchant, type V2Client, v2Client } from './client.ts';
import { undocumented } from './document.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

let world: World;
let till: V2Client;
let merchant: string;
beforeEach(async () => {
  world = await createWorld();
  till = await v2Client(world);
  merchant = await firstMerchant(world);
});
afterEach(() => world.close());

type Payment = { id: string; stream_url: string; alipay: { out_trade_no: string } };

async function begin(changes: object = {}): Promise<Payment> {
  const { status, body } = await till.post('/v2/payments', aPayment(merchant, changes));
  expect(status).toBe(201);
  return body as Payment;
}

const aQr = (changes: object = {}): Promise<Payment> =>
  begin({ method: 'qr', auth_code: undefined, metadata: { room: '1203' }, ...changes });

/** The guest scans the code and pays. */
function pay({ alipay, ...payment }: Payment): void {
  const { qr_code: qrCode } = (payment as unknown as { next_action: { qr_code: string } })
    .next_action;
  world.control('POST', '/simulator/scan', { qrCode });
  world.control('POST', `/simulator/trades/${alipay.out_trade_no}/pay`, {});
}

type Page = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: () => string;
  readonly isOpen: () => boolean;
  /** Whether it was cut off, rather than ended. */
  readonly isBroken: () => boolean;
  readonly leave: () => Promise<void>;
};

/** A page that opens a stream and goes on listening. */
async function open(url: string, headers: Record<string, string> = {}): Promise<Page> {
  const leaving = new AbortController();
  const signal = leaving.signal;
  const reply = await world.app.inject({ url, headers, payloadAsStream: true, signal });
  const state = { text: '', isOpen: true, isBroken: false };
  const stream = reply.stream();
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => (state.text += text));
  stream.on('end', () => (state.isOpen = false));
  stream.on('error', () => (state.isBroken = true));
  stream.on('close', () => (state.isOpen = false));
  await world.clock.settle();
  const body = reply.statusCode < 300 ? state.text : JSON.parse(state.text);
  const type = String(reply.headers['content-type']);
  expect(undocumented('GET', url, { status: reply.statusCode, type, body })).toEqual([]);
  return {
    status: reply.statusCode,
    headers: reply.headers,
    text: () => state.text,
    isOpen: () => state.isOpen,
    isBroken: () => state.isBroken,
    leave: async () => {
      leaving.abort();
      await world.clock.settle();
    },
  };
}

type Heard = { id: number; data: Record<string, unknown> };

/** What an EventSource makes of it, and the id that it would come back with. */
function heardBy(page: Page): { events: readonly Heard[]; lastId: string; retryMs: string } {
  const events: Heard[] = [];
  let [lastId, retryMs] = ['', ''];
  for (const block of page.text().split('\n\n').slice(0, -1)) {
    const fields = block
      .split('\n')
      .map((line) => /^(?<name>\w*): ?(?<value>.*)$/.exec(line)?.groups);
    const valueOf = (name: string) => fields.find((field) => field?.['name'] === name)?.['value'];
    lastId = valueOf('id') ?? lastId;
    retryMs = valueOf('retry') ?? retryMs;
    const data = valueOf('data');
    if (data !== undefined) events.push({ id: Number(lastId), data: JSON.parse(data) });
  }
  return { events, lastId, retryMs };
}

const statesOf = (page: Page): readonly unknown[] =>
  heardBy(page).events.map(({ data }) => data['state']);

const versionOf = async ({ alipay }: Payment): Promise<number> =>
  (
    await world.db
      .selectFrom('payment')
      .select('version')
      .where('payment_no', '=', alipay.out_trade_no)
      .executeTakeFirstOrThrow()
  ).version;

describe('a page', () => {
  test('hears the state at once, and the end as soon as it comes', async () => {
    const payment = await aQr();
    const page = await open(payment.stream_url);
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/event-stream']);
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': '*',
      connection: 'close',
    });
    expect([statesOf(page), page.isOpen()]).toEqual([['awaiting_buyer'], true]);
    const begunAtMs = world.clock.nowMs();
    pay(payment);
    while (page.isOpen()) await world.clock.advance(10);
    // Not by looking now and then.
    expect(world.clock.nowMs() - begunAtMs).toBeLessThan(SECOND);
    expect(heardBy(page).events.at(-1)).toEqual({
      id: await versionOf(payment),
      // Nothing else: no subject, no note, no buyer.
      data: {
        id: payment.id,
        object: 'payment_status',
        state: 'paid',
        final: true,
        amount: 8800,
        currency: 'CNY',
        refunded_amount: 0,
        refunding_amount: 0,
        expires_at: '2026-11-23T12:15:00.000+08:00',
      },
    });
    expect([statesOf(page), page.isBroken()]).toEqual([['awaiting_buyer', 'paid'], false]);
  });

  test('hears of a payment that is final, and no more', async () => {
    const page = await open((await begin()).stream_url);
    expect([statesOf(page), page.isOpen()]).toEqual([['paid'], false]);
  });

  test('hears of one that ends unpaid', async () => {
    const payment = await begin({ auth_code: '280851932108270002' });
    const page = await open(payment.stream_url);
    await world.clock.advance(2 * MINUTE);
    expect([statesOf(page), page.isOpen()]).toEqual([['awaiting_buyer', 'closed'], false]);
  });

  test('hears nothing of changes that it cannot see, and is not told old news for them', async () => {
    const payment = await begin({ auth_code: '280851932108270002' });
    const page = await open(payment.stream_url);
    const before = await versionOf(payment);
    world.control('POST', '/simulator/faults', {
      method: 'alipay.trade.query',
      kind: 'drop_request',
    });
    await world.clock.advance(20 * SECOND);
    const { events, lastId } = heardBy(page);
    expect(events).toHaveLength(1);
    expect(Number(lastId)).toBeGreaterThan(before);
    expect(Number(lastId)).toBe(await versionOf(payment));
  });

  test('is never left without a word, for a quarter of an hour, and then comes again', async () => {
    const payment = await aQr({ merchant_reference: 'B-1' });
    const page = await open(payment.stream_url);
    expect(heardBy(page).retryMs).toBe('2000');
    for (let minute = 0; minute < 14; minute += 1) {
      const before = page.text().length;
      await world.clock.advance(10 * SECOND);
      expect(page.text().slice(before)).toMatch(/^(:\n\n|id: \d+\n\n)+$/);
      await world.clock.advance(50 * SECOND);
    }
    expect(page.isOpen()).toBe(true);
    await world.clock.advance(MINUTE - 1);
    expect(page.isOpen()).toBe(true);
    await world.clock.advance(1);
    expect([page.isOpen(), page.isBroken(), statesOf(page)]).toEqual([
      false,
      false,
      ['awaiting_buyer'],
    ]);
  });

  test('hears within seconds of what nobody told this gateway, and else that the connection lives', async () => {
    const payment = await aQr();
    const page = await open(payment.stream_url);
    const ofPayment = world.db
      .updateTable('payment')
      .where('payment_no', '=', payment.alipay.out_trade_no);
    const version = await versionOf(payment);
    // As another node would, with no word to this one, whose worker has nothing to do with it.
    const later = world.clock.nowMs() + MINUTE;
    await ofPayment.set({ version: version + 1, due_at_ms: later }).execute();
    await world.clock.advance(5 * SECOND);
    expect(heardBy(page).lastId).toBe(String(version + 1));
    const told = page.text();
    await world.clock.advance(5 * SECOND);
    expect(page.text()).toBe(`${told}:\n\n`);
    await ofPayment.set({ version }).execute();
  });
});

describe('a page that comes back', () => {
  const since = (lastId: string | number) => ({ 'last-event-id': String(lastId) });

  test('hears nothing again, and what comes next', async () => {
    const payment = await aQr();
    const first = await open(payment.stream_url);
    await first.leave();
    const second = await open(payment.stream_url, since(heardBy(first).lastId));
    await world.clock.advance(6 * SECOND);
    expect(heardBy(second).events).toEqual([]);
    pay(payment);
    await world.clock.advance(SECOND);
    expect(statesOf(second)).toEqual(['paid']);
  });

  test('hears at once what happened meanwhile', async () => {
    const payment = await aQr();
    const first = await open(payment.stream_url);
    await first.leave();
    pay(payment);
    await world.clock.advance(SECOND);
    const second = await open(payment.stream_url, since(heardBy(first).lastId));
    expect([statesOf(second), second.isOpen()]).toEqual([['paid'], false]);
  });

  test('after the end is told to stay away, also after all was given back', async () => {
    const payment = await begin();
    const { lastId } = heardBy(await open(payment.stream_url));
    const again = await open(payment.stream_url, since(lastId));
    expect([again.status, again.text()]).toEqual([204, '']);
    expect(again.headers['access-control-allow-origin']).toBe('*');
    await till.post(`/v2/payments/${payment.id}/refunds`, { amount: 8800 });
    const later = await open(payment.stream_url, since(lastId));
    expect(heardBy(later).events).toMatchObject([{ data: { refunded_amount: 8800 } }]);
    expect((await open(payment.stream_url, since(heardBy(later).lastId))).status).toBe(204);
  });

  test.each(['x', '', '-1', '1e3', '999', '9'.repeat(40)])(
    'with the id %j, which is none, hears the state',
    async (id) => {
      const page = await open((await begin()).stream_url, since(id));
      expect(statesOf(page)).toEqual(['paid']);
    },
  );
});

describe('who may listen', () => {
  const bearer = ({ secret }: V2Client) => ({ authorization: `Bearer ${secret}` });

  test('whoever has the link, or a key that may read', async () => {
    const { id, stream_url: url } = await begin();
    expect(url).toMatch(new RegExp(`^/v2/payments/${id}/stream\\?token=[\\w-]{43}$`));
    expect((await open(url)).status).toBe(200);
    const reader = await v2Client(world, { scopes: ['read'] });
    expect((await open(`/v2/payments/${id}/stream`, bearer(reader))).status).toBe(200);
  });

  test('as long as the key is good, and with the link as ever', async () => {
    const payment = await aQr();
    const reader = await v2Client(world, { scopes: ['read'] });
    const byKey = await open(`/v2/payments/${payment.id}/stream`, bearer(reader));
    const byLink = await open(payment.stream_url);
    const { keyNo } = (await authenticateApiKey(world.deps, reader.secret))!;
    await revokeApiKey(world.deps, keyNo);
    await world.clock.advance(5 * SECOND);
    pay(payment);
    await world.clock.advance(SECOND);
    expect([statesOf(byKey), byKey.isOpen()]).toEqual([['awaiting_buyer'], false]);
    expect(statesOf(byLink)).toEqual(['awaiting_buyer', 'paid']);
  });

  test.each<[string, (url: string, other: string) => string]>([
    ['another token', (url) => url.replace(/token=.*/, 'token=x')],
    ['an empty token', (url) => url.replace(/token=.*/, 'token=')],
    [
      'the token of another payment',
      (url, other) => url.replace(/token=.*/, /token=.*/.exec(other)![0]),
    ],
    ['a payment that is none', (url) => url.replace(/pay_\w+/, 'pay_FF0')],
    ['an id that is none', (url) => url.replace(/pay_\w+/, '%00')],
  ])('not with %s, also beside a key', async (_what, spoil) => {
    const { stream_url: url } = await begin();
    const other = await begin({ merchant_reference: 'A-2', auth_code: '280851932108278888' });
    for (const headers of [{}, bearer(till)]) {
      const page = await open(spoil(url, other.stream_url), headers);
      expect([page.status, JSON.parse(page.text())]).toMatchObject([
        404,
        { code: 'payment_not_found' },
      ]);
      // Without it a browser would take the refusal for a lost connection, and ask for ever.
      expect(page.headers['access-control-allow-origin']).toBe('*');
    }
  });

  test('not without either, nor two tokens at once', async () => {
    const { id, stream_url: url } = await begin();
    expect((await open(`/v2/payments/${id}/stream`)).status).toBe(401);
    expect((await open(`${url}&token=x`)).status).toBe(400);
  });
});

describe('nothing is kept of a page', () => {
  test('that leaves: its place is free at once', async () => {
    const { stream_url: url } = await aQr();
    const atMs = world.clock.nowMs();
    const pages = await Promise.all(Array.from({ length: 10 }, () => open(url)));
    const crowded = await open(url);
    // It hears the state, and asks again later.
    expect([statesOf(crowded), crowded.isOpen()]).toEqual([['awaiting_buyer'], false]);
    expect(heardBy(crowded).retryMs).toBe('5000');
    for (const page of pages) await page.leave();
    const next = await Promise.all(Array.from({ length: 10 }, () => open(url)));
    expect(next.map((page) => page.isOpen())).toEqual(Array.from({ length: 10 }, () => true));
    expect(world.clock.nowMs()).toBe(atMs);
  });

  test('one payment’s pages take no places from the others’, up to a thousand', async () => {
    const urls: string[] = [];
    for (let bill = 0; bill < 101; bill += 1) {
      urls.push((await aQr({ merchant_reference: `C-${bill}` })).stream_url);
    }
    const [last = '', ...others] = urls;
    const pages: Page[] = [];
    for (const url of others) {
      for (let page = 0; page < 10; page += 1) pages.push(await open(url));
    }
    expect(pages.filter((page) => page.isOpen())).toHaveLength(1000);
    expect((await open(last)).isOpen()).toBe(false);
    await pages[0]?.leave();
    expect((await open(last)).isOpen()).toBe(true);
  });
});

describe('the gateway', () => {
  test('that stops ends its streams, and waits for nobody', async () => {
    const page = await open((await aQr()).stream_url);
    const atMs = world.clock.nowMs();
    world.deps.news.stop();
    await world.app.close();
    expect([page.isOpen(), page.isBroken(), world.clock.nowMs() - atMs]).toEqual([false, false, 0]);
  });

  test('tells nothing that a power cut could take back', async () => {
    const payment = await aQr();
    const page = await open(payment.stream_url);
    const disk = Promise.withResolvers<void>();
    tellHowCommitsLast(world.db.getExecutor().adapter, () => disk.promise);
    pay(payment);
    const told = page.text();
    await world.clock.advance(10 * SECOND);
    expect(await versionOf(payment)).toBeGreaterThan(Number(heardBy(page).lastId));
    expect(page.text()).toBe(told);
    disk.resolve();
    await world.clock.advance(SECOND);
    expect(statesOf(page)).toEqual(['awaiting_buyer', 'paid']);
  });

  test('whose database is away keeps its streams, and goes on when it is back', async () => {
    const payment = await aQr();
    const page = await open(payment.stream_url);
    const { adapter } = world.db.getExecutor();
    tellHowCommitsLast(adapter, () => Promise.reject(new DatabaseUnavailable('away')));
    await world.clock.advance(20 * SECOND);
    expect(page.isOpen()).toBe(true);
    tellHowCommitsLast(adapter, () => Promise.resolve());
    pay(payment);
    await world.clock.advance(SECOND);
    expect([statesOf(page), page.isBroken()]).toEqual([['awaiting_buyer', 'paid'], false]);
  });

  test('that cannot even begin says so, and nothing of the stream is left', async () => {
    const { stream_url: url } = await aQr();
    const { adapter } = world.db.getExecutor();
    let commits = 0;
    // That of the answer's headers.
    tellHowCommitsLast(adapter, async () => {
      if ((commits += 1) === 1) throw new Error('disk');
    });
    expect((await world.app.inject({ url })).statusCode).toBe(500);
    expect(commits).toBeGreaterThanOrEqual(1);
    world.deps.news.stop();
    await world.app.close();
  });

  test('that fails breaks the stream off, and says why in its log', async () => {
    const page = await open((await aQr()).stream_url);
    tellHowCommitsLast(world.db.getExecutor().adapter, () => Promise.reject(new Error('disk')));
    await world.clock.advance(5 * SECOND);
    expect([page.isBroken(), page.isOpen()]).toEqual([true, false]);
    expect(world.alarms).toContain('v2 stream failed');
    tellHowCommitsLast(world.db.getExecutor().adapter, () => Promise.resolve());
  });
});
