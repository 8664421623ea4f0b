/**
 * When the client sends a request again, and what is the same then. Goal: an intention has one effect whatever the network does,
 * so a key is made once, kept for every attempt, and what has no key is not sent twice unless it surely was not heard.
 */
import { describe, expect, test } from 'vitest';
import { ApiError, NoAnswerError, type Client } from '../../client/client.ts';
import { PROBLEMS, type ProblemCode } from '../../src/api/v2/problem-table.ts';
import { Problem, problemBody } from '../../src/api/v2/problems.ts';
import {
  json,
  networkFailure,
  problem,
  proxyPage,
  standIn,
  type Reaction,
  type StandIn,
} from './stand-in.ts';

const BILL = {
  merchant: 'mch_1',
  method: 'barcode',
  auth_code: '280851932108279999',
  amount: 8800,
  merchant_reference: 'A-1',
  subject: 'Tea',
} as const;

const keysOf = ({ asked }: StandIn): (string | null)[] =>
  asked.map(({ headers }) => headers.get('idempotency-key'));

/** Spoils the first attempts, and answers the one after them. */
const after =
  (...spoilt: (() => Reaction)[]) =>
  (_asked: unknown, attempt: number): Reaction =>
    spoilt[attempt - 1]?.() ?? json({ id: 'it' });

/** The error that a call ends with. */
async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (answer) => expect.fail(`it answered ${JSON.stringify(answer)}`),
    (error: unknown) => error,
  );
}

describe('the idempotency key', () => {
  test('is made once for an intention, and the same for all its attempts', async () => {
    const gateway = standIn(
      after(
        () => networkFailure('ECONNRESET'),
        () => 'silence',
        () => problem(503, 'database_unavailable'),
      ),
    );
    await gateway.client.payments.create(BILL);
    expect(keysOf(gateway)).toStrictEqual(['made-1', 'made-1', 'made-1', 'made-1']);
    expect(new Set(gateway.asked.map(({ body }) => body))).toStrictEqual(
      new Set([JSON.stringify(BILL)]),
    );
  });

  test('is another one for another call, also of the same bill', async () => {
    const gateway = standIn(after());
    await gateway.client.payments.create(BILL);
    await gateway.client.payments.create(BILL);
    await gateway.client.payments.cancel('pay_1');
    await gateway.client.refunds.create('pay_1', { amount: 100 });
    expect(keysOf(gateway)).toStrictEqual(['made-1', 'made-2', 'made-3', 'made-4']);
  });

  test('is the caller’s own, where there is one', async () => {
    const gateway = standIn(after(() => networkFailure('ECONNRESET')));
    await gateway.client.payments.create(BILL, { idempotencyKey: 'bill-1' });
    expect(keysOf(gateway)).toStrictEqual(['bill-1', 'bill-1']);
  });

  test('is told with the error, so that the intention can be taken up again', async () => {
    const silent = standIn(() => 'silence');
    const error = await errorOf(silent.client.payments.create(BILL, { retryForMs: 0 }));
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(error).toMatchObject({ idempotencyKey: 'made-1', cause: { name: 'TimeoutError' } });
    const refusing = standIn(() => problem(409, 'payment_in_doubt'));
    expect(await errorOf(refusing.client.refunds.create('pay_1', { amount: 1 }))).toMatchObject({
      code: 'payment_in_doubt',
      idempotencyKey: 'made-1',
    });
  });

  test('is in each call that makes something, and in no other', async () => {
    const gateway = standIn(after());
    await gateway.client.apiKeys.create({ name: 'till', scopes: ['charge'] });
    await gateway.client.payments.get('pay_1');
    await gateway.client.merchants.suspend('mch_1');
    expect(keysOf(gateway)).toStrictEqual(['made-1', null, null]);
  });

  test('that the gateway would refuse is refused before anything is sent', async () => {
    const gateway = standIn(after());
    for (const idempotencyKey of ['', 'two words', '账单', 'x'.repeat(256)]) {
      const error = await errorOf(gateway.client.payments.create(BILL, { idempotencyKey }));
      expect(error).toMatchObject({ message: expect.stringMatching(/^idempotencyKey: must be/) });
    }
    expect(gateway.asked).toStrictEqual([]);
  });
});

const reading = (client: Client) => client.payments.get('pay_1');
const charging = (client: Client) => client.payments.create(BILL);
const making = (client: Client) =>
  client.merchants.create({ shop_no: 'TEA-1', seller_id: '2088', app_id: '2021' });
const changing = (client: Client) => client.merchants.change('mch_1', { name: 'Tea' });

describe.each<[name: string, reaction: () => Reaction, again: string]>([
  ['a connection that breaks', () => networkFailure('ECONNRESET'), 'read charge make'],
  [
    'a failure that a browser does not explain',
    () => new TypeError('Load failed'),
    'read charge make',
  ],
  [
    'a connection that nobody takes',
    () => networkFailure('ECONNREFUSED'),
    'read charge make change',
  ],
  ['a name that is not found', () => networkFailure('ENOTFOUND'), 'read charge make change'],
  ['a route that ends on the way', () => networkFailure('EHOSTUNREACH'), 'read charge make'],
  ['no answer in time', () => 'silence', 'read charge make'],
  ['a success that is somebody else’s page', () => proxyPage(200), 'read charge make'],
  ['429', () => problem(429, 'rate_limited'), 'read charge make change'],
  ['500', () => problem(500, 'internal_error'), 'read charge make'],
  ['502 of a proxy', () => proxyPage(502), 'read charge make'],
  ['502 alipay_silent', () => problem(502, 'alipay_silent'), ''],
  ['503', () => problem(503, 'database_unavailable'), 'read charge make'],
  ['504 of a proxy', () => proxyPage(504), 'read charge make'],
  ['501 of a proxy', () => proxyPage(501), ''],
  ['302', () => new Response('', { status: 302, headers: { location: '/login' } }), ''],
  ['400', () => problem(400, 'invalid_request'), ''],
  ['401', () => problem(401, 'api_key_invalid'), ''],
  ['404', () => problem(404, 'payment_not_found'), ''],
  ['409', () => problem(409, 'payment_in_doubt'), ''],
  ['422', () => problem(422, 'idempotency_key_reused'), ''],
])('after %s', (_name, reaction, again) => {
  test.each([
    ['read', reading],
    ['charge', charging],
    ['make', making],
    ['change', changing],
  ] as const)('%s', async (kind, call) => {
    const gateway = standIn(after(reaction));
    const end = await call(gateway.client).then(
      () => 'answered',
      () => 'failed',
    );
    const isAgain = again.split(' ').includes(kind);
    expect([gateway.asked.length, end]).toStrictEqual(isAgain ? [2, 'answered'] : [1, 'failed']);
  });
});

describe('an error says whether the call may have had its effect', () => {
  const lost = () => networkFailure('ECONNRESET');
  const limited = () => problem(429, 'rate_limited', { 'retry-after': '600' });

  test.each<[name: string, reactions: (() => Reaction)[], isInDoubt: boolean]>([
    ['a broken connection', [lost], true],
    ['no answer in time', [() => 'silence'], true],
    ['a success that cannot be read', [() => proxyPage(200)], true],
    ['nobody there', [() => networkFailure('ECONNREFUSED')], false],
    ['a fault of the gateway', [() => problem(500, 'internal_error')], true],
    ['a proxy without the gateway', [() => proxyPage(502)], true],
    ['no QR code from Alipay', [() => problem(502, 'alipay_silent')], false],
    ['a mistake', [() => problem(400, 'invalid_request')], false],
    ['too many calls', [limited], false],
    ['too many calls, after a broken connection', [lost, limited], true],
    [
      'a revoked key, after no answer',
      [() => 'silence', () => problem(401, 'api_key_invalid')],
      true,
    ],
    [
      'nobody there, after a fault',
      [() => proxyPage(503), () => networkFailure('ECONNREFUSED')],
      true,
    ],
  ])('%s', async (_name, reactions, isInDoubt) => {
    const react = (_asked: unknown, attempt: number): Reaction =>
      reactions[Math.min(attempt, reactions.length) - 1]!();
    const settings = { retryForMs: 20_000 };
    expect(await errorOf(charging(standIn(react, settings).client))).toMatchObject({ isInDoubt });
    // What only reads has no effect that could be in doubt.
    expect(await errorOf(reading(standIn(react, settings).client))).toMatchObject({
      isInDoubt: false,
    });
  });
});

describe('pauses', () => {
  test('grow, and stop growing', async () => {
    const gateway = standIn(() => proxyPage(503));
    await errorOf(gateway.client.payments.create(BILL));
    expect(gateway.pausesMs).toStrictEqual([
      500, 1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000, 8000,
    ]);
  });

  test('differ by chance, and are never shorter than half', async () => {
    const gateway = standIn(() => proxyPage(503), {}, 0);
    await errorOf(gateway.client.payments.get('pay_1', { retryForMs: 2000 }));
    expect(gateway.pausesMs).toStrictEqual([250, 500, 1000]);
  });

  test('are as long as Retry-After asks, and a little longer', async () => {
    const gateway = standIn(after(() => problem(429, 'rate_limited', { 'retry-after': '7' })));
    await gateway.client.payments.create(BILL);
    expect(gateway.pausesMs).toStrictEqual([7500]);
  });

  test('take no notice of a Retry-After that is no number', async () => {
    const header = { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' };
    const gateway = standIn(after(() => problem(429, 'rate_limited', header)));
    await gateway.client.payments.create(BILL);
    expect(gateway.pausesMs).toStrictEqual([500]);
  });
});

describe('a call ends in time', () => {
  test('no attempt is begun later than a minute after the first failed', async () => {
    const gateway = standIn(() => proxyPage(503));
    const error = await errorOf(gateway.client.payments.create(BILL));
    expect(error).toMatchObject({ name: 'ApiError', status: 503, code: 'unknown' });
    const lastMs = gateway.asked.at(-1)?.atMs;
    expect(lastMs).toBeLessThanOrEqual(60_000);
    expect(lastMs).toBeGreaterThan(50_000);
  });

  test('or than the client, or the call, was told', async () => {
    const gateway = standIn(() => 'silence', { retryForMs: 5000, timeoutMs: 1000 });
    await errorOf(gateway.client.payments.create(BILL));
    // The first attempt was given up after a second.
    expect(gateway.asked.map(({ atMs }) => atMs)).toStrictEqual([0, 1500, 3500]);
    await errorOf(gateway.client.payments.create(BILL, { wait: 50, retryForMs: 0 }));
    expect(
      gateway.asked.filter(({ headers }) => headers.get('idempotency-key') === 'made-2'),
    ).toHaveLength(1);
  });

  test('at once, when it would have to wait longer than it may', async () => {
    const gateway = standIn(() => problem(429, 'rate_limited', { 'retry-after': '61' }));
    const error = await errorOf(gateway.client.payments.create(BILL));
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterS: 61 });
    expect(gateway.pausesMs).toStrictEqual([]);
  });

  test('an attempt may take longer than the gateway was asked to wait', async () => {
    const gateway = standIn(after(() => 'silence'));
    await gateway.client.payments.create(BILL, { wait: 50 });
    await gateway.client.payments.get('pay_1', { wait: 20, timeoutMs: 5000 });
    await gateway.client.payments.get('pay_1');
    expect(gateway.asked.map(({ timeoutMs }) => timeoutMs)).toStrictEqual([
      80_000, 80_000, 25_000, 30_000,
    ]);
    expect(gateway.asked[0]?.url).toBe('http://gateway.test/v2/payments?wait=50');
  });

  test('when its signal says so: before, between and within attempts', async () => {
    const reason = new Error('the guest left');
    const aborted = standIn(after());
    expect(
      await errorOf(aborted.client.payments.get('p', { signal: AbortSignal.abort(reason) })),
    ).toBe(reason);
    expect(aborted.asked).toStrictEqual([]);
    const controller = new AbortController();
    const gateway = standIn(() => {
      controller.abort(reason);
      return proxyPage(503);
    });
    expect(await errorOf(gateway.client.payments.create(BILL, { signal: controller.signal }))).toBe(
      reason,
    );
    expect([gateway.asked.length, gateway.pausesMs]).toStrictEqual([1, []]);
    const during = new AbortController();
    const broken = standIn(() => {
      during.abort(reason);
      return networkFailure('ECONNRESET');
    });
    expect(
      await errorOf(broken.client.payments.create(BILL, { signal: during.signal, retryForMs: 0 })),
    ).toBe(reason);
  });
});

describe('an error', () => {
  const codes = Object.keys(PROBLEMS) as ProblemCode[];

  test.each(codes)('%s is typed, with all that was said', async (code) => {
    const told = new Problem(code, { field: 'amount', payment: 'pay_1' });
    const body = problemBody(told, 'req-9');
    const gateway = standIn(() => json(body, told.status));
    const error = await errorOf(gateway.client.payments.create(BILL, { retryForMs: 0 }));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: told.status,
      code,
      field: 'amount',
      payment: 'pay_1',
      detail: PROBLEMS[code].en,
      detail_zh: PROBLEMS[code].zh,
      requestId: 'req-9',
      message: `${code} (${told.status}): ${PROBLEMS[code].en}`,
      problem: body,
    });
  });

  test('of a newer gateway is unknown, and can be read all the same', async () => {
    const gateway = standIn(() => problem(409, 'moon_is_full'));
    const error = await errorOf(gateway.client.payments.create(BILL));
    expect(error).toMatchObject({
      code: 'unknown',
      detail: 'moon_is_full in words',
      problem: { code: 'moon_is_full' },
    });
  });

  test.each([
    ['a page', proxyPage(403)],
    ['nothing', new Response(null, { status: 403 })],
    ['other JSON', json({ error: 'no' }, 403)],
    ['JSON that is no object', json(null, 403)],
  ])('that is %s is unknown', async (_name, response) => {
    const gateway = standIn(() => response);
    const error = await errorOf(gateway.client.payments.create(BILL));
    expect(error).toMatchObject({ status: 403, code: 'unknown', problem: undefined });
    expect(error).toMatchObject({ detail: expect.stringContaining('403') });
  });
});

describe('what is asked', () => {
  test('carries the key, and asks for the path, the query and the body that were meant', async () => {
    const gateway = standIn(after(), { url: 'https://pay.example/f2f/' });
    await gateway.client.payments.list({
      merchant: 'mch_茶',
      state: 'paid',
      created_from: '2026-11-23T00:00:00+08:00',
      limit: 5,
      cursor: undefined,
    });
    await gateway.client.merchants.change('mch_1', { name: 'Tea' }, { ifMatch: '"1"' });
    await gateway.client.refunds.get('re_a/../b?c');
    expect(gateway.asked.map(({ method, url }) => [method, url])).toStrictEqual([
      [
        'GET',
        'https://pay.example/f2f/v2/payments?merchant=mch_%E8%8C%B6&state=paid&created_from=2026-11-23T00%3A00%3A00%2B08%3A00&limit=5',
      ],
      ['PATCH', 'https://pay.example/f2f/v2/merchants/mch_1'],
      ['GET', 'https://pay.example/f2f/v2/refunds/re_a%2F..%2Fb%3Fc'],
    ]);
    expect(gateway.asked.map(({ headers }) => headers.get('authorization'))).toStrictEqual([
      'Bearer f2f_key',
      'Bearer f2f_key',
      'Bearer f2f_key',
    ]);
    const [list, change] = gateway.asked;
    expect([list?.body, list?.headers.get('content-type')]).toStrictEqual([undefined, null]);
    expect(change?.body).toBe('{"name":"Tea"}');
    expect(change?.headers.get('content-type')).toBe('application/json');
    expect(change?.headers.get('if-match')).toBe('"1"');
  });

  test('goes through the caller’s own fetch, which is called as a browser’s must be', async () => {
    const { client } = standIn(after(), {
      fetch: async function own(this: unknown) {
        if (this !== undefined) throw new TypeError('Illegal invocation');
        return json({ id: 'by my own' });
      },
    });
    expect(await client.payments.get('pay_1')).toStrictEqual({ id: 'by my own' });
  });

  test.each<[name: string, call: (client: Client) => Promise<unknown>, message: string]>([
    ['an empty id', (client) => client.payments.get(''), 'id: must be the text of an id'],
    ['an id of dots', (client) => client.payments.cancel('..'), 'id: must be the text of an id'],
    [
      'an id that is none',
      (client) => client.refunds.create(undefined as unknown as string, { amount: 1 }),
      'id: must be the text of an id',
    ],
    [
      'an option that is no text',
      (client) => client.payments.list({ merchant: {} as string }),
      'merchant: must be a text, a number, true or false',
    ],
  ])('is never with %s', async (_name, call, message) => {
    const gateway = standIn(after());
    expect(await errorOf(call(gateway.client))).toMatchObject({ name: 'TypeError', message });
    expect(gateway.asked).toStrictEqual([]);
  });

  test('needs an address and a key', () => {
    const url = 'url: must be where the gateway is, with http:// or https://';
    expect(() => standIn(after(), { url: 'pay.example' })).toThrow(url);
    expect(() => standIn(after(), { url: 'ftp://pay.example' })).toThrow(url);
    const apiKey = 'apiKey: must be the key as it was shown, f2f_…';
    expect(() => standIn(after(), { apiKey: undefined as unknown as string })).toThrow(apiKey);
    expect(() => standIn(after(), { apiKey: 'f2f_a\n' })).toThrow(apiKey);
  });
});
