/**
 * Webhooks: everything arrives, signed, of each payment in order, whatever the receiver does meanwhile; and nothing is sent
 * where it must not be.
 */
import { sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ENDPOINTS_MAX } from '../../src/core/limits.ts';
import { GIVE_UP_AFTER_MS } from '../../src/core/webhook.ts';
import { tellHowCommitsLast } from '../../src/store/database.ts';
import { NoResponse, type HttpRequest, type HttpResponse } from '../../src/system/http.ts';
import { createWorld, type World } from '../support/world.ts';
import { addOtherMerchant, clientWith, firstMerchant, type V2Client, v2Client } from './client.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

let world: World;
let till: V2Client;
let merchant: string;
/** What reached the receiver, oldest first. */
let heard: { id: string; type: string; payment: unknown; request: HttpRequest }[];
beforeEach(async () => {
  world = await createWorld();
  till = await v2Client(world);
  heard = [];
  merchant = await firstMerchant(world);
});
afterEach(() => world.close());

const ok: HttpResponse = { status: 200, headers: {}, body: Buffer.from('thanks') };

/** Answers each call as `answer` says, and keeps what was heard with 2xx. */
function receive(
  answer: (request: HttpRequest) => HttpResponse | Promise<HttpResponse> = () => ok,
): void {
  world.onWebhook(async (request) => {
    const response = await answer(request);
    const body = JSON.parse(String(request.body)) as {
      id: string;
      type: string;
      data: { id: string; payment?: string };
    };
    const { id, type, data } = body;
    const isHeard = response.status >= 200 && response.status < 300;
    if (isHeard) heard.push({ id, type, payment: data.payment ?? data.id, request });
    return response;
  });
}

let bills = 0;
async function pay(more: object = {}): Promise<string> {
  bills += 1;
  const made = await till.post('/v2/payments', {
    merchant,
    method: 'barcode',
    auth_code: `2808519321${String(bills).padStart(4, '0')}9999`,
    amount: 8800,
    merchant_reference: `W-${bills}`,
    subject: 'Tea',
    ...more,
  });
  return String(made.body['id']);
}

async function anEndpoint(more: object = {}): Promise<{ id: string; secret: string }> {
  const made = await till.post('/v2/webhook_endpoints', {
    url: 'https://pms.example/hook',
    ...more,
  });
  expect(made.status).toBe(201);
  return made.body as { id: string; secret: string };
}

/** Everything in the feed, as the receiver should have heard it. */
async function feedIds(): Promise<string[]> {
  const { body } = await till.get('/v2/events?limit=100');
  return (body['data'] as { id: string }[]).map(({ id }) => id);
}

/** Of each payment in the order of the feed, and nothing twice unless `mayRepeat`. */
async function expectAllInOrder(): Promise<void> {
  const order = await feedIds();
  expect(new Set(heard.map(({ id }) => id))).toEqual(new Set(order));
  for (const [, ofPayment] of Map.groupBy(heard, ({ payment }) => payment)) {
    const first = [...new Map(ofPayment.map((one) => [one.id, one])).keys()];
    expect(first).toEqual(first.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
  }
}

test('a list of deliveries is read at once, and says when each is tried next, as far as its endpoint is called at all', async () => {
  receive(() => ({ ...ok, status: 500 }));
  const { id } = await anEndpoint();
  const next = async (): Promise<readonly (string | null)[]> => {
    const { body } = await till.get(`/v2/webhook_deliveries?endpoint=${id}`);
    return (body['data'] as { next_attempt_at: string | null }[]).map((one) => one.next_attempt_at);
  };
  await pay();
  await world.clock.advance(MINUTE);
  await pay();
  await world.clock.advance(SECOND);
  const executor = world.db.getExecutor();
  const execute = executor.executeQuery.bind(executor);
  let reads = 0;
  executor.executeQuery = (query, ...rest) => {
    if (query.sql.includes('from "event"')) reads += 1;
    return execute(query, ...rest);
  };
  const times = await next();
  executor.executeQuery = execute;
  expect([times.length, reads]).toEqual([4, 1]);
  for (const at of times) expect(Date.parse(at ?? '')).toBeGreaterThan(world.clock.nowMs());
  await till.ask({
    method: 'PATCH',
    path: `/v2/webhook_endpoints/${id}`,
    body: { enabled: false },
  });
  expect(new Set(await next())).toEqual(new Set([null]));
});

describe('an endpoint hears', () => {
  test('of every event, signed by its secret, with the body that the API shows', async () => {
    receive();
    const { secret } = await anEndpoint();
    const id = await pay();
    await till.post(`/v2/payments/${id}/refunds`, { amount: 100 });
    await world.clock.advance(5 * SECOND);
    expect(heard.map(({ type }) => type)).toEqual([
      'payment.created',
      'payment.paid',
      'refund.created',
      'refund.succeeded',
    ]);
    for (const { id: event, request } of heard) {
      const headers = request.headers as Record<string, string>;
      // Its status is what counts, however much it says.
      expect(request.isBodyCut).toBe(true);
      expect(headers['webhook-id']).toBe(event);
      // Time is the library's own idea of now, which here is another: the signature is what is asked about.
      const witness = new Webhook(secret);
      const at = new Date(Number(headers['webhook-timestamp']) * SECOND);
      expect(headers['webhook-signature']).toBe(witness.sign(event, at, String(request.body)));
      expect(JSON.parse(String(request.body))).toEqual(
        (await till.get(`/v2/events/${event}`)).body,
      );
    }
  });

  test('only of what it wants, and a merchant’s only of itself', async () => {
    receive();
    const other = await addOtherMerchant(world);
    const stranger = await v2Client(world, { merchantId: other.merchantId });
    await stranger.post('/v2/webhook_endpoints', { url: 'https://other.example/' });
    await anEndpoint({ types: ['payment.paid'] });
    await pay();
    await world.clock.advance(5 * SECOND);
    expect(heard.map(({ type, request }) => [type, request.url])).toEqual([
      ['payment.paid', 'https://pms.example/hook'],
    ]);
    await pay({ merchant: other.id });
    await world.clock.advance(5 * SECOND);
    expect(
      heard
        .slice(1)
        .map(({ type, request }) => `${type} ${request.url}`)
        .toSorted(),
    ).toEqual([
      'payment.created https://other.example/',
      'payment.paid https://other.example/',
      'payment.paid https://pms.example/hook',
    ]);
  });

  test('nothing while it is disabled, and then what it is owed from before', async () => {
    receive();
    const { id } = await anEndpoint();
    receive(() => ({ ...ok, status: 500 }));
    await pay();
    await world.clock.advance(SECOND);
    const path = `/v2/webhook_endpoints/${id}`;
    await till.ask({ method: 'PATCH', path, body: { enabled: false } });
    receive();
    await pay();
    await world.clock.advance(10 * MINUTE);
    expect(heard).toEqual([]);
    await till.ask({ method: 'PATCH', path, body: { enabled: true } });
    await world.clock.advance(10 * MINUTE);
    // What happened while it was disabled is nothing that it is owed.
    expect(heard.map(({ type }) => type)).toEqual(['payment.created', 'payment.paid']);
  });
});

describe('a receiver that', () => {
  test.each<[string, (request: HttpRequest) => HttpResponse | Promise<HttpResponse>]>([
    ['is down', () => Promise.reject(new NoResponse('connection', 'refused'))],
    ['answers with 500', () => ({ ...ok, status: 500 })],
    ['answers with garbage', () => ({ ...ok, status: 404, body: Buffer.from([0, 255, 1, 254]) })],
    ['redirects', () => ({ ...ok, status: 302, headers: { location: 'http://10.0.0.1/' } })],
    [
      'answers too late',
      async (request) => {
        await world.clock.sleep(request.timeoutMs);
        throw new NoResponse('timeout', 'no complete answer');
      },
    ],
  ])('%s for an hour hears everything, of each payment in order', async (_what, suffers) => {
    receive(suffers);
    await anEndpoint();
    for (let bill = 0; bill < 5; bill += 1) {
      const id = await pay();
      await till.post(`/v2/payments/${id}/refunds`, { amount: 100 });
      await world.clock.advance(10 * MINUTE);
    }
    await world.clock.advance(10 * MINUTE);
    receive();
    await world.clock.advance(3 * HOUR);
    await expectAllInOrder();
    expect(heard).toHaveLength(20);
  });

  test('answers now and then hears everything in order', async () => {
    let calls = 0;
    receive(() => ({ ...ok, status: (calls += 1) % 3 === 0 ? 200 : 503 }));
    await anEndpoint();
    for (let bill = 0; bill < 4; bill += 1) {
      const id = await pay();
      await till.post(`/v2/payments/${id}/refunds`, { amount: 100 });
    }
    await world.clock.advance(12 * HOUR);
    await expectAllInOrder();
    expect(heard.length).toBeGreaterThanOrEqual(16);
  });

  test('is slow does not keep another one waiting', async () => {
    receive(async (request) => {
      if (request.url.includes('slow')) await world.clock.sleep(9 * SECOND);
      return ok;
    });
    await anEndpoint({ url: 'https://slow.example/' });
    await anEndpoint({ url: 'https://quick.example/' });
    for (let bill = 0; bill < 12; bill += 1) await pay();
    await world.clock.advance(2 * SECOND);
    const quick = heard.filter(({ request }) => request.url.includes('quick'));
    expect(quick).toHaveLength(24);
    await world.clock.advance(5 * MINUTE);
    expect(heard).toHaveLength(48);
  });

  test.each([
    ['dead', () => Promise.reject(new NoResponse('timeout', 'no complete answer'))],
    ['slow', () => Promise.resolve(ok)],
  ])(
    'is %s, and fifteen like it, do not keep another one waiting, not even at first',
    async (_what, answer) => {
      receive(async (request) => {
        if (request.url.includes('quick')) return ok;
        await world.clock.sleep(request.timeoutMs - 1);
        return answer();
      });
      for (let made = 0; made < ENDPOINTS_MAX; made += 1) {
        await anEndpoint({ merchant, url: 'https://slow.example/' });
      }
      await anEndpoint({ url: 'https://quick.example/', types: ['payment.paid'] });
      const BILLS = 60;
      const quick = () => heard.filter(({ request }) => request.url.includes('quick'));
      // All of them at once, and then again and again while the others are at it.
      await Promise.all(Array.from({ length: 6 }, () => pay()));
      await world.clock.advance(SECOND);
      expect(quick()).toHaveLength(6);
      for (let bill = 7; bill <= BILLS; bill += 1) {
        await pay();
        await world.clock.advance(SECOND);
        expect(quick()).toHaveLength(bill);
        await world.clock.advance(6 * SECOND);
      }
      // What the slow ones are owed comes all the same.
      receive();
      await world.clock.advance(HOUR);
      expect(heard).toHaveLength(BILLS + ENDPOINTS_MAX * 2 * BILLS);
    },
  );

  test('never answers: after three days nothing is sent any more, and it says so', async () => {
    let calls = 0;
    receive(() => {
      calls += 1;
      throw new NoResponse('connection', 'refused');
    });
    const { id } = await anEndpoint({ types: ['payment.paid'] });
    await pay();
    await world.clock.advance(GIVE_UP_AFTER_MS + 10 * HOUR);
    const endpoint = (await till.get(`/v2/webhook_endpoints/${id}`)).body;
    expect(endpoint).toMatchObject({
      state: 'failing',
      failing_since: expect.stringMatching(/^2026-11-23/),
    });
    const made = calls;
    expect(made).toBeGreaterThan(10);
    expect(world.alarms).toContain('webhook endpoint failed for three days');
    await pay();
    await world.clock.advance(24 * HOUR);
    expect(calls).toBe(made);
    const [delivery] = (await till.get(`/v2/webhook_deliveries?endpoint=${id}&state=failed`)).body[
      'data'
    ] as {
      id: string;
      state: string;
    }[];
    expect(delivery?.state).toBe('failed');
    const { attempts } = (await till.get(`/v2/webhook_deliveries/${delivery?.id}`)).body as {
      attempts: object[];
    };
    expect(attempts).toHaveLength(made);
    expect(attempts[0]).toMatchObject({
      status: null,
      fault: 'refused',
      url: 'https://pms.example/hook',
    });
    // Enabled again, it may be sent again.
    receive();
    await till.ask({
      method: 'PATCH',
      path: `/v2/webhook_endpoints/${id}`,
      body: { enabled: true },
    });
    await till.post(`/v2/webhook_deliveries/${delivery?.id}/redeliver`);
    await world.clock.advance(MINUTE);
    expect(heard.map(({ type }) => type)).toEqual(['payment.paid', 'payment.paid']);
  });
});

test('one event that a receiver never takes does not make it failing', async () => {
  let first: unknown;
  receive((request) => {
    const { data } = JSON.parse(String(request.body)) as { data: { id: string } };
    first ??= data.id;
    return data.id === first ? { ...ok, status: 500 } : ok;
  });
  const { id } = await anEndpoint({ types: ['payment.paid'] });
  await pay();
  for (let day = 0; day < 5; day += 1) {
    await pay();
    await world.clock.advance(24 * HOUR);
  }
  expect(heard).toHaveLength(5);
  const { body } = await till.get(`/v2/webhook_deliveries?endpoint=${id}`);
  const states = (body['data'] as { state: string }[]).map(({ state }) => state);
  expect(states.toSorted()).toEqual([...Array.from({ length: 5 }, () => 'delivered'), 'failed']);
  expect((await till.get(`/v2/webhook_endpoints/${id}`)).body['state']).toBe('enabled');
});

test('events that a receiver refuses again and again do not keep the others waiting', async () => {
  const refused = new Set<unknown>();
  receive((request) => {
    const { data } = JSON.parse(String(request.body)) as { data: { id: string } };
    return refused.has(data.id) ? { ...ok, status: 500 } : ok;
  });
  await anEndpoint({ types: ['payment.paid'] });
  for (let bill = 0; bill < 12; bill += 1) refused.add(await pay());
  // All of them are tried again and again meanwhile.
  for (let minute = 1; minute <= 10; minute += 1) {
    await world.clock.advance(MINUTE - 20 * SECOND);
    await pay();
    await world.clock.advance(20 * SECOND);
    expect(heard).toHaveLength(minute);
  }
});

test('one that failed for days gets what it is owed as soon as it is enabled', async () => {
  receive(() => ({ ...ok, status: 500 }));
  const { id } = await anEndpoint({ types: ['payment.paid'] });
  await pay();
  await world.clock.advance(GIVE_UP_AFTER_MS + 10 * HOUR);
  await pay();
  await world.clock.advance(HOUR);
  receive();
  const path = `/v2/webhook_endpoints/${id}`;
  const enabled = await till.ask({ method: 'PATCH', path, body: { enabled: true } });
  expect(enabled.body).toMatchObject({ state: 'enabled', failing_since: null });
  await world.clock.advance(SECOND);
  expect(heard).toHaveLength(1);
});

test('a gateway that dies while it calls: another one sends it again, under the same id', async () => {
  let calls = 0;
  receive(async () => {
    calls += 1;
    if (calls === 1) await world.crash();
    return ok;
  });
  await anEndpoint({ types: ['payment.paid'] });
  await pay();
  await world.clock.advance(5 * MINUTE);
  till = clientWith(world, till.secret);
  expect(calls).toBe(2);
  await expectAllInOrderOf(['payment.paid']);
});

async function expectAllInOrderOf(types: readonly string[]): Promise<void> {
  expect([...new Set(heard.map(({ type }) => type))]).toEqual(types);
  expect(new Set(heard.map(({ id }) => id)).size).toBe(1);
}

test('nothing is sent before what it tells of is on disk', async () => {
  receive(() => ({ ...ok, status: 500 }));
  await anEndpoint({ types: ['payment.paid'] });
  await pay();
  await world.clock.advance(SECOND);
  receive();
  const disk = Promise.withResolvers<void>();
  tellHowCommitsLast(world.db.getExecutor().adapter, () => disk.promise);
  // It is due again by then, and its lease has not ended.
  await world.clock.advance(10 * SECOND);
  expect(heard).toEqual([]);
  disk.resolve();
  await world.clock.advance(MINUTE);
  expect(heard).toHaveLength(1);
});

describe('secrets', () => {
  test('a new one signs at once, the older one beside it for a day', async () => {
    receive();
    const first = await anEndpoint({ types: ['payment.paid'] });
    const next = await till.post(`/v2/webhook_endpoints/${first.id}/rotate_secret`);
    const secret = String(next.body['secret']);
    expect(secret).not.toBe(first.secret);
    await pay();
    await world.clock.advance(SECOND);
    await world.clock.advance(25 * HOUR);
    await pay();
    await world.clock.advance(5 * SECOND);
    const signatures = heard.map(({ id, request }) => {
      const { headers, body } = request;
      const at = new Date(Number(headers['webhook-timestamp']) * SECOND);
      const given = String(headers['webhook-signature']).split(' ');
      return [secret, first.secret].map((one) =>
        given.includes(new Webhook(one).sign(id, at, String(body))),
      );
    });
    expect(signatures).toEqual([
      [true, true],
      [true, false],
    ]);
  });

  test('changed twice in a day, all sign, so many of them', async () => {
    receive();
    const { id, secret } = await anEndpoint({ types: ['payment.paid'] });
    const secrets = [secret];
    const signers = async (): Promise<readonly boolean[]> => {
      await pay();
      await world.clock.advance(SECOND);
      const { id: event, request } = heard.at(-1)!;
      const at = new Date(Number(request.headers['webhook-timestamp']) * SECOND);
      const given = String(request.headers['webhook-signature']).split(' ');
      return secrets.map((one) =>
        given.includes(new Webhook(one).sign(event, at, String(request.body))),
      );
    };
    const rotate = async (): Promise<void> => {
      const { body } = await till.post(`/v2/webhook_endpoints/${id}/rotate_secret`);
      secrets.push(String(body['secret']));
    };
    await rotate();
    await rotate();
    expect(await signers()).toEqual([true, true, true]);
    await rotate();
    await rotate();
    expect(await signers()).toEqual([false, true, true, true, true]);
    await world.clock.advance(24 * HOUR);
    await rotate();
    expect(await signers()).toEqual([false, false, false, false, true, true]);
  });

  test('are shown once, and stored sealed', async () => {
    const { id, secret } = await anEndpoint();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    expect((await till.get(`/v2/webhook_endpoints/${id}`)).body['secret']).toBeUndefined();
    const rows = await world.db.selectFrom('webhook_endpoint').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(secret.slice('whsec_'.length));
  });
});

test('a test is signed, told what came of it, and no event', async () => {
  const many = Array.from({ length: 99 }, (_, index) => [`x-${index}`, 'v'.repeat(9000)] as const);
  const { id } = await anEndpoint();
  const path = `/v2/webhook_endpoints/${id}/test`;
  expect((await till.post(path)).body).toMatchObject({
    ok: false,
    fault: 'nobody is there',
    status: null,
  });
  world.onWebhook(() => Promise.resolve(ok));
  expect((await till.post(path)).body).toMatchObject({
    ok: true,
    status: 200,
    answer: 'thanks',
    fault: null,
  });
  expect((await till.get(`/v2/webhook_deliveries?endpoint=${id}`)).body['data']).toEqual([]);
  // Whoever answers in the receiver's place says where it went.
  const headers = { location: 'https://other.example/', ...Object.fromEntries(many) };
  world.onWebhook(() => Promise.resolve({ ...ok, status: 302, headers }));
  const { answer_headers: shown } = (await till.post(path)).body as { answer_headers: object };
  expect(shown).toMatchObject({ location: 'https://other.example/', 'x-0': 'v'.repeat(1024) });
  expect(Object.keys(shown)).toHaveLength(32);
  // The names in a certificate, which go on and on.
  const words = `not for \u0000${'x'.repeat(9000)}`;
  world.onWebhook(() => Promise.reject(new NoResponse('connection', words)));
  const { fault } = (await till.post(path)).body;
  expect(fault).toBe(`not for \ufffd${'x'.repeat(1015)}`);
});

test('a range of time is sent again, also what happened before there was the endpoint', async () => {
  receive();
  await pay();
  await world.clock.advance(HOUR);
  await pay();
  await world.clock.advance(HOUR);
  const { id } = await anEndpoint();
  const path = `/v2/webhook_endpoints/${id}/redeliver`;
  const range = { from: '2026-11-23T04:00:00Z', until: '2026-11-23T04:30:00Z' };
  expect((await till.post(path, range)).body).toMatchObject({ count: 2, next_cursor: null });
  await world.clock.advance(MINUTE);
  expect(heard).toHaveLength(2);
  expect((await till.post(path, { ...range, until: '2026-11-24T00:00:00Z' })).body['count']).toBe(
    4,
  );
  await world.clock.advance(MINUTE);
  expect(heard).toHaveLength(6);
});

describe('what was sent', () => {
  const deliveriesOf = async (id: string): Promise<{ id: string; event: string }[]> =>
    (await till.get(`/v2/webhook_deliveries?endpoint=${id}&limit=100`)).body['data'] as [];

  test('can be looked at for thirty days, and its event be sent again for ever', async () => {
    receive();
    const { id } = await anEndpoint({ types: ['payment.paid'] });
    const payment = await pay();
    await world.clock.advance(MINUTE);
    const [delivery] = await deliveriesOf(id);
    expect(delivery).toMatchObject({ type: 'payment.paid', payment });
    const path = `/v2/webhook_deliveries/${delivery?.id}`;
    await world.clock.advance(30 * 24 * HOUR - 2 * MINUTE);
    const { attempts } = (await till.get(path)).body as { attempts: object[] };
    const { headers, body } = heard[0]!.request;
    expect(attempts).toMatchObject([
      {
        request_headers: headers,
        request_body: body,
        status: 200,
        answer_headers: {},
        answer: 'thanks',
      },
    ]);
    expect(Object.keys(headers)).toContain('webhook-signature');
    await world.clock.advance(2 * HOUR);
    expect(await deliveriesOf(id)).toEqual([]);
    expect(await world.db.selectFrom('webhook_attempt').selectAll().execute()).toEqual([]);
    for (const gone of [await till.get(path), await till.post(`${path}/redeliver`)]) {
      expect(gone.status).toBe(404);
      expect(gone.body['code']).toBe('webhook_delivery_not_found');
    }
    const range = { from: '2026-11-23T00:00:00Z', until: '2026-11-24T00:00:00Z' };
    const again = await till.post(`/v2/webhook_endpoints/${id}/redeliver`, range);
    expect(again.body['count']).toBe(1);
    await world.clock.advance(MINUTE);
    expect(heard.map((one) => one.id)).toEqual([delivery?.event, delivery?.event]);
    expect(await deliveriesOf(id)).toMatchObject([{ id: delivery?.id, attempt_count: 1 }]);
  });

  test('long ago, and much of it, is deleted piece by piece, until nothing is left', async () => {
    receive();
    await anEndpoint({ types: ['payment.paid'] });
    await pay();
    await world.clock.advance(MINUTE);
    const stored = () => world.db.selectFrom('webhook_delivery').select('position').execute();
    // As if there had been many like it.
    for (const [table, rest] of [
      ['webhook_delivery', 'payment_no, state, attempts, tries, created_at_ms, due_at_ms, version'],
      [
        'webhook_attempt',
        'attempt, at_ms, url, body, status, answer, fault, duration_ms, request_headers, answer_headers',
      ],
    ] as const) {
      await sql`
        with recursive n (i) as (select 1 union all select i + 1 from n where i < 450)
        insert into ${sql.table(table)}
        select merchant_id, endpoint_no, 1000 + i, ${sql.raw(rest)} from ${sql.table(table)}, n
      `.execute(world.db);
    }
    expect(await stored()).toHaveLength(451);
    await world.clock.advance(30 * 24 * HOUR + HOUR);
    expect(await stored()).toEqual([]);
  });
});

test('a merchant has so many endpoints and no more, also those that an operator makes for it', async () => {
  const { merchant_id: merchantId } = await world.db
    .selectFrom('merchant')
    .select('merchant_id')
    .executeTakeFirstOrThrow();
  const shop = await v2Client(world, { merchantId });
  const make = (from: V2Client, more: object = {}) =>
    from.post('/v2/webhook_endpoints', { url: 'https://pms.example/hook', ...more });
  const { body } = await make(till, { merchant });
  const path = `/v2/webhook_endpoints/${String(body['id'])}`;
  for (let made = 1; made < ENDPOINTS_MAX; made += 1) expect((await make(shop)).status).toBe(201);
  await shop.ask({ method: 'PATCH', path, body: { enabled: false } });
  for (const refused of [await make(shop), await make(till, { merchant })]) {
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      code: 'too_many_webhook_endpoints',
      detail: expect.stringContaining(`${ENDPOINTS_MAX} webhook endpoints`),
    });
  }
  expect((await shop.get('/v2/webhook_endpoints')).body['data']).toHaveLength(ENDPOINTS_MAX);
  // The operator has its own.
  expect((await make(till)).status).toBe(201);
  // The way out that the problem names.
  const url = 'https://other.example/';
  const changed = await shop.ask({ method: 'PATCH', path, body: { url, enabled: true } });
  expect(changed.body).toMatchObject({ url, state: 'enabled' });
  expect((await shop.post(`${path}/rotate_secret`)).body['secret']).toMatch(/^whsec_/);
});

test('a description is given, changed, left and taken away', async () => {
  const { id } = await anEndpoint({ description: 'Orders' });
  const change = async (body: object): Promise<unknown> => {
    const path = `/v2/webhook_endpoints/${id}`;
    return (await till.ask({ method: 'PATCH', path, body })).body['description'];
  };
  expect(await change({ description: 'Reports' })).toBe('Reports');
  expect(await change({ types: ['payment.paid'] })).toBe('Reports');
  expect(await change({ description: null })).toBeNull();
});

test.each([
  ['ftp://pms.example/', /https:\/\/ or http/],
  ['pms.example', /must be a URL/],
  ['https://user:secret@pms.example/', /user or a password/],
])('the URL %s is refused', async (url, rule) => {
  const answer = await till.post('/v2/webhook_endpoints', { url });
  expect([answer.status, answer.body['field']]).toEqual([400, 'url']);
  expect(answer.body['detail']).toMatch(rule);
});
