/**
 * The book's file, row by row: what is forgotten in the book leaves the disk, and a broken file is
 * an error that names it.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { handle } from '../simulator.ts';
import { NOON_MS } from '../testing/client.ts';
import { APP_KEY, publicKeyOf } from '../testing/keys.ts';
import { openBook } from './book-file.ts';
import type { BookFile } from './book-file.ts';

let dataDir = '';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'book-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

const open = (limit?: number): Promise<BookFile> =>
  openBook({ dataDir, seed: 1, nowMs: NOON_MS, ...(limit === undefined ? {} : { limit }) });

function post({ book, keep }: BookFile, path: string, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  const outcome = handle(book, NOON_MS, { method: 'POST', url: `/simulator/${path}`, body: bytes });
  expect(outcome.answer).toMatchObject({ status: 200 });
  keep(outcome.changes);
}

function rowsOf(kind: string): unknown[] {
  const database = new DatabaseSync(join(dataDir, 'simulator.sqlite'));
  const rows = database.prepare('SELECT json FROM entity WHERE kind = ?').all(kind);
  database.close();
  return rows.map(({ json }) => JSON.parse(String(json)));
}

test('what is forgotten leaves the disk, also when a smaller book is opened', async () => {
  const file = await open(3);
  for (let i = 0; i < 5; i += 1) post(file, 'payment-codes', {});
  const codes = [...file.book.paymentCode.values()];
  file.close();
  expect(codes).toHaveLength(3);
  expect(rowsOf('paymentCode')).toEqual(codes);
  const smaller = await open(1);
  post(smaller, 'apps', { appId: '1', appPublicKey: publicKeyOf(APP_KEY) });
  smaller.close();
  expect(rowsOf('paymentCode')).toEqual(codes.slice(-1));
  expect(rowsOf('meta')).toEqual([smaller.book.meta]);
});

test("Alipay's key stays", async () => {
  const first = await open();
  first.close();
  const second = await open();
  second.close();
  expect(second.book.alipayPublicKey).toBe(first.book.alipayPublicKey);
});

test('a file that is no book is named', async () => {
  writeFileSync(
    join(dataDir, 'simulator.sqlite'),
    'not a database, but long enough to be read as one'.repeat(20),
  );
  await expect(open()).rejects.toThrow(join(dataDir, 'simulator.sqlite'));
});
