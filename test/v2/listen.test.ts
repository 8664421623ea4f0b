/**
 * `f2f listen` and `f2f events`: a developer's program hears what a webhook endpoint hears, byte for byte, of each payment in
 * order and nothing never, whatever the program and the gateway do meanwhile.
 */
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listenSecret } from '../../src/flows/webhook-secrets.ts';
import { revokeApiKey } from '../../src/flows/manage-api-keys.ts';
import { NoResponse, type HttpRequest, type HttpResponse } from '../../src/system/http.ts';
import { createWorld, type World } from '../support/world.ts';
import { addOtherMerchant, aPayment, firstMerchant, type V2Client, v2Client } from './client.ts';
import { GATEWAY, openTerminal, PROGRAM, type Terminal } from './remote.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

let world: World;
let till: V2Client;
let merchant: string;
let terminal: Terminal;
/** What the program took, oldest first. */
let taken: { id: string; type: string; payment: string; request: HttpRequest }[];
beforeEach(async () => {
  world = await createWorld();
  till = await v2Client(world);
  merchant = await firstMerchant(world);
  terminal = openTerminal(world, till.secret);
  taken = [];
});
afterEach(async () => {
  terminal.stop();
  await world.close();
});

const ok: HttpResponse = { status: 204, headers: {}, body: Buffer.alloc(0) };

/** The program answers as `answer` says, and keeps what it took. */
function receive(answer: (payment: string) => HttpResponse | Promise<HttpResponse> = () => ok) {
  terminal.onProgram(async (request) => {
    const event = JSON.parse(String(request.body)) as {
      id: string;
      type: string;
      data: { id: string; payment?: string };
    };
    const payment = event.data.payment ?? event.data.id;
    const response = await answer(payment);
    if (response.status < 300) taken.push({ id: event.id, type: event.type, payment, request });
    return response;
  });
}

let bills = 0;
async function pay(more: object = {}): Promise<string> {
  bills += 1;
  const auth_code = `2808519322${String(bills).padStart(4, '0')}9999`;
  const bill = { auth_code, merchant_reference: `L-${bills}`, ...more };
  return String((await till.post('/v2/payments', aPayment(merchant, bill))).body['id']);
}

async function payAndRefund(): Promise<string> {
  const id = await pay();
  await till.post(`/v2/payments/${id}/refunds`, { amount: 100 });
  return id;
}

async function feed(): Promise<{ id: string; type: string }[]> {
  const { body } = await till.get('/v2/events?limit=100');
  return body['data'] as { id: string; type: string }[];
}

const idsOf = (events: readonly { id: string }[]): readonly string[] => events.map(({ id }) => id);

async function listening(...args: string[]): Promise<void> {
  void terminal.start('listen', '--forward-to', PROGRAM, ...args);
  await world.clock.settle();
}

test('a program gets what a webhook endpoint gets, byte for byte, signed', async () => {
  const calls: HttpRequest[] = [];
  world.onWebhook(async (request) => {
    calls.push(request);
    return ok;
  });
  const made = await till.post('/v2/webhook_endpoints', { url: PROGRAM });
  receive();
  await listening();
  await pay({ subject: '茶 “Tea” \u2028', metadata: { 2: 'b', 1: 'a', 房: '12\ud83d\ude00' } });
  await payAndRefund();
  await world.clock.advance(MINUTE);
  expect(taken).toHaveLength(6);
  expect(calls).toHaveLength(6);
  const secret = listenSecret(till.secret);
  for (const [index, { request, id }] of taken.entries()) {
    const webhook = calls.find(({ headers }) => headers['webhook-id'] === id);
    expect(request.body).toBe(webhook?.body);
    expect(request.url).toBe(PROGRAM);
    expect(Object.keys(request.headers)).toEqual(Object.keys(webhook?.headers ?? {}));
    expect(request).toMatchObject({
      method: 'POST',
      headers: {
        'content-type': webhook?.headers['content-type'],
        'user-agent': webhook?.headers['user-agent'],
      },
    });
    const at = new Date(Number(request.headers['webhook-timestamp']) * SECOND);
    const signature = new Webhook(secret).sign(id, at, String(request.body));
    expect(request.headers['webhook-signature']).toBe(signature);
    expect(terminal.printed[index]).toMatch(new RegExp(` ${id}  -> 204 \\(\\d+ ms\\)$`));
  }
  expect(secret).not.toBe(made.body['secret']);
  expect(terminal.said.join('\n')).toContain(secret);
});

test('what was before it began is not told; what came since is, in the order of the feed', async () => {
  await pay();
  await world.clock.advance(SECOND);
  receive();
  await listening();
  for (let bill = 0; bill < 4; bill += 1) await payAndRefund();
  await world.clock.advance(10 * SECOND);
  expect(idsOf(taken)).toEqual(idsOf(await feed()).slice(2));
  expect(taken).toHaveLength(16);
});

test('the feed is not asked more often than a key may, however much happens', async () => {
  receive();
  await listening();
  const before = terminal.calls.length;
  for (let bill = 0; bill < 50; bill += 1) {
    await pay();
    await world.clock.advance(100);
  }
  await world.clock.advance(SECOND);
  expect(taken).toHaveLength(100);
  expect(terminal.calls.length - before).toBeLessThan(40);
});

test('nor is one that answers at once and has nothing, as a gateway does that is stopping', async () => {
  const empty = { object: 'list', data: [], next_cursor: 'evt_0', has_more: false };
  terminal.onGateway(() => ({ ...ok, status: 200, body: Buffer.from(JSON.stringify(empty)) }));
  await listening();
  await world.clock.advance(10 * SECOND);
  expect(terminal.calls.length).toBeLessThan(60);
});

describe('a program', () => {
  test('that is not there gets everything when it comes, in the order of the feed, and it is told once', async () => {
    await listening();
    for (let bill = 0; bill < 3; bill += 1) await payAndRefund();
    await world.clock.advance(MINUTE);
    expect(terminal.printed).toEqual([]);
    expect(terminal.said.filter((line) => line.includes('Is your program running'))).toEqual([
      expect.stringContaining(`Nobody answers at ${PROGRAM} (connect ECONNREFUSED)`),
    ]);
    receive();
    await world.clock.advance(SECOND);
    expect(idsOf(taken)).toEqual(idsOf(await feed()));
    expect(terminal.said.at(-1)).toBe(`${PROGRAM} answers again`);
    expect(terminal.printed).toHaveLength(12);
  });

  test('that refuses the events of one payment gets the others, and of that one nothing out of order', async () => {
    let isMended = false;
    let bad = '';
    receive((payment) => {
      bad ||= payment;
      const answer = { status: 500, headers: {}, body: Buffer.from('no\n\u001b[31m such room') };
      return payment === bad && !isMended ? answer : ok;
    });
    await listening();
    await payAndRefund();
    await payAndRefund();
    await world.clock.advance(MINUTE);
    expect(new Set(taken.map(({ payment }) => payment)).size).toBe(1);
    expect(taken).toHaveLength(4);
    const refusals = terminal.printed.filter((line) => line.includes('-> 500'));
    expect(refusals[0]).toMatch(/-> 500 \(\d+ ms\) no \[31m such room; again in 1 s$/);
    expect(refusals.map((line) => / again in (\d+) s$/.exec(line)?.[1])).toEqual([
      '1',
      '2',
      '5',
      '10',
      '10',
      '10',
      '10',
      '10',
      '10',
    ]);
    isMended = true;
    await world.clock.advance(15 * SECOND);
    expect(taken.filter(({ payment }) => payment === bad).map(({ type }) => type)).toEqual([
      'payment.created',
      'payment.paid',
      'refund.created',
      'refund.succeeded',
    ]);
    expect(new Set(idsOf(taken)).size).toBe(8);
  });

  test('that refuses each event once gets it a second later, however often that happens', async () => {
    const refused = new Set<string>();
    terminal.onProgram(({ headers }) => {
      const id = String(headers['webhook-id']);
      const isNew = !refused.has(id);
      refused.add(id);
      return isNew ? { ...ok, status: 503 } : ok;
    });
    await listening();
    await payAndRefund();
    await world.clock.advance(10 * SECOND);
    const words = terminal.printed.map((line) => line.replace(/.*-> (\d+) \(\d+ ms\)/, '$1'));
    expect(words).toEqual(Array.from({ length: 4 }, () => ['503; again in 1 s', '204']).flat());
  });

  test.each([
    [
      'hangs up',
      new NoResponse(
        'connection',
        'closed',
        Object.assign(new Error('closed'), { code: 'UND_ERR_SOCKET' }),
      ),
    ],
    ['says nothing', new NoResponse('timeout', 'no complete answer within 10000 ms')],
    ['says too much', new NoResponse('too_large', 'the answer has more than 65536 bytes')],
  ])('that %s over the events of one payment gets the others', async (_, fault) => {
    let bad = '';
    receive((payment) => {
      bad ||= payment;
      if (payment === bad) throw fault;
      return ok;
    });
    await listening();
    await pay();
    await pay();
    await world.clock.advance(20 * SECOND);
    expect(taken.map(({ type }) => type)).toEqual(['payment.created', 'payment.paid']);
    expect(terminal.said.join()).not.toContain('Is your program running');
    expect(terminal.printed.find((line) => line.includes('again in'))).toContain(
      fault.cause instanceof Error ? fault.cause.message : fault.message,
    );
  });
});

test('what a program does not take fills no memory: the rest of it waits in the feed', async () => {
  await pay();
  await world.clock.advance(SECOND);
  const [event] = await feed();
  let place = 0;
  terminal.onGateway(() => {
    const data = Array.from({ length: 100 }, () => ({ ...event, id: `evt_${(place += 1)}` }));
    const page = { object: 'list', data, next_cursor: `evt_${place}`, has_more: true };
    return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(page)) };
  });
  await listening('--from', 'start');
  await world.clock.advance(10 * MINUTE);
  expect(place).toBeLessThan(1300);
  receive();
  await world.clock.advance(2 * SECOND);
  expect(place).toBeGreaterThan(1300);
  const order = taken.map(({ id }) => Number(id.replace('evt_', '')));
  expect(order).toEqual(order.toSorted((one, other) => one - other));
});

describe('the gateway', () => {
  test('may be killed and started again: nothing is missing, and nothing comes twice', async () => {
    receive();
    await listening();
    await payAndRefund();
    await world.clock.advance(SECOND);
    await world.crash();
    terminal.cut(true);
    await world.clock.advance(MINUTE);
    expect(terminal.said.at(-1)).toMatch(
      /^No gateway answers at http:\/\/gateway.test \(connect ECONNREFUSED\).*; it is asked until it answers, and nothing will be missing$/,
    );
    const said = terminal.said.length;
    await payAndRefund();
    await world.clock.advance(MINUTE);
    expect(terminal.said).toHaveLength(said);
    terminal.cut(false);
    await world.clock.advance(10 * SECOND);
    expect(terminal.said.at(-1)).toBe('The gateway at http://gateway.test answers again');
    expect(idsOf(taken)).toEqual(idsOf(await feed()));
    expect(taken).toHaveLength(8);
  });

  test('may be busy: it is asked again when it said, and not before', async () => {
    receive();
    await listening();
    const busy = { status: 429, headers: { 'retry-after': '40' }, body: Buffer.from('{}') };
    terminal.onGateway(() => busy);
    terminal.cut(false);
    const asked = terminal.calls.length;
    await world.clock.advance(35 * SECOND);
    expect(terminal.calls.length - asked).toBe(1);
    terminal.onGateway(undefined);
    await pay();
    await world.clock.advance(10 * SECOND);
    expect(taken).toHaveLength(2);
  });

  test('may revoke the key: the command ends with what to do', async () => {
    receive();
    const ending = terminal.start('listen', '--forward-to', PROGRAM).catch(String);
    await world.clock.settle();
    const keys = (await till.get('/v2/api_keys')).body['data'] as { id: string }[];
    await revokeApiKey(world.deps, String(keys[0]?.id).replace('key_', ''));
    await world.clock.advance(30 * SECOND);
    expect(await ending).toMatch(/does not know this API key, or it was revoked; .*api-key create/);
  });
});

describe('it goes on', () => {
  test('after Ctrl-C where it says, with what the program never took', async () => {
    const bills: string[] = [];
    for (let bill = 0; bill < 3; bill += 1) {
      bills.push(await pay());
      await world.clock.advance(SECOND);
    }
    const bad = bills[1];
    receive((payment) => (payment === bad ? { ...ok, status: 500 } : ok));
    await listening('--from', 'start');
    await world.clock.advance(2 * SECOND);
    terminal.stop();
    expect(terminal.said.slice(-2)).toEqual([
      '2 events were not taken',
      'To go on from here: --from evt_2',
    ]);
    expect(taken).toHaveLength(4);
    terminal = openTerminal(world, till.secret);
    receive();
    await listening('--from', 'evt_2');
    await world.clock.advance(SECOND);
    // At least once: what came after the one that was refused comes again.
    expect(idsOf(taken.slice(4))).toEqual(idsOf(await feed()).slice(2));
  });

  test('after Ctrl-C with nothing left over, from the last event', async () => {
    receive();
    await listening();
    await pay();
    await world.clock.advance(SECOND);
    terminal.stop();
    const from = /--from (\S+)$/.exec(terminal.said.at(-1) ?? '')?.[1];
    expect(terminal.said.join()).not.toContain('not taken');
    terminal = openTerminal(world, till.secret);
    receive();
    taken = [];
    await listening('--from', String(from));
    await pay();
    await world.clock.advance(SECOND);
    expect(idsOf(taken)).toEqual(idsOf(await feed()).slice(2));
  });

  test.each([
    ['start', 0],
    ['evt_1', 1],
    ['evt_3', 3],
  ])('from %s', async (from, skipped) => {
    await pay();
    await pay();
    await world.clock.advance(SECOND);
    receive();
    await listening('--from', from);
    await world.clock.advance(SECOND);
    expect(idsOf(taken)).toEqual(idsOf(await feed()).slice(skipped));
  });
});

test('of some types, and of one merchant', async () => {
  const other = await addOtherMerchant(world);
  receive();
  const types = 'refund.succeeded, payment.paid';
  await listening('--events', types, '--merchant', other.id);
  await payAndRefund();
  merchant = other.id;
  const theirs = await payAndRefund();
  await world.clock.advance(10 * SECOND);
  expect(taken.map(({ type, payment }) => [type, payment])).toEqual([
    ['payment.paid', theirs],
    ['refund.succeeded', theirs],
  ]);
});

describe('the secret', () => {
  const printed = async (key: string): Promise<string> => {
    const other = openTerminal(world, key);
    expect(await other.run('listen', '--print-secret')).toBe('');
    expect(other.calls).toEqual([]);
    return other.printed.join('\n');
  };

  test('is the same at each start, another one for another key, and no part of the key', async () => {
    const secret = await printed(till.secret);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    expect(await printed(till.secret)).toBe(secret);
    expect(await printed((await v2Client(world)).secret)).not.toBe(secret);
    const bytes = Buffer.from(secret.slice(6), 'base64').toString('hex');
    expect(till.secret).not.toContain(bytes.slice(0, 8));
  });

  test('may be given', async () => {
    const given = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    receive();
    await listening('--secret', given);
    await pay();
    await world.clock.advance(SECOND);
    const [{ id, request } = { id: '', request: undefined }] = taken;
    const at = new Date(Number(request?.headers['webhook-timestamp']) * SECOND);
    expect(request?.headers['webhook-signature']).toBe(
      new Webhook(given).sign(id, at, String(request?.body)),
    );
    expect(terminal.said.join('\n')).not.toContain('the same each time');
  });

  test.each(['whsec_', 'whsec_AAAA', 'x', Buffer.alloc(24, 7).toString('base64')])(
    '%s is none',
    async (given) => {
      expect(await terminal.run('listen', '--forward-to', PROGRAM, '--secret', given)).toBe(
        '--secret must be whsec_ and the base64 of 24 to 64 bytes',
      );
    },
  );
});

describe('without a program', () => {
  test.each(['listen', 'events tail'])('%s prints a line for each event', async (words) => {
    void terminal.start(...words.split(' '));
    await world.clock.settle();
    const id = await payAndRefund();
    await world.clock.advance(SECOND);
    const lines = terminal.printed.map((line) => line.split(/ {2,}/));
    expect(lines.map(([, type, about, amount, event]) => [type, about, amount, event])).toEqual([
      ['payment.created', id, '88.00', 'evt_1'],
      ['payment.paid', id, '88.00', 'evt_2'],
      ['refund.created', expect.stringMatching(/^re_/), '1.00', 'evt_3'],
      ['refund.succeeded', expect.stringMatching(/^re_/), '1.00', 'evt_4'],
    ]);
    expect(lines[0]?.[0]).toBe('2026-11-23 12:00:00');
    terminal.stop();
    expect(terminal.said.at(-1)).toMatch(/--from \S+$/);
  });

  test('as JSON, each as a webhook would hold it', async () => {
    void terminal.start('events', 'tail', '--json', '--events', 'payment.paid', '--from', 'start');
    await pay();
    await pay();
    await world.clock.advance(SECOND);
    const paid = (await feed()).filter(({ type }) => type === 'payment.paid');
    expect(terminal.printed.map((line) => JSON.parse(line) as unknown)).toEqual(paid);
    expect(paid).toHaveLength(2);
  });

  test('one event in full', async () => {
    await pay();
    await world.clock.advance(SECOND);
    expect(await terminal.run('events', 'show', 'evt_2')).toBe('');
    expect(JSON.parse(terminal.printed.join('\n'))).toEqual((await feed())[1]);
    expect(await terminal.run('events', 'show', 'evt_9')).toContain('There is no such event.');
  });
});

describe('what is wrong is told in a sentence', () => {
  test.each<[string, string[], RegExp]>([
    [
      'a key with a blank',
      ['--key', 'f2f wrong'],
      /^--key is not a key of a gateway; "f2f api-key/,
    ],
    ['a key that is none', ['--key', 'f2f_wrong'], /does not know this API key, or it was revoked/],
    [
      'a URL that is none',
      ['--url', '127.0.0.1:8080'],
      /^--url is "127.*; it must be an http:\/\/ or/,
    ],
    [
      'a URL with a user',
      ['--url', 'http://a:b@gateway.test'],
      /^--url is not shown here; .*password$/,
    ],
    ['a URL with a query', ['--url', `${GATEWAY}/?a=1`], /^--url must have no query$/],
    [
      'a program that is none',
      ['--forward-to', 'localhost:3000'],
      /^--forward-to is "localhost:3000"/,
    ],
    [
      'a place that is none',
      ['--from', 'yesterday'],
      /^--from is "yesterday"; it must be the id of/,
    ],
    [
      'a type that is none',
      ['--events', 'payment.paid,paid'],
      /It must be a list of payment.created, /,
    ],
    ['a merchant that is none', ['--merchant', 'mch_X'], /There is no such merchant/],
  ])('%s', async (_, args, sentence) => {
    const told = await terminal.run('listen', ...args);
    expect(told).toMatch(sentence);
    expect(told).not.toContain('\n');
    expect(terminal.printed).toEqual([]);
  });

  test('no key, and how to make one', async () => {
    terminal = openTerminal(world, undefined);
    expect(await terminal.run('events', 'tail')).toMatch(
      /^No API key is given: set F2F_API_KEY, or add --key .*"f2f api-key create NAME" makes one$/,
    );
  });

  test('a key without the scope', async () => {
    const { secret } = await v2Client(world, { scopes: ['charge'] });
    terminal = openTerminal(world, secret);
    expect(await terminal.run('events', 'tail')).toMatch(
      /^This API key lacks the scope "read"\. "f2f api-key create NAME" makes a key with all scopes/,
    );
  });

  test.each([
    ['the simulator', 404, '{"error":"there is nothing at this path"}'],
    ['a page for browsers', 200, '<html></html>'],
    ['another API', 200, '{"data":[]}'],
    ['a proxy that sends elsewhere', 301, '{"code":"moved"}'],
  ])('%s where the gateway should be', async (_, status, body) => {
    terminal.onGateway(() => ({ status, headers: {}, body: Buffer.from(body) }));
    expect(await terminal.run('events', 'tail')).toBe(
      `What answers at ${GATEWAY} is no gateway of this program (status ${status} at /v2/events): say with --url where the gateway is`,
    );
  });

  test('a gateway that cannot answer at the start', async () => {
    terminal.onGateway(() => ({ status: 502, headers: {}, body: Buffer.from('<html>') }));
    expect(await terminal.run('events', 'tail')).toBe(
      `The gateway at ${GATEWAY} cannot answer just now: status 502`,
    );
  });

  test('a gateway without the operation', async () => {
    expect(await terminal.run('events', 'tail', '--url', `${GATEWAY}/v2/x`)).toBe(
      `The gateway at ${GATEWAY}/v2/x is too old for this command: upgrade it`,
    );
  });
});
