/**
 * A world that takes requests and what happens beside them, in any order: it keeps what answers told, so that later requests can
 * be about it, has callers of every kind, and holds each answer against what must be so, whatever was asked.
 */
import * as fc from 'fast-check';
import { SCOPES } from '../../../src/core/api-key.ts';
import { createWorld, type World } from '../../support/world.ts';
import { aPayment, clientOf, clientWith, v2Client } from '../client.ts';
import type { V2Call, V2Client, V2Reply } from '../client.ts';
import { operationAt, type Operation } from '../document.ts';
import { cookieOf, PASSWORD } from '../people.ts';
import { ACTS, happen, type Act } from './acts.ts';
import { createMemory, objectsIn, type Json, type Memory } from './memory.ts';
import { callOf, requestsOf, type Request, type Sender } from './requests.ts';

/** Whoever sends requests, and what he may see and do. */
export type Caller = {
  readonly name: string;
  readonly client: V2Client;
  /** The one merchant; null for all. */
  readonly merchant: string | null;
  readonly scopes: readonly unknown[];
};

/** A call that had its effect, under a key. */
type Done = {
  readonly caller: Caller;
  readonly call: V2Call;
  readonly reply: V2Reply;
  readonly atMs: number;
};

export type FuzzWorld = {
  readonly world: World;
  readonly operator: Caller;
  readonly nobody: Caller;
  readonly memory: Memory;
  /** Those of a kind, the latest first. */
  readonly callers: Record<Sender['kind'], Caller[]>;
  /** Of things that are a merchant's, by their ids. */
  readonly owners: Map<string, string>;
  /** The latest first. */
  readonly done: Done[];
  /** What was sent, answered and happened, for people. */
  readonly story: string[];
  /** Operations that succeeded, and codes of problems. */
  readonly seen: Set<string>;
};

/** A call of before, sent again. */
type Again = { readonly again: number };
export type Step = Request | Act | Again;

/** A sequence that is mostly about these operations. */
export function stepsOf(operations: readonly Operation[]): fc.Arbitrary<readonly Step[]> {
  const step = fc.oneof<fc.MaybeWeightedArbitrary<Step>[]>(
    { weight: 14, arbitrary: requestsOf(operations) },
    { weight: 3, arbitrary: ACTS },
    { weight: 1, arbitrary: fc.record({ again: fc.nat({ max: 5 }) }) },
  );
  const part = fc.array(step, { maxLength: PART_LENGTH, size: 'max' });
  // Several parts are seldom all short, and are made short one by one when something is found.
  return fc.tuple(part, part, part).map((parts) => parts.flat());
}

const PART_LENGTH = 40;
const DAY_MS = 86_400_000;
/** Answers are kept for seven days. */
const KEPT_MS = 6 * DAY_MS;

export async function createFuzzWorld(seen: Set<string>): Promise<FuzzWorld> {
  // Else the first certificate request loads it, for a time that the clock here knows nothing of.
  await import('node-forge');
  const world = await createWorld();
  const client = await v2Client(world);
  const operator: Caller = { name: 'operator', client, merchant: null, scopes: SCOPES };
  const nobody: Caller = {
    name: 'nobody',
    client: clientOf(world, {}),
    merchant: null,
    scopes: [],
  };
  const fuzz: FuzzWorld = {
    world,
    operator,
    nobody,
    memory: createMemory(world.clock),
    callers: { operator: [operator], key: [], person: [], nobody: [nobody] },
    owners: new Map(),
    done: [],
    story: [],
    seen,
  };
  await setStage(fuzz);
  // What is the same each time nobody needs to read.
  fuzz.story.length = 0;
  return fuzz;
}

/** Two merchants with a key each, two people, and one of most things. */
async function setStage(fuzz: FuzzWorld): Promise<void> {
  const { operator, memory } = fuzz;
  const ask = (path: string, body: object) => send(fuzz, operator, post(path, body));
  await send(fuzz, operator, { method: 'GET', path: '/v2/merchants' });
  const [first = ''] = memory.all('merchant.id');
  const shop = { shop_no: 'B', seller_id: '2088212612254112', app_id: '2016022901171808' };
  await ask('/v2/merchants', shop);
  const [second = ''] = memory.all('merchant.id');
  const scopes = ['read', 'charge', 'refund'];
  await ask('/v2/api_keys', { name: 'A', merchant: first, scopes });
  await ask('/v2/api_keys', { name: 'B', merchant: second, scopes: [...scopes, 'manage'] });
  await invite(fuzz, { name: 'clerk', role: 'clerk', merchant: first });
  await invite(fuzz, { name: 'boss', role: 'administrator' });
  await ask('/v2/webhook_endpoints', { url: 'http://127.0.0.1:9000/hook', merchant: first });
  await ask('/v2/dongles', { number: '0F58C1D2A94B4E7F8C3D6A1B2E9F7C05' });
  await ask('/v2/payments', aPayment(second, { auth_code: '280851932108271111' }));
  await ask('/v2/payments', aPayment(first));
  const code = { method: 'qr', auth_code: undefined, merchant_reference: 'A-2' };
  await ask('/v2/payments', aPayment(first, code));
  const [, paid = ''] = memory.all('payment.id');
  await ask(`/v2/payments/${paid}/refunds`, { amount: 1 });
  await take(fuzz, { act: 'a person must look', place: 1 });
  await take(fuzz, { act: 'time passes', ms: 1000 });
  const [endpoint = ''] = memory.all('webhook_endpoint.id');
  for (const list of ['events', 'incidents', `webhook_deliveries?endpoint=${endpoint}`]) {
    await send(fuzz, operator, { method: 'GET', path: `/v2/${list}` });
  }
}

function post(path: string, body: object): V2Call {
  const key = { 'idempotency-key': JSON.stringify(body) };
  const headers = path.startsWith('/v2/payments') ? key : {};
  return { method: 'POST', path, body, headers, idempotencyKey: null };
}

/** Somebody who is invited, and comes. */
async function invite(fuzz: FuzzWorld, user: object): Promise<void> {
  const { operator, nobody, memory } = fuzz;
  await send(fuzz, operator, post('/v2/users', user));
  const [token] = memory.all('token');
  await send(fuzz, nobody, post('/v2/session/link', { token, password: PASSWORD }));
}

export async function take(fuzz: FuzzWorld, step: Step): Promise<void> {
  const { world, memory, callers, operator, done, story } = fuzz;
  if ('act' in step) {
    story.push(JSON.stringify(step));
    await happen(world, memory, step);
  } else if ('again' in step) {
    const before = atPlace(done, step.again);
    if (before !== undefined) await repeat(fuzz, before);
  } else {
    const { kind, place } = step.sender;
    if (kind === 'person' && callers.person.length === 0) {
      await invite(fuzz, { name: `boss-${story.length}`, role: 'administrator' });
    }
    const caller = atPlace(callers[kind], place) ?? operator;
    await send(fuzz, caller, callOf(step, memory.tell), step.isTwice);
  }
  requireNoFault(world);
}

function atPlace<T>(list: readonly T[], place: number): T | undefined {
  return list[place % list.length];
}

/** Sends it, once or twice at the same time, and learns what the answers tell. */
export async function send(
  fuzz: FuzzWorld,
  caller: Caller,
  call: V2Call,
  isTwice = false,
): Promise<V2Reply> {
  const { world, story } = fuzz;
  const { method = '', path, headers, body } = call;
  const parts = [caller.name, method, path, JSON.stringify(headers), JSON.stringify(body)];
  story.push(`${parts.join(' ').slice(0, 600)}${isTwice ? ' (twice)' : ''}`);
  const sent = Promise.all((isTwice ? [call, call] : [call]).map(caller.client.send));
  // Compressing takes real time, and none of the clock here.
  const [reply, other] = await (path.startsWith('/v2/payments/export')
    ? sent
    : answered(world, sent));
  if (reply === undefined) throw new Error('never empty');
  hear(fuzz, caller, call, reply);
  if (other === undefined) return reply;
  hear(fuzz, caller, call, other);
  if (keyOf(call) !== undefined && isSuccess(reply) && isSuccess(other)) requireSame(reply, other);
  return reply;
}

/** The answer, once the clock has moved as far as it takes. */
export async function answered<T>({ clock }: World, sent: Promise<T>): Promise<T> {
  const state = { isAnswered: false };
  const asked = sent.finally(() => (state.isAnswered = true));
  for (let stepMs = 0; !state.isAnswered; stepMs = Math.max(100, Math.ceil(stepMs * 1.2))) {
    if (stepMs > DAY_MS) throw new Error('there is no answer');
    await clock.advance(stepMs);
  }
  return asked;
}

async function repeat(fuzz: FuzzWorld, { caller, call, reply, atMs }: Done): Promise<void> {
  if (fuzz.world.clock.nowMs() > atMs + KEPT_MS) return;
  const again = await send(fuzz, caller, call);
  // Whoever sent it may have lost the right to.
  if ([401, 403].includes(again.status)) return;
  requireSame(reply, again);
  if (again.headers['idempotent-replayed'] !== 'true') throw new Error('it was done again');
}

function requireSame(first: V2Reply, second: V2Reply): void {
  const isSame = first.status === second.status && first.raw === second.raw;
  if (!isSame) throw new Error(`one key has two answers: ${first.raw} and ${second.raw}`);
}

export function isSuccess({ status }: V2Reply): boolean {
  return status < 300;
}

function keyOf({ headers }: V2Call): string | undefined {
  return headers?.['idempotency-key'];
}

/** Learns what an answer tells, once it is sound. */
function hear(fuzz: FuzzWorld, caller: Caller, call: V2Call, reply: V2Reply): void {
  const { world, memory, story, seen, done } = fuzz;
  story.push(`  ${reply.status} ${reply.raw.slice(0, 400)}`);
  const operation = operationAt(call.method ?? 'GET', call.path);
  // A path that was spoilt.
  if (operation === undefined) return;
  const { operationId } = operation;
  seen.add(isSuccess(reply) ? operationId : String(reply.body['code']));
  requireSound(fuzz, caller, call, reply);
  if (reply.status === 401) giveUp(fuzz, caller, call);
  if (!isSuccess(reply)) return;
  memory.learn(operationId, reply);
  learnCaller(fuzz, reply);
  if (operationId === 'createCertificateRequest') issueCertificates(fuzz, call, reply);
  if (keyOf(call) === undefined) return;
  memory.keep('idempotency-key', keyOf(call));
  done.unshift({ caller, call, reply, atMs: world.clock.nowMs() });
}

const SCOPE = /^Scope: `(?<scope>\w+)`/;
const OWNED = /\b(?:pay|re|mch|evt|whe|whd|key|inc)_[\w.~-]+/g;

/** What holds for every answer; that it is documented, the client has seen. */
function requireSound(fuzz: FuzzWorld, caller: Caller, call: V2Call, reply: V2Reply): void {
  const { status, body, raw } = reply;
  if (status >= 500 && body['code'] !== 'alipay_silent') throw new Error('a fault of ours');
  if (!isSuccess(reply)) return;
  learnOwners(fuzz, body);
  // The token of a link stands for itself, whoever brings it.
  if (call.path.includes('token=')) return;
  const { description = '' } = operationAt(call.method ?? 'GET', call.path) ?? {};
  const { scope } = SCOPE.exec(description)?.groups ?? {};
  if (scope !== undefined && !caller.scopes.includes(scope)) {
    throw new Error(`${caller.name} lacks the scope ${scope}`);
  }
  const own = caller.merchant;
  if (own === null) return;
  // A stream says where to go on: a place in everybody's feed.
  for (const [id] of raw.replaceAll(/^id: .*$/gm, '').matchAll(OWNED)) {
    const owner: string = id.startsWith('mch_') ? id : (fuzz.owners.get(id) ?? own);
    if (owner !== own) throw new Error(`${caller.name} is told of ${id} of ${owner}`);
  }
}

/** What has a merchant is that merchant's for ever, but for people. */
function learnOwners({ owners }: FuzzWorld, body: V2Reply['body']): void {
  for (const { id, object, merchant, payment } of objectsIn(body)) {
    const owner: string | undefined =
      typeof merchant === 'string' ? merchant : owners.get(String(payment));
    if (typeof id !== 'string' || object === 'user' || owner === undefined) continue;
    const before = owners.get(id) ?? owner;
    if (before !== owner) throw new Error(`${id} was of ${before}, and is of ${owner}`);
    owners.set(id, owner);
  }
}

/** Who got a key or a session calls from now on. */
function learnCaller({ world, callers }: FuzzWorld, reply: V2Reply): void {
  const { body } = reply;
  if (body['object'] === 'api_key' && typeof body['secret'] === 'string') {
    callers.key.unshift(
      callerOf(`key ${String(body['name'])}`, clientWith(world, body['secret']), body),
    );
  }
  if (body['object'] === 'session' && reply.headers['set-cookie'] !== undefined) {
    const headers = {
      cookie: `f2f_session=${cookieOf(reply)}`,
      'x-csrf-token': String(body['csrf_token']),
    };
    const user = body['user'] as Json;
    callers.person.unshift(
      callerOf(`user ${String(user['name'])}`, clientOf(world, headers), user),
    );
  }
}

/** Whose session or key has ended is not asked again. */
function giveUp({ callers }: FuzzWorld, caller: Caller, { headers = {} }: V2Call): void {
  if ('authorization' in headers || 'cookie' in headers) return;
  for (const list of [callers.key, callers.person]) {
    const index = list.indexOf(caller);
    if (index >= 0) list.splice(index, 1);
  }
}

function callerOf(name: string, client: V2Client, { merchant, scopes }: Json): Caller {
  return { name, client, merchant: merchant as string | null, scopes: scopes as unknown[] };
}

/** What Alipay issues for a request: the latest is what counts. */
function issueCertificates({ world, memory }: FuzzWorld, { path }: V2Call, reply: V2Reply): void {
  const [merchant = ''] = /mch_\w+/.exec(path) ?? [];
  const [appId = ''] = memory.all(`${merchant} app`);
  const csr = reply.body['pem'];
  memory.replace('certified', merchant);
  const issued = world.control('POST', `/simulator/apps/${appId}/certificates`, { csr });
  for (const [kind, text] of Object.entries(issued)) memory.replace(kind, text);
}

/** What an alarm may say where Alipay fails, money comes late, or nobody hears webhooks. */
const NO_FAULTS: readonly string[] = [
  'late money goes back by itself',
  'payment needs a human: see f2f incident list',
  'refund needs a human: see f2f incident list',
  'webhook endpoint failed for three days',
  'notification rejected',
];

export function requireNoFault({ alarms }: World): void {
  const fault = alarms.find((alarm) => !NO_FAULTS.includes(alarm));
  if (fault !== undefined) throw new Error(`an alarm: ${fault}`);
}
