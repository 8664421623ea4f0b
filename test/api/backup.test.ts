/**
 * `f2f backup` and `f2f restore` as an operator runs them, against real processes: beside a gateway that sells, killed at any
 * moment, and back to a database that is older than what Alipay knows. The simulator is a process of its own: its book is the
 * witness of where the money is. What the files hold is tested in `src/store/` and `src/flows/restore-database.test.ts`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  runCommand,
  startGateway,
  startSimulator,
  until,
  type Gateway,
  type Program,
} from '../support/gateway-process.ts';
import { simulatorClient, type SimulatorClient } from '../support/simulator-client.ts';
import {
  aCharge,
  addShop,
  aPaymentCode,
  call,
  enrol,
  field,
  text,
  type Reply,
} from '../support/v1-client.ts';

const MAIN = join(import.meta.dirname, '../../src/main.js');
const folder = mkdtempSync(join(tmpdir(), 'alipay-f2f-backup-'));
let simulatorProgram: Program;
let simulator: SimulatorClient;
let gateway: Gateway;
let token: string;
let cpiNo: string;
let secret: { dogNo: string; secretKey: string };

beforeAll(async () => {
  const program = await startSimulator();
  simulatorProgram = program;
  simulator = simulatorClient(program.url);
  gateway = await startGateway({
    F2F_SIMULATOR_URL: program.url,
    F2F_BARCODE_WAIT_S: '1',
    F2F_PAYMENT_DEADLINE_S: '30',
  });
  ({ token, ...secret } = await enrol(gateway.url()));
  ({ cpiNo } = await addShop(gateway.url(), token));
});
afterAll(async () => {
  await gateway.stop();
  await simulatorProgram.stop();
  rmSync(folder, { recursive: true });
});

const ask = (path: string, data: object): Promise<Reply> =>
  call(gateway.url(), path, { data, token });
const charge = (data: object): Promise<Reply> => ask('/f2f/hb_barcode', aCharge(cpiNo, data));
const f2f = (args: readonly string[], dataDir = gateway.dataDir) =>
  runCommand(args, { F2F_DATA_DIR: dataDir });

function rowsOf(path: string, query: string): Record<string, unknown>[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare(query).all();
  } finally {
    database.close();
  }
}

test('a gateway sells while it is backed up, and what it sold before is in the backup', async () => {
  const first = await charge({ localNo: 'before the backup' });
  const to = join(folder, 'selling');
  const backup = f2f(['backup', to]);
  const run = { isOver: false };
  void backup.finally(() => (run.isOver = true));
  const sold: string[] = [];
  for (let sale = 0; !run.isOver || sale < 5; sale += 1) {
    sold.push(text((await charge({})).re, 'code'));
  }
  const { exitCode, stdout } = await backup;
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    /^\S+selling: [1-9]\d* payments \(the newest of .+\), 0 refunds, 1 shops, \d/,
  );
  expect(stdout).toContain(`The master key is not in it: ${join(gateway.dataDir, 'master.key')}.`);
  expect(new Set(sold)).toStrictEqual(new Set(['10000']));
  expect(
    rowsOf(to, "select payment_no from payment where local_no = 'before the backup'"),
  ).toMatchObject([{ payment_no: text(first.re, 'out_trade_no') }]);
  expect(statSync(to).mode & 0o777).toBe(0o600);
  const again = await f2f(['backup', to]);
  expect(again).toMatchObject({
    exitCode: 1,
    stderr: `${to} exists: give the backup another name\n`,
  });
});

test('a database that a gateway has open is not replaced', async () => {
  const from = join(folder, 'open');
  await f2f(['backup', from]);
  const { exitCode, stderr } = await f2f(['restore', from, '--replace']);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^A gateway or another command has \S+ open: stop it/);
  expect((await charge({})).re).toMatchObject({ code: '10000' });
});

describe('killed at any moment', () => {
  /** Its folder has a database of 10 MB, and beside it a backup of as much; they differ in one row. */
  const killed = mkdtempSync(join(folder, 'killed-'));
  const place = join(killed, 'gateway.sqlite');
  const old = join(folder, 'killed-old');
  const newer = join(folder, 'killed-newer');
  const count = (path: string): number =>
    Number(rowsOf(path, "select count(*) as rows from counter where name like 'f%'")[0]!['rows']);

  beforeAll(async () => {
    await f2f(['migrate'], killed);
    const fill = (rows: number): void => {
      const database = new DatabaseSync(place);
      database.exec(`with recursive n (i) as (select 1 union all select i + 1 from n where i < ${rows})
        insert into counter select 'f' || (select count(*) from counter) || '-' || i || hex(zeroblob(1900)), 1 from n`);
      database.close();
    };
    fill(2500);
    await f2f(['backup', old], killed);
    fill(1);
    await f2f(['backup', newer], killed);
  });

  /** Starts a command, and kills it so many milliseconds after the folder of its unfinished copy is there. */
  async function killedAfter(
    args: string[],
    where: string,
    prefix: string,
    ms: number,
  ): Promise<void> {
    const before = new Set(readdirSync(where));
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], F2F_DATA_DIR: killed },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    const isCopying = (): boolean =>
      readdirSync(where).some((name) => name.startsWith(prefix) && !before.has(name));
    await until(() => child.exitCode !== null || isCopying(), { what: 'the copy', everyMs: 1 });
    await Promise.race([ended, delay(ms)]);
    child.kill('SIGKILL');
    await ended;
  }

  const MOMENTS_MS = [0, 60, 120, 240];

  test.each(MOMENTS_MS)('a backup is there as a whole or not at all, %i ms', async (ms) => {
    const to = join(folder, `cut-short-${ms}`);
    await killedAfter(['backup', to], folder, `cut-short-${ms}.partial-`, ms);
    const isThere = existsSync(to);
    // What is left of one that is not there does not hold up the next.
    const next = isThere ? undefined : await f2f(['backup', to], killed);
    expect(next?.exitCode ?? 0).toBe(0);
    expect(count(to)).toBe(2501);
  });

  test.each(MOMENTS_MS)(
    'after a restore the old or the new database is there, %i ms',
    async (ms) => {
      const [is, becomes] = count(place) === 2501 ? [2501, 2500] : [2500, 2501];
      await killedAfter(
        ['restore', becomes === 2500 ? old : newer, '--replace'],
        killed,
        'restore-',
        ms,
      );
      expect([is, becomes]).toContain(count(place));
      expect(rowsOf(place, 'pragma integrity_check')).toMatchObject([{ integrity_check: 'ok' }]);
      // And nothing keeps the next restore from its work.
      const next = await f2f(['restore', becomes === 2500 ? old : newer, '--replace'], killed);
      expect(next).toMatchObject({ exitCode: 0, stderr: '' });
      expect(count(place)).toBe(becomes);
    },
  );
});

describe('a database of before, beside an Alipay of now', () => {
  const before = join(folder, 'of-before');
  const since = { paid: '', localNo: 'since', code: aPaymentCode() };
  let openNo: string;
  let refundedNo: string;
  let restored: Awaited<ReturnType<typeof f2f>>;

  beforeAll(async () => {
    refundedNo = text((await charge({ totalAmount: '88.00' })).re, 'out_trade_no');
    // The buyer is asked for the password, and the till hears 10003.
    const open = await charge({ authCode: aPaymentCode('0002'), totalAmount: '5.00' });
    openNo = text(open.re, 'out_trade_no');
    await f2f(['backup', before]);
    await simulator.pay(openNo);
    const paid = await charge({
      localNo: since.localNo,
      authCode: since.code,
      totalAmount: '7.00',
    });
    since.paid = text(paid.re, 'out_trade_no');
    await refund({ outTradeNo: refundedNo, outRequestNo: 'since', refundAmount: '20.00' });
    await gateway.kill('SIGKILL');
    restored = await f2f(['restore', before, '--replace']);
    await gateway.restart();
  });
  const refund = (data: object): Promise<Reply> => ask('/f2f/refund', { cpiNo, ...data });
  const running = (paymentNo: string): number => Number(paymentNo.slice(-7));

  test('the operator hears what is not settled, and that the keys open', () => {
    expect(restored).toMatchObject({ exitCode: 0, stderr: '' });
    expect(restored.stdout).toMatch(/^- [1-9]\d* payments in it are not settled/m);
    expect(restored.stdout).not.toContain('WARNING');
  });

  test('a token of before still works, and a dongle gets new ones', async () => {
    expect((await ask('/f2f/query', { cpiNo, outTradeNo: refundedNo })).err).toBe('nothing');
    expect((await call(gateway.url(), '/auth/token', secret)).err).toBe('nothing');
  });

  test('what was open then and is paid now settles by itself', async () => {
    const shown = await until(
      async () => {
        const { stdout } = await f2f(['payment', 'show', openNo, '--json']);
        const { payment }: { payment: { state: string } } = JSON.parse(stdout);
        return payment.state === 'paid' && payment;
      },
      { what: 'the open payment to settle', everyMs: 200 },
    );
    expect(shown.state).toBe('paid');
    expect(await simulator.trade(openNo)).toMatchObject({ chargeCount: 1, refundedAmount: '0.00' });
  });

  test('a payment made since is found and refunded by its number', async () => {
    const queried = await ask('/f2f/query', { cpiNo, outTradeNo: since.paid });
    expect(queried.data).toMatchObject({ trade_status: 'TRADE_SUCCESS', total_amount: '7.00' });
    await refund({ outTradeNo: since.paid, outRequestNo: 'back', refundAmount: '7.00' });
    expect(await simulator.trade(since.paid)).toMatchObject({ refundedAmount: '7.00' });
  });

  test('its localNo is a new charge, under a number that nobody had', async () => {
    // The clerk's second try, with another code of the same guest: the danger that the manual warns of.
    const again = await charge({ localNo: since.localNo, totalAmount: '7.00' });
    const no = text(again.re, 'out_trade_no');
    expect(no).not.toBe(since.paid);
    const ahead = (running(no) - running(since.paid) + 10_000_000) % 10_000_000;
    expect(ahead).toBeGreaterThan(2_000_000);
    expect(await simulator.trade(no)).toMatchObject({ chargeCount: 1 });
    // With the same code Alipay refuses: the guest is not charged twice for one code.
    const sameCode = await charge({
      localNo: 'another',
      authCode: since.code,
      totalAmount: '7.00',
    });
    expect(field(sameCode.re, 'code')).toBe('40004');
  });

  test('a refund made since is not carried out again under its number', async () => {
    await refund({ outTradeNo: refundedNo, outRequestNo: 'since', refundAmount: '20.00' });
    const trade = await simulator.trade(refundedNo);
    expect(trade?.refunds).toMatchObject([{ outRequestNo: 'since', amount: '20.00' }]);
    // Under another number it is another refund, and all of them together are never more than the payment.
    await refund({ outTradeNo: refundedNo, outRequestNo: 'other', refundAmount: '20.00' });
    await refund({ outTradeNo: refundedNo, outRequestNo: 'more', refundAmount: '60.00' });
    expect(await simulator.trade(refundedNo)).toMatchObject({ refundedAmount: '40.00' });
  });

  test('under another master key the operator is warned', async () => {
    const elsewhere = join(folder, 'elsewhere');
    const { exitCode, stdout } = await f2f(['restore', before], elsewhere);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/WARNING: the private keys in it do not open .+ does not exist/);
  });
});
