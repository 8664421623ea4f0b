/**
 * Text that PostgreSQL does not hold (NUL) or that is no text (half a surrogate pair), wherever a caller may put it: refused
 * as what it is, on both engines alike, and never a fault of ours.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NOTIFICATION_PATH } from '../../src/api/notifications.ts';
import { createWorld, type Envelope, type World } from '../support/world.ts';
import { firstMerchant, v2Client } from '../v2/client.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const get = async (url: string): Promise<Envelope> =>
  (await world.app.inject({ method: 'GET', url })).json<Envelope>();
const NUL_DONGLE = `${'D'.repeat(31)}%00`;

test.each([
  ['secret', `/auth/secret?dogNo=${NUL_DONGLE}`],
  ['token', `/auth/token?dogNo=${NUL_DONGLE}&secretKey=1`],
])('a dongle number with NUL is none: %s', async (_what, url) => {
  expect(await get(url)).toMatchObject({ err: 'DOGNO_LENGTH_IS_ERROR' });
});

test('a key or a token with NUL is a wrong one', async () => {
  const dongle = 'D'.repeat(32);
  expect(await get(`/auth/token?dogNo=${dongle}&secretKey=%00`)).toMatchObject({
    err: 'DOGNO_IS_NOT_MATCH_SECRETKEY',
  });
  expect(await get('/f2f/test/DL0001?token=%00')).toMatchObject({ err: 'TOKEN_IS_INVALID' });
});

test('a shop number with NUL in the path is no shop', async () => {
  const dongle = 'D'.repeat(32);
  const { data } = await get(`/auth/secret?dogNo=${dongle}`);
  const secretKey = String(data['secretKey']);
  const issued = await get(`/auth/token?dogNo=${dongle}&secretKey=${secretKey}`);
  const token = String(issued.data['token']);
  expect(await get(`/f2f/test/DL%00?token=${token}`)).toMatchObject({ err: 'THE_CPI_ISNT_EXISTS' });
});

test.each(['\u0000', '\ud800'])('a field with %j is refused by its name', async (odd) => {
  const charge = {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '1.00',
    authCode: '280851932108273550',
    subject: 'Tea',
  };
  for (const field of ['cpiNo', 'localNo', 'subject', 'authCode', 'totalAmount', 'body']) {
    const answer = await world.ask('/f2f/hb_barcode', { ...charge, [field]: `1${odd}` });
    expect(answer.err).toBe('DATA_IS_INVALID');
    expect(answer.msg).toContain(field);
  }
});

test('a notification about a number with NUL is about no payment', async () => {
  const reply = await world.app.inject({
    method: 'POST',
    url: NOTIFICATION_PATH,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'out_trade_no=FF%00&app_id=1',
  });
  expect(reply.body).toBe('fail');
  expect(world.alarms).toStrictEqual(['notification rejected']);
});

test('a number or a cursor of v2 with NUL is none', async () => {
  const operator = await v2Client(world);
  const cursorOf = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');
  const merchant = await firstMerchant(world);
  for (const [method, path, expected] of [
    ['GET', `/v2/dongles?cursor=${cursorOf('\0')}`, 'invalid_request'],
    ['GET', `/v2/refunds?cursor=${cursorOf('1 FF1 \0')}`, 'invalid_request'],
    ['GET', '/v2/payments?number=re_FF1.~00', undefined],
    ['GET', '/v2/refunds/re_FF1.~00', 'refund_not_found'],
    ['POST', `/v2/dongles/${NUL_DONGLE}/reopen`, 'dongle_not_found'],
    ['POST', `/v2/dongles/${NUL_DONGLE}/revoke`, 'dongle_not_found'],
    ['POST', `/v2/dongles/${NUL_DONGLE}/merchants/${merchant}`, 'dongle_not_found'],
    ['DELETE', `/v2/dongles/${NUL_DONGLE}/merchants/${merchant}`, 'dongle_not_found'],
  ] as const) {
    const { body } = await operator.ask({ method, path });
    expect([path, body['code']]).toEqual([path, expected]);
  }
});
