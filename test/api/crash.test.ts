/**
 * `kill -9` of the gateway in the middle of payments and refunds, at moments that are named by what
 * Alipay already did and by plain milliseconds. The simulator is a process of its own, so its book
 * survives and is the witness. After the restart the gateway must come to the book's view by itself:
 * its own view is read without making it ask Alipay (see `ownView`). Each charge has an amount of
 * its own, which finds it in the book even if the terminal never learnt its number. Kill after kill
 * under load is in `test/e2e/kill.test.ts`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  startGateway,
  startSimulator,
  until,
  type Gateway,
  type Program,
} from '../support/gateway-process.ts';
import { simulatorClient, type SimulatorClient, type Trade } from '../support/simulator-client.ts';
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

let simulatorProgram: Program;
let simulator: SimulatorClient;
let gateway: Gateway;
let token: string;
let cpiNo: string;

beforeAll(async () => {
  const program = await startSimulator();
  simulatorProgram = program;
  simulator = simulatorClient(program.url);
  gateway = await startGateway({
    F2F_SIMULATOR_URL: program.url,
    F2F_BARCODE_WAIT_S: '2',
    F2F_PAYMENT_DEADLINE_S: String(DEADLINE_S),
    F2F_ALIPAY_TIMEOUT_MS: '1500',
  });
  ({ token } = await enrol(gateway.url()));
  ({ cpiNo } = await addShop(gateway.url(), token));
});
afterAll(async () => {
  await gateway.stop();
  await simulatorProgram.stop();
});

const DEADLINE_S = 8;

type Charge = ReturnType<typeof aCharge>;

const ask = (path: string, data: object): Promise<Reply> =>
  call(gateway.url(), path, { data, token });
/** A call whose answer dies with the gateway. */
const lose = (path: string, data: object): void => {
  ask(path, data).catch(() => undefined);
};

let lastAmountFen = 1000;
function aChargeOfItsOwn(story?: string): Charge {
  lastAmountFen += 1;
  const totalAmount = (lastAmountFen / 100).toFixed(2);
  return aCharge(cpiNo, { totalAmount, authCode: aPaymentCode(story) });
}

async function tradesOf({ totalAmount }: Charge): Promise<readonly Trade[]> {
  return (await simulator.trades()).filter((trade) => trade.totalAmount === totalAmount);
}

function inTheBook(charge: Charge, isThere: (trade: Trade) => boolean): Promise<Trade> {
  return until(async () => (await tradesOf(charge)).find(isThere), { what: 'a trade in the book' });
}

/**
 * What the gateway itself believes: the same code with another amount is refused with the number and
 * status of its own row. Only for a charge that it has surely stored.
 */
async function ownView(charge: Charge): Promise<unknown> {
  const { err, data } = await ask('/f2f/hb_barcode', { ...charge, totalAmount: '0.01' });
  return err === 'LOCALNO_ALREADY_EXISTS' ? data['trade_status'] : err;
}

const STATUS_OF_CODE: Readonly<Record<string, string>> = {
  '10000': 'TRADE_SUCCESS',
  '40004': 'TRADE_CLOSED',
};

/** Waits until the gateway agrees with the book by itself; resolves to what all sides say. */
async function settled(charge: Charge): Promise<{ book: readonly Trade[]; views: unknown[] }> {
  const views = await until(
    async () => {
      const book = (await tradesOf(charge))[0]?.tradeStatus;
      const own = await ownView(charge);
      return own === 'WAIT_BUYER_PAY' || (book !== undefined && book !== own) ? undefined : [own];
    },
    { what: 'the gateway to settle by itself', withinMs: 40_000 },
  );
  const { re } = await ask('/f2f/hb_barcode', charge);
  return { book: await tradesOf(charge), views: [...views, STATUS_OF_CODE[text(re, 'code')]] };
}

describe('killed at a named moment, the gateway settles to what the book says', () => {
  test('after Alipay took the money, before its answer', async () => {
    const charge = aChargeOfItsOwn();
    await simulator.fault({ method: 'alipay.trade.pay', kind: 'delay', ms: 1200 });
    lose('/f2f/hb_barcode', charge);
    await inTheBook(charge, ({ chargeCount }) => chargeCount === 1);
    await gateway.restart();
    const { book, views } = await settled(charge);
    expect(views).toStrictEqual(['TRADE_SUCCESS', 'TRADE_SUCCESS']);
    expect(book).toMatchObject([{ chargeCount: 1, refundedAmount: '0.00' }]);
  });

  test('while the buyer types the password, and the money comes while it is dead', async () => {
    const charge = aChargeOfItsOwn('0001');
    lose('/f2f/hb_barcode', charge);
    await inTheBook(charge, ({ tradeStatus }) => tradeStatus === 'WAIT_BUYER_PAY');
    await gateway.kill('SIGKILL');
    await inTheBook(charge, ({ chargeCount }) => chargeCount === 1);
    await gateway.restart();
    const { book, views } = await settled(charge);
    expect(views).toStrictEqual(['TRADE_SUCCESS', 'TRADE_SUCCESS']);
    expect(book).toMatchObject([{ chargeCount: 1, refundedAmount: '0.00' }]);
  });

  test('and started again after the deadline: what was paid in time is not given back', async () => {
    const charge = aChargeOfItsOwn('0001');
    const deadlineAtMs = Date.now() + DEADLINE_S * 1000;
    lose('/f2f/hb_barcode', charge);
    await inTheBook(charge, ({ tradeStatus }) => tradeStatus === 'WAIT_BUYER_PAY');
    await gateway.kill('SIGKILL');
    await inTheBook(charge, ({ chargeCount }) => chargeCount === 1);
    await delay(deadlineAtMs - Date.now());
    await gateway.restart();
    const { book, views } = await settled(charge);
    expect(views).toStrictEqual(['TRADE_SUCCESS', 'TRADE_SUCCESS']);
    expect(book).toMatchObject([{ chargeCount: 1, refundedAmount: '0.00' }]);
  });

  test('while the buyer hesitates for ever', async () => {
    const charge = aChargeOfItsOwn('0002');
    lose('/f2f/hb_barcode', charge);
    await inTheBook(charge, ({ tradeStatus }) => tradeStatus === 'WAIT_BUYER_PAY');
    await gateway.restart();
    const { book, views } = await settled(charge);
    expect(views).toStrictEqual(['TRADE_CLOSED', 'TRADE_CLOSED']);
    expect(book).toMatchObject([{ chargeCount: 0 }]);
  });

  test('after its cancel closed the trade, before the answer of the cancel', async () => {
    const charge = aChargeOfItsOwn('0002');
    await simulator.fault({ method: 'alipay.trade.cancel', kind: 'delay', ms: 1200 });
    lose('/f2f/hb_barcode', charge);
    await inTheBook(charge, ({ tradeStatus }) => tradeStatus === 'TRADE_CLOSED');
    await gateway.restart();
    const { book, views } = await settled(charge);
    expect(views).toStrictEqual(['TRADE_CLOSED', 'TRADE_CLOSED']);
    expect(book).toMatchObject([{ chargeCount: 0 }]);
  });

  test('after Alipay executed a refund, before its answer', async () => {
    const charge = aChargeOfItsOwn();
    const outTradeNo = text((await ask('/f2f/hb_barcode', charge)).re, 'out_trade_no');
    const refund = { cpiNo, outTradeNo, refundAmount: '1.00', outRequestNo: 'r' };
    await simulator.fault({ method: 'alipay.trade.refund', kind: 'delay', ms: 1200 });
    lose('/f2f/refund', refund);
    await inTheBook(charge, ({ refunds }) => refunds.length === 1);
    await gateway.restart();
    const reply = await until(
      async () => {
        const again = await ask('/f2f/refund', refund);
        return again.data['code'] === '10003' ? undefined : again;
      },
      { what: 'the refund to settle', withinMs: 40_000 },
    );
    expect(reply).toMatchObject({ err: 'nothing', data: { code: '10000' } });
    expect(await tradesOf(charge)).toMatchObject([
      { refundedAmount: '1.00', refunds: [{ outRequestNo: 'r' }] },
    ]);
  });

  test('while a QR code is out that is paid while it is dead', async () => {
    const charge = aChargeOfItsOwn();
    const shown = await ask('/f2f/qrcode', charge);
    await gateway.kill('SIGKILL');
    const { outTradeNo } = await simulator.scan(text(shown.data, 'qr_code'));
    await simulator.pay(outTradeNo);
    await gateway.restart();
    const own = await until(
      async () => {
        const { data } = await ask('/f2f/hb_barcode', charge);
        return data['trade_status'] === 'TRADE_SUCCESS' && data;
      },
      { what: 'the payment to be booked', withinMs: 40_000 },
    );
    expect(own['out_trade_no']).toBe(outTradeNo);
    expect((await ask('/f2f/qrcode', charge)).raw).toBe(shown.raw);
  });

  test('after it answered: nothing that was answered is lost', async () => {
    const charge = aChargeOfItsOwn();
    const first = await ask('/f2f/hb_barcode', charge);
    await gateway.restart();
    const again = await ask('/f2f/hb_barcode', charge);
    expect(again.raw).toBe(first.raw);
    expect(field(first.re, 'code')).toBe('10000');
  });
});

test('SIGTERM ends it cleanly, after what is in flight was answered', async () => {
  const charge = aChargeOfItsOwn('0002');
  const pending = ask('/f2f/hb_barcode', charge);
  await inTheBook(charge, ({ tradeStatus }) => tradeStatus === 'WAIT_BUYER_PAY');
  const exitCode = await gateway.kill('SIGTERM');
  const { err, re } = await pending;
  expect([exitCode, err, field(re, 'code')]).toStrictEqual([0, 'nothing', '10003']);
  await gateway.restart();
  expect((await settled(charge)).views).toStrictEqual(['TRADE_CLOSED', 'TRADE_CLOSED']);
});
