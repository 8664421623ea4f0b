/**
 * One database copied into another, both ways, with odd values in every column; begun and ended at every batch; and every
 * reason for which a copy is refused or a difference is told. The command as a process is in `copy.test.ts`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { copyDatabase, type CopyOptions } from '../../src/flows/copy-database.ts';
import { auditRequest } from '../../src/flows/keep-audit.ts';
import { verifyAudit } from '../../src/flows/verify-audit.ts';
import { findCopyMarker } from '../../src/store/copy-marker.ts';
import { readRows } from '../../src/store/copy-rows.ts';
import type { Db } from '../../src/store/database.ts';
import { migrateToLatest } from '../../src/store/migrate.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { runRaw } from '../../src/store/store.fixtures.ts';
import { COPIED } from '../../src/store/tables.ts';
import { realClock } from '../../src/system/clock.ts';
import { insertOddRows } from '../support/odd-rows.ts';
import { urlOf, withClient } from '../support/postgres-setup.ts';
import { createTestPostgres, openTestPostgres } from '../support/test-database.ts';

/** More than fit into one batch of these tests, and all tables but two have more rows than this. */
const BATCH_ROWS = 10;

let folder: string;
let opened: Db[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'f2f-copy-'));
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((db) => db.destroy()));
  rmSync(folder, { recursive: true });
});

function keep(db: Db): Db {
  opened.push(db);
  return db;
}

type Engine = 'sqlite' | 'postgres';

async function openEmpty(engine: Engine): Promise<Db> {
  if (engine === 'postgres') return keep(openTestPostgres(await createTestPostgres(), 1));
  const db = keep(openSqlite(join(folder, `${opened.length}.sqlite`)));
  await migrateToLatest(db);
  return db;
}

async function openOdd(engine: Engine): Promise<Db> {
  const db = await openEmpty(engine);
  await insertOddRows(db);
  return db;
}

const copy = (source: Db, destination: Db, more: Partial<CopyOptions> = {}) =>
  copyDatabase({
    source: { db: source, name: 'the source' },
    destination: { db: destination, name: 'the destination' },
    clock: realClock,
    batchRows: BATCH_ROWS,
    ...more,
  });

/** All rows of all tables, in an order of this program's. */
async function contents(db: Db): Promise<Readonly<Record<string, readonly string[]>>> {
  const all: Record<string, readonly string[]> = {};
  for (const table of COPIED) {
    const rows = await readRows(db, table, undefined, 100_000);
    all[table.name] = rows.map((row) => JSON.stringify({ ...row })).toSorted();
  }
  return all;
}

const PAIRS: [Engine, Engine][] = [
  ['sqlite', 'postgres'],
  ['postgres', 'sqlite'],
];

test('from one PostgreSQL to another', async () => {
  const [source, destination] = [await openOdd('postgres'), await openEmpty('postgres')];
  expect(await copy(source, destination)).toMatchObject({ isSame: true });
  expect(await contents(destination)).toStrictEqual(await contents(source));
});

describe.each(PAIRS)('from %s to %s', (from, to) => {
  test('every value of every column arrives', async () => {
    const [source, destination] = [await openOdd(from), await openEmpty(to)];
    const before = await contents(source);
    const result = await copy(source, destination);
    expect(result).toMatchObject({ isSame: true, difference: undefined, rowsResumed: 0 });
    expect(await contents(destination)).toStrictEqual(before);
    for (const { table, source, destination } of result.tables) {
      expect(source, `of ${table}`).toStrictEqual(destination);
      expect(source.rows, `of ${table}`).toBeGreaterThan(0);
    }
    expect(await findCopyMarker(destination)).toBeUndefined();
  });

  test('the audit log holds there, and goes on', async () => {
    const [source, destination] = [await openEmpty(from), await openEmpty(to)];
    const attempt = {
      actor: { kind: 'user', id: 'user_1', name: '小美' },
      address: null,
      operation: 'createRefund',
      target: 'pay_FF1',
      request: { body: { reason: '茶' } },
    } as const;
    for (let count = 0; count < 15; count += 1)
      await auditRequest({ db: source, clock: realClock }, attempt);
    const { head } = await verifyAudit(source);
    expect(await copy(source, destination)).toMatchObject({ isSame: true });
    await auditRequest({ db: destination, clock: realClock }, attempt);
    expect(await verifyAudit(destination, { noted: head! })).toMatchObject({
      held: 16,
      fault: null,
    });
  });

  test('a copy that ends at any batch goes on there, and nothing comes twice', async () => {
    const [source, destination] = [await openOdd(from), await openEmpty(to)];
    const resumed: number[] = [];
    /** What the copy told, or what ended it. */
    const run = (): Promise<object | string> => {
      let batches = 0;
      const onProgress = ({ phase }: { phase: string }): void => {
        if (phase === 'copy' && (batches += 1) === 4) throw new Error('the lights go out');
      };
      return copy(source, destination, { onProgress }).catch(String);
    };
    let end = await run();
    while (end === 'Error: the lights go out') {
      const marker = await findCopyMarker(destination);
      const counts = Object.values(await contents(destination)).map(({ length }) => length);
      expect(counts.reduce((sum, count) => sum + count)).toBe(marker?.rowsDone);
      resumed.push(marker?.rowsDone ?? 0);
      end = await run();
    }
    expect(end).toMatchObject({ isSame: true, rowsResumed: resumed.at(-1) });
    expect(resumed.length).toBeGreaterThan(5);
    expect(resumed).toStrictEqual(resumed.toSorted((a, b) => a - b));
    expect(await contents(destination)).toStrictEqual(await contents(source));
  });

  const PLANTED: [what: string, plant: string, told: object][] = [
    [
      'a fen more',
      "update payment set amount_fen = 10000000001 where amount_fen = 10000000000 and payment_no = 'Ff-22'",
      {
        table: 'payment',
        what: 'different',
        key: { merchant_id: 0, payment_no: 'Ff-22' },
        columns: ['amount_fen'],
      },
    ],
    [
      'nothing in the place of an empty text',
      "update app_key set public_key = '' where public_key = ' ' and key_id = 2",
      { table: 'app_key', what: 'different', key: { key_id: 2 }, columns: ['public_key'] },
    ],
    [
      'a row too few',
      'delete from incident where incident_no = 7',
      { table: 'incident', what: 'missing', key: { merchant_id: 0, incident_no: 7 } },
    ],
    [
      'a row too many',
      "insert into counter values ('another', 5)",
      { table: 'counter', what: 'surplus', key: { name: 'another' } },
    ],
  ];
  test.each(PLANTED)('a planted difference is told: %s', async (_what, plant, told) => {
    const [source, destination] = [await openOdd(from), await openEmpty(to)];
    // The last table is written, and the comparison has not begun.
    const onProgress = ({ table }: { table: string }): void => {
      if (table === 'vault_check') throw new Error('the lights go out');
    };
    await expect(copy(source, destination, { onProgress })).rejects.toThrow('the lights go out');
    await runRaw(destination, plant);
    expect(await copy(source, destination)).toMatchObject({ isSame: false, difference: told });
    expect(await findCopyMarker(destination)).toBeDefined();
  });
});

describe('a copy is refused', () => {
  test('into a database that has rows, be it one', async () => {
    const [source, destination] = [await openOdd('sqlite'), await openEmpty('postgres')];
    await runRaw(destination, "insert into vault_check values (1, 'sealed')");
    await expect(copy(source, destination)).rejects.toThrow(
      'the destination is in use: it has rows in vault_check',
    );
    expect(await findCopyMarker(destination)).toBeUndefined();
  });

  test('into one that was copied whole, or that a gateway worked with since', async () => {
    const [source, destination] = [await openOdd('sqlite'), await openEmpty('postgres')];
    await copy(source, destination);
    await expect(copy(source, destination)).rejects.toThrow('the destination is in use');
  });

  const stopHalfWay = async (source: Db, destination: Db): Promise<void> => {
    const onProgress = ({ table }: { table: string }): void => {
      if (table === 'payment') throw new Error('the lights go out');
    };
    await expect(copy(source, destination, { onProgress })).rejects.toThrow('the lights go out');
  };

  test('into half a copy of another source', async () => {
    const [source, destination] = [await openOdd('sqlite'), await openEmpty('postgres')];
    await stopHalfWay(source, destination);
    await expect(
      copy(source, destination, { source: { db: source, name: 'another' } }),
    ).rejects.toThrow('holds an unfinished copy of the source, not of another');
  });

  test('when the source changed since it began', async () => {
    const [source, destination] = [await openOdd('sqlite'), await openEmpty('postgres')];
    await stopHalfWay(source, destination);
    await runRaw(source, "insert into dongle values ('new', 'registered', null, 1, 1, 1)");
    await expect(copy(source, destination)).rejects.toThrow(
      'the source has changed since the copy of it began (dongle)',
    );
  });

  test('a change that leaves the counts as they were is found by the comparison', async () => {
    const [source, destination] = [await openOdd('sqlite'), await openEmpty('postgres')];
    await stopHalfWay(source, destination);
    await runRaw(source, 'update counter set next = next + 1 where next = 5');
    expect(await copy(source, destination)).toMatchObject({
      isSame: false,
      difference: { table: 'counter', what: 'different', columns: ['next'] },
    });
  });

  test('from half a copy', async () => {
    const [source, middle] = [await openOdd('sqlite'), await openEmpty('postgres')];
    await stopHalfWay(source, middle);
    await expect(copy(middle, await openEmpty('sqlite'))).rejects.toThrow(
      'the source is itself an unfinished copy, of the source',
    );
  });

  test('from what is no database of a gateway', async () => {
    const file = keep(openSqlite(join(folder, 'empty.sqlite')));
    await expect(copy(file, await openEmpty('postgres'))).rejects.toThrow(
      'the source is not the database of a gateway',
    );
  });

  test('from an older schema and a newer one, and into a newer one', async () => {
    const [source, destination] = [await openOdd('sqlite'), await openEmpty('postgres')];
    await runRaw(destination, "insert into kysely_migration values ('9999-later', '2027-01-01')");
    await expect(copy(source, destination)).rejects.toThrow(
      'the destination has been brought further than this version knows (9999-later)',
    );
    await runRaw(source, "insert into kysely_migration values ('9999-later', '2027-01-01')");
    await expect(copy(source, await openEmpty('postgres'))).rejects.toThrow(
      'the source has been brought further than this version knows (9999-later)',
    );
    await runRaw(
      source,
      "delete from kysely_migration where name in ('9999-later', '0004-copy-marker')",
    );
    await expect(copy(source, await openEmpty('postgres'))).rejects.toThrow(
      'it lacks 0004-copy-marker): run "f2f migrate" on it first',
    );
  });

  test('when another copy writes into the same destination', async () => {
    const [source, destination] = [await openOdd('sqlite'), await openEmpty('postgres')];
    let hasMoved = false;
    const onProgress = async ({ table }: { table: string }): Promise<void> => {
      if (table !== 'payment' || hasMoved) return;
      hasMoved = true;
      await runRaw(destination, 'update copy_marker set version = version + 1');
    };
    const copying = copy(source, destination, { onProgress: (it) => void onProgress(it) });
    await expect(copying).rejects.toThrow('Another copy writes into the destination');
  });
});

describe('while it copies from PostgreSQL', () => {
  test('nobody writes, whoever it is', async () => {
    const url = await createTestPostgres();
    const [source, gateway] = [keep(openTestPostgres(url, 1)), keep(openTestPostgres(url, 1))];
    await insertOddRows(source);
    await runRaw(gateway, 'select 1');
    let writing: Promise<unknown> | undefined;
    // What every write of a row needs first.
    const onProgress = (): void => {
      writing ??= gateway
        .transaction()
        .execute((tx) => sql`lock table payment in row exclusive mode nowait`.execute(tx))
        .catch(String);
    };
    const options = { isForced: true, onProgress };
    expect((await copy(source, await openEmpty('sqlite'), options)).isSame).toBe(true);
    expect(await writing).toMatch('could not obtain lock on relation "payment"');
  });

  test('sessions of gateways are noticed', async () => {
    const url = await createTestPostgres();
    const [source, gateway] = [keep(openTestPostgres(url, 1)), keep(openTestPostgres(url, 1))];
    await runRaw(gateway, 'select 1');
    const destination = await openEmpty('sqlite');
    await expect(copy(source, destination)).rejects.toThrow(
      'A gateway or one of its commands is connected to the source (connections: 1)',
    );
    expect((await copy(source, destination, { isForced: true })).isSame).toBe(true);
  });
});

test('two databases that sort texts differently are copied and compared all the same', async () => {
  const { url, template } = inject('postgres')!;
  const name = `${template}_sorted`;
  await withClient(url, (client) =>
    client.query(
      `create database ${name} template template0 locale_provider icu icu_locale 'zh-CN'`,
    ),
  );
  const sorted = keep(openTestPostgres(urlOf(url, name), 1));
  const source = await openOdd('sqlite');
  expect(await copy(source, sorted)).toMatchObject({ isSame: true });
  const order = async (db: Db): Promise<unknown[]> =>
    (await runRaw(db, 'select payment_no from payment order by payment_no')).map(
      (row) => row['payment_no'],
    );
  expect(await order(sorted)).not.toStrictEqual(await order(source));
  expect(await copy(sorted, await openEmpty('sqlite'))).toMatchObject({ isSame: true });
}, 120_000);
