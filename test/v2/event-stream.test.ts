/**
 * The feed of events as a stream, for pages: what happens is heard as it happens, by whoever may see it; whoever comes back goes on
 * where he was; many who listen are one reader; and the gateway keeps nothing of one who left.
 */
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeApiKey, revokeApiKey } from '../../src/flows/manage-api-keys.ts';
import { suspendUser } from '../../src/flows/manage-users.ts';
import { DatabaseUnavailable, tellHowCommitsLast } from '../../src/store/database.ts';
import { createWorld, type World } from '../support/world.ts';
import {
  addOtherMerchant,
  aPayment,
  clientWith,
  firstMerchant,
  v2Client,
  type V2Client,
} from './client.ts';
import { signedIn } from './people.ts';

const SECOND = 1000;

let world: World;
let operator: V2Client;
let merchant: string;
beforeEach(async () => {
  world = await createWorld();
  operator = await v2Client(world);
  merchant = await firstMerchant(world);
});
afterEach(() => world.close());

type Page = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: () => string;
  readonly isOpen: () => boolean;
  readonly leave: () => Promise<void>;
};

async function open(
  client: V2Client,
  query = '',
  headers: Record<string, string> = {},
): Promise<Page> {
  const leaving = new AbortController();
  const reply = await world.app.inject({
    url: `/v2/events/stream${query}`,
    headers: { authorization: `Bearer ${client.secret}`, ...headers },
    payloadAsStream: true,
    signal: leaving.signal,
  });
  const state = { text: '', isOpen: true };
  const stream = reply.stream();
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => (state.text += text));
  stream.on('error', () => undefined);
  stream.on('close', () => (state.isOpen = false));
  await world.clock.settle();
  return {
    status: reply.statusCode,
    headers: reply.headers,
    text: () => state.text,
    isOpen: () => state.isOpen,
    leave: async () => {
      leaving.abort();
      await world.clock.settle();
    },
  };
}

type Event = { id: string; type: string; merchant: string; data: { id: string } };

const heardBy = (page: Page): readonly Event[] =>
  [...page.text().matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json!) as Event);
const typesOf = (page: Page): readonly string[] => heardBy(page).map(({ type }) => type);
const lastIdOf = (page: Page): string =>
  [...page.text().matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? '';

/** A guest pays at once. */
async function sell(reference: string, client = operator, shop: string | null = merchant) {
  const code = {
    merchant_reference: reference,
    auth_code: `2808519321082${reference.padEnd(5, '9')}`,
  };
  const made = await client.post(
    '/v2/payments',
    aPayment(merchant, { ...code, merchant: shop ?? undefined }),
  );
  expect(made.body['state']).toBe('paid');
  await world.clock.advance(SECOND);
  return String(made.body['id']);
}

async function otherMerchant(): Promise<V2Client> {
  const { merchantId } = await addOtherMerchant(world);
  return v2Client(world, { merchantId, scopes: ['read', 'charge'] });
}

describe('a page', () => {
  test('hears what happens as it happens, and each event is the one of the feed', async () => {
    await sell('1');
    const page = await open(operator);
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/event-stream']);
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    expect(heardBy(page)).toEqual([]);
    const id = await sell('2');
    expect(heardBy(page).map(({ type, data }) => [type, data.id])).toEqual([
      ['payment.created', id],
      ['payment.paid', id],
    ]);
    const feed = (await operator.get('/v2/events')).body['data'] as Event[];
    expect(heardBy(page)).toEqual(feed.slice(-2));
    await page.leave();
  });

  test('hears nothing more when its key is revoked, or its session has ended, and is closed', async () => {
    const { secret, apiKey } = await makeApiKey(world.deps, {
      name: 'desk',
      merchantId: null,
      scopes: ['read'],
    });
    const clerk = await signedIn(world, { role: 'clerk' });
    const [byKey, byPerson] = [
      await open(clientWith(world, secret)),
      await open(clerk, '', { authorization: '', cookie: `f2f_session=${clerk.cookie}` }),
    ];
    const waits = clientWith(world, secret).send({ path: '/v2/events?cursor=now&wait=50' });
    await sell('1');
    for (const page of [byKey, byPerson]) {
      expect(typesOf(page)).toEqual(['payment.created', 'payment.paid']);
    }
    const again = clientWith(world, secret).send({ path: '/v2/events?cursor=now&wait=50' });
    await world.clock.settle();
    await revokeApiKey(world.deps, apiKey.keyNo);
    await suspendUser(world.deps, clerk.userNo);
    await world.clock.advance(5 * SECOND);
    const before = [byKey.text(), byPerson.text()];
    await sell('2');
    expect([byKey.text(), byPerson.text()]).toEqual(before);
    expect([byKey.isOpen(), byPerson.isOpen()]).toEqual([false, false]);
    // Nor does somebody who has waited for what would come.
    expect([(await waits).status, (await again).body['code']]).toEqual([200, 'api_key_invalid']);
  });

  test('that comes back with the id it heard last misses nothing, and hears nothing twice', async () => {
    const page = await open(operator);
    await sell('1');
    await page.leave();
    const missed = await sell('2');
    const back = await open(operator, '', { 'last-event-id': lastIdOf(page) });
    expect(heardBy(back).map(({ data }) => data.id)).toEqual([missed, missed]);
    await sell('3');
    expect(typesOf(back)).toHaveLength(4);
    await back.leave();
  });

  test('that heard nothing yet comes back to where it began', async () => {
    const page = await open(operator);
    await page.leave();
    const missed = await sell('1');
    const back = await open(operator, '', { 'last-event-id': lastIdOf(page) });
    expect(heardBy(back).map(({ data }) => data.id)).toEqual([missed, missed]);
    await back.leave();
  });

  test('begins where its cursor says, and hears of the types that it wants', async () => {
    await sell('1');
    const all = await open(operator, '?cursor=evt_0');
    expect(typesOf(all)).toEqual(['payment.created', 'payment.paid']);
    const some = await open(operator, '?cursor=evt_0&types=payment.paid,refund.succeeded');
    expect(typesOf(some)).toEqual(['payment.paid']);
    await sell('2');
    expect(typesOf(some)).toEqual(['payment.paid', 'payment.paid']);
    // What it did not want is passed over for good.
    const last = (await operator.get('/v2/events?limit=100')).body['data'] as Event[];
    expect(lastIdOf(some)).toBe(last.at(-1)?.id);
    await all.leave();
    await some.leave();
    expect((await operator.ask({ path: '/v2/events/stream?types=payment' })).body['code']).toBe(
      'invalid_request',
    );
  });

  test("of a merchant hears of that one alone, and an operator's of the one that it names", async () => {
    const other = await otherMerchant();
    const [theirs, named] = [await open(other), await open(operator, `?merchant=${merchant}`)];
    const mine = await sell('1');
    const notMine = await sell('2', other, null);
    expect(new Set(heardBy(theirs).map(({ data }) => data.id))).toEqual(new Set([notMine]));
    expect(new Set(heardBy(named).map(({ data }) => data.id))).toEqual(new Set([mine]));
    await theirs.leave();
    await named.leave();
  });

  test('that is far behind is brought up to date, page after page', async () => {
    for (let made = 10; made < 70; made += 1) await sell(String(made));
    const page = await open(operator, '?cursor=evt_0');
    const feed = (await operator.get('/v2/events?limit=100')).body['data'] as Event[];
    const heard = heardBy(page).map(({ id }) => id);
    expect(heard.slice(0, 100)).toEqual(feed.map(({ id }) => id));
    expect(heard).toHaveLength(120);
    await page.leave();
  });
});

describe('a stream', () => {
  test('says that it is alive when nothing happens, and ends after its life', async () => {
    const page = await open(operator, '?life=60');
    await world.clock.advance(50 * SECOND);
    expect(page.text().match(/^:$/gm)).toHaveLength(3);
    expect(page.isOpen()).toBe(true);
    await world.clock.advance(11 * SECOND);
    expect(page.isOpen()).toBe(false);
  });

  test('ends at the stop', async () => {
    const page = await open(operator);
    world.deps.news.stop();
    await world.clock.settle();
    expect(page.isOpen()).toBe(false);
  });

  test('stays while the database is away, and tells afterwards', async () => {
    const page = await open(operator);
    const executor = world.db.getExecutor();
    const execute = executor.executeQuery.bind(executor);
    let isAway = true;
    executor.executeQuery = (query, ...rest) => {
      const isFeed = /from "event" where "position" > /.test(query.sql);
      return isAway && isFeed
        ? Promise.reject(new DatabaseUnavailable('away'))
        : execute(query, ...rest);
    };
    const id = await sell('1');
    expect([page.isOpen(), heardBy(page)]).toEqual([true, []]);
    isAway = false;
    await world.clock.advance(2 * SECOND);
    executor.executeQuery = execute;
    expect(heardBy(page).map(({ data }) => data.id)).toEqual([id, id]);
    await page.leave();
  });

  test('tells nothing before it is on disk, also what came while something else was written there', async () => {
    await sell('1');
    const page = await open(operator);
    const disks = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const { adapter } = world.db.getExecutor();
    tellHowCommitsLast(adapter, () => disks[0].promise);
    await tellMuch(1, 2);
    await world.clock.advance(2 * SECOND);
    expect(heardBy(page)).toEqual([]);
    await tellMuch(1, 3);
    await world.clock.advance(2 * SECOND);
    tellHowCommitsLast(adapter, () => disks[1].promise);
    disks[0].resolve();
    await world.clock.settle();
    expect(heardBy(page)).toHaveLength(1);
    disks[1].resolve();
    await world.clock.settle();
    expect(heardBy(page)).toHaveLength(2);
    await page.leave();
  });

  test('needs a key that may read', async () => {
    const blind = await v2Client(world, { scopes: ['charge'] });
    expect((await blind.ask({ path: '/v2/events/stream' })).status).toBe(403);
    expect((await clientWith(world, 'f2f_x').ask({ path: '/v2/events/stream' })).status).toBe(401);
  });
});

/** As if so many other things had happened to the payment of an event, each told in a thousand characters and more. */
async function tellMuch(count: number, place = 2): Promise<void> {
  await sql`
    with recursive n (i) as (select 1 union all select i + 1 from n where i < ${count})
    insert into event (merchant_id, payment_no, version, type, at_ms, position)
    select merchant_id, payment_no, version + i, type, at_ms, position + i from event, n where position = ${place}
  `.execute(world.db);
}

describe('much that happens at once', () => {
  const aPage = 100;
  const kept = 1000;
  const wordy = { subject: '茶'.repeat(256), description: '茶'.repeat(128) };
  beforeEach(async () => {
    await operator.post('/v2/payments', aPayment(merchant, wordy));
    await world.clock.advance(SECOND);
  });

  test('is heard to its end by whoever reads, page after page', async () => {
    const first = await open(operator);
    await tellMuch(2 * kept);
    await world.clock.advance(10 * SECOND);
    expect(heardBy(first)).toHaveLength(2 * kept);
    // All that the gateway keeps of it, more than may wait to be read.
    const late = await open(operator, `?cursor=evt_${2 + kept}`);
    expect([heardBy(late).length, late.isOpen()]).toEqual([kept, true]);
    expect(late.text().length).toBeGreaterThan(1_048_576);
    await first.leave();
    await late.leave();
  });

  test.each(['for half a minute', 'until the stop'])(
    'is not kept for whoever does not read, %s',
    async (until) => {
      await tellMuch(3 * aPage);
      const leaving = new AbortController();
      const reply = await world.app.inject({
        url: '/v2/events/stream?cursor=evt_0',
        headers: { authorization: `Bearer ${operator.secret}` },
        payloadAsStream: true,
        signal: leaving.signal,
      });
      const stream = reply.stream();
      const state = { isOpen: true };
      stream.on('error', () => (state.isOpen = false));
      await world.clock.advance(29 * SECOND);
      expect(state.isOpen).toBe(true);
      if (until === 'until the stop') world.deps.news.stop();
      await world.clock.advance(until === 'until the stop' ? 5 * SECOND : 2 * SECOND);
      expect(state.isOpen).toBe(false);
      leaving.abort();
    },
  );
});

/** Of one node. */
const STREAMS_MAX = 500;

test('all places are taken, and an event is read once for all who listen', async () => {
  const pages: Page[] = [];
  for (let made = 0; made < STREAMS_MAX; made += 1) pages.push(await open(operator));
  // One more hears what there is, and comes back after a while.
  const crowded = await open(operator);
  expect([crowded.isOpen(), crowded.text()]).toEqual([false, 'retry: 5000\n\nid: evt_0\n\n']);
  const executor = world.db.getExecutor();
  const execute = executor.executeQuery.bind(executor);
  let reads = 0;
  executor.executeQuery = (query, ...rest) => {
    if (/from "payment_event"/.test(query.sql)) reads += 1;
    return execute(query, ...rest);
  };
  const id = await sell('1');
  executor.executeQuery = execute;
  for (const page of pages) expect(heardBy(page).map(({ data }) => data.id)).toEqual([id, id]);
  expect(reads).toBeLessThan(10);
  const back = await open(operator, '', { 'last-event-id': lastIdOf(crowded) });
  expect(heardBy(back).map(({ data }) => data.id)).toEqual([id, id]);
  expect(back.isOpen()).toBe(false);
  for (const page of pages) await page.leave();
});
