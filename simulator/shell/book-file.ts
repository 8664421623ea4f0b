/**
 * The book's file: one SQLite table of JSON rows, written in one transaction before an answer
 * leaves, so that a killed process has forgotten nothing it said. It holds the file alone: a second
 * simulator on the same folder is refused. What the rows mean is known to `../book/book.ts` only.
 */
import { createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';

import { createBook, restore } from '../book/book.ts';
import type { Book, Change, Entities, Kind, Meta } from '../book/book.ts';
import { publicKeyText } from '../wire/signing.ts';

export type BookFile = {
  book: Book;
  /** Writes the changes; when it returns, a kill cannot undo them. */
  keep: (changes: readonly Change[]) => void;
  close: () => void;
};

export type BookFileOptions = { dataDir?: string; seed: number; nowMs: number; limit?: number };

const FILE_NAME = 'simulator.sqlite';
/** A simulator that is just ending lets go of its book within this. */
const LOCK_WAIT_MS = 1000;
const ALIPAY_KEY = 'alipay-private-key';

// WAL with NORMAL survives any death of the process; only a power cut may lose the last moments.
const SCHEMA = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS entity (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (kind, key)
  ) WITHOUT ROWID;
`;

function openDatabase(dataDir: string): DatabaseSync {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, FILE_NAME);
  const database = new DatabaseSync(path, { timeout: LOCK_WAIT_MS });
  try {
    // The file holds Alipay's private key, be it only a simulated one.
    chmodSync(path, 0o600);
    database.exec(SCHEMA);
  } catch (cause) {
    database.close();
    throw new Error(`the simulator's book ${path} cannot be opened`, { cause });
  }
  return database;
}

/** A new RSA-2048 key pair takes a moment, so it is made off the main thread. */
async function newAlipayKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey.export({ format: 'pem', type: 'pkcs8' });
}

function bookWith(options: BookFileOptions, pem: string, meta: Meta | undefined): Book {
  const alipayKey = createPrivateKey(pem);
  return createBook({
    alipayKey,
    alipayPublicKey: publicKeyText(createPublicKey(alipayKey)),
    seed: options.seed,
    ...(options.limit === undefined ? {} : { limit: options.limit }),
    ...(meta === undefined ? {} : { meta }),
  });
}

type Rows = { key: string; json: string }[];

type Store = {
  read: (kind: string) => Rows;
  write: (rows: readonly { kind: string; key: string; value: unknown }[]) => void;
  close: () => void;
};

function storeIn(database: DatabaseSync): Store {
  const select = database.prepare('SELECT key, json FROM entity WHERE kind = ?');
  const upsert = database.prepare(
    'INSERT INTO entity (kind, key, json) VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET json = excluded.json',
  );
  const erase = database.prepare('DELETE FROM entity WHERE kind = ? AND key = ?');
  return {
    read: (kind) =>
      select.all(kind).map(({ key, json }) => ({ key: String(key), json: String(json) })),
    write: (rows) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        for (const { kind, key, value } of rows) {
          if (value === undefined) erase.run(kind, key);
          else upsert.run(kind, key, JSON.stringify(value));
        }
        database.exec('COMMIT');
      } catch (cause) {
        database.exec('ROLLBACK');
        throw cause;
      }
    },
    close: () => database.close(),
  };
}

/**
 * Rows to entities. Only this file writes them, from entities of exactly these kinds, so they are
 * taken at their word.
 */
function readEntities(store: Store): Entities {
  const read = <T>(kind: Kind): T[] => store.read(kind).map(({ json }): T => JSON.parse(json));
  return {
    app: read('app'),
    trade: read('trade'),
    qrCode: read('qrCode'),
    paymentCode: read('paymentCode'),
    notification: read('notification'),
  };
}

function readMeta(store: Store): Meta | undefined {
  const json = store.read('meta')[0]?.json;
  return json === undefined ? undefined : JSON.parse(json);
}

/**
 * Opens the book of a folder, or a book in memory when there is none; makes Alipay's keys the first
 * time.
 */
export async function openBook(options: BookFileOptions): Promise<BookFile> {
  if (options.dataDir === undefined) {
    const book = bookWith(options, await newAlipayKey(), undefined);
    return { book, keep: () => undefined, close: () => undefined };
  }
  const store = storeIn(openDatabase(options.dataDir));
  const kept = store.read(ALIPAY_KEY)[0]?.key;
  const pem = kept ?? (await newAlipayKey());
  if (kept === undefined) store.write([{ kind: ALIPAY_KEY, key: pem, value: {} }]);
  const book = bookWith(options, pem, readMeta(store));
  restore(book, readEntities(store), options.nowMs + book.meta.clockOffsetMs);
  return {
    book,
    keep: (changes) => {
      if (changes.length > 0) store.write(changes);
    },
    close: store.close,
  };
}
