/**
 * What the sweep does at the start and every hour, on both engines, in virtual time. Which deliveries it may delete is tested
 * beside `store/webhook-sweep.ts`.
 */
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { holdStatements } from '../../test/support/held-database.ts';
import { ENGINE, openTestDatabase } from '../../test/support/test-database.ts';
import { createVirtualClock, type VirtualClock } from '../../test/support/virtual-clock.ts';
import { aPayment } from '../core/payment.fixtures.ts';
import type { Db } from '../store/database.ts';
import { insertDongle, insertToken } from '../store/dongles.ts';
import { findCall, insertCall } from '../store/idempotency.ts';
import { insertPayment } from '../store/payments.ts';
import { insertLink, insertSession } from '../store/sessions.ts';
import { saveAttempts } from '../store/sign-in-attempts.ts';
import { aUser, fillShop } from '../store/store.fixtures.ts';
import { insertUser } from '../store/users.ts';
import { createNews, type News } from '../system/news.ts';
import { keepSweeping } from './sweep.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START_MS = 100 * DAY_MS;
let db: Db;
let clock: VirtualClock;
let news: News;
let sweeping: Promise<void>;
let alarms: string[];
beforeEach(async () => {
  const held = ENGINE === 'sqlite' ? undefined : holdStatements(await openTestDatabase());
  db = held?.db ?? (await openTestDatabase());
  await fillShop(db);
  clock = createVirtualClock(START_MS, held);
  news = createNews(clock);
  alarms = [];
});
afterEach(async () => {
  news.stop();
  await sweeping;
  await db.destroy();
});

async function start(): Promise<void> {
  const ignore = () => undefined;
  const log = { debug: ignore, info: ignore, warn: ignore };
  const error = (_fields: unknown, message: string): void => void alarms.push(message);
  sweeping = keepSweeping({ db, clock, news, log: { ...log, error } });
  await clock.settle();
}

const CALL = { merchantId: 1, requestHash: 'h', paymentNo: 'FF1', requestNo: null };

async function keepCall(idempotencyKey: string, ageMs: number): Promise<void> {
  await insertCall(db, { ...CALL, idempotencyKey, createdAtMs: START_MS - ageMs });
}

/** Events at places 1 to `last`. */
async function tell(last: number): Promise<void> {
  await insertPayment(db, aPayment({ paymentNo: 'P1', localNo: '1' }));
  await sql`
    with recursive n (i) as (select cast(1 as bigint) union all select i + 1 from n where i < cast(${last} as bigint))
    insert into event (merchant_id, payment_no, version, type, at_ms, position)
    select 1, 'P1', i, 'payment.paid', i, i from n`.execute(db);
}

test('forgets answers after seven days, and tokens when they expire', async () => {
  await insertDongle(db, {
    dongleNo: 'D1',
    state: 'registered',
    secretHash: null,
    isRegistered: true,
    createdAtMs: 0,
    version: 1,
  });
  for (const [tokenHash, expiresAtMs] of [
    ['old', START_MS - 1],
    ['new', START_MS + HOUR_MS],
  ] as const) {
    await insertToken(db, { tokenHash, tokenId: expiresAtMs, dongleNo: 'D1', expiresAtMs });
  }
  await keepCall('old', 7 * DAY_MS + 1);
  await keepCall('new', 7 * DAY_MS);
  const left = async () => [
    ...(await db.selectFrom('token').select('token_hash').execute()).map((row) => row.token_hash),
    (await findCall(db, 1, 'old')) === undefined,
    (await findCall(db, 1, 'new')) === undefined,
  ];
  await start();
  expect(await left()).toEqual(['new', true, false]);
  await clock.advance(HOUR_MS - 1);
  expect(await left()).toEqual(['new', true, false]);
  await clock.advance(HOUR_MS + 1);
  expect(await left()).toEqual([true, true]);
});

test('keeps the times of all pages of the feed', async () => {
  await tell(3500);
  await start();
  const pages = await db.selectFrom('feed_page').select('page').orderBy('page').execute();
  expect(pages.map(({ page }) => page)).toEqual([1, 2, 3]);
});

test('a chore that fails keeps no other from being done, and is done an hour later', async () => {
  await keepCall('old', 8 * DAY_MS);
  await tell(1000);
  await db.schema.alterTable('idempotency').renameTo('away').execute();
  await start();
  expect(alarms).toEqual(['a chore of the sweep could not be done']);
  expect(await db.selectFrom('feed_page').selectAll().execute()).toHaveLength(1);
  await db.schema.alterTable('away').renameTo('idempotency').execute();
  await clock.advance(HOUR_MS);
  expect(await findCall(db, 1, 'old')).toBeUndefined();
});

test('sessions, links and failed attempts go when they have ended', async () => {
  const user = aUser();
  await insertUser(db, user);
  const session = (sessionHash: string, seenMsAgo: number, madeMsAgo: number) =>
    insertSession(db, {
      sessionHash,
      userNo: user.userNo,
      mustChangePassword: false,
      createdAtMs: START_MS - madeMsAgo,
      lastSeenAtMs: START_MS - seenMsAgo,
    });
  await session('lives', 12 * HOUR_MS - 1, 7 * DAY_MS - 1);
  await session('idle', 12 * HOUR_MS, 12 * HOUR_MS);
  await session('old', 0, 7 * DAY_MS);
  const link = (tokenHash: string, expiresAtMs: number) =>
    insertLink(db, { tokenHash, userNo: user.userNo, expiresAtMs });
  await link('lives', START_MS + 1);
  await link('ended', START_MS);
  const tried = (subjectHash: string, lastAtMs: number) =>
    saveAttempts(db, subjectHash, { failures: 9, lastAtMs, lockedUntilMs: null, version: 1 });
  await tried('lives', START_MS - DAY_MS);
  await tried('forgotten', START_MS - DAY_MS - 1);
  await start();
  const left = async (table: 'user_session' | 'user_link' | 'sign_in_attempts') =>
    (await db.selectFrom(table).selectAll().execute()).map((row) => Object.values(row)[0]);
  expect(await left('user_session')).toEqual(['lives']);
  expect(await left('user_link')).toEqual(['lives']);
  expect(await left('sign_in_attempts')).toEqual(['lives']);
  expect(alarms).toEqual([]);
});
