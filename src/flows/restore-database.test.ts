/**
 * What a restored database differs in from its backup: the numbers that leave the gateway are moved ahead, and nothing else.
 * The files are real. What tills and Alipay make of it is tested in `test/api/restore.test.ts`.
 */
import * as fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CPI_NO_CYCLE, EVENT_NO_CYCLE, PAYMENT_NO_CYCLE } from '../core/numbers.ts';
import { aPayment, at } from '../core/payment.fixtures.ts';
import { takeNumbers } from '../store/counters.ts';
import { backUpDatabase } from '../store/sqlite-backup.ts';
import type { Db } from '../store/database.ts';
import { migrateToLatest } from '../store/migrate.ts';
import { openSqlite } from '../store/sqlite.ts';
import { insertPayment } from '../store/payments.ts';
import { fillShop, runRaw } from '../store/store.fixtures.ts';
import { createVault } from '../system/vault.ts';
import { CHECK_CONTEXT, checkMasterKey, vaultContext } from './key-ring.ts';
import { restoreDatabase, type Restored } from './restore-database.ts';
import { createNumberSource } from './take-number.ts';

let folder: string;
let db: Db;
const vault = createVault(new Uint8Array(32));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'f2f-restore-'));
  db = openSqlite(join(folder, 'gateway.sqlite'));
  await migrateToLatest(db);
  await fillShop(db);
});
afterEach(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true });
});

let restores = 0;
/** Backs the database up, and restores that into a folder of its own. */
async function restored(
  random = '00000000',
  ...[openedBy]: [openedBy?: typeof vault | undefined]
): Promise<{ result: Restored; path: string }> {
  restores += 1;
  const [backup, path] = ['backup', 'restored'].map((name) => join(folder, `${name}-${restores}`));
  await backUpDatabase(join(folder, 'gateway.sqlite'), backup!, () => undefined);
  const result = await restoreDatabase(
    { random: { hex: () => random }, vault: openedBy },
    { from: backup!, to: path!, keepAs: undefined, onProgress: () => undefined },
  );
  return { result, path: path! };
}

async function withRestored<T>(path: string, read: (other: Db) => Promise<T>): Promise<T> {
  const other = openSqlite(path);
  try {
    return await read(other);
  } finally {
    await other.destroy();
  }
}

/** Every row of every table, each table's in order. */
async function everything(from: Db): Promise<Record<string, unknown[]>> {
  const tables = await runRaw(from, "select name from sqlite_schema where type = 'table'");
  const all: Record<string, unknown[]> = {};
  for (const { name } of tables) {
    const rows = await runRaw(from, `select * from "${String(name)}"`);
    all[String(name)] = rows.map((row) => JSON.stringify(row)).toSorted();
  }
  return all;
}

const aRow = fc.record({
  state: fc.constantFrom('created', 'awaiting_buyer', 'paid', 'declined', 'closed', 'reversed'),
  subject: fc.string({ unit: 'grapheme', maxLength: 40 }),
  body: fc.option(fc.string({ unit: 'binary', maxLength: 40 })),
  answer: fc.option(fc.string({ maxLength: 9000 })),
  amountFen: fc.integer({ min: 1, max: 10_000_000_000 }),
  dueAtMs: fc.option(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
});

test('it has the rows of its backup in every table, but for three counters', async () => {
  let payments = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(aRow, { maxLength: 30 }), async (rows) => {
      for (const row of rows) {
        payments += 1;
        const numbers = { paymentNo: `FF${payments}`, localNo: `${payments}` };
        expect(await insertPayment(db, aPayment({ ...row, ...numbers } as object))).toBe(true);
      }
      await takeNumbers(db, 'payment', 100, 50);
      await takeNumbers(db, 'cpi_no', 1);
      await takeNumbers(db, 'token', 3);
      const { result, path } = await restored();
      const before = await everything(db);
      const after = await withRestored(path, everything);
      const moved = (counter: unknown): boolean => /"(payment|cpi_no|event)"/.test(String(counter));
      expect(before['counter']!.filter(moved)).not.toStrictEqual(after['counter']!.filter(moved));
      for (const all of [before, after])
        all['counter'] = all['counter']!.filter((row) => !moved(row));
      expect(after).toStrictEqual(before);
      expect(result.rows['payment']).toBe(payments);
      const [due] = await runRaw(db, 'select count(due_at_ms) as due from payment');
      expect(result.unsettled).toBe(due!['due']);
    }),
    { numRuns: 12 },
  );
});

test.each([
  ['00000000', PAYMENT_NO_CYCLE / 4, CPI_NO_CYCLE / 4],
  ['ffffffff', PAYMENT_NO_CYCLE / 4 + (0xffffffff % (PAYMENT_NO_CYCLE / 2)), undefined],
])('numbers go on far ahead of those of the backup, by chance %s', async (random, ahead, shops) => {
  const first = await createNumberSource(db, { hex: () => '00000000' }).takePaymentNo(at(0));
  await takeNumbers(db, 'cpi_no', 1);
  const { path } = await restored(random);
  const next = await withRestored(path, async (other) => ({
    payment: await createNumberSource(other, { hex: () => '0' }).takePaymentNo(at(0)),
    shop: await takeNumbers(other, 'cpi_no', 1),
  }));
  // A block of a hundred was taken by the one that is no more.
  expect(Number(next.payment.slice(-7))).toBe(
    (Number(first.slice(-7)) + 100 + ahead) % PAYMENT_NO_CYCLE,
  );
  expect(next.shop).toBe(shops === undefined ? next.shop : 2 + shops);
});

test('whoever read the feed on from the backup misses nothing that happens after it', async () => {
  await takeNumbers(db, 'event', 20);
  const { path } = await restored();
  // Read here, and lost with what came after the backup.
  const read = await takeNumbers(db, 'event', 1000);
  const next = await withRestored(path, (other) => takeNumbers(other, 'event', 1));
  expect(next).toBeGreaterThan(read + 1000);
  // And the place is one that a cursor and an id can name, after thousands of restores.
  expect(EVENT_NO_CYCLE * 10_000).toBeLessThan(1e15);
});

test('it is told whether the master key opens every key, and the check of its own', async () => {
  const right = async (by: typeof vault | undefined): Promise<boolean> =>
    (await restored('0', by)).result.isMasterKeyRight;
  const other = createVault(new Uint8Array(32).fill(1));
  // The key of the shop is not sealed at all.
  expect(await right(vault)).toBe(false);
  await runRaw(db, 'update app_key set sealed_private_key = ?', [
    vault.seal('private', vaultContext(1)),
  ]);
  expect([await right(vault), await right(other), await right(undefined)]).toStrictEqual([
    true,
    false,
    false,
  ]);
  await checkMasterKey({ db, vault });
  expect(await right(vault)).toBe(true);
  await runRaw(db, 'update vault_check set sealed = ?', [other.seal('check', CHECK_CONTEXT)]);
  expect(await right(vault)).toBe(false);
});

test('of a database that is older than that check, the keys alone tell', async () => {
  await runRaw(db, 'drop table vault_check');
  await runRaw(db, 'update app_key set sealed_private_key = ?', [
    vault.seal('private', vaultContext(1)),
  ]);
  expect((await restored('0', vault)).result.isMasterKeyRight).toBe(true);
});
