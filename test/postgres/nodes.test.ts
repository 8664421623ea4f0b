/**
 * Several nodes on one database: starting and migrating at once, numbers and claims that never meet, clocks that disagree,
 * and older nodes that go on while a newer one brings the schema further.
 */
import { CompiledQuery } from 'kysely';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { chargeBarcode } from '../../src/flows/charge-barcode.ts';
import { checkPayment } from '../../src/flows/check-payment.ts';
import { enrolDongle } from '../../src/flows/enrol-dongle.ts';
import { authenticate, issueToken } from '../../src/flows/issue-token.ts';
import { checkMasterKey } from '../../src/flows/key-ring.ts';
import { readHistory } from '../../src/flows/read-history.ts';
import { refundPayment } from '../../src/flows/refund-payment.ts';
import { createNumberSource } from '../../src/flows/take-number.ts';
import { viewOf } from '../../src/flows/merchant-view.ts';
import { inTransaction, type Db } from '../../src/store/database.ts';
import { claimDuePayments } from '../../src/store/due.ts';
import { listIncidents } from '../../src/store/incidents.ts';
import { findVisibleMerchant } from '../../src/store/merchants.ts';
import { isMigrated, migrateToLatest, MIGRATIONS } from '../../src/store/migrate.ts';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { databaseNowMs } from '../../src/store/postgres.ts';
import { realClock } from '../../src/system/clock.ts';
import { createSharedClock } from '../../src/system/shared-clock.ts';
import { createVault } from '../../src/system/vault.ts';
import { holdStatements } from '../support/held-database.ts';
import { urlOf, withClient } from '../support/postgres-setup.ts';
import { openTestPostgres } from '../support/test-database.ts';
import { aBarcode, aRefund, createStage, DONGLE, sell, type Stage } from './stage.ts';

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

/** A database of that name without any table. */
async function emptyDatabase(purpose: string): Promise<string> {
  const { url, template } = inject('postgres') ?? { url: '', template: '' };
  const name = `${template}_${purpose}`;
  await withClient(url, (client) => client.query(`create database ${name}`));
  return urlOf(url, name);
}

test('20 nodes that start at once on an empty database run each migration once', async () => {
  const url = await emptyDatabase('crowd');
  const nodes = Array.from({ length: 20 }, () => openTestPostgres(url, 1, { isPatient: true }));
  const ran = await Promise.all(nodes.map((db) => migrateToLatest(db)));
  expect(ran.flat().toSorted()).toStrictEqual(Object.keys(MIGRATIONS));
  expect(await Promise.all(nodes.map((db) => isMigrated(db)))).not.toContain(false);
  await Promise.all(nodes.map((db) => db.destroy()));
});

test('whoever looks when the migrations are done finds what they say of older code', async () => {
  const held = holdStatements(openTestPostgres(await emptyDatabase('notes'), 2));
  const done = held.hold(/^commit$/, 'after');
  const migrating = migrateToLatest(held.db);
  await done.reached;
  const notes = await held.db.selectFrom('migration_note').select('name').execute();
  done.letGo();
  expect(notes.map(({ name }) => name).toSorted()).toStrictEqual(Object.keys(MIGRATIONS));
  await migrating;
  await held.db.destroy();
});

test('no two nodes take the same number, also when they take their first block at once', async () => {
  const { a, b, clock } = (stage = await createStage());
  await a.db.deleteFrom('counter').where('name', '=', 'payment').execute();
  const held = a.hold(/^insert into "counter"/, 'after');
  const nodes = [
    createNumberSource(a.db, { hex: () => 'aa' }),
    createNumberSource(b.db, { hex: () => 'bb' }),
  ];
  // More than two blocks of each, asked for at once.
  const taking = nodes.flatMap((numbers) =>
    Array.from({ length: 250 }, () => numbers.takePaymentNo(clock.nowMs())),
  );
  await held.reached;
  await taking.at(-1);
  held.letGo();
  expect(new Set(await Promise.all(taking)).size).toBe(500);
});

/** A transaction that holds a payment's row until its commit, and leaves it as it was. */
function writeRow(db: Db, paymentNo: string): Promise<unknown> {
  return inTransaction(db, (tx) =>
    tx.executeQuery(
      CompiledQuery.raw('update payment set due_at_ms = due_at_ms where payment_no = $1', [
        paymentNo,
      ]),
    ),
  );
}

describe('a claim', () => {
  test('leaves a row that another node is writing, and waits for nobody', async () => {
    const { a, b, merchant, clock } = (stage = await createStage());
    const first = await sell(stage);
    const second = await chargeBarcode(a.deps, merchant, aBarcode('9999', '2'));
    await clock.advance(60_000);
    const held = a.hold(/^commit$/);
    const written = writeRow(a.db, first);
    await held.reached;
    const claim = { nowMs: clock.nowMs(), leaseEndMs: clock.nowMs() + 25_000, limit: 10 };
    const claimed = await claimDuePayments(b.db, claim);
    expect(claimed.map(({ paymentNo }) => paymentNo)).toStrictEqual([
      second.kind === 'payment' && second.payment.paymentNo,
    ]);
    held.letGo();
    await written;
  });
});

describe('clocks', () => {
  test('of hosts that are minutes apart agree by the database', async () => {
    const { a, b } = (stage = await createStage());
    const hostAhead = { ...realClock, nowMs: () => realClock.nowMs() + 300_000 };
    const one = await createSharedClock(realClock, () => databaseNowMs(a.db));
    const other = await createSharedClock(hostAhead, () => databaseNowMs(b.db));
    expect(Math.abs(one.nowMs() - other.nowMs())).toBeLessThan(1000);
  });

  // What they would do if nothing made them agree.
  test('that are five minutes apart lose no money: who is ahead gives up too early', async () => {
    const { a, b, merchant, shared, clock } = (stage = await createStage({}, 300_000));
    const travels = Promise.withResolvers<void>();
    const sent = Promise.withResolvers<string>();
    shared.hook = (method) => {
      if (method !== 'alipay.trade.pay') return undefined;
      sent.resolve(method);
      return travels.promise;
    };
    const charged = chargeBarcode(a.deps, merchant, aBarcode());
    await sent.promise;
    const due = { nowMs: b.deps.clock.nowMs(), leaseEndMs: b.deps.clock.nowMs() + 1, limit: 1 };
    const [key] = await claimDuePayments(b.db, due);
    const { paymentNo } = key ?? NOBODY;
    for (let look = 0; look < 40; look += 1) {
      await checkPayment(b.deps, key ?? NOBODY);
      await clock.advance(2000);
    }
    expect(await findPaymentByNo(b.db, paymentNo)).toMatchObject({ state: 'closed' });
    travels.resolve();
    expect(await charged).toMatchObject({ kind: 'payment', payment: { state: 'paid' } });
    expect(stage.trade(paymentNo)).toMatchObject({ tradeStatus: 'TRADE_SUCCESS' });
    expect(await listIncidents(a.db, {})).toMatchObject([{ reason: 'late_payment' }]);
  });

  test('that are five minutes apart lose no money: who is behind looks late', async () => {
    const { b, merchant } = (stage = await createStage({}, -300_000));
    const paymentNo = await sell(stage);
    const key = { merchantId: merchant.merchantId, paymentNo };
    expect(await checkPayment(b.deps, key)).toMatchObject({ state: 'paid' });
    expect(stage.callsOf('alipay.trade.cancel')).toBe(0);
  });
});

const NOBODY = { merchantId: 0, paymentNo: '' };

describe('an older node', () => {
  const TABLES = [
    'counter dongle token app_key alipay_app merchant merchant_grant payment payment_event',
    'refund incident migration_note vault_check',
  ]
    .join(' ')
    .split(' ');

  /** What a node does all day, on connections that have done it before. */
  const work = async ({ a, merchant }: Stage, round: string): Promise<void> => {
    const charged = await chargeBarcode(a.deps, merchant, aBarcode('9999', round));
    const paymentNo = charged.kind === 'payment' ? charged.payment.paymentNo : '';
    expect(charged).toMatchObject({ payment: { state: 'paid' } });
    const refund = aRefund(paymentNo, round, 9999);
    expect(await refundPayment(a.deps, merchant, refund)).toMatchObject({
      refund: { state: 'refused' },
    });
    expect((await readHistory(a.deps, paymentNo))?.faults).toStrictEqual([]);
    expect(await findVisibleMerchant(a.db, 'DL0001', DONGLE)).toStrictEqual(merchant);
    await viewOf(a.deps, merchant);
    const enrolled = await enrolDongle(a.deps, DONGLE);
    const secretKey = enrolled.kind === 'issued' ? enrolled.secretKey : '';
    const token = await issueToken(a.deps, DONGLE, secretKey);
    expect(await authenticate(a.deps, token?.token ?? '')).toBe(DONGLE);
    await listIncidents(a.db, {});
    expect(await isMigrated(a.db)).toBe(true);
  };

  test('goes on while a newer one adds a column to each table, where that one lets it', async () => {
    const { witness } = (stage = await createStage());
    await work(stage, '1');
    for (const table of TABLES) await witness.query(`alter table ${table} add column later text`);
    await witness.query("insert into kysely_migration values ('9999-later', '2026-01-01')");
    await witness.query("insert into migration_note values ('9999-later', 1)");
    await work(stage, '2');
    expect(await migrateToLatest(stage.a.db)).toStrictEqual([]);
  });

  test('is ready no more where it does not', async () => {
    const { a, witness } = (stage = await createStage());
    await witness.query("insert into kysely_migration values ('9999-later', '2026-01-01')");
    await witness.query("insert into migration_note values ('9999-later', 0)");
    expect(await isMigrated(a.db)).toBe(false);
    await expect(migrateToLatest(a.db)).rejects.toThrow('start the newer version');
  });

  test('that is writing is waited for, and waits for the change of the table', async () => {
    const { a, b, merchant, witness } = (stage = await createStage());
    const paymentNo = await sell(stage);
    const key = { merchantId: merchant.merchantId, paymentNo };
    const held = a.hold(/^commit$/);
    const first = writeRow(a.db, paymentNo);
    await held.reached;
    const changed = withClient(stage.url, (client) =>
      client.query('alter table payment add column later text'),
    );
    await stage.someoneWaits(1);
    const second = checkPayment(b.deps, key);
    await stage.someoneWaits(2);
    held.letGo();
    await changed;
    await first;
    expect(await second).toMatchObject({ state: 'paid' });
    await witness.query('select later from payment');
  });
});

test('of two first nodes with different master keys, one starts', async () => {
  const { a, b } = (stage = await createStage());
  await a.db.deleteFrom('merchant').execute();
  await a.db.deleteFrom('alipay_app').execute();
  await a.db.deleteFrom('app_key').execute();
  const held = a.hold(/^insert into "vault_check"/, 'after');
  const first = checkMasterKey({ db: a.db, vault: createVault(new Uint8Array(32).fill(1)) });
  await held.reached;
  const second = checkMasterKey({ db: b.db, vault: createVault(new Uint8Array(32).fill(2)) });
  await expect(second).rejects.toThrow('all gateways on one database need the same one');
  held.letGo();
  await first;
});
