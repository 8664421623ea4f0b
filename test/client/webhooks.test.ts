/**
 * Who may make a program believe that money came: nobody but the holder of the secret, and only now. The messages are signed by
 * the reference library of Standard Webhooks, so that agreement is evidence; a webhook of the gateway itself is verified in
 * `gateway.test.ts`.
 */
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { verifyWebhook, WebhookError, type WebhookHeaders } from '../../client/client.ts';

const NOW_MS = Date.UTC(2026, 10, 23, 4, 0, 0);
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = `whsec_${Buffer.from('another secret, as good as it').toString('base64')}`;
const EVENT = {
  id: 'evt_7',
  object: 'event',
  type: 'payment.paid',
  merchant: 'mch_1',
  created_at: '2026-11-23T04:00:00Z',
  data: { id: 'pay_1', object: 'payment', subject: '龙井茶 🍵' },
};
const BODY = JSON.stringify(EVENT);

function signed({ secret = SECRET, id = 'evt_7', atMs = NOW_MS, body = BODY } = {}) {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(atMs / 1000),
    'webhook-signature': new Webhook(secret).sign(id, new Date(atMs), body),
  };
}

const verify = (
  headers: WebhookHeaders,
  body: string | Uint8Array = BODY,
  secrets: string | readonly string[] = SECRET,
  toleranceS?: number,
) => verifyWebhook(headers, body, secrets, { nowMs: NOW_MS, toleranceS });

describe('believed is', () => {
  test('what the secret signed, as text or as bytes, with any kind of headers', async () => {
    const headers = signed();
    expect(await verify(headers)).toStrictEqual(EVENT);
    expect(await verify(headers, Buffer.from(BODY))).toStrictEqual(EVENT);
    expect(await verify(new Headers(headers))).toStrictEqual(EVENT);
    expect(await verify({ ...headers, 'content-length': '1', accept: ['a', 'b'] })).toStrictEqual(
      EVENT,
    );
    const shouting = Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]);
    expect(await verify(Object.fromEntries(shouting))).toStrictEqual(EVENT);
  });

  test('what either of two secrets signed, whichever comes first', async () => {
    expect(await verify(signed({ secret: OTHER }), BODY, [SECRET, OTHER])).toStrictEqual(EVENT);
    expect(await verify(signed({ secret: OTHER }), BODY, [OTHER, SECRET])).toStrictEqual(EVENT);
  });

  test('what carries several signatures, of which one is ours', async () => {
    const { 'webhook-signature': signature, ...headers } = signed();
    const { 'webhook-signature': others } = signed({ secret: OTHER });
    const several = { ...headers, 'webhook-signature': `v1a,xyz ${others} ${signature} v2,AAAA` };
    expect(await verify(several)).toStrictEqual(EVENT);
  });

  test('a clock that is off by as much as is allowed', async () => {
    expect(await verify(signed({ atMs: NOW_MS - 300_000 }))).toStrictEqual(EVENT);
    expect(await verify(signed({ atMs: NOW_MS + 300_000 }))).toStrictEqual(EVENT);
    expect(await verify(signed({ atMs: NOW_MS - 900_000 }), BODY, SECRET, 900)).toStrictEqual(
      EVENT,
    );
  });
});

describe('not believed is', () => {
  test.each<[name: string, headers: WebhookHeaders, body: string, message: string]>([
    ['another body', signed(), BODY.replace('paid', 'void'), 'not by any of the secrets'],
    ['a body with a blank more', signed(), `${BODY} `, 'not by any of the secrets'],
    ['another secret’s', signed({ secret: OTHER }), BODY, 'not by any of the secrets'],
    ['another id', { ...signed(), 'webhook-id': 'evt_8' }, BODY, 'not by any of the secrets'],
    [
      'another time',
      { ...signed(), 'webhook-timestamp': String(NOW_MS / 1000 + 1) },
      BODY,
      'not by any of the secrets',
    ],
    [
      'a signature that was cut',
      { ...signed(), 'webhook-signature': signed()['webhook-signature'].slice(0, -8) },
      BODY,
      'not by any of the secrets',
    ],
    [
      'a signature of another version',
      { ...signed(), 'webhook-signature': signed()['webhook-signature'].replace('v1', 'v2') },
      BODY,
      'not by any of the secrets',
    ],
    [
      'no base64',
      { ...signed(), 'webhook-signature': 'v1,***' },
      BODY,
      'not by any of the secrets',
    ],
    [
      'no signature',
      { ...signed(), 'webhook-signature': undefined },
      BODY,
      'webhook-signature is missing',
    ],
    ['no id', { ...signed(), 'webhook-id': '' }, BODY, 'webhook-id is missing'],
    [
      'no time',
      { ...signed(), 'webhook-timestamp': undefined },
      BODY,
      'webhook-timestamp is missing',
    ],
    ['an old one', signed({ atMs: NOW_MS - 301_000 }), BODY, 'more than 300 s away'],
    ['one from the future', signed({ atMs: NOW_MS + 301_000 }), BODY, 'more than 300 s away'],
  ])('%s', async (_name, headers, body, message) => {
    const error = await verify(headers, body).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WebhookError);
    expect(error).toMatchObject({ message: expect.stringContaining(message) });
  });

  test('an old one by the clock of the machine, when no other is given', async () => {
    const headers = signed({ atMs: Date.now() - (Date.now() % 1000) - 400_000 });
    await expect(verifyWebhook(headers, BODY, SECRET)).rejects.toThrow('more than 300 s away');
    const fresh = signed({ atMs: Date.now() - (Date.now() % 1000) });
    expect(await verifyWebhook(fresh, BODY, SECRET)).toStrictEqual(EVENT);
  });

  test('a time that is no number, though it was signed', async () => {
    const signature = new Webhook(SECRET).sign('evt_7', new Date(Number.NaN), BODY);
    const headers = { ...signed(), 'webhook-timestamp': 'NaN', 'webhook-signature': signature };
    await expect(verify(headers)).rejects.toThrow('webhook-timestamp NaN is more than');
  });
});

test('a mistake of the program is told as one', async () => {
  const mistakes: readonly (readonly [unknown, unknown, string])[] = [
    [JSON.parse(BODY), SECRET, 'rawBody: must be the text or the bytes as they came'],
    [BODY, [], 'secrets: at least one must be given'],
    [BODY, 'whsec_', 'secrets: each must be whsec_ and base64'],
    [BODY, ['***'], 'secrets: each must be whsec_ and base64'],
  ];
  for (const [body, secrets, message] of mistakes) {
    const error = await verify(signed(), body as string, secrets as string).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: expect.stringContaining(message) });
  }
});
