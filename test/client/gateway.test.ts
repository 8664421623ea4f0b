/**
 * The client against a gateway that runs as a process, with the simulator as Alipay in another: what a program does with it all
 * day, and what it lives through when the network loses what it sent or heard, when the gateway is killed, or refuses. The
 * simulator's book says what was charged; the proxy between them, what the gateway heard and what it answered first.
 */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createClient,
  headersOf,
  NoAnswerError,
  verifyWebhook,
  type Client,
  type Event,
  type Payment,
} from '../../client/client.ts';
import { system } from '../../client/system.ts';
import {
  findPort,
  runCommand,
  startGateway,
  startSimulator,
  until,
  type Gateway,
  type Program,
} from '../support/gateway-process.ts';
import { simulatorClient, type SimulatorClient } from '../support/simulator-client.ts';
import { startProxy, type Mishap, type Proxy } from './proxy.ts';

let simulatorProgram: Program;
let simulator: SimulatorClient;
let gateway: Gateway;
let proxy: Proxy;
let apiKey: string;
let client: Client;
let merchant: string;

beforeAll(async () => {
  const program = await startSimulator();
  simulatorProgram = program;
  simulator = simulatorClient(program.url);
  gateway = await startGateway({
    F2F_PORT: String(await findPort()),
    F2F_SIMULATOR_URL: program.url,
    F2F_WEBHOOKS: 'any',
    F2F_PAYMENT_DEADLINE_S: '30',
  });
  const made = await runCommand(['api-key', 'create', 'desk'], { F2F_DATA_DIR: gateway.dataDir });
  apiKey = made.stdout.trim();
  const direct = createClient({ url: gateway.url(), apiKey });
  ({ id: merchant } = await direct.merchants.create({
    shop_no: 'TEA-1',
    name: 'Tea house',
    seller_id: '2088212612254111',
    app_id: '2016022901171807',
  }));
});
afterAll(async () => {
  await gateway.stop();
  await simulatorProgram.stop();
});
beforeEach(async () => {
  proxy = await startProxy(() => gateway.url());
  client = createClient({ url: proxy.url, apiKey });
});
afterEach(() => proxy.close());

let bills = 0;
/** A bill of its own; a code ending in four digits of `story` tells one. */
function aBill(story?: string) {
  bills += 1;
  const middle = String(bills).padStart(10, '0');
  return {
    merchant,
    method: 'barcode',
    auth_code: story === undefined ? `25${middle}0000` : `28${middle}${story}`,
    amount: 8800 + bills,
    merchant_reference: `bill-${bills}`,
    subject: '龙井茶',
  } as const;
}

/** How often the simulator took the money of this bill, whatever the gateway says. */
async function chargesOf({ amount }: { readonly amount: number }): Promise<number> {
  const yuan = (amount / 100).toFixed(2);
  const trades = (await simulator.trades()).filter(({ totalAmount }) => totalAmount === yuan);
  return trades.reduce((sum, { chargeCount }) => sum + chargeCount, 0);
}

describe('a day at the desk', () => {
  test('a code is charged, looked at, refunded in parts, and listed', async () => {
    const bill = aBill();
    const payment = await client.payments.create(bill, { wait: 30 });
    expect(payment).toMatchObject({
      object: 'payment',
      state: 'paid',
      amount: bill.amount,
      subject: '龙井茶',
    });
    expect(await client.payments.get(payment.id)).toStrictEqual(payment);
    const refund = await client.refunds.create(
      payment.id,
      { amount: 100, reason: 'cold' },
      { wait: 30 },
    );
    expect(refund).toMatchObject({ payment: payment.id, state: 'succeeded', amount: 100 });
    const rest = await client.refunds.create(payment.id, { amount: 200 }, { wait: 30 });
    const { data } = await client.refunds.list(payment.id);
    expect(data).toStrictEqual([refund, rest]);
    expect(await client.refunds.get(rest.id)).toStrictEqual(rest);
    expect(await simulator.trade(payment.alipay.out_trade_no)).toMatchObject({
      chargeCount: 1,
      refundedAmount: '3.00',
    });
  });

  test('a QR code is shown, and waited for until the guest paid', async () => {
    const shown = await client.payments.create({ ...aBill(), method: 'qr', auth_code: undefined });
    expect(shown).toMatchObject({ state: 'awaiting_buyer' });
    const waiting = client.payments.get(shown.id, { wait: 30 });
    const { outTradeNo } = await simulator.scan(shown.next_action?.qr_code ?? '');
    await simulator.pay(outTradeNo);
    expect((await waiting).state).toBe('paid');
  });

  test('a payment is cancelled, and ends unpaid', async () => {
    const open = await client.payments.create(aBill('0002'));
    expect(open.state).toBe('awaiting_buyer');
    expect((await client.payments.cancel(open.id, { wait: 30 })).state).toBe('closed');
  });

  test('payments are listed page after page, each once', async () => {
    const made: Payment[] = [];
    for (let count = 0; count < 3; count += 1)
      made.unshift(await client.payments.create(aBill(), { wait: 30 }));
    const { data, next_cursor: next } = await client.payments.list({ merchant, limit: 2 });
    expect(data).toStrictEqual(made.slice(0, 2));
    const second = await client.payments.list({ merchant, limit: 2, cursor: next ?? '' });
    expect(second.data[0]).toStrictEqual(made[2]);
    const ids: string[] = [];
    for await (const { id } of client.payments.listAll({ state: 'paid', limit: 2 })) ids.push(id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toStrictEqual(expect.arrayContaining(made.map(({ id }) => id)));
  });

  test('a shop is changed by whoever read it last', async () => {
    const read = await client.merchants.get(merchant);
    const etag = headersOf(read).get('etag') ?? '';
    const changed = await client.merchants.change(merchant, { name: 'Tea' }, { ifMatch: etag });
    expect(changed.name).toBe('Tea');
    const late = client.merchants.change(merchant, { name: 'Coffee' }, { ifMatch: etag });
    await expect(late).rejects.toMatchObject({ code: 'precondition_failed' });
    expect(() => headersOf({})).toThrow('headersOf: this is no answer');
  });

  test('keys and endpoints are made, found and ended', async () => {
    const key = await client.apiKeys.create({ name: 'till', scopes: ['charge', 'read'] });
    const till = createClient({ url: gateway.url(), apiKey: key.secret ?? '' });
    expect((await till.payments.create(aBill(), { wait: 30 })).state).toBe('paid');
    await client.apiKeys.revoke(key.id);
    await expect(till.payments.list()).rejects.toMatchObject({ code: 'api_key_invalid' });
    const { id } = await client.webhookEndpoints.create({ url: 'http://127.0.0.1:9/hook' });
    const first = (await client.webhookEndpoints.get(id)).secret;
    const { secret } = await client.webhookEndpoints.rotateSecret(id);
    expect([first, secret]).toStrictEqual([undefined, expect.stringMatching(/^whsec_/)]);
    expect(await client.webhookEndpoints.test(id)).toMatchObject({ ok: false, status: null });
    expect(await client.webhookEndpoints.change(id, { enabled: false })).toMatchObject({
      state: 'disabled',
    });
  });
});

describe('what the network loses', () => {
  beforeEach(() => {
    // As patient as ever, and in no need of real time: what was lost is lost once.
    client = createClient(
      { url: proxy.url, apiKey },
      { ...system, sleep: () => Promise.resolve() },
    );
  });

  const CUT_PAGE: Mishap = {
    status: 502,
    headers: { 'content-type': 'text/html' },
    body: '<html>502 Bad Gateway</html>',
  };
  const LOGIN_PAGE: Mishap = {
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: 'Welcome!',
  };
  const LIMITED: Mishap = {
    status: 429,
    headers: { 'content-type': 'application/problem+json', 'retry-after': '0' },
    body: '{"code":"rate_limited","request_id":"r"}',
  };

  test.each<[name: string, mishaps: readonly Mishap[], heard: number]>([
    ['the answer', ['answer lost'], 2],
    ['half of the answer', ['answer cut'], 2],
    ['the answer, again and again', ['answer lost', 'answer lost', 'answer cut'], 4],
    ['the request', ['request lost'], 1],
    ['everything behind a proxy', [CUT_PAGE], 1],
    ['everything in a hotel’s network', [LOGIN_PAGE], 1],
    ['nothing, but too many ask', [LIMITED], 1],
    ['one thing after the other', ['request lost', 'answer lost', CUT_PAGE, LIMITED], 2],
  ])(
    '%s: the charge happens once, and its first answer is heard',
    async (_name, mishaps, heard) => {
      const bill = aBill();
      proxy.spoil(...mishaps);
      const payment = await client.payments.create(bill, { wait: 30 });
      expect(payment.state).toBe('paid');
      expect(await chargesOf(bill)).toBe(1);
      const { passed } = proxy;
      expect(passed).toHaveLength(heard);
      // One intention, one key; and what was heard at last is the first answer, word by word.
      expect(new Set(passed.map(({ key }) => key)).size).toBe(1);
      expect(new Set(passed.map(({ body }) => body)).size).toBe(1);
      expect(payment).toStrictEqual(JSON.parse(passed[0]?.body ?? ''));
      expect(passed.map(({ isReplayed }) => isReplayed)).toStrictEqual(
        passed.map((_one, index) => index > 0),
      );
    },
  );

  test('the answer of a refund: the money goes back once', async () => {
    const payment = await client.payments.create(aBill(), { wait: 30 });
    proxy.spoil('answer lost', 'answer cut');
    const refund = await client.refunds.create(payment.id, { amount: 100 }, { wait: 30 });
    expect(refund.state).toBe('succeeded');
    expect((await client.refunds.list(payment.id)).data).toStrictEqual([refund]);
    expect(await simulator.trade(payment.alipay.out_trade_no)).toMatchObject({
      refundedAmount: '1.00',
      refunds: [{ amount: '1.00' }],
    });
  });

  test('the answer to an API key: the same one is shown again, and there is one', async () => {
    proxy.spoil('answer lost');
    const made = await client.apiKeys.create({ name: 'lost', scopes: ['read'] });
    expect(headersOf(made).get('idempotent-replayed')).toBe('true');
    const own = createClient({ url: proxy.url, apiKey: made.secret ?? '' });
    expect((await own.payments.list()).object).toBe('list');
    const { data } = await client.apiKeys.list();
    expect(data.filter(({ name }) => name === 'lost')).toHaveLength(1);
  });

  test('the answer to what has no key: it is not sent again', async () => {
    const { id } = await client.apiKeys.create({ name: 'ends', scopes: ['read'] });
    proxy.spoil('answer lost');
    const before = proxy.passed.length;
    await expect(client.apiKeys.revoke(id)).rejects.toThrow(NoAnswerError);
    expect(proxy.passed).toHaveLength(before + 1);
  });

  test('an answer for good: the same intention is taken up later, and charged once', async () => {
    const bill = aBill();
    proxy.spoil('answer lost');
    const error = await client.payments
      .create(bill, { wait: 30, retryForMs: 0 })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NoAnswerError);
    const { idempotencyKey } = error as NoAnswerError;
    const payment = await client.payments.create(bill, { wait: 30, idempotencyKey });
    expect(headersOf(payment).get('idempotent-replayed')).toBe('true');
    expect(await chargesOf(bill)).toBe(1);
  });
});

describe('the gateway is killed', () => {
  test('after the money moved: the call goes on with the next one, and hears of one charge', async () => {
    const bill = aBill();
    await simulator.fault({ method: 'alipay.trade.pay', kind: 'delay', ms: 3000 });
    const paying = client.payments.create(bill, { wait: 50 });
    await until(async () => (await chargesOf(bill)) === 1, { what: 'the charge in the book' });
    await gateway.restart();
    expect((await paying).state).toBe('paid');
    expect(await chargesOf(bill)).toBe(1);
    expect(proxy.passed.length).toBeGreaterThan(1);
    expect(new Set(proxy.passed.map(({ key }) => key)).size).toBe(1);
  });

  test('while the feed is followed: nothing is missed, and nothing comes twice', async () => {
    const before = await client.events.list({ limit: 100 });
    const feed = client.events.follow({ after: before.next_cursor });
    const heard: Event[] = [];
    const paid = new Set<string>();
    const following = (async () => {
      for await (const event of feed) {
        heard.push(event);
        if (heard.filter(({ type }) => type === 'payment.paid').length === 2) return;
      }
    })();
    paid.add((await client.payments.create(aBill(), { wait: 30 })).id);
    await gateway.restart();
    paid.add((await client.payments.create(aBill(), { wait: 30 })).id);
    await following;
    const told = heard.filter(({ type }) => type === 'payment.paid').map(({ data }) => data.id);
    expect(told).toStrictEqual([...paid]);
    expect(new Set(heard.map(({ id }) => id)).size).toBe(heard.length);
    // After the last one there is nothing that was not handled.
    const after = await client.events.list({ cursor: heard.at(-1)!.id });
    expect(after.data).toStrictEqual([]);
  });
});

describe('what the gateway refuses', () => {
  test('is told by its code, with the field and the sentences', async () => {
    const bad = client.payments.create({ ...aBill(), amount: 0 });
    await expect(bad).rejects.toMatchObject({
      name: 'ApiError',
      status: 400,
      code: 'invalid_request',
      field: 'amount',
      detail: expect.stringContaining('amount'),
      detail_zh: expect.stringContaining('amount'),
      requestId: expect.any(String),
    });
    const paid = await client.payments.create(aBill(), { wait: 30 });
    await expect(client.payments.cancel(paid.id)).rejects.toMatchObject({
      status: 409,
      code: 'payment_not_cancelable',
      payment: paid.id,
    });
    const tooMuch = client.refunds.create(paid.id, { amount: paid.amount + 1 });
    await expect(tooMuch).rejects.toMatchObject({ code: 'refund_exceeds_payment' });
    await expect(client.payments.get('pay_none')).rejects.toMatchObject({
      code: 'payment_not_found',
    });
    const bill = aBill();
    await client.payments.create(bill, { idempotencyKey: bill.merchant_reference });
    const other = { ...bill, amount: 1 };
    const reused = client.payments.create(other, { idempotencyKey: bill.merchant_reference });
    await expect(reused).rejects.toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  });

  test('a key that is none, at once', async () => {
    const stranger = createClient({ url: proxy.url, apiKey: 'f2f_nobody' });
    await expect(stranger.payments.create(aBill())).rejects.toMatchObject({
      status: 401,
      code: 'api_key_invalid',
    });
    expect(proxy.passed).toHaveLength(1);
  });

  test('a redirect is not followed, and the key goes nowhere else', async () => {
    const elsewhere: string[] = [];
    const trap = createServer((request, response) => {
      elsewhere.push(`${request.headers.authorization}`);
      response.end('{}');
    });
    trap.listen(0, '127.0.0.1');
    await once(trap, 'listening');
    const { port } = trap.address() as { port: number };
    proxy.spoil({ status: 307, headers: { location: `http://127.0.0.1:${port}/` }, body: '' });
    const refused = client.payments.create(aBill());
    await expect(refused).rejects.toMatchObject({ status: 307, code: 'unknown' });
    expect(elsewhere).toStrictEqual([]);
    trap.close();
  });
});

test('too many calls are told by the gateway itself, and when to come back', async () => {
  const strict = await startGateway({ F2F_RATE_LIMIT: '2' });
  try {
    const made = await runCommand(['api-key', 'create', 'x'], { F2F_DATA_DIR: strict.dataDir });
    const hasty = createClient({ url: strict.url(), apiKey: made.stdout.trim(), retryForMs: 0 });
    await hasty.merchants.list();
    expect(headersOf(await hasty.merchants.list()).get('ratelimit-remaining')).toBe('0');
    const refused = await hasty.merchants.list().catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(refused).toHaveProperty(
      'retryAfterS',
      expect.toSatisfy((s: number) => s > 0 && s <= 60),
    );
  } finally {
    await strict.stop();
  }
});

test('a webhook of the gateway is verified, and means what the API says', async () => {
  type Heard = { headers: IncomingHttpHeaders; body: Buffer };
  const heard: Heard[] = [];
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      heard.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.end();
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as { port: number };
  const { id, secret = '' } = await client.webhookEndpoints.create({
    url: `http://127.0.0.1:${port}/hook`,
    types: ['payment.paid'],
  });
  expect(await client.webhookEndpoints.test(id)).toMatchObject({ ok: true });
  const payment = await client.payments.create(aBill(), { wait: 30 });
  await until(() => heard.length === 2, { what: 'the webhook' });
  const [trial, event] = await Promise.all(
    heard.map(({ headers, body }) => verifyWebhook(headers, body, secret)),
  );
  receiver.close();
  expect(trial).toMatchObject({ type: 'test', data: {} });
  if (event?.type !== 'payment.paid') throw new Error(`${event?.type} is no payment.paid`);
  expect(event.data.id).toBe(payment.id);
  expect(event).toStrictEqual(await client.events.get(event.id));
  const [, { headers, body }] = heard as [Heard, Heard];
  const forged = Buffer.from(body.toString('utf8').replace(String(payment.amount), '1'));
  await expect(verifyWebhook(headers, forged, secret)).rejects.toThrow('not by any of the secrets');
});
