/**
 * Which index answers what is asked for every payment, on both engines: a read that scans a table costs nothing while the
 * table is small, and everything when it is not. A payment table with some thousand rows is asked; on PostgreSQL scans of
 * the small tables are made expensive, so that a planner that still scans has no index that it could use.
 */
import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aPayment, aRefund } from '../core/payment.fixtures.ts';
import { ENGINE } from '../../test/support/test-database.ts';
import { findApp, findAppKey } from './apps.ts';
import type { Db, Queryable } from './database.ts';
import { deleteTokensExpiredBefore, deleteTokensOf, findTokenHolder } from './dongles.ts';
import {
  claimDuePayments,
  claimDueRefunds,
  countDuePayments,
  countDueRefunds,
  nextDueAtMs,
} from './due.ts';
import { listEvents } from './events.ts';
import { findVisibleMerchant } from './merchants.ts';
import {
  findPayment,
  findPaymentByNo,
  findPaymentWithApp,
  findPaymentWithAppByNo,
  insertPayment,
  listAttempts,
  savePayment,
} from './payments.ts';
import { findRefund, listRefunds } from './refunds.ts';
import { APP_ID, openShop, OWNER, runRaw } from './store.fixtures.ts';

let db: Db;
beforeEach(async () => {
  db = await openShop();
  await insertPayment(db, aPayment({ paymentNo: 'FF0', localNo: '0', dueAtMs: null }));
  const [row] = await runRaw(db, 'select * from payment');
  const own: Record<string, string> = {
    payment_no: "'FF' || i",
    local_no: "'L' || i",
    due_at_ms: 'i',
  };
  const columns = Object.keys(row ?? {});
  const values = columns.map((column) => own[column] ?? column);
  await runRaw(
    db,
    `with recursive n (i) as (select 1 union all select i + 1 from n where i < 3000)
     insert into payment (${columns.join()}) select ${values.join()} from payment, n`,
  );
  await runRaw(db, 'analyze payment');
});
afterEach(() => db.destroy());

/** SQLite names the index of a unique key after its place in the table, PostgreSQL after its columns. */
type Indexes = { readonly sqlite: readonly string[]; readonly postgres: readonly string[] };
type Ask = (from: Queryable) => Promise<unknown>;

const on = (...names: string[]): Indexes => ({ sqlite: names, postgres: names });
const auto = (table: string, place: number, postgres: string): Indexes => ({
  sqlite: [`sqlite_autoindex_${table}_${place}`],
  postgres: [postgres],
});
const CLAIM = { nowMs: 1, leaseEndMs: 2, limit: 9 };
const PAYMENT = auto('payment', 2, 'payment_payment_no_key');

test.each<[string, Ask, Indexes]>([
  ['who holds a token', (from) => findTokenHolder(from, 'h1', 0), auto('token', 1, 'token_pkey')],
  ['tokens that expired', (from) => deleteTokensExpiredBefore(from, 0), on('token_by_expiry')],
  ['the tokens of a dongle', (from) => deleteTokensOf(from, 'D1'), on('token_by_dongle')],
  [
    'a merchant that a dongle sees',
    (from) => findVisibleMerchant(from, 'DL0001', OWNER),
    {
      sqlite: [
        'sqlite_autoindex_alipay_app_1',
        'sqlite_autoindex_merchant_2',
        'sqlite_autoindex_merchant_3',
        'sqlite_autoindex_merchant_grant_1',
      ],
      postgres: [
        'alipay_app_pkey',
        'merchant_cpi_no_key',
        'merchant_grant_pkey',
        'merchant_shop_no_key',
      ],
    },
  ],
  ['an app', (from) => findApp(from, OWNER, APP_ID), auto('alipay_app', 1, 'alipay_app_pkey')],
  ['a key', (from) => findAppKey(from, 1), auto('app_key', 1, 'app_key_pkey')],
  ['a payment', (from) => findPayment(from, 1, 'FF1'), PAYMENT],
  [
    'a payment by its number',
    (from) => findPaymentByNo(from, 'FF1'),
    auto('payment', 1, 'payment_payment_no_key'),
  ],
  [
    'a payment by its number, with its app',
    (from) => findPaymentWithAppByNo(from, 'FF1'),
    {
      sqlite: ['sqlite_autoindex_alipay_app_1', 'sqlite_autoindex_payment_1'],
      postgres: ['alipay_app_pkey', 'payment_payment_no_key'],
    },
  ],
  [
    'a payment with its app',
    (from) => findPaymentWithApp(from, 1, 'FF1'),
    {
      sqlite: ['sqlite_autoindex_alipay_app_1', 'sqlite_autoindex_payment_2'],
      postgres: ['alipay_app_pkey', 'payment_payment_no_key'],
    },
  ],
  [
    'the charges under a localNo',
    (from) => listAttempts(from, 1, 'A'),
    auto('payment', 3, 'payment_merchant_id_local_no_attempt_key'),
  ],
  ['a write', (from) => savePayment(from, aPayment({ version: 2 })), PAYMENT],
  [
    'payments to claim',
    (from) => claimDuePayments(from, CLAIM),
    {
      sqlite: ['payment_due', 'sqlite_autoindex_payment_2'],
      postgres: ['payment_due', 'payment_payment_no_key'],
    },
  ],
  [
    'refunds to claim',
    (from) => claimDueRefunds(from, CLAIM),
    {
      sqlite: ['refund_due', 'sqlite_autoindex_refund_1'],
      postgres: ['refund_due', 'refund_pkey'],
    },
  ],
  ['when the next row is due', nextDueAtMs, on('payment_due', 'refund_due')],
  ['how much is due', (from) => countDuePayments(from, 1), on('payment_due')],
  ['how many refunds are due', (from) => countDueRefunds(from, 1), on('refund_due')],
  [
    'the history',
    (from) => listEvents(from, aPayment()),
    auto('payment_event', 1, 'payment_event_pkey'),
  ],
  ['a refund', (from) => findRefund(from, aRefund()), auto('refund', 1, 'refund_pkey')],
  [
    'the refunds of a payment',
    (from) => listRefunds(from, aRefund()),
    auto('refund', 1, 'refund_pkey'),
  ],
])('%s', async (_what, ask, indexes) => {
  const plan = await planOf(ask);
  expect(plan.indexes).toStrictEqual(indexes[ENGINE]);
  expect(plan.scans).toStrictEqual([]);
});

test('a scan is seen', async () => {
  const plan = await planOf((from) =>
    from.selectFrom('payment').select('payment_no').where('subject', '=', 'x').execute(),
  );
  expect(plan.scans).toHaveLength(1);
});

type Plan = { readonly indexes: readonly string[]; readonly scans: readonly string[] };

/** How the engine would run what `ask` asks. */
async function planOf(ask: Ask): Promise<Plan> {
  const asked = await queriesOf(ask);
  const plans: Plan[] = [];
  for (const query of asked) plans.push(await EXPLAIN[ENGINE](query));
  return {
    indexes: [...new Set(plans.flatMap(({ indexes }) => indexes))].toSorted(),
    scans: plans.flatMap(({ scans }) => scans),
  };
}

async function queriesOf(ask: Ask): Promise<CompiledQuery[]> {
  const asked: CompiledQuery[] = [];
  const executor = db.getExecutor();
  const execute = executor.executeQuery.bind(executor);
  executor.executeQuery = (query, ...rest) => {
    asked.push(query);
    return execute(query, ...rest);
  };
  try {
    await ask(db);
  } finally {
    executor.executeQuery = execute;
  }
  return asked;
}

const EXPLAIN: Record<typeof ENGINE, (query: CompiledQuery) => Promise<Plan>> = {
  sqlite: async ({ sql, parameters }) => {
    const { rows } = await db.executeQuery<{ detail: string }>(
      CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
    );
    const steps = rows.map(({ detail }) => detail);
    return {
      indexes: steps.flatMap((step) => {
        const name = /USING (?:COVERING )?INDEX (\w+)/.exec(step)?.[1];
        return name === undefined ? [] : [name];
      }),
      scans: steps.filter((step) => /^SCAN (?!due\b|CONSTANT)(?!.*INDEX)/.test(step)),
    };
  },
  postgres: ({ sql, parameters }) =>
    db.transaction().execute(async (tx) => {
      const raw = (text: string, values: readonly unknown[] = []) =>
        tx.executeQuery<{ 'QUERY PLAN': [{ Plan: Node }] }>(CompiledQuery.raw(text, [...values]));
      await raw('set local enable_seqscan = off');
      const { rows } = await raw(`explain (format json) ${sql}`, parameters);
      const nodes = nodesOf(rows[0]?.['QUERY PLAN'][0].Plan);
      return {
        indexes: nodes.flatMap((node) => node['Index Name'] ?? []),
        scans: nodes
          .filter((node) => node['Node Type'] === 'Seq Scan')
          .map((node) => node['Relation Name'] ?? ''),
      };
    }),
};

type Node = {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Node[];
};

function nodesOf(node: Node | undefined): Node[] {
  return node === undefined ? [] : [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
