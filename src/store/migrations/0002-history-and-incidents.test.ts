/** A database that was used before this migration: its histories stay, tell no changes, and are said not to replay. */
import { Migrator } from 'kysely/migration';
import { expect, test } from 'vitest';
import { aPayment, at } from '../../core/payment.fixtures.ts';
import { historyFaults } from '../../core/history.ts';
import { insertAppKey } from '../apps.ts';
import { openSqlite } from '../sqlite.ts';
import { listEvents } from '../events.ts';
import { seeConcern } from '../incidents.ts';
import { migrateToLatest } from '../migrate.ts';
import { toRow } from '../payments.ts';
import { anAppKey, runRaw } from '../store.fixtures.ts';
import * as firstPayment from './0001-first-payment.ts';

test('events written before it are kept, and incidents begin after it', async () => {
  const db = openSqlite(':memory:');
  const provider = { getMigrations: async () => ({ '0001-first-payment': firstPayment }) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  expect(error).toBeUndefined();
  const { appOwner, appId, paymentNo } = aPayment();
  await insertAppKey(db, anAppKey());
  // What later migrations add is not there yet.
  await runRaw(
    db,
    `insert into alipay_app values ('${appOwner}', '${appId}', 'RSA2', 'of Alipay', 0, 1, 1)`,
  );
  await runRaw(
    db,
    `insert into merchant values (1, 'DL1', 'TEA-1', '001', '${appOwner}', '${appId}', '2088', null, 1, 1)`,
  );
  const {
    metadata: _metadata,
    authorization_id: _authorization,
    created_by: _by,
    created_by_name: _name,
    ...row
  } = toRow(aPayment());
  await db.insertInto('payment').values(row).execute();
  await runRaw(
    db,
    `insert into payment_event values (1, '${paymentNo}', 100, 5, 'created', 'created', 1, '{"method":"barcode"}')`,
  );

  expect((await migrateToLatest(db))[0]).toBe('0002-history-and-incidents');
  const events = await listEvents(db, aPayment());
  expect(events).toMatchObject([{ kind: 'created', detail: { method: 'barcode' }, changes: {} }]);
  expect(historyFaults(events, { payment: aPayment(), refunds: [] })).toStrictEqual([
    'version 1 does not tell what it changed',
  ]);
  const concern = { reason: 'late_payment', requestNo: null } as const;
  expect(await seeConcern(db, aPayment(), concern, at(0))).toBe(1);
  await db.destroy();
});
