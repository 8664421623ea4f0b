/**
 * A till that speaks v2, in a world with simulated ports: a call is sent, and the clock moves until it is answered.
 */
import type { Scope } from '../../src/core/api-key.ts';
import { scopesFor } from '../../src/core/api-key.ts';
import { makeApiKey } from '../../src/flows/manage-api-keys.ts';
import type { World } from '../support/world.ts';
import { undocumented } from './document.ts';

export type V2Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly raw: string;
};

export type V2Call = {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Of the call; each POST gets a new one without it, none when null. */
  readonly idempotencyKey?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
};

export type V2Client = {
  readonly secret: string;
  /** Sends a call; the answer may still be pending. */
  send(call: V2Call): Promise<V2Reply>;
  /** Sends a call and moves the clock until it is answered, at most for two minutes. */
  ask(call: V2Call): Promise<V2Reply>;
  get(path: string): Promise<V2Reply>;
  post(path: string, body?: unknown, idempotencyKey?: string | null): Promise<V2Reply>;
};

let calls = 0;
const WAIT_MS_MAX = 120_000;
const STEP_MS = 100;

/** A client with a key of its own: an operator's, with all scopes, unless it is told otherwise. */
export async function v2Client(
  world: World,
  {
    merchantId = null,
    scopes = scopesFor(merchantId),
  }: { scopes?: readonly Scope[]; merchantId?: number | null } = {},
): Promise<V2Client> {
  const { secret } = await makeApiKey(world.deps, { name: 'test', merchantId, scopes });
  return clientWith(world, secret);
}

export function clientWith(world: Pick<World, 'app' | 'clock'>, secret: string): V2Client {
  return clientOf(world, { authorization: `Bearer ${secret}` }, secret);
}

/** A client that sends these headers with each call. */
export function clientOf(
  world: Pick<World, 'app' | 'clock'>,
  own: Readonly<Record<string, string>>,
  secret = '',
): V2Client {
  const send = async ({
    method,
    path,
    body,
    idempotencyKey,
    headers,
  }: V2Call): Promise<V2Reply> => {
    const verb = method ?? (body === undefined ? 'GET' : 'POST');
    const isPost = verb === 'POST';
    calls += 1;
    const key = idempotencyKey === undefined ? `call-${calls}` : idempotencyKey;
    const reply = await world.app.inject({
      method: verb,
      url: path,
      headers: {
        ...own,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(isPost && key !== null ? { 'idempotency-key': key } : {}),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const type = String(reply.headers['content-type']);
    const isJson = type.includes('json');
    const answered = isJson ? (JSON.parse(reply.body) as Record<string, unknown>) : {};
    const faults = undocumented(verb, path, {
      status: reply.statusCode,
      type,
      body: isJson ? answered : reply.body,
    });
    if (faults.length > 0) throw new Error(`${path}: ${faults.join('; ')}`);
    return {
      status: reply.statusCode,
      headers: reply.headers,
      body: answered,
      raw: reply.body,
    };
  };
  const ask: V2Client['ask'] = async (call) => {
    const state = { isAnswered: false };
    const asked = send(call).finally(() => (state.isAnswered = true));
    for (let waitedMs = 0; !state.isAnswered && waitedMs < WAIT_MS_MAX; waitedMs += STEP_MS) {
      await world.clock.advance(waitedMs === 0 ? 0 : STEP_MS);
    }
    if (!state.isAnswered) throw new Error(`${call.path} gave no answer`);
    return asked;
  };
  return {
    secret,
    send,
    ask,
    get: (path) => ask({ path }),
    post: (path, body, idempotencyKey) =>
      ask({
        method: 'POST',
        path,
        body,
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      }),
  };
}

/** The id of the merchant that a world begins with. */
export async function firstMerchant({ db }: Pick<World, 'db'>): Promise<string> {
  const { cpi_no: cpiNo } = await db
    .selectFrom('merchant')
    .select('cpi_no')
    .orderBy('merchant_id')
    .executeTakeFirstOrThrow();
  return `mch_${cpiNo}`;
}

/** Adds a second merchant, which a key of the first may see nothing of. */
export async function addOtherMerchant({
  db,
  send,
}: Pick<World, 'db' | 'send'>): Promise<{ readonly id: string; readonly merchantId: number }> {
  const shop = { storeDogNo: 'DL0002', cpiPid: '2088212612254111', cpiAppid: '2016022901171807' };
  await send('/f2f/company/add', shop);
  const { merchant_id: merchantId, cpi_no: cpiNo } = await db
    .selectFrom('merchant')
    .select(['merchant_id', 'cpi_no'])
    .where('shop_no', '=', shop.storeDogNo)
    .executeTakeFirstOrThrow();
  return { id: `mch_${cpiNo}`, merchantId };
}

/** A payment by payment code as a till begins it, but for `changes`: it is paid at once. */
export function aPayment(merchant: string, changes: object = {}) {
  return {
    merchant,
    method: 'barcode',
    auth_code: '280851932108279999',
    amount: 8800,
    merchant_reference: 'A-1',
    subject: 'Tea',
    ...changes,
  };
}
