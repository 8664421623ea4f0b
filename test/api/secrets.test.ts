/**
 * Where secrets may be found: a secret key and a token in the one answer that issues them, the
 * master key in its file, a private key nowhere. A gateway at its most talkative does everything once, goes
 * wrong in every documented way, is restarted, and then all it answered, logged and stored is searched.
 * The simulator runs elsewhere: its own keys are play money.
 */
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  startGateway,
  startSimulator,
  type Gateway,
  type Program,
} from '../support/gateway-process.ts';
import { simulatorClient } from '../support/simulator-client.ts';
import { aCharge, addShop, call, enrol, exchange, text } from '../support/v1-client.ts';

const SIMULATOR_TOKEN = 'a-control-token-of-this-test';

let gateway: Gateway;
let simulatorProgram: Program;
/** Everything the gateway answered after the two calls that issue the secrets. */
const answers: string[] = [];
const secrets = new Map<string, string>([['the control token', SIMULATOR_TOKEN]]);

beforeAll(async () => {
  const program = await startSimulator();
  simulatorProgram = program;
  gateway = await startGateway({
    F2F_SIMULATOR_URL: program.url,
    F2F_SIMULATOR_TOKEN: SIMULATOR_TOKEN,
    F2F_LOG_LEVEL: 'trace',
    F2F_ALIPAY_TIMEOUT_MS: '500',
    F2F_BARCODE_WAIT_S: '1',
  });
  const { dogNo, secretKey, token } = await enrol(gateway.url());
  secrets.set('a secret key', secretKey).set('a token', token);
  const ask = async (path: string, parameters: object, asJson = false): Promise<string> => {
    const reply = await call(gateway.url(), path, { ...parameters }, asJson ? 'json' : 'get');
    answers.push(reply.raw);
    return reply.raw;
  };
  const { cpiNo, data: shop } = await addShop(gateway.url(), token);
  answers.push(JSON.stringify(shop));
  const code = aCharge(cpiNo);
  await ask('/f2f/company/update', {
    data: { cpiNo, cpiPriKey: 'true', cpiPubKey: 'true' },
    token,
  });
  await ask('/f2f/company/add', {
    data: {
      storeDogNo: 'old',
      cpiPid: '2088121307572082',
      cpiAppid: '2016032501241041',
      signType: 'RSA',
    },
    token,
  });
  await ask('/f2f/company/query', { data: { cpiNo }, token });
  await ask(`/f2f/test/${cpiNo}`, { token });
  await ask('/f2f/qrcode', { data: aCharge(cpiNo), token });
  const { re } = await call(gateway.url(), '/f2f/hb_barcode', { data: code, token });
  const outTradeNo = text(re, 'out_trade_no');
  answers.push(JSON.stringify(re));
  await ask('/f2f/query', { data: { cpiNo, outTradeNo }, token });
  await ask('/f2f/refund', {
    data: { cpiNo, outTradeNo, refundAmount: '0.01', outRequestNo: '1' },
    token,
  });
  // Things that go wrong are what gets logged.
  const simulator = simulatorClient(program.url);
  for (const kind of [
    'bad_signature',
    'tampered_body',
    'http_502',
    'empty_body',
    'drop_response',
  ]) {
    await simulator.fault({ kind, times: 1 });
    await ask('/f2f/query', { data: { cpiNo, outTradeNo }, token });
  }
  await ask('/f2f/query', { data: '{', token }, true);
  await ask('/f2f/nothing', { data: {}, token });
  await ask('/f2f/query', { data: {}, token: `${token}0` });
  await ask('/auth/token', { dogNo, secretKey: `${secretKey}0` });
  await ask('/auth/token', { dogNo: `${dogNo}0`, secretKey });
  for (const path of ['/healthz', '/readyz', '/metrics', `/nowhere?token=${token}`]) {
    answers.push((await exchange(gateway.url(), { path })).text);
  }
  await haveSomebodySignIn();
  await gateway.kill('SIGTERM');
  await gateway.restart();
  // The session goes on, and so does whoever is in it.
  await asPerson('GET', '/v2/session');
  await ask('/f2f/query', { data: { cpiNo, outTradeNo }, token });
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  await simulatorProgram.stop();
});

let person: Record<string, string> = {};

/** A call with the cookie of whoever signed in; what the answer has to hold is kept apart from what must hold nothing. */
async function asPerson(method: string, path: string, body?: object): Promise<Response> {
  const headers = { ...person, ...(body && { 'content-type': 'application/json' }) };
  return fetch(`${gateway.url()}${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** The first administrator comes in by the link that the start printed, mistypes, and sets up a second factor. */
async function haveSomebodySignIn(): Promise<void> {
  const token = /\/console\/link#(?<token>[0-9a-f]{64})/.exec(gateway.output())?.groups?.['token'];
  const password = 'tea at the quiet lake';
  secrets.set('a password', password);
  const made = await asPerson('POST', '/v2/session/link', { token, name: 'anna', password });
  const session = (await made.json()) as { csrf_token: string };
  const cookie = /^f2f_session=(?<value>\w+)/.exec(made.headers.get('set-cookie') ?? '');
  secrets.set('a cookie', cookie?.groups?.['value'] ?? '');
  person = { cookie: cookie?.[0] ?? '', 'x-csrf-token': session.csrf_token };
  const totp = (await (await asPerson('POST', '/v2/session/totp')).json()) as { secret: string };
  secrets.set('the secret of a second factor', totp.secret);
  const invited = { name: 'bob', role: 'clerk' };
  const other = (await (await asPerson('POST', '/v2/users', invited)).json()) as {
    link: { url_path: string };
  };
  secrets.set('a one-time link', other.link.url_path.split('#')[1] ?? '');
  for (const [path, body] of [
    ['/v2/session', { name: password, password: `${password}!` }],
    ['/v2/session', { name: 'anna', password, totp: 'x' }],
    ['/v2/session/link', { token: 'x', password }],
  ] as const) {
    answers.push(await (await asPerson('POST', path, body)).text());
  }
  for (const path of ['/v2/users', '/v2/session']) {
    answers.push(await (await asPerson('GET', path)).text());
  }
}

test('the start prints the first administrator’s link while there is nobody, and not afterwards', () => {
  expect(gateway.output().match(/Administrator /g)).toHaveLength(1);
  expect([...secrets.values()].every((secret) => secret.length >= 16)).toBe(true);
  expect(answers.join()).toContain('"name":"anna"');
});

/** The bytes at the beginning of an RSA private key: PKCS#8 and PKCS#1, of 2048 and 1024 bits. */
const PRIVATE_KEY_MARKS: readonly Buffer[] = [
  '020100300d06092a864886f70d010101050004',
  '02010002820101',
  '020100028181',
].map((hex) => Buffer.from(hex, 'hex'));
/** The same beginnings in base64, as PEM and as JWK. */
const PRIVATE_KEY_TEXT = /PRIVATE KEY|MII[A-Za-z0-9+/]{3}IBA[AD]|"d":\s*"/;

/** Which secrets `bytes` holds: as text, as the bytes their hexadecimal stands for, or encoded. */
function secretsIn(bytes: Buffer): string[] {
  const found = [...secrets].flatMap(([name, secret]) => {
    const shapes = [
      Buffer.from(secret),
      Buffer.from(secret.toUpperCase()),
      Buffer.from(Buffer.from(secret).toString('base64').slice(0, -4)),
      ...(/^[0-9a-f]{32}$/.test(secret) ? [Buffer.from(secret, 'hex')] : []),
    ];
    return shapes.some((shape) => bytes.includes(shape)) ? [name] : [];
  });
  const hasKey =
    PRIVATE_KEY_MARKS.some((mark) => bytes.includes(mark)) ||
    PRIVATE_KEY_TEXT.test(bytes.toString('latin1'));
  return hasKey ? [...found, 'a private key'] : found;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('the search finds what it looks for', () => {
  const [, secretKey = ''] = [...secrets].find(([name]) => name === 'a secret key') ?? [];
  expect(secretsIn(Buffer.from(`x${secretKey}x`))).toStrictEqual(['a secret key']);
  expect(secretsIn(Buffer.from(secretKey, 'hex'))).toStrictEqual(['a secret key']);
  expect(secretsIn(Buffer.from('-----BEGIN RSA PRIVATE KEY-----'))).toStrictEqual([
    'a private key',
  ]);
});

test.each(['pkcs8', 'pkcs1'] as const)('the search finds a %s key in every size', (type) => {
  for (const modulusLength of [1024, 2048]) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength });
    const der = privateKey.export({ type, format: 'der' });
    expect(secretsIn(der)).toStrictEqual(['a private key']);
    expect(secretsIn(Buffer.from(der.toString('base64')))).toStrictEqual(['a private key']);
  }
});

test('no answer but the two that issue them holds a secret', () => {
  expect(answers.length).toBeGreaterThan(20);
  expect(answers.flatMap((answer) => secretsIn(Buffer.from(answer)))).toStrictEqual([]);
  expect(answers.join()).toContain('"cpiPriKey":"如果需要请联系工作人员!"');
});

test('no line of the log holds a secret', () => {
  const lines = gateway.output().split('\n');
  expect(lines.length).toBeGreaterThan(10);
  const telling = lines.filter((line) => secretsIn(Buffer.from(line)).length > 0);
  expect(telling).toStrictEqual([]);
});

test('nothing in the data folder holds a secret in clear', () => {
  const files = filesOf(gateway.dataDir);
  const told = files.flatMap((file) => secretsIn(readFileSync(file)).map((name) => [file, name]));
  expect(files.length).toBeGreaterThan(1);
  expect(told).toStrictEqual([]);
});

test('the master key is 32 bytes in a file of its own, and only its owner may read the folder', () => {
  const masterKeyFile = join(gateway.dataDir, 'master.key');
  const masterKey = readFileSync(masterKeyFile);
  expect(statSync(masterKeyFile).mode & 0o077).toBe(0);
  expect(statSync(gateway.dataDir).mode & 0o077).toBe(0);
  expect(masterKey.length).toBeGreaterThanOrEqual(32);
  const shapes = [
    masterKey.subarray(0, 32),
    Buffer.from(masterKey.toString('hex')),
    Buffer.from(masterKey.toString('base64').slice(0, 40)),
  ];
  const others = filesOf(gateway.dataDir).filter((file) => file !== masterKeyFile);
  const holds = (bytes: Buffer): boolean => shapes.some((shape) => bytes.includes(shape));
  expect(others.filter((file) => holds(readFileSync(file)))).toStrictEqual([]);
  expect(holds(Buffer.from(gateway.output()))).toBe(false);
});
