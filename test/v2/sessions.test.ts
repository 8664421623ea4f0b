/**
 * Signing in over v2, as a browser does and as somebody who guesses does: what the cookie is, when a session ends, what a page
 * of another host can make of it, and what wrong passwords cost. Hashing is quick here; the real one is tested beside its port.
 */
import { TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMetrics } from '../../src/api/metrics.ts';
import { buildServer } from '../../src/api/server.ts';
import { makeFirstLink } from '../../src/flows/user-links.ts';
import { createWorld, type World } from '../support/world.ts';
import { clientOf, v2Client, type V2Client, type V2Reply } from './client.ts';
import {
  browser,
  cookieOf,
  invite,
  PASSWORD,
  signedIn,
  signInAgain,
  visitor,
  type Person,
} from './people.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WRONG = 'coffee at the lake';

let world: World;
let operator: V2Client;
beforeEach(async () => {
  world = await createWorld();
  operator = await v2Client(world);
});
afterEach(() => world.close());

const enter = (name: string, password = PASSWORD, more: object = {}): Promise<V2Reply> =>
  visitor(world).post('/v2/session', { name, password, ...more });
const codeOf = (reply: V2Reply): unknown => reply.body['code'] ?? reply.status;
const isIn = async (client: V2Client): Promise<boolean> =>
  (await client.get('/v2/session')).status === 200;
const sessions = () => world.db.selectFrom('user_session').selectAll().execute();

/** Time passes and nobody does anything; no payment is open, so the clock can jump. */
const pass = (ms: number): Promise<void> => world.clock.advance(ms);

describe('a session', () => {
  test('is a cookie that scripts and other sites cannot have, and is stored as a hash', async () => {
    const { name } = await signedIn(world);
    const reply = await enter(name);
    const cookie = cookieOf(reply);
    expect(cookie).toMatch(/^[0-9a-f]{64}$/);
    expect(reply.headers['set-cookie']).toBe(
      `f2f_session=${cookie}; Path=/; HttpOnly; SameSite=Strict`,
    );
    expect(JSON.stringify(await sessions())).not.toContain(cookie);
    expect(reply.body).toMatchObject({
      object: 'session',
      user: { name, role: 'administrator', state: 'active', merchant: null },
      must_change_password: false,
      expires_at: '2026-11-24T00:00:00.000+08:00',
    });
  });

  test.each([
    ['the request came over https to a proxy on this host', {}, 'https'],
    ['the public address is https', { publicUrl: 'https://pay.example' }, 'http'],
  ])('is secure where %s', async (_, settings, proto) => {
    await world.close();
    world = await createWorld(settings);
    const { token } = await invite(world);
    const client = visitor(world, { 'x-forwarded-proto': proto });
    const reply = await client.post('/v2/session/link', { token, password: PASSWORD });
    expect(reply.headers['set-cookie']).toMatch(/; Secure$/);
  });

  test('of before is not taken over: a sign-in makes another, and ends the one that it came with', async () => {
    const person = await signedIn(world);
    const planted = '0'.repeat(64);
    const fixed = await clientOf(world, { cookie: `f2f_session=${planted}` }).post('/v2/session', {
      name: person.name,
      password: PASSWORD,
    });
    expect(cookieOf(fixed)).not.toBe(planted);
    expect(await isIn(clientOf(world, { cookie: `f2f_session=${planted}` }))).toBe(false);
    const again = await person.post('/v2/session', { name: person.name, password: PASSWORD });
    expect(cookieOf(again)).not.toBe(person.cookie);
    expect(await isIn(person)).toBe(false);
    expect(await isIn(browser(world, again))).toBe(true);
  });

  test('ends when nothing was asked for twelve hours, and not before', async () => {
    const person = await signedIn(world);
    await pass(12 * HOUR_MS - 1000);
    expect(await isIn(person)).toBe(true);
    await pass(12 * HOUR_MS - MINUTE_MS);
    expect(await isIn(person)).toBe(true);
    await pass(12 * HOUR_MS + MINUTE_MS);
    expect(await isIn(person)).toBe(false);
  });

  test('ends after seven days, however much is asked', async () => {
    const person = await signedIn(world);
    for (let hours = 0; hours < 7 * 24 - 8; hours += 8) {
      await pass(8 * HOUR_MS);
      expect(await isIn(person)).toBe(true);
    }
    expect((await person.get('/v2/session')).body['expires_at']).toBe(
      '2026-11-30T12:00:00.000+08:00',
    );
    await pass(8 * HOUR_MS);
    expect(await isIn(person)).toBe(false);
  });

  test('ends by signing out, and its cookie is taken away', async () => {
    const person = await signedIn(world);
    const other = await signInAgain(world, person.name);
    const reply = await person.ask({ method: 'DELETE', path: '/v2/session' });
    expect([reply.status, reply.raw]).toEqual([204, '']);
    expect(reply.headers['set-cookie']).toMatch(/^f2f_session=; Max-Age=0; Path=\/;/);
    expect([await isIn(person), await isIn(other)]).toEqual([false, true]);
  });

  test('is none where a key is sent, too: the key decides', async () => {
    const person = await signedIn(world, { role: 'read_only' });
    const both = clientOf(world, {
      authorization: `Bearer ${operator.secret}`,
      cookie: `f2f_session=${person.cookie}`,
    });
    // Without the token beside the cookie, and with the key's scopes.
    expect((await both.post('/v2/users', { name: 'x', role: 'clerk' })).status).toBe(201);
    expect(codeOf(await both.get('/v2/session'))).toBe('authentication_required');
  });
});

describe('a request of somebody who signed in', () => {
  let person: Person;
  beforeEach(async () => {
    person = await signedIn(world);
  });
  const ask = (headers: Record<string, string>, method: 'GET' | 'POST' = 'POST') =>
    clientOf(world, { cookie: `f2f_session=${person.cookie}`, ...headers }).ask(
      method === 'GET'
        ? { path: '/v2/users' }
        : { path: '/v2/users', body: { name: 'forged', role: 'administrator' } },
    );

  test('that changes something needs the token of this session', async () => {
    const { csrf: others } = await signInAgain(world, person.name);
    const headers = [
      {},
      { 'x-csrf-token': '' },
      { 'x-csrf-token': 'x' },
      { 'x-csrf-token': others },
    ];
    for (const one of headers) expect(codeOf(await ask(one))).toBe('csrf_token_invalid');
    expect((await person.get('/v2/users')).raw).not.toContain('forged');
    expect((await ask({ 'x-csrf-token': person.csrf })).status).toBe(201);
  });

  test('that reads needs none', async () => {
    expect((await ask({}, 'GET')).status).toBe(200);
  });

  test.each([
    ['https://evil.example', 403],
    ['http://localhost:80.evil.example', 403],
    ['null', 403],
    ['http://localhost:80', 201],
  ])('from %s: %i', async (origin, status) => {
    const reply = await ask({ 'x-csrf-token': person.csrf, origin });
    expect(reply.status).toBe(status);
  });

  test('may come from the public address, whatever a proxy calls the gateway', async () => {
    await world.close();
    world = await createWorld({ publicUrl: 'https://pay.example' });
    person = await signedIn(world);
    const from = (origin: string) => ask({ 'x-csrf-token': person.csrf, origin });
    expect((await from('https://pay.example')).status).toBe(201);
    expect((await from('https://pay.example.evil.example')).status).toBe(403);
  });

  test('signs in from no page of another host', async () => {
    const headers = { origin: 'https://evil.example' };
    const body = { name: person.name, password: PASSWORD };
    const reply = await visitor(world, headers).post('/v2/session', body);
    expect(codeOf(reply)).toBe('csrf_token_invalid');
    expect(reply.headers['set-cookie']).toBeUndefined();
  });
});

describe('a sign-in', () => {
  test('takes the name as it is typed, and tells nobody what was wrong', async () => {
    const { name } = await signedIn(world, { name: 'Wang.Fang' });
    expect((await enter(' WANG.fang ')).status).toBe(200);
    const { name: invited } = await invite(world);
    const { name: suspended } = await invite(world);
    await world.db
      .updateTable('user_account')
      .set({ state: 'suspended', password_hash: await world.deps.passwords.hash(PASSWORD) })
      .where('name', '=', suspended)
      .execute();
    const replies = [
      await enter(name, WRONG),
      await enter('nobody'),
      await enter(invited),
      await enter(invited, ''),
      await enter(suspended),
    ];
    const told = replies.map(({ body, status }) => ({ ...body, status, request_id: '' }));
    for (const one of told) expect(one).toEqual(told[0]);
    expect(told[0]).toMatchObject({ status: 401, code: 'sign_in_failed' });
  });

  test('hashes as much for a name that nobody has', async () => {
    const { name } = await signedIn(world);
    const hashed: (string | null)[] = [];
    const { verify } = world.deps.passwords;
    const passwords = {
      ...world.deps.passwords,
      verify: (password: string, stored: string | null) => {
        hashed.push(stored);
        return verify(password, stored);
      },
    };
    const app = await buildServer({
      deps: { ...world.deps, passwords },
      metrics: createMetrics(() => Promise.reject(new Error('nobody asks'))),
      rateLimit: 'off',
    });
    const there = visitor({ ...world, app });
    for (const one of [name, 'nobody']) {
      await there.post('/v2/session', { name: one, password: WRONG });
    }
    await app.close();
    expect(hashed).toEqual([expect.stringMatching(/^\$argon2id\$/), null]);
  });

  test('hashes a password anew that was hashed with other numbers', async () => {
    const { name } = await signedIn(world);
    const hashOf = async () =>
      (await world.db.selectFrom('user_account').select('password_hash').execute())[0]
        ?.password_hash;
    const older = (await hashOf())?.replace('t=2', 't=1') ?? '';
    await world.db.updateTable('user_account').set({ password_hash: older }).execute();
    expect((await enter(name)).status).toBe(200);
    expect(await hashOf()).toContain('t=2');
    expect((await enter(name)).status).toBe(200);
  });

  test('says when the password would be refused today, and another one ends that', async () => {
    const { name } = await signedIn(world);
    const common = 'password1234';
    await world.db
      .updateTable('user_account')
      .set({ password_hash: await world.deps.passwords.hash(common) })
      .execute();
    const reply = await enter(name, common);
    expect(reply.body['must_change_password']).toBe(true);
    const client = browser(world, reply);
    expect((await client.get('/v2/session')).body['must_change_password']).toBe(true);
    const body = { password: common, new_password: PASSWORD };
    const changed = await client.post('/v2/session/password', body);
    expect(changed.body['must_change_password']).toBe(false);
  });
});

describe('wrong passwords', () => {
  test('five lock the name, also of nobody, for a minute; a session that runs goes on', async () => {
    const person = await signedIn(world);
    for (const name of [person.name, 'nobody']) {
      for (let times = 0; times < 5; times += 1) {
        expect(codeOf(await enter(name, WRONG))).toBe('sign_in_failed');
      }
      const locked = await enter(name);
      expect([locked.status, codeOf(locked), locked.headers['retry-after']]).toEqual([
        429,
        'sign_in_locked',
        '60',
      ]);
    }
    expect(await isIn(person)).toBe(true);
    const shown = (await person.get(`/v2/users/${person.id}`)).body;
    expect(shown['locked_until']).toBe('2026-11-23T12:01:00.000+08:00');
    // He changes the password all the same, for which the lock of the name does not count.
    const body = { password: PASSWORD, new_password: 'a boat on the quiet lake' };
    expect((await person.post('/v2/session/password', body)).status).toBe(200);
    await pass(MINUTE_MS);
    expect((await enter(person.name, body.new_password)).status).toBe(200);
  });

  test('lock for twice as long the next time; a right one forgives all', async () => {
    const { name } = await signedIn(world);
    for (let times = 0; times < 5; times += 1) await enter(name, WRONG);
    await pass(MINUTE_MS);
    await enter(name, WRONG);
    expect((await enter(name)).headers['retry-after']).toBe('120');
    await pass(2 * MINUTE_MS);
    expect((await enter(name)).status).toBe(200);
    expect(codeOf(await enter(name, WRONG))).toBe('sign_in_failed');
    expect((await enter(name)).status).toBe(200);
  });

  test('forty at once get no further than five', async () => {
    const { name } = await signedIn(world);
    const guesses = Array.from({ length: 40 }, () => enter(name, WRONG));
    const codes = (await Promise.all(guesses)).map(codeOf);
    expect(codes.filter((code) => code === 'sign_in_failed')).toHaveLength(5);
    expect(codes.filter((code) => code === 'sign_in_locked')).toHaveLength(35);
  });

  test('of many names lock the address, and no other', async () => {
    const { name } = await signedIn(world);
    const from = (address: string, one: string, password = PASSWORD) =>
      visitor(world, { 'x-forwarded-for': address }).post('/v2/session', { name: one, password });
    for (let times = 0; times < 30; times += 1) await from('192.0.2.1', `nobody-${times}`);
    expect(codeOf(await from('192.0.2.1', name))).toBe('sign_in_locked');
    expect((await from('192.0.2.2', name)).status).toBe(200);
  });

  test('of a session are counted, so that whoever finds one open cannot guess', async () => {
    const person = await signedIn(world);
    const body = { password: WRONG, new_password: 'a boat on the quiet lake' };
    const tries: unknown[] = [];
    for (let times = 0; times < 6; times += 1) {
      tries.push(codeOf(await person.post('/v2/session/password', body)));
    }
    const field = 'invalid_request';
    expect(tries).toEqual([field, field, field, field, field, 'sign_in_locked']);
  });
});

test('sign-ins are limited by address, sessions each for themselves', async () => {
  const [anna, bob] = [await signedIn(world), await signedIn(world)];
  const app = await buildServer({
    deps: world.deps,
    metrics: createMetrics(() => Promise.reject(new Error('nobody asks'))),
    rateLimit: 40,
  });
  const there = { ...world, app };
  const guess = (cookie: string, address = '203.0.113.1') =>
    clientOf(there, {
      cookie: `f2f_session=${cookie}`,
      'x-forwarded-for': address,
    }).post('/v2/session', {
      name: `nobody-${cookie}`,
      password: WRONG,
    });
  // A twentieth of forty, whatever cookie comes with it.
  const codes = [await guess('a'), await guess('b'), await guess('c')].map(codeOf);
  expect(codes).toEqual(['sign_in_failed', 'sign_in_failed', 'rate_limited']);
  // Of IPv6, a network has one, and not each of its addresses.
  const ofNetwork: unknown[] = [];
  for (const last of [1, 2, 3]) {
    ofNetwork.push(codeOf(await guess(`d${last}`, `2001:db8:1:2::${last}`)));
  }
  expect(ofNetwork).toEqual(codes);
  const as = ({ cookie }: Person) => clientOf(there, { cookie: `f2f_session=${cookie}` });
  for (let times = 0; times < 40; times += 1) expect(await isIn(as(anna))).toBe(true);
  expect(codeOf(await as(anna).get('/v2/session'))).toBe('rate_limited');
  expect(await isIn(as(bob))).toBe(true);
  await app.close();
});

describe('another password', () => {
  test('ends all sessions of the user, and no others; the one that asked gets a new one', async () => {
    const person = await signedIn(world);
    const [elsewhere, stranger] = [await signInAgain(world, person.name), await signedIn(world)];
    const body = { password: PASSWORD, new_password: 'a boat on the quiet lake' };
    const reply = await person.post('/v2/session/password', body);
    const renewed = browser(world, reply);
    expect(renewed.cookie).not.toBe(person.cookie);
    expect(await Promise.all([person, elsewhere, renewed, stranger].map(isIn))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(codeOf(await enter(person.name))).toBe('sign_in_failed');
    expect((await enter(person.name, body.new_password)).status).toBe(200);
  });

  test.each([
    ['short', 'must have at least 12 characters'],
    ['PERSON.OF.TEA', 'must not be the name'],
    ['password1234', 'everybody tries first'],
    [PASSWORD, 'must be another one'],
  ])('%s: %s', async (password, sentence) => {
    const person = await signedIn(world, { name: 'person.of.tea' });
    const body = { password: PASSWORD, new_password: password };
    const reply = await person.post('/v2/session/password', body);
    expect(reply.body).toMatchObject({ code: 'invalid_request', field: 'new_password' });
    expect(reply.body['detail']).toContain(sentence);
    expect(await isIn(person)).toBe(true);
  });
});

describe('a second factor', () => {
  let person: Person;
  let secret: string;
  const code = (away = 0): string =>
    new TOTP({ secret }).generate({ timestamp: world.clock.nowMs() + away * 30_000 });
  beforeEach(async () => {
    person = await signedIn(world);
    secret = String((await person.post('/v2/session/totp', {})).body['secret']);
  });
  const confirm = () => person.post('/v2/session/totp/confirm', { code: code() });

  test('counts once a code of it was shown, and is sealed', async () => {
    expect((await enter(person.name)).status).toBe(200);
    const wrong = await person.post('/v2/session/totp/confirm', { code: code(5) });
    expect(wrong.body).toMatchObject({ code: 'invalid_request', field: 'code' });
    expect((await confirm()).body).toMatchObject({ user: { totp: true } });
    const rows = await world.db.selectFrom('user_account').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(secret);
    await pass(30_000);
    expect(codeOf(await enter(person.name))).toBe('totp_required');
    expect(codeOf(await enter(person.name, WRONG))).toBe('sign_in_failed');
    expect(codeOf(await enter(person.name, WRONG, { totp: code() }))).toBe('sign_in_failed');
    expect((await enter(person.name, PASSWORD, { totp: code() })).status).toBe(200);
  });

  test('a code is good once: not the one that turned it on, and of many at once one', async () => {
    await confirm();
    expect(codeOf(await enter(person.name, PASSWORD, { totp: code() }))).toBe('sign_in_failed');
    await pass(30_000);
    const [totp, before] = [code(), code(-1)];
    const replies = await Promise.all(
      Array.from({ length: 4 }, () => enter(person.name, PASSWORD, { totp })),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    // One that is older than the last that was taken was seen by somebody, too.
    expect(codeOf(await enter(person.name, PASSWORD, { totp: before }))).not.toBe(200);
  });

  test('codes cannot be guessed: what is asked without one does not forgive', async () => {
    await confirm();
    await pass(30_000);
    for (let times = 0; times < 5; times += 1) {
      expect(codeOf(await enter(person.name))).toBe('totp_required');
      expect(codeOf(await enter(person.name, PASSWORD, { totp: code(9) }))).toBe('sign_in_failed');
    }
    expect(codeOf(await enter(person.name, PASSWORD, { totp: code() }))).toBe('sign_in_locked');
  });

  test('is not replaced by whoever finds the page open, and ends with the password', async () => {
    await confirm();
    expect(codeOf(await person.post('/v2/session/totp'))).toBe('totp_already_on');
    const off = (password: string) =>
      person.ask({ method: 'DELETE', path: '/v2/session/totp', body: { password } });
    expect((await off(WRONG)).body).toMatchObject({ code: 'invalid_request', field: 'password' });
    expect((await off(PASSWORD)).body).toMatchObject({ user: { totp: false } });
    expect((await enter(person.name)).status).toBe(200);
  });

  test('is asked for by a link, too, which is not used up by that', async () => {
    await confirm();
    await pass(30_000);
    const made = await operator.post(`/v2/users/${person.id}/link`);
    const token = String(made.body['url_path']).split('#')[1];
    const open = (more: object) =>
      visitor(world).post('/v2/session/link', { token, password: PASSWORD, ...more });
    expect(codeOf(await open({}))).toBe('totp_required');
    expect(codeOf(await open({ totp: code(9) }))).toBe('sign_in_failed');
    expect((await open({ totp: code() })).status).toBe(200);
  });
});

describe('a link', () => {
  const open = (token: string, more: object = {}): Promise<V2Reply> =>
    visitor(world).post('/v2/session/link', { token, password: PASSWORD, ...more });

  test('is good once, of twenty at once for one, and stored as a hash', async () => {
    const { token, name } = await invite(world);
    const rows = await world.db.selectFrom('user_link').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token);
    const passwords = Array.from({ length: 20 }, (_, index) => `${PASSWORD} number ${index}`);
    const replies = await Promise.all(passwords.map((password) => open(token, { password })));
    const winners = passwords.filter((_, index) => replies[index]?.status === 200);
    expect(winners).toHaveLength(1);
    expect(new Set(replies.map(codeOf))).toEqual(new Set([200, 'link_invalid']));
    expect(await sessions()).toHaveLength(1);
    expect((await enter(name, winners[0])).status).toBe(200);
  });

  test('ends after a day', async () => {
    const [{ token }, { token: other }] = [await invite(world), await invite(world)];
    await pass(24 * HOUR_MS - 1);
    expect((await open(token)).status).toBe(200);
    await pass(1);
    expect(codeOf(await open(other))).toBe('link_invalid');
  });

  test('takes no bad password, is for its name alone, and is not used up by a mistake', async () => {
    const { token } = await invite(world, { name: 'wang.fang.tea' });
    const bad = await open(token, { password: 'Wang.Fang.Tea' });
    expect(bad.body).toMatchObject({ code: 'invalid_request', field: 'password' });
    const other = await open(token, { name: 'li.wei' });
    expect(other.body).toMatchObject({ code: 'invalid_request', field: 'name' });
    expect((await open(token, { name: 'WANG.fang.tea' })).status).toBe(200);
  });

  test('of the first administrator is for a gateway that nobody can sign in to', async () => {
    const older = (await makeFirstLink(world.deps))!;
    const first = (await makeFirstLink(world.deps))!;
    expect(codeOf(await open(older.token, { name: 'anna' }))).toBe('link_invalid');
    const nameless = await open(first.token);
    expect(nameless.body).toMatchObject({ code: 'invalid_request', field: 'name' });
    const odd = await open(first.token, { name: 'an na' });
    expect(odd.body).toMatchObject({ code: 'invalid_request', field: 'name' });
    const tries = Array.from({ length: 20 }, (_, i) => open(first.token, { name: `anna-${i}` }));
    const made = (await Promise.all(tries)).filter(({ status }) => status === 200);
    expect(made).toHaveLength(1);
    expect(made[0]?.body).toMatchObject({ user: { role: 'administrator', merchant: null } });
    expect(await world.db.selectFrom('user_account').selectAll().execute()).toHaveLength(1);
    expect(await makeFirstLink(world.deps)).toBeUndefined();
  });

  test('of the first administrator ends when somebody is invited elsewhere', async () => {
    const { token } = (await makeFirstLink(world.deps))!;
    await invite(world);
    expect(codeOf(await open(token, { name: 'anna' }))).toBe('link_invalid');
  });
});
