/**
 * Merchants in SQL, and who may see them: the owner and the granted, by cpi number or by shop number; for everybody else
 * they are not there. A shop number that looks like another's cpi number must not lead to the wrong shop.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Merchant } from '../core/merchant.ts';
import { insertApp, insertAppKey } from './apps.ts';
import type { Db } from './database.ts';
import {
  findAnyMerchant,
  findMerchantById,
  findVisibleMerchant,
  insertGrant,
  insertMerchant,
  isShopNoTaken,
  listGrants,
  listMerchants,
  saveMerchant,
} from './merchants.ts';
import { openTestDatabase } from '../../test/support/test-database.ts';
import { aMerchant, anApp, anAppKey, OWNER, REFUSALS, type Refusal } from './store.fixtures.ts';

const STRANGER = 'a dongle of somebody else';
const GRANTED = 'a dongle that was let in';

let db: Db;
beforeEach(async () => {
  db = await openTestDatabase();
  await insertAppKey(db, anAppKey());
  await insertApp(db, anApp());
  await insertApp(db, anApp({ owner: STRANGER }));
});
afterEach(() => db.destroy());

const OURS = aMerchant();
const THEIRS = aMerchant({
  merchantId: 2,
  cpiNo: 'DL20160328000002',
  shopNo: 'DL0002',
  owner: STRANGER,
});

/** Number of the merchant that the dongle finds under the reference. */
const seen = async (reference: string, dongleNo: string): Promise<number | undefined> =>
  (await findVisibleMerchant(db, reference, dongleNo))?.merchantId;

describe('who sees a merchant', () => {
  beforeEach(async () => {
    await insertMerchant(db, OURS);
    await insertMerchant(db, THEIRS);
    await insertGrant(db, { merchantId: 1, dongleNo: GRANTED, createdAtMs: 1 });
  });

  test.each<[string, string, number | undefined]>([
    [OURS.cpiNo, OWNER, 1],
    [OURS.shopNo, OWNER, 1],
    [OURS.cpiNo, GRANTED, 1],
    [OURS.shopNo, GRANTED, 1],
    [OURS.cpiNo, STRANGER, undefined],
    [OURS.shopNo, STRANGER, undefined],
    [THEIRS.cpiNo, OWNER, undefined],
    [THEIRS.shopNo, GRANTED, undefined],
    [THEIRS.shopNo, STRANGER, 2],
    [OURS.cpiNo, 'nobody', undefined],
    [OURS.cpiNo.toLowerCase(), OWNER, undefined],
    ['', OWNER, undefined],
    ['DL', OWNER, undefined],
    ['%', OWNER, undefined],
  ])('%j, asked by %j', async (reference, dongleNo, expected) => {
    expect(await seen(reference, dongleNo)).toBe(expected);
  });
});

describe("a shop number that is another shop's cpi number", () => {
  const disguised = (owner: string): Merchant => ({
    ...aMerchant({ merchantId: 3, cpiNo: 'DL20160328000003', owner }),
    shopNo: OURS.cpiNo,
  });

  test('leads to the shop of the cpi number, for whoever sees both', async () => {
    await insertMerchant(db, disguised(OWNER));
    await insertMerchant(db, OURS);
    expect(await seen(OURS.cpiNo, OWNER)).toBe(1);
    expect(await seen('DL20160328000003', OWNER)).toBe(3);
  });

  test('leads everybody to their own, where each sees one', async () => {
    await insertMerchant(db, disguised(STRANGER));
    await insertMerchant(db, OURS);
    expect(await seen(OURS.cpiNo, OWNER)).toBe(1);
    expect(await seen(OURS.cpiNo, STRANGER)).toBe(3);
  });
});

describe('a merchant', () => {
  test('is read as it was written', async () => {
    const full = aMerchant({ name: '迪联大酒店', storeNo: '1000' });
    await insertMerchant(db, full);
    expect(await findMerchantById(db, 1)).toStrictEqual(full);
    const withApp = { ...full, app: anApp() };
    expect(await findAnyMerchant(db, full.cpiNo)).toStrictEqual(withApp);
    expect(await findVisibleMerchant(db, full.shopNo, OWNER)).toStrictEqual(withApp);
    expect(await findAnyMerchant(db, full.shopNo)).toStrictEqual(withApp);
    expect(await findAnyMerchant(db, 'none')).toBeUndefined();
    expect(await findMerchantById(db, 2)).toBeUndefined();
  });

  test('keeps its numbers and its owner when it changes', async () => {
    await insertAppKey(db, anAppKey({ keyId: 2, appId: '2016000000000000' }));
    await insertApp(db, anApp({ appId: '2016000000000000', keyId: 2 }));
    await insertMerchant(db, OURS);
    const change = {
      ...OURS,
      appId: '2016000000000000',
      sellerId: '2088000000000000',
      name: 'n',
      version: 2,
    };
    const attempted = { ...change, cpiNo: 'x', shopNo: 'x', storeNo: 'x', owner: STRANGER };
    expect(await saveMerchant(db, attempted)).toBe(true);
    expect(await findMerchantById(db, 1)).toStrictEqual(change);
  });

  test('of two writers that read the same version, one loses', async () => {
    await insertMerchant(db, OURS);
    const names = ['one', 'other'];
    const writes = names.map((name) => saveMerchant(db, { ...OURS, name, version: 2 }));
    const won = await Promise.all(writes);
    expect(won.filter(Boolean)).toHaveLength(1);
    expect((await findMerchantById(db, 1))?.name).toBe(names[won.indexOf(true)]);
  });

  test.each<[string, Partial<Merchant>, Refusal]>([
    ['id', { cpiNo: 'x', shopNo: 'x' }, 'UNIQUE'],
    ['cpi number', { merchantId: 9, shopNo: 'x' }, 'UNIQUE'],
    [
      'app that is not there',
      { merchantId: 9, cpiNo: 'x', shopNo: 'x', appId: '1' },
      'FOREIGN KEY',
    ],
  ])('is refused by the database with the same %s', async (_what, changes, refusal) => {
    await insertMerchant(db, OURS);
    await expect(insertMerchant(db, aMerchant(changes))).rejects.toThrow(REFUSALS[refusal]);
  });

  test('is not made twice under one shop number', async () => {
    expect(await insertMerchant(db, OURS)).toBe(true);
    expect(await insertMerchant(db, aMerchant({ merchantId: 9, cpiNo: 'x' }))).toBe(false);
  });

  test('has a shop number that is taken, whoever asks', async () => {
    expect(await isShopNoTaken(db, OURS.shopNo)).toBe(false);
    await insertMerchant(db, OURS);
    expect(await isShopNoTaken(db, OURS.shopNo)).toBe(true);
    expect(await isShopNoTaken(db, OURS.cpiNo)).toBe(false);
  });

  test('is one of the list, in the order of their numbers', async () => {
    await insertMerchant(db, THEIRS);
    await insertMerchant(db, OURS);
    expect(await listMerchants(db)).toStrictEqual([OURS, THEIRS]);
  });
});

test('a grant is given once, to a merchant that is there', async () => {
  await insertMerchant(db, OURS);
  await insertGrant(db, { merchantId: 1, dongleNo: 'B', createdAtMs: 1 });
  await insertGrant(db, { merchantId: 1, dongleNo: 'B', createdAtMs: 2 });
  await insertGrant(db, { merchantId: 1, dongleNo: 'A', createdAtMs: 3 });
  expect(await listGrants(db, 1)).toStrictEqual(['A', 'B']);
  expect(await listGrants(db, 2)).toStrictEqual([]);
  const absent = insertGrant(db, { merchantId: 9, dongleNo: 'A', createdAtMs: 1 });
  await expect(absent).rejects.toThrow(REFUSALS['FOREIGN KEY']);
});
