/**
 * The gateway as its operator meets it: starts that are refused with a sentence, enrolment by
 * allow-list, limits, expiring tokens, an Alipay that does not know the app, and the command line
 * beside a running gateway. Each test starts the process with the settings it is about.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  runCommand,
  startGateway,
  startSimulator,
  until,
  type Gateway,
  type Program,
} from '../support/gateway-process.ts';
import { simulatorClient } from '../support/simulator-client.ts';
import {
  aCharge,
  addShop,
  aDogNo,
  anAppId,
  call,
  enrol,
  exchange,
  field,
  text,
  type Reply,
} from '../support/v1-client.ts';

/** Programs of one test, ended whatever its outcome. */
const started: Program[] = [];
const folder = mkdtempSync(join(tmpdir(), 'alipay-f2f-operations-'));
afterAll(async () => {
  await Promise.all(started.map((program) => program.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function aGateway(settings: Record<string, string> = {}): Promise<Gateway> {
  const gateway = await startGateway(settings);
  started.push(gateway);
  return gateway;
}

describe('a start is refused with a sentence', () => {
  test.each([
    [{ F2F_PROT: '1' }, 'F2F_PROT is not a setting of this program; did you mean F2F_PORT?'],
    [{ F2F_BARCODE_WAIT_S: 'soon' }, 'F2F_BARCODE_WAIT_S is "soon"; it must be a whole number'],
    [
      { F2F_DATABASE_URL: 'postgres://127.0.0.1:1/f2f' },
      'The database of F2F_DATABASE_URL cannot be opened',
    ],
    [{ F2F_PUBLIC_URL: 'http://pay.example.com' }, 'F2F_PUBLIC_URL is "http://pay.example.com"'],
  ])('%j', async (settings, sentence) => {
    const { exitCode, stdout, stderr } = await runCommand(['start'], {
      F2F_DATA_DIR: join(folder, 'refused'),
      ...settings,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
  });

  test('against the real Alipay the master key must be there', async () => {
    const { exitCode, stderr } = await runCommand(['start'], {
      F2F_ALIPAY: 'sandbox',
      F2F_PORT: '0',
      F2F_DATA_DIR: join(folder, 'without-key'),
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('F2F_MASTER_KEY_FILE');
  });

  test('a port that is taken', async () => {
    const gateway = await aGateway();
    const { exitCode, stderr } = await runCommand(['start'], {
      F2F_PORT: new URL(gateway.url()).port,
      F2F_SIMULATOR_PORT: '0',
      F2F_DATA_DIR: join(folder, 'second'),
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('F2F_PORT');
  });
});

describe('the process', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it with 0', async (signal) => {
    const gateway = await aGateway();
    expect(await gateway.kill(signal)).toBe(0);
  });

  test('it says that it listens in one line of JSON, and tells its health', async () => {
    const gateway = await aGateway({ F2F_LOG_LEVEL: 'silent' });
    const lines = gateway.output().split('\n');
    const line = lines.find((text) => text.startsWith('{')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({
      event: 'listening',
      gateway: gateway.url(),
      simulator: gateway.simulatorUrl(),
    });
    const paths = ['/healthz', '/readyz', '/metrics'];
    const answers = await Promise.all(paths.map((path) => exchange(gateway.url(), { path })));
    expect(answers.map(({ httpStatus }) => httpStatus)).toStrictEqual([200, 200, 200]);
    expect(answers[2]?.text).toMatch(/^# HELP /m);
  });

  test('it starts without its Alipay, and announces its shops as soon as there is one', async () => {
    const simulator = await startSimulator();
    started.push(simulator);
    const gateway = await aGateway({ F2F_SIMULATOR_URL: simulator.url });
    const { token } = await enrol(gateway.url());
    const { cpiNo } = await addShop(gateway.url(), token);
    const heartbeat = (): Promise<Reply> => call(gateway.url(), `/f2f/test/${cpiNo}`, { token });
    await simulator.kill('SIGKILL');
    await gateway.restart();
    expect((await heartbeat()).err).toBe('ALIPAY_UNREACHABLE');
    await simulator.restart();
    const reply = await until(
      async () => [await heartbeat()].find(({ err }) => err === 'nothing'),
      {
        what: 'the heartbeat',
      },
    );
    expect(reply.data['code']).toBe('10000');
  });
});

describe('enrolment by allow-list', () => {
  let gateway: Gateway;
  const dogNo = aDogNo();
  const secret = (): Promise<Reply> => call(gateway.url(), '/auth/secret', { dogNo });
  const f2f = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await runCommand(args, { F2F_DATA_DIR: gateway.dataDir });
    return exitCode === 0 ? stdout : `${exitCode}: ${stderr}`;
  };
  beforeAll(async () => {
    gateway = await aGateway({ F2F_ENROLMENT: 'allow-list' });
  });

  test('an operator registers, the dongle enrols once, and again after a re-opening', async () => {
    expect(await secret()).toMatchObject({
      err: 'DOGNO_IS_NOT_REGISTERED',
      msg: '该加密狗号未登记,请联系工作人员!',
      statusNo: 400,
      data: {},
    });
    expect(await f2f('dongle', 'register', dogNo)).toContain(dogNo);
    const first = await secret();
    expect(first.err).toBe('nothing');
    expect(await secret()).toMatchObject({
      err: 'SECRET_ALREADY_ISSUED',
      msg: '密钥已发放,如需重置请联系工作人员!',
      statusNo: 400,
      data: {},
    });
    const token = await tokenWith(text(first.data, 'secretKey'));
    expect(await f2f('dongle', 'reopen', dogNo)).toContain(dogNo);
    const second = await secret();
    expect(second.err).toBe('nothing');
    // The old key is superseded, and its token lives on.
    expect((await tokenReply(text(first.data, 'secretKey'))).err).toBe(
      'DOGNO_IS_NOT_MATCH_SECRETKEY',
    );
    expect((await addShop(gateway.url(), token)).cpiNo).toMatch(/^DL/);
    const listed: unknown = JSON.parse(await f2f('dongle', 'list', '--json'));
    expect(listed).toMatchObject([{ dongle: dogNo }]);

    expect(await f2f('dongle', 'revoke', dogNo)).toContain(dogNo);
    const revoked = await call(gateway.url(), '/f2f/company/query', { data: {}, token });
    expect(revoked.err).toBe('TOKEN_IS_INVALID');
    expect((await tokenReply(text(second.data, 'secretKey'))).err).toBe(
      'DOGNO_IS_NOT_MATCH_SECRETKEY',
    );
    expect((await secret()).err).not.toBe('nothing');
  });

  const tokenReply = (secretKey: string): Promise<Reply> =>
    call(gateway.url(), '/auth/token', { dogNo, secretKey });
  const tokenWith = async (secretKey: string): Promise<string> =>
    text((await tokenReply(secretKey)).data, 'token');

  test('a key of the v2 API works from its making to its end', async () => {
    const secret = (await f2f('api-key', 'create', 'desk 1', '--scopes', 'read,charge')).trim();
    expect(secret).toMatch(/^f2f_[0-9a-f]{48}$/);
    const ask = () =>
      fetch(`${gateway.url()}/v2/payments`, { headers: { authorization: `Bearer ${secret}` } });
    expect(await (await ask()).json()).toEqual({ object: 'list', data: [], next_cursor: null });
    const listed = await f2f('api-key', 'list', '--json');
    const [row] = JSON.parse(listed) as { key: string; scopes: string; used: string }[];
    expect(row).toMatchObject({ name: 'desk 1', scopes: 'read,charge', merchant: 'all' });
    expect(row?.used).not.toBe('never');
    expect(listed).not.toContain(secret);
    expect(await f2f('api-key', 'revoke', `key_${row?.key}`)).toContain('revoked');
    expect((await ask()).status).toBe(401);
  });

  test('what cannot be done is said in one sentence', async () => {
    const answers = [
      await f2f('api-key', 'create', 'x', '--scopes', 'all,nothing'),
      await f2f('api-key', 'create', 'x', '--merchant', 'DL19990101000001'),
      await f2f('api-key', 'create', 'x'.repeat(65)),
      await f2f('api-key', 'revoke', '1'),
      await f2f('dongle', 'register', 'short'),
      await f2f('dongle', 'reopen', aDogNo()),
      await f2f('merchant', 'show', 'DL19990101000001'),
      await f2f('payment', 'show', 'FF0000000000000'),
    ];
    expect(answers.filter((answer) => !/^1: [^\n]+\n$/.test(answer))).toStrictEqual([]);
  });
});

test('every command that is listed explains itself, and what is none is refused', async () => {
  const { stdout } = await runCommand(['--help']);
  const names = [...stdout.matchAll(/^ {2}([a-z-]+) .*$/gm)].map(([, name]) => String(name));
  const commands = names.filter((name) => name !== 'help' && name !== '-h');
  expect(commands).toEqual(expect.arrayContaining(['start', 'backup', 'doctor', 'api-key']));
  for (const name of commands) {
    const { exitCode, stdout: told } = await runCommand([name, '--help']);
    expect([name, exitCode, told]).toEqual([
      name,
      0,
      expect.stringContaining(`Usage: f2f ${name} `),
    ]);
  }
  for (const typed of [['nonsense'], ['toString']]) {
    const { exitCode, stderr } = await runCommand(typed);
    expect([exitCode, stderr]).toEqual([1, `error: unknown command '${typed[0]}'\n`]);
  }
}, 90_000);

test('an operator lets another dongle use a shop, and looks at its payments', async () => {
  const gateway = await aGateway();
  const [owner, other] = [await enrol(gateway.url()), await enrol(gateway.url())];
  const { cpiNo } = await addShop(gateway.url(), owner.token);
  const settings = { F2F_DATA_DIR: gateway.dataDir };
  const heartbeat = (): Promise<Reply> =>
    call(gateway.url(), `/f2f/test/${cpiNo}`, { token: other.token });
  expect((await heartbeat()).err).toBe('THE_CPI_ISNT_EXISTS');
  await runCommand(['merchant', 'grant', cpiNo, other.dogNo], settings);
  expect((await heartbeat()).err).toBe('nothing');

  const data = aCharge(cpiNo);
  const charged = await call(gateway.url(), '/f2f/hb_barcode', { data, token: other.token });
  const outTradeNo = text(charged.re, 'out_trade_no');
  const list = await runCommand(['payment', 'list', '--json'], settings);
  const show = await runCommand(['payment', 'show', outTradeNo, '--json'], settings);
  expect(JSON.parse(list.stdout)).toMatchObject([{ no: outTradeNo, state: 'paid' }]);
  expect(JSON.parse(show.stdout)).toMatchObject({ payment: { no: outTradeNo, amount: '0.01' } });
});

test('a token expires after its time', async () => {
  const gateway = await aGateway({ F2F_TOKEN_TTL_S: '1' });
  const { token } = await enrol(gateway.url());
  const query = (): Promise<Reply> =>
    call(gateway.url(), '/f2f/company/query', { data: { storeDogNo: 'x' }, token });
  expect((await query()).err).toBe('RESULT_NOT_EXISTS');
  const expired = await until(async () => [await query()].find(({ err }) => /TOKEN/.test(err)), {
    what: 'the token to expire',
  });
  expect(expired).toMatchObject({ err: 'TOKEN_IS_INVALID', statusNo: 400, httpStatus: 200 });
});

test('the rate limit counts by token, and by address at /auth', async () => {
  const gateway = await aGateway({ F2F_RATE_LIMIT: '100' });
  const limited = {
    err: 'TOO_MANY_REQUESTS',
    statusNo: 429,
    msg: '请求过于频繁,请稍后再试!',
    httpStatus: 200,
    data: {},
  };
  // Two calls each: five are allowed at /auth.
  const [one, two] = [await enrol(gateway.url()), await enrol(gateway.url())];
  const auth = async (): Promise<Reply> => call(gateway.url(), '/auth/secret', { dogNo: aDogNo() });
  expect((await auth()).err).toBe('nothing');
  expect(await auth()).toMatchObject(limited);

  const query = (token: string): Promise<Reply> =>
    call(gateway.url(), '/f2f/company/query', { data: { storeDogNo: 'x' }, token });
  const replies = await Promise.all(Array.from({ length: 110 }, () => query(one.token)));
  expect(replies.filter(({ statusNo }) => statusNo === 429)).toHaveLength(10);
  expect(replies.find(({ statusNo }) => statusNo === 429)).toMatchObject(limited);
  expect((await query(two.token)).err).toBe('RESULT_NOT_EXISTS');
  expect((await exchange(gateway.url(), { path: '/healthz' })).httpStatus).toBe(200);
});

test('an Alipay that does not know the app refuses, and that is told as it is', async () => {
  const simulator = await startSimulator();
  started.push(simulator);
  const masterKeyFile = join(folder, 'master.key');
  writeFileSync(masterKeyFile, randomBytes(32), { mode: 0o600 });
  const gateway = await aGateway({
    F2F_ALIPAY: 'sandbox',
    F2F_ALIPAY_GATEWAY: `${simulator.url}/gateway.do`,
    F2F_ENROLMENT: 'open',
    F2F_MASTER_KEY_FILE: masterKeyFile,
  });
  const { token } = await enrol(gateway.url());
  const stranger = await enrol(gateway.url());
  const { data } = await addShop(gateway.url(), stranger.token);
  const shop = await addShop(gateway.url(), token, {
    cpiAppid: anAppId(),
    cpiAlipubKey: data['cpiPubKey'],
  });
  const ask = (path: string, parameters: object = {}): Promise<Reply> =>
    call(gateway.url(), path, { ...parameters, token });
  const tested = await ask(`/f2f/test/${shop.cpiNo}`);
  const shown = await ask('/f2f/qrcode', { data: aCharge(shop.cpiNo) });
  const charged = await ask('/f2f/hb_barcode', { data: aCharge(shop.cpiNo) });
  const queried = await ask('/f2f/query', { data: { cpiNo: shop.cpiNo, outTradeNo: 'FF1' } });
  expect(tested).toMatchObject({
    err: 'TEST_FAILED',
    msg: '同步心跳信息失败!',
    statusNo: 400,
    data: { sub_code: 'isv.invalid-app-id' },
  });
  expect(shown).toMatchObject({
    err: 'QRCODE_FAILED',
    msg: '预下单失败!',
    statusNo: 400,
    data: { sub_code: 'isv.invalid-app-id' },
  });
  expect(charged).toMatchObject({ err: 'nothing', re: { sub_code: 'isv.invalid-app-id' } });
  expect(queried).toMatchObject({ err: 'QUERY_FAILED', data: { sub_code: 'isv.invalid-app-id' } });
  expect(await simulatorClient(simulator.url).trades()).toStrictEqual([]);
  expect(field(charged.re, 'code')).toMatch(/^4000[1-6]$/);
});
