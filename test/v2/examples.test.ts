/**
 * The examples of the OpenAPI document, sent in the order in which somebody would who tries the gateway: each is answered with
 * the answer that the document shows, field for field, but for what is different in every gateway. That is told by its
 * looks (`VARIES`), and one thing of the document stands for one thing of the gateway throughout.
 */
import { TOTP } from 'otpauth';
import { expect, test } from 'vitest';
import { SCOPES } from '../../src/core/api-key.ts';
import { CERTIFICATES } from '../../src/api/v2/merchant-samples.ts';
import { CODE, LINK_TOKEN } from '../../src/api/v2/user-samples.ts';
import { makeApiKey } from '../../src/flows/manage-api-keys.ts';
import { seeConcern } from '../../src/store/incidents.ts';
import { listPayments } from '../../src/store/payments.ts';
import { createWorld, type World } from '../support/world.ts';
import { clientOf, clientWith, type V2Call, type V2Client, type V2Reply } from './client.ts';
import { checkOf, OPERATIONS, type Operation } from './document.ts';

/** Every example there is: what was sent before, the later ones speak of. */
const STORY = [
  'getGateway simulated',
  'createMerchant shop',
  'testMerchant test',
  'getMerchant look',
  'listMerchants first',
  'listMerchants shop',
  'changeMerchant name',
  'createWebhookEndpoint desk',
  'testWebhookEndpoint test',
  'getWebhookEndpoint look',
  'listWebhookEndpoints all',
  'createPayment barcode',
  'getPayment wait',
  'checkPayment now',
  'listPayments paid',
  'streamPayment paid',
  'listEvents paid',
  'getEvent look',
  'streamEvents paid',
  'getPaymentTimeline paid',
  'listWebhookDeliveries delivered',
  'getWebhookDelivery look',
  'redeliverWebhook again',
  'createPayment qr',
  'createPayment confirming',
  'cancelPayment cancel',
  'createPayment declined',
  'createRefund part',
  'getRefund look',
  'listRefunds all',
  'searchRefunds succeeded',
  'listIncidents open',
  'getIncident look',
  'resolveIncident done',
  'listAuditLog refunds',
  'getPaymentTotals noon',
  'exportPayments paid',
  'getStatistics hour',
  'redeliverWebhooks day',
  'rotateWebhookSecret rotate',
  'changeWebhookEndpoint disable',
  'deleteWebhookEndpoint gone',
  'createApiKey till',
  'getApiKey look',
  'listApiKeys all',
  'revokeApiKey revoke',
  'createDongle register',
  'listDongles all',
  'addDongleMerchant grant',
  'removeDongleMerchant withdraw',
  'reopenDongle lost',
  'revokeDongle stolen',
  'suspendMerchant suspend',
  'resumeMerchant resume',
  'createNextKey make',
  'testNextKey test',
  'activateNextKey activate',
  'deleteNextKey drop',
  'createCertificateRequest request',
  'putCertificates install',
  'createUser clerk',
  'getUser look',
  'listUsers all',
  'changeUser role',
  'redeemSessionLink invited',
  'createSession password',
  'getSession look',
  'createSessionTotp make',
  'confirmSessionTotp code',
  'deleteSessionTotp off',
  'changeSessionPassword change',
  'createUserLink reset',
  'suspendUser suspend',
  'resumeUser resume',
  'resetUserTotp reset',
] as const;

/** What differs from gateway to gateway, by its looks. Of `names` each stands for one and the same throughout. */
const VARIES: readonly { readonly looks: RegExp; readonly names?: true }[] = [
  { looks: /^mch_DL\d+$/, names: true },
  { looks: /^pay_FF\d{13}$/, names: true },
  { looks: /^re_FF\d{13}\.[0-9a-f]{32}$/, names: true },
  { looks: /^evt_\d+$/, names: true },
  { looks: /^inc_\d+$/, names: true },
  { looks: /^\d+\.\d+\.\d+$/ },
  { looks: /^http:\/\/[\w.]+(?::\d+)?\/wallet$/ },
  { looks: /^\d{34}$/, names: true },
  { looks: /^alipay\.[a-z.]+, out_trade_no FF\d{13}$/, names: true },
  { looks: /^alipay\.[a-z.]+，out_trade_no FF\d{13}$/, names: true },
  { looks: /^alipay\.[a-z.]+: paid, code 10000, trace [0-9a-f]{32}, took \d+ ms$/ },
  { looks: /^alipay\.[a-z.]+：已付款，code 10000，trace [0-9a-f]{32}，耗时 \d+ ms$/ },
  { looks: /^Alipay notifies: TRADE_SUCCESS, notify_id \d{34}$/ },
  { looks: /^支付宝通知：TRADE_SUCCESS，notify_id \d{34}$/ },
  { looks: /^paid: a verified answer of Alipay says so \([\d:. -]{23}\)\.$/ },
  { looks: /^paid：支付宝验签通过的应答表明已付款（[\d:. -]{23}）。$/ },
  { looks: /^whe_[0-9a-f]{16}$/, names: true },
  { looks: /^whd_[0-9a-f]{16}_\d+$/, names: true },
  { looks: /^key_[0-9a-f]{16}$/, names: true },
  { looks: /^aud_\d+$/ },
  { looks: /^[0-9a-f]{64}$/ },
  { looks: /^user_[0-9a-f]{16}$/, names: true },
  { looks: /^\/console\/link#[0-9a-f]{64}$/ },
  { looks: /^[\w-]{43}$/ },
  { looks: /^[A-Z2-7]{32}$/, names: true },
  {
    looks:
      /^otpauth:\/\/totp\/alipay-f2f:[\w.]+\?issuer=alipay-f2f&secret=[A-Z2-7]{32}&algorithm=SHA1&digits=6&period=30$/,
  },
  { looks: /^FF\d{13}$/, names: true },
  { looks: /^\d{28}$/, names: true },
  { looks: /^https:\/\/qr\.alipay\.com\/\w{20}$/, names: true },
  { looks: /^\/v2\/payments\/pay_FF\d{13}\/stream\?token=[\w-]{43}$/, names: true },
  { looks: /^\/v2\/payments\/pay_FF\d{13}\/qr_code\.svg\?token=[0-9a-f]{32}$/, names: true },
  { looks: /^\/v2\/payments\/pay_FF\d{13}\/qr_code\.png\?token=[0-9a-f]{32}$/, names: true },
  { looks: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00$/ },
  { looks: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/ },
  { looks: /^MI[A-Za-z0-9+/]+=*$/ },
  { looks: /^-----BEGIN CERTIFICATE REQUEST-----\n[^-]+\n-----END CERTIFICATE REQUEST-----\n$/ },
  { looks: /^[0-9a-f]{32}(?:_[0-9a-f]{32})?$/ },
  { looks: /^http:\/\/[\w.]+(?::\d+)?$/ },
  { looks: /^whsec_[A-Za-z0-9+/]{32}$/ },
  { looks: /^v1,[A-Za-z0-9+/]{43}=$/ },
  { looks: /^\d{10}$/ },
  { looks: /^f2f_[0-9a-f]{48}$/ },
  { looks: /^f2f_[0-9a-f]{8}…$/ },
];
/** Numbers that depend on how long something took, or on all that was done before. */
const NUMBER_VARIES = /\.(?:duration_ms|number)$/;

/** What the names of the document stand for. */
type Names = Map<string, string>;

/** Where an answer differs from the example, and how; learns what names stand for. */
function differences(names: Names, example: unknown, real: unknown, at = ''): readonly string[] {
  const differs = [`${at}: ${JSON.stringify(example)} is ${JSON.stringify(real)}`];
  if (Array.isArray(example) && Array.isArray(real)) {
    if (example.length !== real.length) return differs;
    return example.flatMap((one, index) => differences(names, one, real[index], `${at}.${index}`));
  }
  if (isObject(example) && isObject(real)) {
    const fields = [...new Set([...Object.keys(example), ...Object.keys(real)])];
    return fields.flatMap((name) => differences(names, example[name], real[name], `${at}.${name}`));
  }
  if (typeof example === 'string' && typeof real === 'string') {
    return isSameText(names, example, real) ? [] : differs;
  }
  const mayDiffer = NUMBER_VARIES.test(at) && typeof example === 'number';
  return example === real || (mayDiffer && typeof real === 'number') ? [] : differs;
}

function isSameText(names: Names, example: string, real: string): boolean {
  const inJson = [jsonIn(example), jsonIn(real)];
  if (inJson.every(isObject))
    return differences(names, ...(inJson as [object, object])).length === 0;
  const kind = VARIES.find(({ looks }) => looks.test(example));
  if (kind === undefined && example.includes('\n')) {
    const [lines, others] = [example.split('\n'), real.split('\n')];
    return (
      lines.length === others.length &&
      lines.every((line, index) => isSameText(names, lineIn(line), lineIn(others[index] ?? '')))
    );
  }
  // A line of a table.
  if (kind === undefined && example.includes(',')) {
    const [cells, others] = [example.split(','), real.split(',')];
    return (
      cells.length === others.length &&
      cells.every((cell, index) => isSameText(names, cell, others[index] ?? ''))
    );
  }
  // A sentence may hold a name: the one that stands for it elsewhere.
  if (kind === undefined) return example === real || named(names, example) === real;
  if (!kind.looks.test(real)) return false;
  if (kind.names === undefined) return true;
  const known = names.get(example);
  if (known === undefined && ![...names.values()].includes(real)) names.set(example, real);
  return names.get(example) === real;
}

function named(names: Names, sentence: string): string {
  return [...names].reduce((text, [example, real]) => text.replaceAll(example, real), sentence);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function jsonIn(text: string): unknown {
  return text.startsWith('{') ? JSON.parse(text) : undefined;
}

/** The JSON in a line of a stream. */
const lineIn = (line: string): string => line.replace(/^data: (?=\{)/, '');

/** A part of a request, with what its names stand for. */
function translated<Part>(names: Names, part: Part): Part {
  return JSON.parse(JSON.stringify(part), (_name, value: unknown) =>
    typeof value === 'string' ? (names.get(value) ?? value) : value,
  );
}

/** The request of an example, as the document has it. */
function callOf(operation: Operation, name: string, names: Names): V2Call {
  const { method, path, parameters = [], requestBody } = operation;
  const given = parameters.flatMap((parameter) => {
    const value = parameter.examples?.[name]?.value;
    const text = typeof value === 'number' ? String(value) : value;
    return typeof text === 'string' ? [{ ...parameter, value: translated(names, text) }] : [];
  });
  const of = (place: string) =>
    given.filter((parameter) => parameter.in === place).map((one) => [one.name, one.value]);
  const body = requestBody?.content['application/json']?.examples?.[name]?.value;
  const filled = of('path').reduce(
    (left, [part, value]) => left.replace(`{${part}}`, value!),
    path,
  );
  const query = new URLSearchParams(of('query')).toString();
  return {
    method,
    path: query === '' ? filled : `${filled}?${query}`,
    headers: Object.fromEntries(of('header')),
    idempotencyKey: null,
    ...(body === undefined ? {} : { body: translated(names, body) }),
  };
}

/** Status, media type, shape and examples of the success. */
function successOf({ responses }: Operation) {
  for (const [status, { content = {} }] of Object.entries(responses)) {
    const [media] = Object.entries(content);
    if (!status.startsWith('2') || media === undefined) continue;
    const [type, { schema, examples = {} }] = media;
    return { status: Number(status), type, schema, examples };
  }
  return undefined;
}

const examplesOf = (operation: Operation): readonly string[] =>
  Object.keys(successOf(operation)?.examples ?? {});

test('every operation has examples, each with what its request needs, and all of them are in the story', () => {
  const all = OPERATIONS.flatMap((operation) => {
    const { operationId, parameters = [], requestBody } = operation;
    const names = examplesOf(operation);
    // What answers with nothing has nothing to show.
    const shows = successOf(operation) !== undefined;
    expect([operationId, names.length > 0]).toEqual([operationId, shows]);
    for (const name of names) {
      const missing = parameters.filter(
        ({ required, examples }) => required === true && examples?.[name] === undefined,
      );
      expect([operationId, missing]).toEqual([operationId, []]);
    }
    const ofBody = Object.keys(requestBody?.content['application/json']?.examples ?? {});
    expect([operationId, ofBody]).toEqual([operationId, requestBody === undefined ? [] : names]);
    return names.map((name) => `${operationId} ${name}`);
  });
  expect([...STORY].toSorted()).toEqual(all.toSorted());
});

test('every answer that is shown is what the document says of answers', () => {
  for (const operation of OPERATIONS) {
    const { status, schema = {}, examples = {} } = successOf(operation) ?? {};
    for (const [name, { value }] of Object.entries(examples)) {
      const check = checkOf(`${operation.operationId} ${status}`, schema);
      expect([operation.operationId, name, check(value)]).toEqual([
        operation.operationId,
        name,
        [],
      ]);
    }
  }
});

/** A gateway as it is before its first shop, with the key that the command line made. */
async function firstKey(world: World): Promise<string> {
  await world.db.deleteFrom('merchant').execute();
  await world.db.deleteFrom('token').execute();
  await world.db.deleteFrom('dongle').execute();
  const wanted = { name: 'first try', merchantId: null, scopes: SCOPES };
  const { secret } = await makeApiKey(world.deps, wanted);
  return secret;
}

/** Something that a person must look into, of the first payment. */
async function raiseIncident({ db, clock }: World): Promise<void> {
  const payment = (await listPayments(db, { limit: 100 })).at(-1)!;
  await seeConcern(db, payment, { reason: 'late_payment', requestNo: null }, clock.nowMs());
}

/** What Alipay issues for the request stands for the shortened certificates of the document. */
function learnCertificates(world: World, names: Names, csr: string): void {
  const path = '/simulator/apps/2016022901171807/certificates';
  const issued = world.control('POST', path, { csr });
  names.set(CERTIFICATES.app_certificate, String(issued['appCertificate']));
  names.set(CERTIFICATES.alipay_certificate, String(issued['alipayCertificate']));
  names.set(CERTIFICATES.alipay_root_certificate, String(issued['alipayRootCertificate']));
}

/** A browser that keeps the cookie that it was given last, for what needs somebody who signed in. */
function browserOf(world: World, { headers, body }: V2Reply): V2Client | undefined {
  const cookie = /^f2f_session=\w+/.exec(String(headers['set-cookie']))?.[0];
  const csrf = String(body['csrf_token']);
  return cookie === undefined ? undefined : clientOf(world, { cookie, 'x-csrf-token': csrf });
}

/** What is shown only once stands for what is shown in the document. */
function learnSecrets(world: World, names: Names, { link, secret }: V2Reply['body']): void {
  const path = (link as { url_path?: string } | undefined)?.url_path;
  if (path !== undefined) names.set(LINK_TOKEN, path.split('#')[1] ?? '');
  if (typeof secret !== 'string' || !/^[A-Z2-7]+$/.test(secret)) return;
  names.set(CODE, new TOTP({ secret }).generate({ timestamp: world.clock.nowMs() }));
}

test('every request that is shown is answered as the document shows', async () => {
  const world = await createWorld();
  world.onWebhook(async () => ({
    status: 200,
    headers: { 'content-length': '6' },
    body: Buffer.from('thanks'),
  }));
  const till = clientWith(world, await firstKey(world));
  const names: Names = new Map();
  let csr = '';
  let browser: V2Client | undefined;
  for (const step of STORY) {
    const [operationId = '', name = ''] = step.split(' ');
    const operation = OPERATIONS.find((candidate) => candidate.operationId === operationId)!;
    const success = successOf(operation)!;
    if (operationId === 'listIncidents') await raiseIncident(world);
    if (operationId === 'putCertificates') learnCertificates(world, names, csr);
    const needsSession = JSON.stringify(operation.security) === '[{"session":[]}]';
    const client = needsSession ? browser! : till;
    const answer = await client.ask(callOf(operation, name, names));
    browser = browserOf(world, answer) ?? browser;
    learnSecrets(world, names, answer.body);
    const type = String(answer.headers['content-type']).split(';')[0];
    expect([step, answer.status, type]).toEqual([step, success.status, success.type]);
    const real = type === 'application/json' ? answer.body : answer.raw;
    if (operationId === 'createCertificateRequest') csr = String(answer.body['pem']);
    expect([step, differences(names, success.examples[name]?.value, real)]).toEqual([step, []]);
    // Webhooks are on their way, and a refund keeps its distance from the next.
    await world.clock.advance(5000);
  }
  await world.close();
});

test('an answer that is not the example is told apart', () => {
  const differs = (example: unknown, real: unknown, names: Names = new Map()) =>
    differences(names, example, real).length > 0;
  const [one, other] = ['pay_FF2611230000001', 'pay_FF2611230000002'];
  expect(
    differs(
      { id: one, at: '2026-11-23T12:00:00.000+08:00' },
      { id: other, at: '2027-01-01T01:02:03.004+08:00' },
    ),
  ).toBe(false);
  expect(differs({ a: 1 }, { a: 1, b: null })).toBe(true);
  expect(differs({ a: null }, { a: 'x' })).toBe(true);
  expect(differs([one], [one, one])).toBe(true);
  expect(differs([one, other], [other, other])).toBe(true);
  expect(differs([one, one], [one, other])).toBe(true);
  expect(differs(one, 'FF2611230000001')).toBe(true);
  expect(differs({ body: `{"id":"${one}"}` }, { body: `{"id":"${other}"}` })).toBe(false);
  expect(differs({ body: `{"id":"${one}"}` }, { body: `{"no":"${other}"}` })).toBe(true);
  expect(differs('id: 1\ndata: {"a":1}', 'id: 1\ndata: {"a":2}')).toBe(true);
  expect(differs({ duration_ms: 5 }, { duration_ms: 0 })).toBe(false);
  expect(differs({ count: 5 }, { count: 0 })).toBe(true);
});
