/**
 * What lets the tables be distributed by merchant, on Citus or any cluster that works alike: unique keys of a merchant's
 * tables begin with `merchant_id`, and what is asked for every payment names it. What does neither is listed here, with the
 * reason and with what a cluster would do instead (`docs/scale.md`).
 */
import type { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aPayment, aRefund } from '../core/payment.fixtures.ts';
import { ENGINE } from '../../test/support/test-database.ts';
import type { Db } from './database.ts';
import { claimDuePayments, claimDueRefunds, nextDueAtMs } from './due.ts';
import { listEvents } from './events.ts';
import { listIncidentsOf, resolveMoot, seeConcern } from './incidents.ts';
import { insertPaymentWithEvent, savePaymentWithEvent } from './payment-changes.ts';
import {
  findPayment,
  findPaymentWithApp,
  findPaymentWithAppByNo,
  listAttempts,
  savePaymentDue,
  savePaymentRefunds,
} from './payments.ts';
import { findRefund, insertRefund, listRefunds, saveRefund, saveRefundDue } from './refunds.ts';
import { openShop, runRaw } from './store.fixtures.ts';

let db: Db;
let asked: CompiledQuery[] = [];
beforeEach(async () => {
  db = await openShop();
  asked = [];
});
afterEach(() => db.destroy());

/** Unique keys that do not begin with `merchant_id`, and why each is right. */
const OTHER_KEYS: Readonly<Record<string, string>> = {
  'merchant(cpi_no)': 'tills name a shop by it, before anybody knows which merchant that is',
  'merchant(shop_no)':
    'as the number before it; both make `merchant` a table that every node of a cluster holds whole',
  'payment(payment_no)': "Alipay's notifications name a payment by this number alone",
  'api_key(key_no)':
    'an operator’s key is no merchant’s; keys are few, and every node of a cluster holds them all',
  'api_key(key_hash)': 'a call names its key, before anybody knows which merchant that is for',
  'user_account(user_no)':
    'somebody may be for all merchants; people are few, and every node of a cluster holds them all',
  'user_account(name)':
    'whoever signs in types it, before anybody knows which merchant that is for',
  'webhook_endpoint(endpoint_no)':
    'an operator’s endpoint is no merchant’s; endpoints are few, and every node of a cluster holds them all',
  'app_authorization(authorization_id)':
    'payments and merchants name it by this number alone; few merchants have one, and every node of a cluster holds them all',
  'event(position)':
    'the place in the feed of all merchants, which an operator reads; a cluster keeps one table of places',
  'figure(span,from_ms,merchant_id,method,state)':
    'sums over all merchants are read by time, and hold nothing that one could take for another’s',
  'incident(incident_no)': 'a person types it; incidents are few',
};

test("the unique keys of a merchant's tables begin with merchant_id, or are listed with a reason", async () => {
  const keys = await uniqueKeys();
  expect(keys.length).toBeGreaterThan(8);
  const others = keys.filter((key) => !/\(merchant_id\b/.test(key));
  expect(others.toSorted()).toStrictEqual(Object.keys(OTHER_KEYS).toSorted());
});

/** `table(columns)` of each unique key of a table that has a `merchant_id`. */
async function uniqueKeys(): Promise<string[]> {
  const rows = await runRaw(db, UNIQUE_KEYS[ENGINE]);
  return rows.map((row) => `${String(row['name'])}(${String(row['columns'])})`);
}

const UNIQUE_KEYS: Record<typeof ENGINE, string> = {
  sqlite: `select t.name, (select group_concat(coalesce(c.name, 'expression'))
      from pragma_index_info(i.name) c) as columns
    from sqlite_schema t join pragma_index_list(t.name) i
    where t.type = 'table' and i."unique" = 1
      and exists (select 1 from pragma_table_info(t.name) k where k.name = 'merchant_id')`,
  postgres: `select t.relname as name, (select string_agg(coalesce(a.attname, 'expression'), ',' order by k.place)
      from unnest(i.indkey) with ordinality k (number, place)
      left join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number) as columns
    from pg_index i join pg_class t on t.oid = i.indrelid
    where i.indisunique and t.relnamespace = 'public'::regnamespace
      and exists (select 1 from pg_attribute m where m.attrelid = t.oid and m.attname = 'merchant_id')`,
};

const EVENT = { kind: 'created', detail: {} } as const;
const CONCERN = { reason: 'late_payment', requestNo: null } as const;
const AT = { atMs: 1, by: 'gateway' };

test.each<[string, (on: Db) => Promise<unknown>]>([
  ['a payment is read', (on) => findPayment(on, 1, 'FF1')],
  ['a payment and its app', (on) => findPaymentWithApp(on, 1, 'FF1')],
  ['the charges under a localNo', (on) => listAttempts(on, 1, '1')],
  ['an intent', (on) => insertPaymentWithEvent(on, aPayment({ paymentNo: 'FF9' }), 1, EVENT)],
  ['a change', (on) => savePaymentWithEvent(on, aPayment({ version: 9 }), 1, EVENT)],
  ['a due time', (on) => savePaymentDue(on, aPayment(), 1)],
  ['refund sums', (on) => savePaymentRefunds(on, aPayment({ version: 9 }))],
  ['the history', (on) => listEvents(on, aPayment())],
  ['a refund is read', (on) => findRefund(on, aRefund())],
  ['the refunds of a payment', (on) => listRefunds(on, aRefund())],
  ['a refund is written', (on) => saveRefund(on, aRefund({ version: 2 }))],
  ["a refund's due time", (on) => saveRefundDue(on, aRefund(), 1)],
  ['the incidents of a payment', (on) => listIncidentsOf(on, aPayment())],
  ['an incident becomes moot', (on) => resolveMoot(on, aPayment(), CONCERN, AT)],
])('%s: every statement names the merchant', async (_what, ask) => {
  expect(await statementsWithoutMerchant(ask)).toStrictEqual([]);
});

test('a refund and an incident are stored under their merchant', async () => {
  await insertPaymentWithEvent(db, aPayment(), 1, EVENT);
  expect(await statementsWithoutMerchant((on) => insertRefund(on, aRefund()))).toStrictEqual([]);
  const counted = await statementsWithoutMerchant((on) => seeConcern(on, aPayment(), CONCERN, 1));
  // The number is one of all merchants' (`counter`), which every node of a cluster reaches in one place.
  expect(counted).toStrictEqual([expect.stringContaining('"counter"')]);
});

test.each<[string, (on: Db) => Promise<unknown>]>([
  ['a notification names the number alone', (on) => findPaymentWithAppByNo(on, 'FF1')],
  ['what is due, of all merchants', nextDueAtMs],
])('across merchants on purpose: %s', async (_why, ask) => {
  expect(await statementsWithoutMerchant(ask)).toHaveLength(1);
});

test('claims choose across merchants, and write by merchant', async () => {
  const claim = { nowMs: 1, leaseEndMs: 2, limit: 1 };
  expect(await statementsWithoutMerchant((on) => claimDuePayments(on, claim))).toStrictEqual([]);
  expect(await statementsWithoutMerchant((on) => claimDueRefunds(on, claim))).toStrictEqual([]);
});

/**
 * The SQL of what `ask` asks of tables, where neither a condition nor a value is the merchant's id. Statements within a
 * transaction are not seen: on PostgreSQL, which is what this is about, those of a payment need none.
 */
async function statementsWithoutMerchant(ask: (on: Db) => Promise<unknown>): Promise<string[]> {
  asked = [];
  const noted = db.withoutPlugins();
  const executor = noted.getExecutor();
  const execute = executor.executeQuery.bind(executor);
  executor.executeQuery = (query, ...rest) => {
    asked.push(query);
    return execute(query, ...rest);
  };
  await ask(noted);
  return asked.map(({ sql }) => sql).filter((sql) => !NAMES_MERCHANT.test(sql));
}

const NAMES_MERCHANT =
  /"merchant_id" = (?:\?|\$|"due")|insert into "\w+" \("merchant_id"|^(?:begin|commit|rollback)/;
