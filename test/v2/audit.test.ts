/**
 * Who did what over v2: in the log before it is done and afterwards with what came of it, whatever goes wrong in between; without
 * secrets; and on payments and refunds. After each test the chain of the log holds.
 */
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMetrics } from '../../src/api/metrics.ts';
import { buildServer } from '../../src/api/server.ts';
import type { Deps } from '../../src/flows/deps.ts';
import type { AuditView } from '../../src/flows/audit-view.ts';
import { makeApiKey } from '../../src/flows/manage-api-keys.ts';
import { verifyAudit } from '../../src/flows/verify-audit.ts';
import { runRaw } from '../../src/store/store.fixtures.ts';
import { createWorld, type World } from '../support/world.ts';
import { operationCalls, setStage, type Stage } from './calls.ts';
import { aPayment, clientWith, v2Client, type V2Client } from './client.ts';
import { OPERATIONS } from './document.ts';
import { PASSWORD, signedIn, signInAgain, visitor } from './people.ts';

let world: World;
let operator: V2Client;
let stage: Stage;
let servers: { close(): Promise<void> }[];
beforeEach(async () => {
  world = await createWorld();
  operator = await v2Client(world);
  stage = await setStage(world, operator);
  servers = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  const { fault } = await verifyAudit(world.db);
  if (fault !== null) throw new Error(`entry ${fault.number}: ${fault.what}`);
  await world.close();
});

const listed = async (query = ''): Promise<readonly AuditView[]> => {
  const { status, body } = await operator.get(`/v2/audit_log${query}`);
  expect(status).toBe(200);
  return body['data'] as readonly AuditView[];
};
const rows = () => world.db.selectFrom('audit_entry').selectAll().orderBy('number').execute();
const refund = (amount: number, key?: string) =>
  operator.post(`/v2/payments/${stage.paymentId}/refunds`, { amount }, key);
const MERCHANT = { shop_no: 'DL0003', seller_id: '2088212612254111', app_id: '2016022901171999' };

/** The operator as a client of another node, which has other ports. */
async function gatewayWith(ports: Partial<Deps>): Promise<V2Client> {
  const metrics = createMetrics(() => Promise.reject(new Error('nobody asks')));
  const app = await buildServer({ deps: { ...world.deps, ...ports }, metrics, rateLimit: 'off' });
  servers.push(app);
  return clientWith({ ...world, app }, operator.secret);
}

/** The key that `operator` calls with. */
const operatorId = async (): Promise<string> => {
  const stored = await world.db.selectFrom('api_key').select(['key_no', 'hint']).execute();
  const own = stored.find(({ hint }) => operator.secret.startsWith(hint.slice(0, -1)));
  return `key_${own?.key_no}`;
};

test('a refund: who, from where, on what, with what, and what came of it', async () => {
  const made = await operator.post(
    `/v2/payments/${stage.paymentId}/refunds?wait=1`,
    { amount: 800, reason: 'One cup too many' },
    'once',
  );
  const [entry] = await listed();
  const id = await operatorId();
  expect(entry).toMatchObject({
    id: `aud_${entry?.number}`,
    actor: { kind: 'api_key', id, name: 'test' },
    address: '127.0.0.1',
    operation: 'createRefund',
    target: stage.paymentId,
    request: {
      params: { id: stage.paymentId },
      query: { wait: 1 },
      body: { amount: 800, reason: 'One cup too many' },
    },
    outcome: { status: 201, code: null, replayed: false },
  });
  const stored = await rows();
  expect(stored.find(({ number }) => number === entry?.number)).toMatchObject({
    kind: 'request',
    outcome: null,
    hash: entry?.hash,
  });
  expect(stored.at(-1)).toMatchObject({ kind: 'outcome', of_number: entry?.number });
  // It is found by what it made, too.
  expect(await listed(`?target=${String(made.body['id'])}`)).toEqual([entry]);
  expect(made.body['created_by']).toEqual({ id, name: 'test' });
});

test('every operation that is no GET is logged by its id, but charges with keys; and of those that read, exports', async () => {
  const person = await signedIn(world);
  for (const { call, operationId, scope } of operationCalls(stage)) {
    const before = (await rows()).length;
    await (scope === 'session' ? person : operator).ask(call);
    const added = (await rows()).slice(before);
    const method = OPERATIONS.find((one) => one.operationId === operationId)?.method;
    const isLogged =
      operationId === 'exportPayments' || (method !== 'GET' && operationId !== 'createPayment');
    expect([operationId, added.map(({ kind, operation }) => `${kind} ${operation}`)]).toEqual([
      operationId,
      isLogged ? [`request ${operationId}`, `outcome ${operationId}`] : [],
    ]);
  }
});

test('a call that is refused by its shape, its key or its scope does nothing, and is not logged', async () => {
  const before = (await rows()).length;
  const path = `/v2/payments/${stage.paymentId}/refunds`;
  await operator.post(path, { amount: 'x' });
  await clientWith(world, 'f2f_wrong').post(path, { amount: 1 });
  await (await v2Client(world, { scopes: ['read'] })).post(path, { amount: 1 });
  expect((await rows()).length).toBe(before);
});

describe('somebody who signs in', () => {
  const newest = async (operation: string) => (await listed(`?operation=${operation}`))[0];

  test('is in the log: who it is when it succeeds, and nobody when it does not', async () => {
    const person = await signedIn(world);
    const { id, name } = person;
    const user = { kind: 'user', id, name };
    expect(await newest('redeemSessionLink')).toMatchObject({
      actor: user,
      target: id,
      request: { body: { token: '***', password: '***' } },
      outcome: { status: 200, code: null },
    });
    await visitor(world).post('/v2/session', { name, password: 'wrong' });
    expect(await newest('createSession')).toMatchObject({
      actor: { kind: 'nobody' },
      request: { body: { name, password: '***' } },
      outcome: { status: 401, code: 'sign_in_failed' },
    });
    await signInAgain(world, name);
    expect(await newest('createSession')).toMatchObject({ actor: user, target: id });
    await person.ask({ method: 'DELETE', path: '/v2/session' });
    expect(await newest('deleteSession')).toMatchObject({ actor: user, outcome: { status: 204 } });
    const text = JSON.stringify(await rows());
    for (const secret of [PASSWORD, 'wrong', person.cookie, person.csrf]) {
      expect(text).not.toContain(secret);
    }
  });

  test('has his charges logged, as those of keys are not, and is on what he asks for', async () => {
    const person = await signedIn(world);
    const by = { id: person.id, name: person.name };
    const sold = aPayment(stage.merchant, {
      merchant_reference: 'C-1',
      auth_code: '280851932108276666',
    });
    const made = await person.post('/v2/payments', sold);
    expect(made.body['created_by']).toEqual(by);
    const { auth_code: _secret, ...shown } = sold;
    expect(await newest('createPayment')).toMatchObject({
      actor: { kind: 'user', ...by },
      target: made.body['id'],
      request: { body: { ...shown, auth_code: '***' } },
    });
    const back = await person.post(`/v2/payments/${String(made.body['id'])}/refunds`, {
      amount: 1,
    });
    expect(back.body['created_by']).toEqual(by);
    expect((await listed(`?actor=${person.id}`)).map(({ operation }) => operation)).toEqual([
      'createRefund',
      'createPayment',
    ]);
  });
});

describe('what came of it', () => {
  test('a problem, by its code', async () => {
    expect((await refund(8800)).status).toBe(409);
    expect((await listed())[0]?.outcome).toMatchObject({
      status: 409,
      code: 'refund_exceeds_payment',
    });
  });

  test('a fault of ours: the entry is there all the same', async () => {
    const client = await gatewayWith({
      makeKeyPair: () => Promise.reject(new Error('no more entropy')),
    });
    expect((await client.post('/v2/merchants', MERCHANT)).body['code']).toBe('internal_error');
    expect((await listed())[0]).toMatchObject({
      operation: 'createMerchant',
      request: { body: MERCHANT },
      outcome: { status: 500, code: 'internal_error' },
    });
  });

  test('nothing, while it is under way, and if the process dies then', async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    const client = await gatewayWith({ makeKeyPair: () => promise });
    const answer = client.send({ path: '/v2/merchants', body: MERCHANT });
    await world.clock.advance(60_000);
    expect((await listed())[0]).toMatchObject({ operation: 'createMerchant', outcome: null });
    reject(new Error('only now'));
    expect((await answer).status).toBe(500);
    expect((await listed())[0]?.outcome).toMatchObject({ status: 500 });
  });

  test('a repetition is told as one', async () => {
    const first = await refund(5, 'twice');
    const second = await refund(5, 'twice');
    expect(second.body).toEqual(first.body);
    expect((await listed()).slice(0, 2).map(({ outcome }) => outcome?.replayed)).toEqual([
      true,
      false,
    ]);
  });
});

describe('a log that cannot be written', () => {
  const refuse = (kind: string) =>
    runRaw(
      world.db,
      `create trigger full before insert on audit_entry when new.kind = '${kind}'
        begin select raise(abort, 'the disk is full'); end`,
    );

  test('before it is done: it is not done', async () => {
    await refuse('request');
    const answer = await operator.post('/v2/api_keys', { name: 'x', scopes: ['read'] });
    expect([answer.status, answer.body['code']]).toEqual([503, 'database_unavailable']);
    expect(answer.headers['retry-after']).toBe('1');
    const names = await world.db.selectFrom('api_key').select('name').execute();
    expect(names).not.toContainEqual({ name: 'x' });
    expect(world.alarms).toContain('not logged, so not done');
  });

  test('afterwards: what was done is answered, and the log shows no outcome', async () => {
    await refuse('outcome');
    expect((await operator.post('/v2/api_keys', { name: 'x', scopes: ['read'] })).status).toBe(201);
    expect((await listed())[0]).toMatchObject({ operation: 'createApiKey', outcome: null });
    expect(world.alarms).toContain('an outcome is missing in the audit log');
  });
});

test('twenty at once make one chain', async () => {
  const before = (await rows()).length;
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      operator.send({ path: '/v2/api_keys', body: { name: `till ${index}`, scopes: ['read'] } }),
    ),
  );
  const after = await rows();
  expect(after.map(({ number }) => number)).toEqual(after.map((_, index) => index + 1));
  expect(after.length).toBe(before + 40);
  const made = (await listed('?operation=createApiKey&limit=100')).map(({ request, target }) => [
    (request['body'] as { name: string }).name,
    target,
  ]);
  const keys = await world.db.selectFrom('api_key').select(['name', 'key_no']).execute();
  for (const [name, target] of made) {
    expect(keys).toContainEqual({ name, key_no: target?.replace('key_', '') });
  }
});

test('no secret of a request is in the table, whatever it is in', async () => {
  const secret = fc.oneof(
    fc.stringMatching(/^[0-9a-f]{48}$/).map((hex) => `f2f_${hex}`),
    fc.stringMatching(/^(?:2[5-9]|30)[0-9]{14,22}$/),
  );
  const token = fc.stringMatching(/^[A-Za-z0-9]{20,40}$/);
  const secrets: string[] = [];
  await fc.assert(
    fc.asyncProperty(secret, token, async (pasted, hidden) => {
      secrets.push(pasted, hidden);
      const url = `https://u:${hidden}@pms.example/hook?token=${hidden}`;
      await operator.post('/v2/api_keys', { name: `key ${pasted}`, scopes: ['read'] });
      await operator.post('/v2/webhook_endpoints', { url, description: pasted });
      await operator.ask({
        method: 'PATCH',
        path: `/v2/merchants/${stage.merchant}`,
        body: { name: pasted, app_auth_token: hidden },
      });
      await operator.post(`/v2/payments/${stage.paymentId}/refunds`, { amount: 1, reason: pasted });
      await operator.post(`/v2/api_keys/${pasted}/revoke`);
      const wanted = { name: pasted, merchantId: null, scopes: ['read', 'refund'] as const };
      const { secret: own } = await makeApiKey(world.deps, wanted);
      await clientWith(world, own).post(`/v2/payments/${pasted}/cancel`);
      await clientWith(world, own).post(`/v2/payments/${pasted}/refunds`, { amount: 1 });
    }),
    { numRuns: 8 },
  );
  const text = JSON.stringify(await rows());
  expect(text).toContain('createWebhookEndpoint');
  expect(secrets.filter((one) => text.includes(one))).toEqual([]);
  expect(text).not.toContain(operator.secret);
});

describe('the list', () => {
  beforeEach(async () => {
    for (let day = 0; day < 3; day += 1) {
      await refund(1);
      await operator.post('/v2/api_keys', { name: `day ${day}`, scopes: ['read'] });
      await world.clock.advance(86_400_000);
    }
  });

  test('newest first, in pages that neither repeat nor hide an entry', async () => {
    const all = await listed('?limit=100');
    const numbers = all.map(({ number }) => number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    const paged: number[] = [];
    for (let query = '?limit=2'; ;) {
      const { body } = await operator.get(`/v2/audit_log${query}`);
      paged.push(...(body['data'] as AuditView[]).map(({ number }) => number));
      const { next_cursor: cursor } = body as { next_cursor: string | null };
      if (cursor === null) break;
      query = `?limit=2&cursor=${cursor}`;
    }
    expect(paged).toEqual(numbers);
  });

  test('by actor, operation, target and time', async () => {
    const all = await listed('?limit=100');
    const id = await operatorId();
    expect(await listed(`?limit=100&actor=${id}`)).toEqual(all);
    expect(await listed('?actor=key_0000000000000000')).toEqual([]);
    const keys = await listed('?operation=createApiKey');
    expect(keys.map(({ request }) => request['body'])).toEqual(
      [2, 1, 0].map((day) => ({ name: `day ${day}`, scopes: ['read'] })),
    );
    // That of the stage, too.
    expect(await listed(`?target=${stage.paymentId}`)).toHaveLength(4);
    const [, second] = keys;
    const range = `from=${encodeURIComponent(second!.at)}&before=${encodeURIComponent(keys[0]!.at)}`;
    const between = await listed(`?operation=createApiKey&${range}`);
    expect(between).toEqual([second]);
    expect(await listed(`?limit=100&${range}`)).toEqual(
      all.filter(({ at }) => at >= second!.at && at < keys[0]!.at),
    );
  });

  test('with a cursor or a time that is none', async () => {
    for (const [query, field] of [
      ['cursor=x', 'cursor'],
      ['from=yesterday', 'from'],
      ['before=1', 'before'],
    ]) {
      expect((await operator.get(`/v2/audit_log?${query}`)).body).toMatchObject({
        code: 'invalid_request',
        field,
      });
    }
  });
});

describe('who asked for a payment', () => {
  const sale = (merchant: string, number: number) =>
    aPayment(merchant, {
      merchant_reference: `B-${number}`,
      auth_code: `28085193210827${String(8000 + number)}`,
    });

  test('is on it, in its history, and finds it', async () => {
    const { merchant_id: merchantId } = await world.db
      .selectFrom('merchant')
      .select('merchant_id')
      .executeTakeFirstOrThrow();
    const till = await v2Client(world, { merchantId, scopes: ['read', 'charge'] });
    const made = await till.post('/v2/payments', sale(stage.merchant, 1));
    const createdBy = made.body['created_by'] as { id: string; name: string };
    expect(createdBy).toEqual({ id: expect.stringMatching(/^key_[0-9a-f]{16}$/), name: 'test' });
    const events = await runRaw(
      world.db,
      `select detail from payment_event where kind = 'created' and payment_no = '${String(made.body['id']).slice(4)}'`,
    );
    expect(JSON.parse(String(events[0]?.['detail']))).toMatchObject({
      createdBy: createdBy.id,
      createdByName: 'test',
    });
    const find = async (client: V2Client, query: string) =>
      ((await client.get(`/v2/payments?${query}`)).body['data'] as { id: string }[]).map(
        ({ id }) => id,
      );
    expect(await find(operator, `created_by=${createdBy.id}`)).toEqual([made.body['id']]);
    expect(await find(till, `created_by=${createdBy.id}&state=paid`)).toEqual([made.body['id']]);
    expect(await find(till, `created_by=${await operatorId()}`)).toEqual([stage.paymentId]);
    expect(await find(operator, 'created_by=key_0000000000000000')).toEqual([]);
    await world.clock.advance(5000);
    const told = (await operator.get('/v2/events?limit=100')).body['data'] as {
      data: { id: string; created_by: unknown };
    }[];
    expect(told.find(({ data }) => data.id === made.body['id'])?.data.created_by).toEqual(
      createdBy,
    );
  });

  test('is nobody for what came over v1', async () => {
    const charge = {
      cpiNo: 'DL0001',
      localNo: 'v1',
      totalAmount: '1.00',
      authCode: '280851932108277777',
      subject: 'Tea',
    };
    const { re } = await world.ask('/f2f/hb_barcode', charge);
    const paid = await operator.get(`/v2/payments/pay_${String(re['out_trade_no'])}`);
    expect(paid.body['created_by']).toBeNull();
  });
});
