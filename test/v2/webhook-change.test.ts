/** Changes of a webhook endpoint: made of what was read, if the caller says what that was. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
import { aPayment, firstMerchant, v2Client, type V2Client, type V2Reply } from './client.ts';

let world: World;
let operator: V2Client;
let path: string;
let made: V2Reply;
beforeEach(async () => {
  world = await createWorld();
  operator = await v2Client(world);
  made = await operator.post('/v2/webhook_endpoints', { url: 'https://pms.example/hook' });
  path = `/v2/webhook_endpoints/${String(made.body['id'])}`;
});
afterEach(() => world.close());

const etagOf = ({ headers }: V2Reply): string => String(headers['etag']);
const change = (body: object, ifMatch?: string) =>
  operator.ask({
    method: 'PATCH',
    path,
    body,
    headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
  });

test('of what somebody else changed since is refused', async () => {
  const etag = etagOf(made);
  expect(etagOf(await operator.get(path))).toBe(etag);
  const first = await change({ types: ['payment.paid'] }, etag);
  expect([first.status, first.body['types']]).toEqual([200, ['payment.paid']]);
  const late = await change({ enabled: false }, etag);
  expect([late.status, late.body['code']]).toEqual([412, 'precondition_failed']);
  expect((await operator.get(path)).body).toMatchObject({ state: 'enabled' });
  const next = await change({ enabled: false }, etagOf(first));
  expect(next.body).toMatchObject({ state: 'disabled', types: ['payment.paid'] });
  // Whoever names nothing changes it as it is.
  expect((await change({ enabled: true })).status).toBe(200);
});

test('of two at once that read the same, one is made', async () => {
  const all = await Promise.all(
    ['a', 'b', 'c'].map((description) => change({ description }, etagOf(made))),
  );
  expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(all.filter(({ status }) => status === 412)).toHaveLength(2);
});

test('is not in the way of what the worker notes: an attempt that failed, or a new secret', async () => {
  await operator.post('/v2/payments', aPayment(await firstMerchant(world)));
  await world.clock.advance(60_000);
  expect((await operator.get(path)).body['failing_since']).not.toBeNull();
  const rotated = await operator.post(`${path}/rotate_secret`);
  expect(etagOf(rotated)).toBe(etagOf(made));
  expect((await change({ description: 'Front desk' }, etagOf(made))).status).toBe(200);
});
