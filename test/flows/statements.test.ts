/**
 * How many statements a payment needs, pinned: the database is the largest part of what a payment costs, and one more read
 * here and there is how it grows. Whoever changes a number says in the commit why.
 */
import type { KyselyPlugin } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { openSqlite } from '../../src/store/sqlite.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let statements = 0;
afterEach(() => world.close());

/** Counts what is executed, but for the beginnings and ends of transactions. */
const counting: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => {
    statements += 1;
    return result;
  },
};

/** Statements of `work`, when nobody else is at work: the worker sleeps until something is due. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  await world.clock.settle();
  statements = 0;
  await work();
  await world.clock.settle();
  return statements;
}

test('a charge, the same call again, and a query of it', async () => {
  world = await createWorld({}, openSqlite(':memory:').withPlugin(counting));
  world.loseNotifications(Infinity);
  const charge = {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '88.00',
    authCode: '280851932108279999',
    subject: 'Tea',
  };
  // The first one reads the key and takes a block of numbers.
  await world.ask('/f2f/hb_barcode', charge);
  const second = { ...charge, localNo: '2', authCode: '280851932108279998' };
  // Token, shop; intent, event, what a merchant hears; outcome, event, what a merchant hears.
  expect(await statementsOf(() => world.ask('/f2f/hb_barcode', second))).toBe(8);
  // Token, shop; the intent, in vain; the attempts of the localNo; the row.
  expect(await statementsOf(() => world.ask('/f2f/hb_barcode', second))).toBe(5);
  const query = { cpiNo: 'DL0001', outTradeNo: 'FF2611230000002' };
  // Token, shop, row; confirmed, event.
  expect(await statementsOf(() => world.ask('/f2f/query', query))).toBe(5);
  // And once nothing is new: the row is read once more, to be sure of that.
  expect(await statementsOf(() => world.ask('/f2f/query', query))).toBe(4);
});
