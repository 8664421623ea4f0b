/** Apps and their key pairs in SQL: an app belongs to its owner, and two owners of one app id have nothing in common. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  findApp,
  findAppKey,
  findNewestAppKey,
  insertApp,
  insertAppKey,
  listAppKeys,
  listApps,
  saveApp,
} from './apps.ts';
import type { Db } from './database.ts';
import { openTestDatabase } from '../../test/support/test-database.ts';
import { anApp, anAppKey, APP_ID, OWNER, REFUSALS } from './store.fixtures.ts';

let db: Db;
beforeEach(async () => {
  db = await openTestDatabase();
});
afterEach(() => db.destroy());

const OTHER = 'another dongle';

test('keys are read as they were written, oldest first', async () => {
  const keys = [
    anAppKey(),
    anAppKey({ keyId: 2, signType: 'RSA', modulusBits: 1024 }),
    anAppKey({ keyId: 10, owner: OTHER, publicKey: 'p', sealedPrivateKey: 's', createdAtMs: 9 }),
  ];
  expect(await findNewestAppKey(db)).toBeUndefined();
  for (const key of keys.toReversed()) await insertAppKey(db, key);
  expect(await listAppKeys(db)).toStrictEqual(keys);
  expect(await findAppKey(db, 2)).toStrictEqual(keys[1]);
  expect(await findAppKey(db, 3)).toBeUndefined();
  expect(await findNewestAppKey(db)).toStrictEqual(keys[2]);
});

test('a key number is given once', async () => {
  await insertAppKey(db, anAppKey());
  await expect(insertAppKey(db, anAppKey({ owner: OTHER }))).rejects.toThrow(REFUSALS.UNIQUE);
});

test('an app is read as it was written, and changed as a whole', async () => {
  await insertAppKey(db, anAppKey());
  await insertAppKey(db, anAppKey({ keyId: 2 }));
  expect(await findApp(db, OWNER, APP_ID)).toBeUndefined();
  expect(await insertApp(db, anApp())).toBe(true);
  expect(await findApp(db, OWNER, APP_ID)).toStrictEqual(anApp());
  const changed = anApp({
    signType: 'RSA',
    alipayPublicKey: 'given',
    alipayKeyGiven: true,
    keyId: 2,
    version: 2,
  });
  expect(await saveApp(db, changed)).toBe(true);
  expect(await findApp(db, OWNER, APP_ID)).toStrictEqual(changed);
});

test("one owner's app is not another's", async () => {
  await insertAppKey(db, anAppKey());
  await insertAppKey(db, anAppKey({ keyId: 2, owner: OTHER }));
  await insertApp(db, anApp());
  expect(await findApp(db, OTHER, APP_ID)).toBeUndefined();
  expect(await insertApp(db, anApp({ owner: OTHER, keyId: 2 }))).toBe(true);
  expect(
    await saveApp(db, anApp({ owner: OTHER, keyId: 2, alipayPublicKey: 'theirs', version: 2 })),
  ).toBe(true);
  expect(await findApp(db, OWNER, APP_ID)).toStrictEqual(anApp());
  expect((await listApps(db)).map(({ owner }) => owner)).toStrictEqual([OWNER, OTHER].toSorted());
});

test('an app is made once, and of two writers that read the same version one loses', async () => {
  await insertAppKey(db, anAppKey());
  await insertApp(db, anApp());
  expect(await insertApp(db, anApp({ alipayPublicKey: 'second' }))).toBe(false);
  const keys = ['one', 'other'];
  const won = await Promise.all(
    keys.map((alipayPublicKey) => saveApp(db, anApp({ alipayPublicKey, version: 2 }))),
  );
  expect(won.filter(Boolean)).toHaveLength(1);
  expect((await findApp(db, OWNER, APP_ID))?.alipayPublicKey).toBe(keys[won.indexOf(true)]);
});

test('an app has a key that is there', async () => {
  await expect(insertApp(db, anApp({ keyId: 9 }))).rejects.toThrow(REFUSALS['FOREIGN KEY']);
});
