/**
 * A gateway moves house, as an operator does it: `f2f copy` as a process, killed in the middle and run again, from the file
 * of a gateway that sold to a PostgreSQL whose disk counts, and back. Tills go on where they were, at a gateway on the copy.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { deleteCopyMarker, findCopyMarker, insertCopyMarker } from '../../src/store/copy-marker.ts';
import { migrateToLatest } from '../../src/store/migrate.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import {
  runCommand,
  startGateway,
  startSimulator,
  until,
  type Gateway,
  type Program,
} from '../support/gateway-process.ts';
import { insertOddRows } from '../support/odd-rows.ts';
import { startPostgres, type PostgresServer } from '../support/postgres-server.ts';
import { urlOf, withClient } from '../support/postgres-setup.ts';
import { simulatorClient, type SimulatorClient } from '../support/simulator-client.ts';
import { openTestPostgres } from '../support/test-database.ts';
import { aCharge, addShop, call, enrol, field, text, type Reply } from '../support/v1-client.ts';

/** Rows that the command writes at once. */
const BATCH_ROWS = 5000;
/** A little more, and as many events. */
const PAYMENTS = 6000;
const PASSWORD = 'the-password-of-this-test';

// Several processes, one after the other.
vi.setConfig({ testTimeout: 60_000 });

let server: PostgresServer;
let program: Program & { readonly url: string };
let simulator: SimulatorClient;
let folder: string;
let databases = 0;
/** All that any command printed. */
let printed = '';

beforeAll(async () => {
  [server, program] = await Promise.all([startPostgres(), startSimulator()]);
  simulator = simulatorClient(program.url);
  folder = mkdtempSync(join(tmpdir(), 'f2f-copy-'));
});
afterAll(async () => {
  await Promise.all([server.close(), program.stop()]);
  rmSync(folder, { recursive: true });
});

/** A new database of the server; the server trusts whoever comes, so any password will do. */
async function createDatabase(): Promise<string> {
  const name = `copy_${(databases += 1)}`;
  await withClient(server.url(), (client) => client.query(`create database ${name}`));
  const url = new URL(urlOf(server.url(), name));
  url.password = PASSWORD;
  return url.href;
}

async function f2f(args: readonly string[], settings: Record<string, string> = {}) {
  const result = await runCommand(args, settings);
  printed += result.stdout + result.stderr;
  return result;
}

const copy = (from: string, to: string, ...more: string[]) =>
  f2f(['copy', '--from', from, '--to', 'env:DESTINATION', ...more], { DESTINATION: to });

const fileOf = (gateway: Gateway): string => `sqlite:${gateway.dataDir}/gateway.sqlite`;

describe('a gateway that sold', () => {
  let old: Gateway;
  let url: string;
  let token: string;
  let cpiNo: string;
  const sold: { charge: object; reply: Reply; outTradeNo: string }[] = [];
  const ask = (gateway: Gateway, path: string, data: object): Promise<Reply> =>
    call(gateway.url(), path, { data, token });
  const sell = async (gateway: Gateway): Promise<void> => {
    const charge = aCharge(cpiNo, { totalAmount: '1.00' });
    const reply = await ask(gateway, '/f2f/hb_barcode', charge);
    expect(field(reply.re, 'code')).toBe('10000');
    sold.push({ charge, reply, outTradeNo: text(reply.re, 'out_trade_no') });
  };
  /** Repeats every call so far, gives something of each back, and sells another. */
  const goOn = async (gateway: Gateway, outRequestNo: string): Promise<void> => {
    for (const { charge, reply, outTradeNo } of sold) {
      expect((await ask(gateway, '/f2f/hb_barcode', charge)).raw).toBe(reply.raw);
      const refund = { cpiNo, outTradeNo, refundAmount: '0.01', outRequestNo };
      const first = await ask(gateway, '/f2f/refund', refund);
      expect(field(first.data, 'code')).toBe('10000');
      expect((await ask(gateway, '/f2f/refund', refund)).raw).toBe(first.raw);
    }
    await sell(gateway);
    const numbers = sold.map(({ outTradeNo }) => outTradeNo);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const number of numbers) {
      expect(await simulator.trade(number)).toMatchObject({ chargeCount: 1 });
    }
  };

  beforeAll(async () => {
    old = await startGateway({ F2F_SIMULATOR_URL: program.url });
    ({ token } = await enrol(old.url()));
    ({ cpiNo } = await addShop(old.url(), token));
    await sell(old);
    await sell(old);
    url = await createDatabase();
  });
  afterAll(() => old.stop());

  test('is not copied while it runs, be it idle', async () => {
    const { exitCode, stderr } = await copy(fileOf(old), url);
    expect(stderr).toContain(
      'another program has it open: stop the gateway, and its commands, first',
    );
    expect(exitCode).toBe(1);
  });

  test('goes on selling, giving back and answering on PostgreSQL, and after the move back', async () => {
    await old.kill('SIGTERM');
    const there = await copy(fileOf(old), url);
    expect(there).toMatchObject({ exitCode: 0 });
    expect(there.stdout).toContain('Both databases hold the same.');
    const keyFile = { F2F_MASTER_KEY_FILE: `${old.dataDir}/master.key` };
    const settings = { F2F_SIMULATOR_URL: program.url, F2F_DATABASE_URL: url, ...keyFile };
    const gateway = await startGateway(settings);
    try {
      await goOn(gateway, 'there');
      const { exitCode, stderr } = await copy(url, `sqlite:${folder}/early.sqlite`);
      expect(stderr).toContain('A gateway or one of its commands is connected to postgres://');
      expect(exitCode).toBe(1);
    } finally {
      await gateway.stop();
    }
    await old.restart();
    const dataDir = join(folder, 'back');
    const back = await copy(url, `sqlite:${dataDir}/gateway.sqlite`, '--json');
    expect(back.exitCode).toBe(0);
    expect(JSON.parse(back.stdout)).toMatchObject({ isSame: true, rowsResumed: 0 });
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(`${dataDir}/gateway.sqlite`).mode & 0o777).toBe(0o600);
    const returned = await startGateway({
      F2F_SIMULATOR_URL: program.url,
      F2F_DATA_DIR: dataDir,
      ...keyFile,
    });
    try {
      await goOn(returned, 'back');
    } finally {
      await returned.stop();
    }
  });
});

const insertPayment = (paymentNo: string): string =>
  `insert into payment (merchant_id, payment_no, attempt, method, amount_fen, state, version, subject, app_owner, app_id,
    key_id, seller_id, refunded_fen, refunding_fen, refund_not_before_ms, created_at_ms, deadline_at_ms, dies_at_ms,
    endings_in_vain, is_late, trade_seen, asks_in_vain, first_call_ended)
  values (0, '${paymentNo}', 1, 'qr', 1, 'paid', 1, '', '', '', 1, '', 0, 0, 0, 0, 0, 0, 0, 0, 'open', 0, 1)`;

describe('a copy in the middle', () => {
  const main = join(import.meta.dirname, '../../src/main.js');
  let path: string;
  beforeAll(async () => {
    path = join(folder, 'many.sqlite');
    const db = openSqlite(path);
    await migrateToLatest(db);
    await insertOddRows(db, PAYMENTS);
    await db.destroy();
  });

  const createMigrated = async (): Promise<string> => {
    const url = await createDatabase();
    const db = openTestPostgres(url, 1);
    await migrateToLatest(db);
    await db.destroy();
    return url;
  };

  /** Stops every copy where it must wait for what `statement` holds, and runs `work` once one does. */
  const whileItWaits = (
    url: string,
    statement: string,
    start: () => void,
    work: () => Promise<void>,
  ): Promise<void> =>
    withClient(url, async (client) => {
      await client.query('begin');
      await client.query(statement);
      start();
      await until(
        async () => {
          const { rows } = await client.query('select 1 from pg_locks where not granted');
          return rows.length > 0;
        },
        { what: 'the copy to wait' },
      );
      await work();
      await client.query('rollback');
    });

  /** Runs the command and kills it where it waits for what `statement` holds; resolves to how far it was. */
  async function killAt(url: string, statement: string): Promise<number> {
    let child: ChildProcess | undefined;
    const start = (): void => {
      child = spawn(
        process.execPath,
        [main, 'copy', '--from', `sqlite:${path}`, '--to', 'env:DESTINATION'],
        { cwd: folder, env: { PATH: process.env['PATH'], DESTINATION: url }, stdio: 'ignore' },
      );
    };
    await whileItWaits(url, statement, start, async () => {
      const exit = once(child!, 'exit');
      child!.kill('SIGKILL');
      await exit;
    });
    return (await doneAt(url)) ?? -1;
  }

  async function doneAt(url: string): Promise<number | undefined> {
    const db = openTestPostgres(url, 1);
    try {
      return (await findCopyMarker(db))?.rowsDone;
    } finally {
      await db.destroy();
    }
  }

  test('is killed, again and again, and goes on where it was', async () => {
    const url = await createMigrated();
    const first = await killAt(url, 'lock table payment in exclusive mode');
    expect(first).toBeGreaterThan(0);
    // A row of the second batch of payments that somebody else is about to write.
    const second = await killAt(url, insertPayment(`FF250100000${PAYMENTS - 10}`));
    expect(second).toBe(first + BATCH_ROWS);
    const last = await copy(`sqlite:${path}`, url, '--json');
    expect(last.stderr).toMatch(/^comparing vault_check: .* 100 %/m);
    expect(last.exitCode).toBe(0);
    expect(JSON.parse(last.stdout)).toMatchObject({ isSame: true, rowsResumed: second });
    expect(await doneAt(url)).toBeUndefined();
  });

  test('keeps every gateway from the file that it copies', async () => {
    const url = await createMigrated();
    const dataDir = join(folder, 'locked');
    mkdirSync(dataDir);
    const file = join(dataDir, 'gateway.sqlite');
    copyFileSync(path, file);
    let copying: ReturnType<typeof copy> | undefined;
    await whileItWaits(
      url,
      'lock table payment in exclusive mode',
      () => {
        copying = copy(`sqlite:${file}`, url);
      },
      async () => {
        await expect(
          startGateway({ F2F_DATA_DIR: dataDir, F2F_SIMULATOR_URL: program.url }),
        ).rejects.toThrow('database is locked');
      },
    );
    expect((await copying)?.exitCode).toBe(0);
  });

  test('was changed, which is told by table and key, and ends with 1', async () => {
    const url = await createMigrated();
    await killAt(url, 'lock table payment_event in exclusive mode');
    await withClient(url, (client) =>
      client.query("update payment set subject = 'x' where payment_no = 'FF2501000000000'"),
    );
    const { exitCode, stdout, stderr } = await copy(`sqlite:${path}`, url);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^payment +\d+ +\d+ .*DIFFERENT$/m);
    expect(stdout).not.toContain('Both databases hold the same');
    expect(stderr).toContain(
      'The row of payment with merchant_id 0, payment_no FF2501000000000 is not the same in the copy (subject)',
    );
  });
});

test('nobody works with half of a copy', async () => {
  const url = await createDatabase();
  const settings = { F2F_DATABASE_URL: url, F2F_DATA_DIR: join(folder, 'unused') };
  expect((await f2f(['migrate'], settings)).exitCode).toBe(0);
  const db = openTestPostgres(url, 1);
  await insertCopyMarker(db, {
    source: 'sqlite:the/source',
    sourceCounts: {},
    beganAtMs: 0,
    table: 'payment',
    lastKey: undefined,
    rowsDone: 0,
    version: 1,
  });
  const sentence = 'it holds an unfinished copy of sqlite:the/source. Run the "f2f copy"';
  await expect(startGateway({ ...settings, F2F_SIMULATOR_URL: program.url })).rejects.toThrow(
    sentence,
  );
  for (const args of [['payment', 'list'], ['migrate']]) {
    const { exitCode, stderr } = await f2f(args, settings);
    expect(stderr).toContain(sentence);
    expect(exitCode).toBe(1);
  }
  await deleteCopyMarker(db);
  await db.destroy();
  expect((await f2f(['migrate'], settings)).stdout).toBe('the database is up to date\n');
});

describe('what was typed wrongly', () => {
  const ODD: [from: string, to: string, sentence: string][] = [
    ['sqlite:a', 'sqlite:b', '"f2f backup" copies the file'],
    ['sqlite:a', 'mysql://b', '--to must be sqlite:PATH, postgres://…'],
    ['sqlite://a', 'postgres://b/c', '--from must be sqlite:PATH'],
    ['env:ABSENT', 'postgres://b/c', '--from: no variable ABSENT is set'],
    [
      'sqlite:absent.sqlite',
      'postgres://b/c',
      'absent.sqlite cannot be opened: there is no such file',
    ],
    ['sqlite:.', 'postgres://b/c', 'it is a folder: name the file in it'],
    ['sqlite:a', `postgres://user:${PASSWORD}#@b/c`, '--to must be sqlite:PATH'],
    [
      `postgres://user:${PASSWORD}@127.0.0.1:1/c`,
      'sqlite:b',
      'The source postgres://127.0.0.1:1/c cannot be opened: The database cannot take the work now',
    ],
  ];
  test.each(ODD)('from %s to %s', async (from, to, sentence) => {
    const { exitCode, stdout, stderr } = await f2f(['copy', '--from', from, '--to', to]);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ exitCode, stdout }).toStrictEqual({ exitCode: 1, stdout: '' });
  });
});

test('no password is printed', () => {
  expect(printed).toContain('postgres://127.0.0.1');
  expect(printed).not.toContain(PASSWORD);
});
