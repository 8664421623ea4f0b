/** What is made once, however often the same call is sent: together, afterwards, after a fault, and by whom. */
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seeConcern } from '../../src/store/incidents.ts';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { createWorld, type World } from '../support/world.ts';
import { setStage, type Stage } from './calls.ts';
import { type V2Client, v2Client, type V2Reply } from './client.ts';
import { OPERATIONS } from './document.ts';
import { invite } from './people.ts';

let world: World;
let operator: V2Client;
let stage: Stage;
let endpoint: string;
let user: string;
let incident: number;
beforeEach(async () => {
  world = await createWorld();
  operator = await v2Client(world);
  stage = await setStage(world, operator);
  const hook = { url: 'https://pms.example/hook' };
  endpoint = String((await operator.post('/v2/webhook_endpoints', hook, null)).body['id']);
  user = `user_${(await invite(world)).userNo}`;
  const payment = (await findPaymentByNo(world.db, stage.paymentId.slice(4)))!;
  const late = { reason: 'late_payment', requestNo: null } as const;
  incident = (await seeConcern(world.db, payment, late, world.clock.nowMs()))!;
});
afterEach(() => world.close());

type Making = {
  readonly path: () => string;
  readonly body?: object;
  /** What another intention would say; undefined where a call says nothing, and another operation is that. */
  readonly other?: object;
  /** Where what it makes is stored, and what of that differs when it is done again. */
  readonly rows: string;
};

const SHOP = { shop_no: 'DL0003', seller_id: '2088212612254111', app_id: '2016022901171807' };

const MAKING: Readonly<Record<string, Making>> = {
  createMerchant: {
    path: () => '/v2/merchants',
    body: SHOP,
    other: { ...SHOP, name: 'Tea' },
    rows: 'select cpi_no from merchant',
  },
  resolveIncident: {
    path: () => `/v2/incidents/inc_${incident}/resolve`,
    body: { note: 'done' },
    other: { note: 'not done' },
    rows: 'select version from incident',
  },
  createDongle: {
    path: () => '/v2/dongles',
    body: { number: 'D'.repeat(32) },
    other: { number: 'E'.repeat(32) },
    rows: 'select dongle_no, version from dongle',
  },
  createWebhookEndpoint: {
    path: () => '/v2/webhook_endpoints',
    body: { url: 'https://pms.example/second' },
    other: { url: 'https://pms.example/third' },
    rows: 'select endpoint_no from webhook_endpoint',
  },
  rotateWebhookSecret: {
    path: () => `/v2/webhook_endpoints/${endpoint}/rotate_secret`,
    rows: 'select version from webhook_endpoint',
  },
  createApiKey: {
    path: () => '/v2/api_keys',
    body: { name: 'till', scopes: ['charge'] },
    other: { name: 'till', scopes: ['read'] },
    rows: 'select key_no from api_key',
  },
  createUser: {
    path: () => '/v2/users',
    body: { name: 'li.wei', role: 'clerk' },
    other: { name: 'li.wei', role: 'finance' },
    rows: 'select user_no from user_account',
  },
  createUserLink: {
    path: () => `/v2/users/${user}/link`,
    rows: 'select token_hash from user_link',
  },
};
const ALL = Object.entries(MAKING);

/** How many rows there are, and what is in them. */
async function rowsOf({ rows }: Making): Promise<unknown[]> {
  return (await sql.raw(rows).execute(world.db)).rows;
}

const send = (making: Making, key: string | null, from = operator): Promise<V2Reply> =>
  from.ask({ method: 'POST', path: making.path(), body: making.body, idempotencyKey: key });

test('these are the operations that take a key and need none', () => {
  const optional = OPERATIONS.filter(({ parameters = [] }) =>
    parameters.some(({ name, required }) => name === 'idempotency-key' && required !== true),
  );
  expect(ALL.map(([name]) => name).toSorted()).toEqual(
    optional.map(({ operationId }) => operationId).toSorted(),
  );
});

describe.each(ALL)('%s', (_name, making) => {
  test('twenty at once make one, and all hear the same', async () => {
    const before = await rowsOf(making);
    const call = { method: 'POST', path: making.path(), body: making.body, idempotencyKey: 'k' };
    const all = Promise.all(Array.from({ length: 20 }, () => operator.send(call as never)));
    for (let seconds = 0; seconds < 5; seconds += 1) await world.clock.advance(1000);
    const answers = await all;
    expect(answers[0]?.status).toBeLessThan(300);
    expect(new Set(answers.map(({ raw, status }) => `${status} ${raw}`)).size).toBe(1);
    expect(new Set(answers.map(({ headers }) => headers['etag'])).size).toBe(1);
    const replayed = answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true');
    expect(replayed).toHaveLength(19);
    const after = await rowsOf(making);
    expect(after).not.toEqual(before);
    expect(after.length - before.length).toBeLessThanOrEqual(1);
    expect((await send(making, 'k')).raw).toBe(answers[0]?.raw);
    expect(await rowsOf(making)).toEqual(after);
  });

  test('the key stands for this call alone, and for its caller', async () => {
    const first = await send(making, 'k');
    const { other } = making;
    const another = other === undefined ? MAKING['createApiKey']! : { ...making, body: other };
    const reused = await send(another, 'k');
    expect([reused.status, reused.body['code']]).toEqual([422, 'idempotency_key_reused']);
    const others = await send(making, 'k', await v2Client(world));
    expect(others.headers['idempotent-replayed']).toBeUndefined();
    expect(others.raw).not.toBe(first.raw);
  });

  test('what cannot be kept is not made', async () => {
    const before = await rowsOf(making);
    await sql`create unique index one_answer on kept_answer ((1))`.execute(world.db);
    await sql`insert into kept_answer values ('c', 'k', 'h', 's', 1)`.execute(world.db);
    const answer = await send(making, 'k');
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(await rowsOf(making)).toEqual(before);
    await sql`drop index one_answer`.execute(world.db);
    const again = await send(making, 'k');
    expect(again.status).toBeLessThan(300);
    expect(again.headers['idempotent-replayed']).toBeUndefined();
  });
});

test('an answer is kept sealed, and for a day', async () => {
  const making = MAKING['createApiKey']!;
  const first = await send(making, 'k');
  const kept = JSON.stringify(await world.db.selectFrom('kept_answer').selectAll().execute());
  expect(kept).toContain('"idempotency_key":"k"');
  expect(kept).not.toContain(String(first.body['secret']));
  await world.clock.advance(25 * 3_600_000);
  const again = await send(making, 'k');
  expect(again.status).toBe(201);
  expect(again.body['id']).not.toBe(first.body['id']);
});
