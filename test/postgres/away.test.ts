/**
 * The database that cannot be reached, or cannot take the work now, in every way that it can be away. Goal: the process
 * lives, callers are told "try again" within a bound, nothing is half stored, and all goes on when it is back.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DatabaseUnavailable, inTransaction, type Db } from '../../src/store/database.ts';
import { findDongle, insertDongle, saveDongle } from '../../src/store/dongles.ts';
import { takesWrites, type PostgresOptions } from '../../src/store/postgres.ts';
import { createTestPostgres, openTestPostgres } from '../support/test-database.ts';
import { withClient } from '../support/postgres-setup.ts';

let url: string;
let db: Db;
const others: Db[] = [];
beforeEach(async () => {
  url = await createTestPostgres();
  db = openTestPostgres(url);
});
afterEach(async () => {
  await Promise.all([db, ...others.splice(0)].map((one) => one.destroy()));
});

const open = (connectionsMax: number, more: Partial<PostgresOptions>, at = url): Db => {
  const one = openTestPostgres(at, connectionsMax, more);
  others.push(one);
  return one;
};
const ask = (one: Db): Promise<unknown> => sql`select 1`.execute(one);
const pidOf = async (one: Db): Promise<number> =>
  (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(one)).rows[0]?.pid ?? 0;
const terminate = (pid: number): Promise<unknown> =>
  withClient(url, (client) => client.query('select pg_terminate_backend($1, 5000)', [pid]));
const aDongle = (dongleNo: string, version = 1) =>
  ({
    dongleNo,
    state: 'registered',
    secretHash: null,
    isRegistered: true,
    createdAtMs: 1,
    version,
  }) as const;
/** Asks until it is answered; each refusal is the one that callers know. */
const untilBack = async (one: Db): Promise<void> => {
  for (;;) {
    const error: unknown = await ask(one).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    if (error === undefined) return;
    expect(error).toBeInstanceOf(DatabaseUnavailable);
  }
};

describe('a connection that the server ends', () => {
  test('while nobody uses it: the next call gets another', async () => {
    const broke = Promise.withResolvers<Error>();
    const one = open(1, { onBroken: broke.resolve });
    await terminate(await pidOf(one));
    expect(await broke.promise).toBeInstanceOf(Error);
    await ask(one);
  });

  test('between two statements of a transaction: nothing of it is stored', async () => {
    const work = inTransaction(db, async (tx) => {
      await insertDongle(tx, aDongle('1'));
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      await terminate(rows[0]?.pid ?? 0);
      await insertDongle(tx, aDongle('2'));
    });
    await expect(work).rejects.toBeInstanceOf(DatabaseUnavailable);
    expect(await findDongle(db, '1')).toBeUndefined();
  });

  test('while a statement runs', async () => {
    const one = open(1, {});
    const pid = await pidOf(one);
    const sleeping = sql`select pg_sleep(60)`.execute(one);
    await Promise.all([
      expect(sleeping).rejects.toBeInstanceOf(DatabaseUnavailable),
      terminate(pid),
    ]);
    await ask(one);
  });
});

describe('a bound', () => {
  test('on connections: who gets none is told so, and the next one is served again', async () => {
    const one = open(1, { patience: { connectMs: 200 } });
    await inTransaction(one, async () => {
      await expect(ask(one)).rejects.toBeInstanceOf(DatabaseUnavailable);
    });
    await ask(one);
  });

  test('on a statement', async () => {
    const one = open(1, { patience: { statementMs: 200 } });
    await expect(sql`select pg_sleep(60)`.execute(one)).rejects.toThrow('statement timeout');
    await expect(sql`select pg_sleep(60)`.execute(one)).rejects.toBeInstanceOf(DatabaseUnavailable);
    await ask(one);
  });

  test('on a row that another holds', async () => {
    const one = open(1, { patience: { lockMs: 200 } });
    await insertDongle(db, aDongle('1'));
    await inTransaction(db, async (tx) => {
      await saveDongle(tx, aDongle('1', 2));
      await expect(saveDongle(one, aDongle('1', 2))).rejects.toBeInstanceOf(DatabaseUnavailable);
    });
    expect(await saveDongle(one, aDongle('1', 3))).toBe(true);
  });

  test('on a process that stands still in a transaction', async () => {
    const one = open(1, { patience: { standstillMs: 200 } });
    await insertDongle(db, aDongle('1'));
    const standing = inTransaction(one, async (tx) => {
      await saveDongle(tx, aDongle('1', 2));
      // The other gets the row because the server ends this transaction.
      expect(await saveDongle(db, aDongle('1', 2))).toBe(true);
      await findDongle(tx, '1');
    });
    await expect(standing).rejects.toBeInstanceOf(DatabaseUnavailable);
    await ask(one);
  });
});

describe('transactions that wait for each other', () => {
  test('both end: the one that the server undid runs again', async () => {
    await insertDongle(db, aDongle('1'));
    await insertDongle(db, aDongle('2'));
    const bothHold = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let runs = 0;
    const crosswise = (mine: 0 | 1, order: readonly string[]): Promise<void> =>
      inTransaction(db, async (tx) => {
        runs += 1;
        for (const dongleNo of order) {
          const known = await findDongle(tx, dongleNo);
          await saveDongle(tx, aDongle(dongleNo, (known?.version ?? 0) + 1));
          bothHold[mine]?.resolve();
          await bothHold[1 - mine]?.promise;
        }
      });
    await Promise.all([crosswise(0, ['1', '2']), crosswise(1, ['2', '1'])]);
    // On a slow machine the server may undo one of them more than once.
    expect(runs).toBeGreaterThanOrEqual(3);
    expect((await findDongle(db, '1'))?.version).toBeGreaterThan(1);
  });
});

/** Between a gateway and its database; may go silent, as a network does that drops packets. */
async function startProxy(
  port: number,
): Promise<{ port: number; be(silent: boolean): void; server: Server }> {
  let isSilent = false;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    sockets.add(near.on('error', () => undefined));
    const far = connect(port, '127.0.0.1');
    sockets.add(far.on('error', () => undefined));
    near.on('data', (chunk) => !isSilent && far.write(chunk));
    far.on('data', (chunk) => !isSilent && near.write(chunk));
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const close = server.close.bind(server);
  server.close = (done) => {
    for (const socket of sockets) socket.destroy();
    return close(done);
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    be: (silent) => {
      isSilent = silent;
    },
    server,
  };
}

test('a network that goes silent: the call ends, new connections end, and all goes on after it', async () => {
  const proxy = await startProxy(Number(new URL(url).port));
  const through = new URL(url);
  through.port = String(proxy.port);
  const one = open(2, { patience: { silenceMs: 300, connectMs: 300 } }, through.href);
  await ask(one);
  proxy.be(true);
  // The one that was open, and a new one.
  await expect(ask(one)).rejects.toThrow('Query read timeout');
  await expect(ask(one)).rejects.toBeInstanceOf(DatabaseUnavailable);
  proxy.be(false);
  await untilBack(one);
  proxy.server.close();
});

test('a server that takes no writes: it is told so, and the next connection may find one that does', async () => {
  const one = open(1, {});
  const name = new URL(url).pathname.slice(1);
  await ask(one);
  const setReadOnly = (value: 'on' | 'off'): Promise<unknown> =>
    withClient(url, async (client) => {
      await client.query('set default_transaction_read_only = off');
      await client.query(`alter database ${name} set default_transaction_read_only = ${value}`);
    });
  await setReadOnly('on');
  await terminate(await pidOf(one));
  await untilBack(one);
  expect(await takesWrites(one)).toBe(false);
  await expect(insertDongle(one, aDongle('1'))).rejects.toBeInstanceOf(DatabaseUnavailable);
  await setReadOnly('off');
  expect(await insertDongle(one, aDongle('1'))).toBe(true);
  expect(await takesWrites(one)).toBe(true);
});

test('while nobody listens, attempts to connect are made less and less often', async () => {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  server.close();
  await once(server, 'close');
  let nowMs = 0;
  const one = open(1, { monotonicMs: () => nowMs }, `postgres://postgres@127.0.0.1:${port}/none`);
  /** Whether it tried: then the error has a cause. */
  const tries = async (): Promise<boolean> => {
    const error: unknown = await ask(one).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(DatabaseUnavailable);
    return error instanceof Error && error.cause !== undefined;
  };
  expect(await tries()).toBe(true);
  for (const waitMs of [50, 100, 200, 400, 800, 1600, 2000, 2000]) {
    nowMs += waitMs - 1;
    expect(await tries()).toBe(false);
    nowMs += 1;
    expect(await tries()).toBe(true);
  }
});
