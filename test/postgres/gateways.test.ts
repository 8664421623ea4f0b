/**
 * Two gateways as processes on one PostgreSQL and one simulator: what one knows, the other does. The database goes away and
 * comes back under them.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  startGateway,
  startSimulator,
  until,
  type Gateway,
  type Program,
} from '../support/gateway-process.ts';
import { openPage } from '../support/page.ts';
import { startPostgres, type PostgresServer } from '../support/postgres-server.ts';
import { simulatorClient, type SimulatorClient } from '../support/simulator-client.ts';
import { openDesk } from '../support/v2-desk.ts';
import { aCharge, addShop, call, enrol, exchange, field, text } from '../support/v1-client.ts';

let server: PostgresServer;
let program: Program & { readonly url: string };
let simulator: SimulatorClient;
let first: Gateway;
let second: Gateway;
let token: string;
let cpiNo: string;

beforeAll(async () => {
  [server, program] = await Promise.all([startPostgres(), startSimulator()]);
  simulator = simulatorClient(program.url);
  const settings = {
    F2F_DATABASE_URL: server.url(),
    F2F_SIMULATOR_URL: program.url,
    F2F_ALIPAY_TIMEOUT_MS: '2000',
  };
  first = await startGateway(settings);
  second = await startGateway({
    ...settings,
    F2F_MASTER_KEY_FILE: `${first.dataDir}/master.key`,
  });
  ({ token } = await enrol(first.url()));
  ({ cpiNo } = await addShop(first.url(), token));
});
afterAll(async () => {
  await Promise.all([first.stop(), second.stop()]);
  await Promise.all([server.close(), program.stop()]);
});

test('what one sold, the other knows, repeats and gives back', async () => {
  const charge = aCharge(cpiNo);
  const sold = await call(first.url(), '/f2f/hb_barcode', { data: charge, token });
  expect(field(sold.re, 'code')).toBe('10000');
  const again = await call(second.url(), '/f2f/hb_barcode', { data: charge, token });
  expect(again.raw).toBe(sold.raw);
  const outTradeNo = text(sold.re, 'out_trade_no');
  const refund = { cpiNo, outTradeNo, refundAmount: '0.01', outRequestNo: '1' };
  const back = await call(second.url(), '/f2f/refund', { data: refund, token });
  expect(field(back.data, 'code')).toBe('10000');
  expect((await simulator.trade(outTradeNo))?.refundedAmount).toBe('0.01');
});

test('one call made at both at once is one charge, and both answer it', async () => {
  for (let round = 0; round < 5; round += 1) {
    const charge = aCharge(cpiNo);
    const answers = await Promise.all(
      [first, second, first, second].map((node) =>
        call(node.url(), '/f2f/hb_barcode', { data: charge, token }),
      ),
    );
    expect(new Set(answers.map(({ raw }) => raw)).size).toBe(1);
    const trade = await simulator.trade(text(answers[0]?.re, 'out_trade_no'));
    expect(trade).toMatchObject({ chargeCount: 1, paidAmount: '0.01' });
  }
});

test('a page hears at one what a guest does to a payment of the other', async () => {
  const desk = await openDesk(first, { F2F_DATABASE_URL: server.url() });
  const payment = await desk.showCode(first.url());
  const page = openPage(`${second.url()}${payment.stream_url}`);
  await until(() => page.states.length === 1, { what: 'the state' });
  await simulator.scan(payment.next_action.qr_code);
  await simulator.pay(payment.alipay.out_trade_no);
  await until(() => page.isOver(), { what: 'the page to be done' });
  expect(page.states).toEqual(['awaiting_buyer', 'paid']);
});

test('a master key of its own is refused', async () => {
  await expect(
    startGateway({ F2F_DATABASE_URL: server.url(), F2F_SIMULATOR_URL: program.url }),
  ).rejects.toThrow('all gateways on one database need the same one');
});

describe('without the database', () => {
  const readiness = async (node: Gateway): Promise<number> =>
    (await exchange(node.url(), { path: '/readyz' })).httpStatus;

  test('a gateway says so, answers what is no verdict, and goes on when it is back', async () => {
    const sold = await call(first.url(), '/f2f/hb_barcode', { data: aCharge(cpiNo), token });
    expect(await readiness(first)).toBe(200);
    await server.stopAtOnce();
    try {
      const charge = aCharge(cpiNo);
      expect((await call(first.url(), '/f2f/hb_barcode', { data: charge, token })).err).toBe(
        'SYSTEM_ERROR',
      );
      expect(await readiness(first)).toBe(503);
      expect((await exchange(first.url(), { path: '/healthz' })).httpStatus).toBe(200);
    } finally {
      await server.startAgain();
    }
    await until(async () => (await readiness(first)) === 200, { what: 'the gateway to be ready' });
    const query = { cpiNo, outTradeNo: text(sold.re, 'out_trade_no') };
    const { data } = await call(first.url(), '/f2f/query', { data: query, token });
    expect(field(data, 'trade_status')).toBe('TRADE_SUCCESS');
  });
});
