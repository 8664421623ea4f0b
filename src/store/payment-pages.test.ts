/** Lists of payments, page by page, on both engines: nothing is missed, nothing comes twice, and no page costs too much. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aPayment } from '../core/payment.fixtures.ts';
import type { Db } from './database.ts';
import { pagePayments, type PaymentFilter } from './payment-pages.ts';
import { insertPayment } from './payments.ts';
import { openShop, runRaw } from './store.fixtures.ts';

const COUNT = 10_050;
let db: Db;
/**
 * Payments 1 to `COUNT`, oldest first, three at each moment; every second one is merchant 2's, every third one key_1's. 7 was reversed; 9 and 11
 * came late and go back whole, and so does a part of 13.
 */
beforeAll(async () => {
  db = await openShop();
  const first = aPayment({ paymentNo: 'FF0', localNo: '0', createdAtMs: 0, dueAtMs: null });
  await insertPayment(db, { ...first, state: 'paid' });
  const [row] = await runRaw(db, 'select * from payment');
  const own: Record<string, string> = {
    payment_no: "'FF' || i",
    local_no: "case when i % 1000 = 0 then 'bill' else 'L' || i end",
    attempt: 'i',
    merchant_id: '1 + i % 2',
    created_at_ms: '(i / 3) * 1000',
    created_by: "'key_' || (i % 3)",
    is_late: 'case when i in (9, 11, 13) then 1 else 0 end',
    refunded_fen: 'case when i = 9 then amount_fen when i in (11, 13) then 1 else 0 end',
    refunding_fen: 'case when i = 11 then amount_fen - 1 else 0 end',
    state: "case when i = 7 then 'reversed' when i % 4000 = 0 then 'declined' else 'paid' end",
  };
  const columns = Object.keys(row ?? {});
  await runRaw(
    db,
    `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${COUNT})
     insert into payment (${columns.join()}) select ${columns.map((column) => own[column] ?? column).join()} from payment, n`,
  );
});
afterAll(() => db.destroy());

const ALL: PaymentFilter = {
  merchantId: null,
  state: undefined,
  localNo: undefined,
  createdFromMs: undefined,
  createdBeforeMs: undefined,
  after: undefined,
  limit: 100,
};

/** What each page holds, until there is no other. */
async function pages(filter: Partial<PaymentFilter>): Promise<readonly (readonly string[])[]> {
  const found: (readonly string[])[] = [];
  for (let after: PaymentFilter['after']; ;) {
    const page = await pagePayments(db, { ...ALL, ...filter, after });
    found.push(page.found.map(({ payment }) => payment.paymentNo));
    if (page.next === null) return found;
    after = page.next;
  }
}

/** The numbers in the order of the list, by what holds of each. */
function numbers(holds: (i: number) => boolean): readonly string[] {
  return Array.from({ length: COUNT + 1 }, (_, i) => ({ i, no: `FF${i}` }))
    .filter(({ i }) => holds(i))
    .toSorted((a, b) => Math.floor(b.i / 3) - Math.floor(a.i / 3) || (a.no < b.no ? 1 : -1))
    .map(({ no }) => no);
}

test.each<[string, Partial<PaymentFilter>, (i: number) => boolean]>([
  ['all', { limit: 997 }, () => true],
  ["one merchant's", { merchantId: 2, limit: 997 }, (i) => i % 2 === 1],
  ['of a time', { createdFromMs: 100_000, createdBeforeMs: 200_000 }, (i) => i >= 300 && i < 600],
  ['in a state', { state: 'declined' }, (i) => i > 0 && i % 4000 === 0],
  ["one key's at one merchant", { merchantId: 2, createdBy: 'key_1' }, (i) => i % 6 === 1],
  ['of a bill, whosever', { localNo: 'bill', limit: 3 }, (i) => i > 0 && i % 1000 === 0],
  ["of one merchant's bill", { merchantId: 1, localNo: 'L8' }, (i) => i === 8],
  ['of a bill in a state', { localNo: 'bill', state: 'declined' }, (i) => i > 0 && i % 4000 === 0],
])('%s', async (_what, filter, holds) => {
  expect((await pages(filter)).flat()).toEqual(numbers(holds));
});

test('of a state that is rare, ten thousand payments are looked at for a page, and the next goes on', async () => {
  const reversed = ['FF9', 'FF11', 'FF7'];
  expect(await pages({ state: 'reversed' })).toEqual([[], reversed]);
  expect(await pages({ state: 'reversed', createdBeforeMs: 10_000 })).toEqual([reversed]);
  expect(await pages({ state: 'reversed', merchantId: 2 })).toEqual([reversed]);
  expect(await pages({ state: 'reversed', merchantId: 1 })).toEqual([[]]);
  // Where a page is full sooner, the next goes on from its last.
  const paid = await pages({ state: 'paid', limit: 6000 });
  expect(paid.map(({ length }) => length)).toEqual([6000, 4046]);
  const nearlyAll = await pages({ state: 'paid', limit: 9999 });
  expect(nearlyAll.map(({ length }) => length)).toEqual([9998, 48]);
});

test('a page that is full with the last of them is the last', async () => {
  expect(await pages({ localNo: 'bill', limit: 10 })).toHaveLength(1);
});

test('what begins between two pages hides none, and brings none again', async () => {
  const before = numbers(() => true);
  const seen: string[] = [];
  for (let after: PaymentFilter['after'], page = 0; ; page += 1) {
    const { found, next } = await pagePayments(db, { ...ALL, limit: 997, after });
    seen.push(...found.map(({ payment }) => payment.paymentNo));
    if (next === null) break;
    after = next;
    // Newer than all; and in the very moment in which the page ended, before its last and after it.
    const { createdAtMs } = next;
    for (const [name, atMs] of [
      ['FG', COUNT * 1000],
      ['FZ', createdAtMs],
      ['FA', createdAtMs],
    ] as const) {
      const no = `${name}${page}`;
      await insertPayment(db, aPayment({ paymentNo: no, localNo: no, createdAtMs: atMs }));
    }
  }
  const wereThere = new Set(before);
  expect(seen.filter((no) => wereThere.has(no))).toEqual(before);
  expect(new Set(seen).size).toBe(seen.length);
});
