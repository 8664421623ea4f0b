/**
 * `f2f webhook sign` and `verify`: what is signed is what receivers' libraries take, and what does not fit is told why. The
 * library of Standard Webhooks is the witness.
 */
import { Command } from 'commander';
import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { beforeEach, describe, expect, test } from 'vitest';
import document from '../../docs/openapi.json' with { type: 'json' };
import { addWebhookCommands } from '../../src/cli/webhook.ts';
import { EXAMPLE_EVENT } from '../../src/cli/webhook/example-event.ts';
import { judge } from '../../src/cli/webhook/judge.ts';
import { signWebhook } from '../../src/flows/webhook-secrets.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { checkOf } from './document.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(24, 8).toString('base64')}`;
/** The library looks at the real clock. */
const NOW_MS = Date.now();
const NOW_S = Math.floor(NOW_MS / 1000);

let printed: string[];
let inputs: Record<string, string | Uint8Array>;
beforeEach(() => {
  printed = [];
  inputs = {};
});

async function run(...args: string[]): Promise<string> {
  const f2f = new Command().exitOverride();
  addWebhookCommands(f2f, {
    clock: createVirtualClock(NOW_MS),
    print: (line) => void printed.push(line),
    readInput: async (path) => {
      const input = inputs[path];
      if (input === undefined) throw new Error(`${path} is no input of this test`);
      return Buffer.from(input);
    },
  });
  try {
    await f2f.parseAsync(['webhook', ...args], { from: 'user' });
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What `sign --json` gives. */
async function signed(...args: string[]) {
  expect(await run('sign', '--secret', SECRET, '--json', ...args)).toBe('');
  const text = printed.splice(0).join('\n');
  return JSON.parse(text) as { headers: Record<string, string>; body: string };
}

describe('sign', () => {
  test('an example event, which is as the document says', async () => {
    const { headers, body } = await signed();
    expect(new Webhook(SECRET).verify(body, headers)).toEqual(EXAMPLE_EVENT);
    expect(() => new Webhook(OTHER).verify(body, headers)).toThrow('No matching signature');
    expect(headers).toMatchObject({ 'webhook-id': 'evt_1', 'webhook-timestamp': String(NOW_S) });
    expect(checkOf('Event', document.components.schemas.Event)(EXAMPLE_EVENT)).toEqual([]);
  });

  test.each([
    ['compact', '{"id":"evt_7","object":"event"}', 'evt_7'],
    ['with blanks and a line end', '{ "object": "event",\n "id": "evt_8" }\n', 'evt_8'],
    ['without an id', '{"object":"event","type":"test"}', 'evt_1'],
    ['that is no JSON', 'hello', 'evt_1'],
  ])('a body %s, byte for byte', async (_, text, id) => {
    inputs['-'] = text;
    const { headers, body } = await signed('--body', '-');
    expect(body).toBe(text);
    expect(headers['webhook-id']).toBe(id);
    const at = new Date(NOW_S * 1000);
    expect(headers['webhook-signature']).toBe(new Webhook(SECRET).sign(id, at, text));
  });

  test('with an id and a time that are given', async () => {
    const { headers, body } = await signed('--id', 'msg_1', '--timestamp', '1700000000');
    const at = new Date(1_700_000_000_000);
    expect(headers).toEqual({
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'alipay-f2f',
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1700000000',
      'webhook-signature': new Webhook(SECRET).sign('msg_1', at, body),
    });
  });

  test('prints the headers, and a line for curl', async () => {
    inputs["it's.json"] = '{"id":"evt_7"}';
    const args = ['--secret', SECRET, '--url', 'http://127.0.0.1:9/h?a=1&b=2'];
    expect(await run('sign', ...args, '--body', "it's.json")).toBe('');
    const [headers = '', curl = ''] = printed.splice(0).join('\n').split('\n\n');
    expect(headers.split('\n').map((line) => line.split(': ')[0])).toEqual([
      'content-type',
      'user-agent',
      'webhook-id',
      'webhook-timestamp',
      'webhook-signature',
    ]);
    for (const line of headers.split('\n')) expect(curl).toContain(`-H '${line}'`);
    expect(curl).toMatch(/^curl -i 'http:\/\/127.0.0.1:9\/h\?a=1&b=2' \\\n/);
    expect(curl).toContain(String.raw`--data-binary '@it'\''s.json'`);
  });

  test.each([
    [['--secret', 'x'], '--secret must be whsec_ and the base64 of 24 to 64 bytes'],
    [['--secret', SECRET, '--timestamp', '2026-11-23'], '--timestamp must be whole seconds since'],
    [['--secret', SECRET, '--body', 'gzip'], 'The body is not UTF-8'],
  ])('%j is refused', async (args, sentence) => {
    inputs['gzip'] = Buffer.from([0x1f, 0x8b, 0xff]);
    expect(await run('sign', ...args)).toContain(sentence);
    expect(printed).toEqual([]);
  });
});

const BODY = JSON.stringify(EXAMPLE_EVENT);
const HEADERS = signWebhook([SECRET], { id: 'evt_1', body: BODY }, NOW_MS);

/** Verifies the example, but for what is given. */
async function verify(
  body: string | Uint8Array = BODY,
  change: Partial<Record<'secret' | 'id' | 'timestamp' | 'signature', string>> = {},
): Promise<string> {
  inputs['-'] = body;
  const given = {
    secret: SECRET,
    id: HEADERS['webhook-id'],
    timestamp: HEADERS['webhook-timestamp'],
    signature: HEADERS['webhook-signature'],
    ...change,
  };
  return run('verify', ...Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]));
}

describe('verify', () => {
  test('says that a signature fits', async () => {
    expect(await verify()).toBe('');
    expect(printed).toEqual(['The signature fits, and the webhook is 0 s old']);
  });

  test('of several signatures one is enough, as after a new secret', async () => {
    const message = { id: 'evt_1', body: BODY };
    const both = signWebhook([OTHER, SECRET], message, NOW_MS)['webhook-signature'];
    expect(await verify(BODY, { signature: both })).toBe('');
    expect(await verify(BODY, { signature: `v1a,abc ${both}` })).toBe('');
  });

  const RAW = 'Verify the bytes that came in';
  const { type, ...others } = EXAMPLE_EVENT;
  const reordered = JSON.stringify({ type, ...others });

  test.each<[string, string | Uint8Array, RegExp]>([
    ['a line end', `${BODY}\n`, /would fit, but a line end was added/],
    ['a line end of Windows', `${BODY}\r\n`, /would fit, but a line end was added/],
    ['a byte order mark', `\ufeff${BODY}`, /would fit, but a byte order mark/],
    [
      'blanks',
      JSON.stringify(EXAMPLE_EVENT, undefined, 2),
      /would fit, but the body was parsed and/,
    ],
    [
      'escapes',
      BODY.replace('茶', String.raw`\u8336`),
      /would fit, but the body was parsed and written/,
    ],
    ['another order', reordered, /not as the gateway writes it.*parsed and written again/],
    ['blanks and another value', BODY.replace('8800,', '9900, '), /not as the gateway writes it/],
    ['nothing left', '', /The body is empty/],
    ['its end missing', BODY.slice(0, -10), /The body is not JSON/],
    ['another encoding', Buffer.from(BODY, 'latin1').fill(0xe9, 200, 201), /not UTF-8/],
    ['another event', BODY.replace('evt_1', 'evt_2'), /that of evt_2, and webhook-id says evt_1/],
    ['another amount', BODY.replace('8800', '9900'), /Nothing shows .*the secret is another one/],
  ])('tells of a body with %s', async (_, body, sentence) => {
    const told = await verify(body);
    expect(told).toMatch(sentence);
    expect(told.includes(RAW)).toBe(/written again|was added|mark|empty|not JSON/.test(told));
    expect(printed).toEqual([]);
  });

  test.each<[string, Parameters<typeof verify>[1], RegExp]>([
    ['another secret', { secret: OTHER }, /the secret is another one.*f2f listen --print-secret/],
    ['a secret that is none', { secret: 'whsec_x' }, /^--secret must be whsec_/],
    ['milliseconds', { timestamp: `${NOW_MS}` }, /whole seconds.*these are milliseconds$/],
    ['a time that is none', { timestamp: 'today' }, /whole seconds since 1970.*has them$/],
    ['half a signature', { signature: 'abc=' }, /whole header webhook-signature/],
    ['another id', { id: 'evt_2' }, /that of evt_1, and webhook-id says evt_2/],
    ['another time', { timestamp: `${NOW_S - 1}` }, /Nothing shows that id, time or body/],
  ])('tells of %s', async (_, change, sentence) => {
    expect((await verify(BODY, change)).split('\n')[0]).toMatch(sentence);
  });

  test('says what the signature would be, for whoever writes the code that makes it', async () => {
    const told = await verify(`${BODY}\n`);
    const own = signWebhook([SECRET], { id: 'evt_1', body: `${BODY}\n` }, NOW_MS);
    expect(told.split('\n')[1]).toBe(
      `With this secret, id, time and body the signature is ${own['webhook-signature']}`,
    );
  });

  test.each([
    [-300, ''],
    [-301, /301 s old: receivers refuse what is more than 300 s away/],
    [300, ''],
    [301, /301 s ahead of this host's clock/],
  ])('of what was sent %i s from now', async (fromNowS, told) => {
    const message = { id: 'evt_1', body: BODY };
    const sent = signWebhook([SECRET], message, (NOW_S + fromNowS) * 1000);
    const answer = await verify(BODY, {
      timestamp: sent['webhook-timestamp'],
      signature: sent['webhook-signature'],
    });
    expect(answer).toMatch(told);
    expect(answer === '').toBe(told === '');
  });

  test('fits whatever the library signed, and nothing else', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(text, text, fc.boolean(), (body, other, isSame) => {
        const at = new Date(NOW_S * 1000);
        const signature = new Webhook(SECRET).sign('evt_1', at, body);
        const received = isSame ? body : other;
        const verdict = judge(
          {
            secret: SECRET,
            id: 'evt_1',
            timestamp: String(NOW_S),
            signature,
            body: Buffer.from(received),
          },
          NOW_MS,
        );
        expect(verdict.fits).toBe(received === body);
      }),
    );
  });
});
