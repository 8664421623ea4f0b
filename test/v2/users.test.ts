/**
 * People over v2, as administrators handle them: each operation by each role, what ends somebody's sessions, and that one
 * administrator is always left. How they sign in is in `sessions.test.ts`.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ROLES, scopesOf, type Role } from '../../src/core/user.ts';
import { createWorld, type World } from '../support/world.ts';
import { operationCalls, scopedCalls, setStage } from './calls.ts';
import {
  addOtherMerchant,
  aPayment,
  clientOf,
  firstMerchant,
  v2Client,
  type V2Client,
} from './client.ts';
import {
  browser,
  invite,
  PASSWORD,
  signedIn,
  signInAgain,
  visitor,
  type Person,
} from './people.ts';

let world: World;
let operator: V2Client;
beforeEach(async () => {
  world = await createWorld();
  operator = await v2Client(world);
});
afterEach(() => world.close());

const isIn = async (client: V2Client): Promise<boolean> =>
  (await client.get('/v2/session')).status === 200;
const merchantIds = async (): Promise<number[]> => {
  const rows = await world.db.selectFrom('merchant').select('merchant_id').execute();
  return rows.map(({ merchant_id: id }) => id);
};
const patch = (client: V2Client, id: string, body: object, headers: Record<string, string> = {}) =>
  client.ask({ method: 'PATCH', path: `/v2/users/${id}`, body, headers });
const tokenOf = ({ body }: { readonly body: Readonly<Record<string, unknown>> }): string =>
  String((body['link'] as { url_path: string } | undefined)?.url_path ?? body['url_path']).split(
    '#',
  )[1] ?? '';

describe('each role', () => {
  test.each(ROLES)('%s may do what the table says, and nothing else', async (role) => {
    const stage = await setStage(world, operator);
    const person = await signedIn(world, { role });
    const mine = scopesOf({ role, merchantId: null });
    for (const { call, scope, operationId } of scopedCalls(stage)) {
      // Whoever has events sent somewhere reads them.
      const { status, body } = await person.ask(call);
      const denied = status === 403 ? body['detail'] : undefined;
      const expected = mine.includes(scope) ? undefined : `Your role lacks the scope "${scope}".`;
      expect([operationId, denied]).toEqual([operationId, expected]);
    }
  });

  test('may see and leave the own session', async () => {
    for (const role of ROLES) {
      const person = await signedIn(world, { role });
      const { body } = await person.get('/v2/session');
      expect(body['user']).toMatchObject({ role, scopes: scopesOf({ role, merchantId: null }) });
      expect((await person.ask({ method: 'DELETE', path: '/v2/session' })).status).toBe(204);
    }
  });

  test('suspended may do nothing, from the next request on', async () => {
    const stage = await setStage(world, operator);
    const [person] = [await signedIn(world), await signedIn(world)];
    expect((await operator.post(`/v2/users/${person.id}/suspend`)).status).toBe(200);
    for (const { call, scope } of operationCalls(stage)) {
      if (scope === 'nobody') continue;
      expect((await person.ask(call)).body['code']).toBe('authentication_required');
    }
  });
});

describe('somebody of one merchant', () => {
  let person: Person;
  let other: string;
  beforeEach(async () => {
    const { merchantId } = await addOtherMerchant(world);
    person = await signedIn(world, { merchantId });
    other = await firstMerchant(world);
  });

  test('finds nothing of the others, and administers nobody', async () => {
    const { paymentId, refundId } = await setStage(world, operator);
    const codes = [
      await person.get(`/v2/payments/${paymentId}`),
      await person.get(`/v2/refunds/${refundId}`),
      await person.get(`/v2/merchants/${other}`),
      await person.post('/v2/payments', aPayment(other)),
      await person.get('/v2/users'),
      await person.post('/v2/users', { name: 'x', role: 'read_only' }),
    ].map(({ body }) => body['code']);
    expect(codes).toEqual([
      'payment_not_found',
      'refund_not_found',
      'merchant_not_found',
      'merchant_not_found',
      'permission_denied',
      'permission_denied',
    ]);
    expect((await person.get('/v2/payments')).body['data']).toEqual([]);
  });

  test('is shown with the merchant, and charges for it without naming it', async () => {
    const { user } = (await person.get('/v2/session')).body as { user: Record<string, unknown> };
    expect(user['merchant']).toMatch(/^mch_DL/);
    expect(user['merchant']).not.toBe(other);
    expect(user['scopes']).toEqual(['read', 'charge', 'refund', 'manage']);
    const made = await person.post('/v2/payments', aPayment('', { merchant: undefined }));
    expect(made.body).toMatchObject({ merchant: user['merchant'], state: 'paid' });
  });
});

describe('an invitation', () => {
  test('makes somebody who has no password, and a link to choose one', async () => {
    const wanted = { name: 'Wang.Fang', display_name: '王芳', role: 'clerk' };
    const made = await operator.post('/v2/users', wanted);
    expect([made.status, made.headers['etag']]).toEqual([201, '"1"']);
    expect(made.body).toMatchObject({
      name: 'wang.fang',
      display_name: '王芳',
      role: 'clerk',
      merchant: null,
      state: 'invited',
      last_sign_in_at: null,
      link: { expires_at: '2026-11-24T12:00:00.000+08:00' },
    });
    const token = tokenOf(made);
    const reply = await visitor(world).post('/v2/session/link', { token, password: PASSWORD });
    expect(reply.body['user']).toMatchObject({
      id: made.body['id'],
      state: 'active',
      last_sign_in_at: '2026-11-23T12:00:00.000+08:00',
    });
    const seen = (await operator.get(`/v2/users/${String(made.body['id'])}`)).body;
    expect(seen).toEqual(reply.body['user']);
  });

  test('is for a name that nobody has, in whatever letters', async () => {
    await operator.post('/v2/users', { name: 'anna', role: 'clerk' });
    const again = await operator.post('/v2/users', { name: 'ANNA', role: 'clerk' });
    expect(again.body).toMatchObject({ code: 'user_name_taken', field: 'name' });
    const odd = await operator.post('/v2/users', { name: 'an na', role: 'clerk' });
    expect(odd.body).toMatchObject({ code: 'invalid_request', field: 'name' });
    expect(await world.db.selectFrom('user_account').selectAll().execute()).toHaveLength(1);
  });

  test('survives another role, and ends with a suspension', async () => {
    const { userNo, token } = await invite(world, { role: 'clerk' });
    await patch(operator, `user_${userNo}`, { role: 'finance' });
    const reply = await visitor(world).post('/v2/session/link', { token, password: PASSWORD });
    expect(reply.body['user']).toMatchObject({ role: 'finance' });
    const other = await invite(world, { role: 'clerk' });
    await operator.post(`/v2/users/user_${other.userNo}/suspend`);
    const back = await operator.post(`/v2/users/user_${other.userNo}/resume`);
    expect(back.body['state']).toBe('invited');
    const late = { token: other.token, password: PASSWORD };
    expect((await visitor(world).post('/v2/session/link', late)).body['code']).toBe('link_invalid');
  });
});

test('nobody gives away, by a role or a link, what he lacks', async () => {
  const key = await v2Client(world, { scopes: ['administer', 'read', 'charge'] });
  const boss = await signedIn(world);
  const clerk = await signedIn(world, { role: 'clerk' });
  const made = await key.post('/v2/users', { name: 'x', role: 'read_only' });
  expect(made.status).toBe(201);
  const replies = [
    await key.post('/v2/users', { name: 'y', role: 'administrator' }),
    await patch(key, clerk.id, { role: 'administrator' }),
    await patch(key, boss.id, { display_name: 'x' }),
    await key.post(`/v2/users/${boss.id}/link`),
    await key.post(`/v2/users/${boss.id}/reset_totp`),
    await key.post(`/v2/users/${boss.id}/suspend`),
    await key.post(`/v2/users/${boss.id}/resume`),
  ];
  expect(replies.map(({ body }) => body['code'])).toEqual(
    Array.from({ length: 7 }, () => 'permission_denied'),
  );
  expect((await key.post(`/v2/users/${clerk.id}/link`)).status).toBe(201);
  expect(await isIn(boss)).toBe(true);
});

test('a link ends when its user gets more than before: whoever made it may lack that', async () => {
  const key = await v2Client(world, { scopes: ['administer', 'read', 'charge'] });
  const clerk = await signedIn(world, { role: 'clerk' });
  const open = async (token: string) =>
    (await visitor(world).post('/v2/session/link', { token, password: PASSWORD })).body['code'];
  const token = tokenOf(await key.post(`/v2/users/${clerk.id}/link`));
  await patch(operator, clerk.id, { role: 'administrator' });
  expect(await open(token)).toBe('link_invalid');
  // Less is nothing that anybody lacks.
  const own = tokenOf(await operator.post(`/v2/users/${clerk.id}/link`));
  await patch(operator, clerk.id, { role: 'clerk' });
  expect(await open(own)).toBeUndefined();
});

describe('sessions of somebody end', () => {
  test.each([
    ['another role', (id: string) => patch(operator, id, { role: 'clerk' })],
    [
      'another merchant',
      async (id: string) => patch(operator, id, { merchant: await firstMerchant(world) }),
    ],
    ['a suspension', (id: string) => operator.post(`/v2/users/${id}/suspend`)],
    ['a link', (id: string) => operator.post(`/v2/users/${id}/link`)],
  ])('by %s, all of them, and nobody else’s', async (_, change) => {
    const [person, stranger] = [await signedIn(world), await signedIn(world)];
    const elsewhere = await signInAgain(world, person.name);
    expect((await change(person.id)).status).toBeLessThan(300);
    expect(await Promise.all([person, elsewhere, stranger].map(isIn))).toEqual([
      false,
      false,
      true,
    ]);
    const left = await world.db.selectFrom('user_session').select('user_no').execute();
    expect(left).toEqual([{ user_no: stranger.userNo }]);
  });

  test('and not by another name for others to read', async () => {
    const person = await signedIn(world);
    const reply = await patch(operator, person.id, { display_name: '李伟' });
    expect(reply.body).toMatchObject({ display_name: '李伟', role: 'administrator' });
    expect(await isIn(person)).toBe(true);
  });

  test('whoever signs in while he is suspended is in no more afterwards', async () => {
    const [person] = [await signedIn(world), await signedIn(world)];
    const body = { name: person.name, password: PASSWORD };
    const entering = Array.from({ length: 4 }, () => visitor(world).post('/v2/session', body));
    const suspending = operator.post(`/v2/users/${person.id}/suspend`);
    const replies = await Promise.all(entering);
    expect((await suspending).status).toBe(200);
    for (const reply of replies.filter(({ status }) => status === 200)) {
      expect(await isIn(browser(world, reply))).toBe(false);
    }
    const left = await world.db.selectFrom('user_session').select('user_no').execute();
    expect(left.map(({ user_no: userNo }) => userNo)).not.toContain(person.userNo);
  });
});

test('a suspended user comes back with the password that there was', async () => {
  const [person] = [await signedIn(world), await signedIn(world)];
  const enter = () => visitor(world).post('/v2/session', { name: person.name, password: PASSWORD });
  await operator.post(`/v2/users/${person.id}/suspend`);
  expect((await enter()).body['code']).toBe('sign_in_failed');
  const link = await operator.post(`/v2/users/${person.id}/link`);
  const opened = { token: tokenOf(link), password: PASSWORD };
  expect((await visitor(world).post('/v2/session/link', opened)).body['code']).toBe('link_invalid');
  await operator.post(`/v2/users/${person.id}/resume`);
  expect((await enter()).status).toBe(200);
});

test('a link takes the lock of a name away, and ends the links before it', async () => {
  const person = await signedIn(world);
  const guess = { name: person.name, password: 'coffee at the lake' };
  for (let times = 0; times < 5; times += 1) await visitor(world).post('/v2/session', guess);
  const older = tokenOf(await operator.post(`/v2/users/${person.id}/link`));
  const newer = tokenOf(await operator.post(`/v2/users/${person.id}/link`));
  const open = (token: string) =>
    visitor(world).post('/v2/session/link', { token, password: 'a boat on the quiet lake' });
  expect((await open(older)).body['code']).toBe('link_invalid');
  expect((await open(newer)).status).toBe(200);
  const again = { name: person.name, password: 'a boat on the quiet lake' };
  expect((await visitor(world).post('/v2/session', again)).status).toBe(200);
});

test('a change is refused to whoever read another state', async () => {
  const person = await signedIn(world);
  await signedIn(world);
  const { headers } = await operator.get(`/v2/users/${person.id}`);
  const etag = String(headers['etag']);
  // A sign-in is no change of the user.
  await signInAgain(world, person.name);
  const done = await patch(operator, person.id, { role: 'finance' }, { 'if-match': etag });
  expect(done.status).toBe(200);
  expect(done.headers['etag']).not.toBe(etag);
  const late = await patch(operator, person.id, { role: 'clerk' }, { 'if-match': etag });
  expect(late.body['code']).toBe('precondition_failed');
  expect((await operator.get(`/v2/users/${person.id}`)).body['role']).toBe('finance');
});

describe('the last administrator', () => {
  test('stays, whatever is tried', async () => {
    const person = await signedIn(world);
    // None of these can let anybody in.
    await invite(world);
    await signedIn(world, { merchantId: (await merchantIds())[0] ?? 0 });
    const gone = await signedIn(world);
    await operator.post(`/v2/users/${gone.id}/suspend`);
    const tries = [
      await person.post(`/v2/users/${person.id}/suspend`),
      await patch(person, person.id, { role: 'finance' }),
      await patch(person, person.id, { merchant: await firstMerchant(world) }),
    ];
    for (const { status, body } of tries) {
      expect([status, body['code']]).toEqual([409, 'last_administrator']);
    }
    expect(await isIn(person)).toBe(true);
  });

  test('is left when two demote each other at once', async () => {
    const people = [await signedIn(world), await signedIn(world)];
    const [one, two] = people as [Person, Person];
    const clients = people.map(({ cookie, csrf }) =>
      clientOf(world, { cookie: `f2f_session=${cookie}`, 'x-csrf-token': csrf }),
    );
    await Promise.all([
      clients[0]?.post(`/v2/users/${two.id}/suspend`),
      clients[1]?.post(`/v2/users/${one.id}/suspend`),
    ]);
    const active = await world.db
      .selectFrom('user_account')
      .select('user_no')
      .where('state', '=', 'active')
      .execute();
    expect(active).toHaveLength(1);
  });
});

test('keys are made by a role as by a key: no scope that it lacks', async () => {
  const person = await signedIn(world, { role: 'administrator' satisfies Role });
  const made = await person.post('/v2/api_keys', {
    name: 'till',
    scopes: ['charge', 'administer'],
  });
  expect(made.status).toBe(201);
  const clerk = await signedIn(world, { role: 'clerk' });
  const denied = await clerk.post('/v2/api_keys', { name: 'till', scopes: ['charge'] });
  expect(denied.body['code']).toBe('permission_denied');
});
