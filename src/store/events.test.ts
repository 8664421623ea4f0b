/** The history: appended in order, with the state and version after the change, and never altered. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aPayment, at } from '../core/payment.fixtures.ts';
import type { Db } from './database.ts';
import { appendEvents, isToldAlready, listEvents, type NewEvent } from './events.ts';
import { insertPayment } from './payments.ts';
import { openShop, REFUSALS } from './store.fixtures.ts';

let db: Db;
beforeEach(async () => {
  db = await openShop();
  await insertPayment(db, aPayment());
});
afterEach(() => db.destroy());

test('are told in the order in which they came', async () => {
  const changes = { payment: { version: 1, alipayTradeNo: null } };
  await appendEvents(db, aPayment(), at(0), [
    { kind: 'created', detail: { method: 'barcode' }, changes },
  ]);
  const paid = aPayment({ state: 'paid', version: 2 });
  await appendEvents(db, paid, at(2), [
    { kind: 'fact', detail: { fact: 'paid', code: undefined, final: true, sub: null, n: 1 } },
    { kind: 'late_payment', detail: {} },
  ]);
  expect(await listEvents(db, aPayment())).toStrictEqual([
    {
      seq: 100,
      atMs: at(0),
      kind: 'created',
      state: 'created',
      version: 1,
      detail: { method: 'barcode' },
      changes,
    },
    {
      seq: 200,
      atMs: at(2),
      kind: 'fact',
      state: 'paid',
      version: 2,
      // What was not known is left out.
      detail: { fact: 'paid', final: true, sub: null, n: 1 },
      changes: {},
    },
    {
      seq: 201,
      atMs: at(2),
      kind: 'late_payment',
      state: 'paid',
      version: 2,
      detail: {},
      changes: {},
    },
  ]);
});

test('keep their order beyond ten versions', async () => {
  for (const version of [12, 2, 1, 11]) {
    await appendEvents(db, aPayment({ version }), at(version), [{ kind: 'fact', detail: {} }]);
  }
  const versions = (await listEvents(db, aPayment())).map(({ version }) => version);
  expect(versions).toStrictEqual([1, 2, 11, 12]);
});

test('of one version are written once', async () => {
  await appendEvents(db, aPayment(), at(0), [{ kind: 'created', detail: {} }]);
  await expect(appendEvents(db, aPayment(), at(1), [{ kind: 'fact', detail: {} }])).rejects.toThrow(
    REFUSALS.UNIQUE,
  );
});

test('belong to a payment that is there', async () => {
  const absent = aPayment({ paymentNo: 'FF0' });
  await expect(appendEvents(db, absent, at(0), [{ kind: 'created', detail: {} }])).rejects.toThrow(
    REFUSALS['FOREIGN KEY'],
  );
  expect(await listEvents(db, absent)).toStrictEqual([]);
});

test('tell of a notification once, and the refusal says so', async () => {
  const notified = { kind: 'hint', detail: {}, notifyId: 'N1' } as const;
  const refusalOf = async (version: number, event: NewEvent): Promise<unknown> =>
    appendEvents(db, aPayment({ version }), at(version), [event]).then(
      () => undefined,
      (error: unknown) => error,
    );
  expect(await refusalOf(1, notified)).toBeUndefined();
  expect(isToldAlready(await refusalOf(2, notified))).toBe(true);
  expect(await refusalOf(2, { ...notified, notifyId: 'N2' })).toBeUndefined();
  // Another constraint says something else.
  expect(isToldAlready(await refusalOf(2, { kind: 'fact', detail: {} }))).toBe(false);
  expect(isToldAlready('no error')).toBe(false);
});
