/** Credentials in SQL: dongles written by version, and tokens that open nothing once they are expired or revoked. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Dongle } from '../core/merchant.ts';
import type { Db } from './database.ts';
import {
  deleteTokensExpiredBefore,
  deleteTokensOf,
  findDongle,
  findTokenHolder,
  insertDongle,
  insertToken,
  listDongles,
  saveDongle,
} from './dongles.ts';
import { openTestDatabase } from '../../test/support/test-database.ts';
import { runRaw, REFUSALS } from './store.fixtures.ts';

let db: Db;
beforeEach(async () => {
  db = await openTestDatabase();
});
afterEach(() => db.destroy());

const aDongle = (changes: Partial<Dongle> = {}): Dongle => ({
  dongleNo: 'D1',
  state: 'registered',
  secretHash: null,
  isRegistered: true,
  createdAtMs: 1000,
  version: 1,
  ...changes,
});

describe('a dongle', () => {
  test('is read as it was written, and changed as a whole', async () => {
    expect(await findDongle(db, 'D1')).toBeUndefined();
    expect(await insertDongle(db, aDongle())).toBe(true);
    expect(await findDongle(db, 'D1')).toStrictEqual(aDongle());
    const issued = aDongle({ state: 'issued', secretHash: 'hash', version: 2 });
    expect(await saveDongle(db, issued)).toBe(true);
    expect(await findDongle(db, 'D1')).toStrictEqual(issued);
  });

  test('is not made twice', async () => {
    await insertDongle(db, aDongle());
    expect(await insertDongle(db, aDongle({ state: 'revoked' }))).toBe(false);
    expect(await findDongle(db, 'D1')).toStrictEqual(aDongle());
  });

  test('of two writers that read the same version, one loses', async () => {
    await insertDongle(db, aDongle());
    const hashes = ['one', 'other'];
    const won = await Promise.all(
      hashes.map((secretHash) =>
        saveDongle(db, aDongle({ secretHash, state: 'issued', version: 2 })),
      ),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    expect((await findDongle(db, 'D1'))?.secretHash).toBe(hashes[won.indexOf(true)]);
  });

  test('is one of the list, oldest first', async () => {
    await insertDongle(db, aDongle({ dongleNo: 'D3', createdAtMs: 1 }));
    await insertDongle(db, aDongle({ dongleNo: 'D2', createdAtMs: 2 }));
    await insertDongle(db, aDongle({ dongleNo: 'D1', createdAtMs: 2 }));
    const numbers = (await listDongles(db)).map(({ dongleNo }) => dongleNo);
    expect(numbers).toStrictEqual(['D3', 'D1', 'D2']);
  });

  test('is told apart by the case of its letters', async () => {
    await insertDongle(db, aDongle({ dongleNo: 'abc' }));
    expect(await findDongle(db, 'ABC')).toBeUndefined();
  });
});

describe('a token', () => {
  beforeEach(async () => {
    await insertDongle(db, aDongle());
    await insertDongle(db, aDongle({ dongleNo: 'D2' }));
    await insertToken(db, { tokenHash: 'h1', tokenId: 1, dongleNo: 'D1', expiresAtMs: 5000 });
    await insertToken(db, { tokenHash: 'h2', tokenId: 2, dongleNo: 'D1', expiresAtMs: 6000 });
    await insertToken(db, { tokenHash: 'h3', tokenId: 3, dongleNo: 'D2', expiresAtMs: 6000 });
  });

  test.each([
    ['h1', 4999, 'D1'],
    ['h1', 5000, undefined],
    ['h2', 5000, 'D1'],
    ['h3', 5000, 'D2'],
    ['H1', 0, undefined],
    ['', 0, undefined],
  ])('%s at %i opens what %s may see', async (hash, nowMs, holder) => {
    expect(await findTokenHolder(db, hash, nowMs)).toBe(holder);
  });

  test('ends with all others of its dongle, and no others', async () => {
    await deleteTokensOf(db, 'D1');
    const holders = ['h1', 'h2', 'h3'].map((hash) => findTokenHolder(db, hash, 0));
    expect(await Promise.all(holders)).toStrictEqual([undefined, undefined, 'D2']);
  });

  test('is swept away when it has expired, and not before', async () => {
    await deleteTokensExpiredBefore(db, 4999);
    expect(await runRaw(db, 'select token_hash from token')).toHaveLength(3);
    await deleteTokensExpiredBefore(db, 5000);
    expect(await runRaw(db, 'select token_hash from token order by 1')).toStrictEqual([
      { token_hash: 'h2' },
      { token_hash: 'h3' },
    ]);
  });

  test('is issued once, to a dongle that is there', async () => {
    const token = { tokenHash: 'h4', tokenId: 4, dongleNo: 'D1', expiresAtMs: 1 };
    await expect(insertToken(db, { ...token, tokenHash: 'h1' })).rejects.toThrow(REFUSALS.UNIQUE);
    await expect(insertToken(db, { ...token, tokenId: 1 })).rejects.toThrow(REFUSALS.UNIQUE);
    await expect(insertToken(db, { ...token, dongleNo: 'D9' })).rejects.toThrow(
      REFUSALS['FOREIGN KEY'],
    );
  });
});
