/**
 * The published examples of the 1.2.1 document (`v1-examples.json`, a copy of the contract's) against
 * a running gateway. Every documented request is sent in every transport, with living values in
 * place of the printed ones; every documented answer is provoked and compared with the printed one
 * key by key, in order, with types and texts. Only what the contract says differs may differ.
 */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type Gateway } from '../support/gateway-process.ts';
import {
  aCharge,
  addShop,
  aDogNo,
  aName,
  anAppId,
  aPaymentCode,
  call,
  enrol,
  field,
  text,
  type Answer,
  type Parameters,
  type Reply,
  type Terminal,
  type Transport,
} from '../support/v1-client.ts';
import examples from './v1-examples.json' with { type: 'json' };

const TRANSPORTS: readonly Transport[] = ['get', 'form', 'json', 'json with data as text'];
/** A payment code of a buyer who never pays: the documented decline is a cancelled payment. */
const NEVER_PAYS = '0002';

let gateway: Gateway;
let terminal: Terminal;
let shop: { cpiNo: string; storeNo: string; storeDogNo: string };
let paidNo: string;

beforeAll(async () => {
  gateway = await startGateway({ F2F_BARCODE_WAIT_S: '12', F2F_PAYMENT_DEADLINE_S: '2' });
  terminal = await enrol(gateway.url());
  const { data } = await addShop(gateway.url(), terminal.token);
  shop = {
    cpiNo: text(data, 'cpiNo'),
    storeNo: text(data, 'storeNo'),
    storeDogNo: text(data, 'storeDogNo'),
  };
  paidNo = await aPaidTrade('1.00');
});
afterAll(() => gateway.stop());

const ask = (path: string, parameters: Parameters, transport?: Transport): Promise<Reply> =>
  call(gateway.url(), path, parameters, transport);

async function aPaidTrade(totalAmount: string): Promise<string> {
  const { re } = await ask('/f2f/hb_barcode', {
    data: aCharge(shop.cpiNo, { totalAmount }),
    token: terminal.token,
  });
  return text(re, 'out_trade_no');
}

test('the copy is the published file', () => {
  const published = new URL('../../../shared/contract/v1-examples.json', import.meta.url);
  const original: unknown = existsSync(published)
    ? JSON.parse(readFileSync(published, 'utf8'))
    : examples;
  expect(examples.calls).toHaveLength(10);
  expect(JSON.stringify(examples)).toBe(JSON.stringify(original));
});

describe.each(examples.calls)('$path', ({ path, requests, success, declined, failures }) => {
  for (const transport of TRANSPORTS) {
    test.each(requests)(`${transport}: %s`, async (printed) => {
      const [printedPath = '', query = ''] = printed.split('?');
      const parameters = await living(path, query);
      const reply = await ask(livingPath(printedPath), parameters, transport);
      expect(differences(reply, success, path)).toStrictEqual([]);
    });
  }

  test.each(failures.map((failure) => [failure.err, failure] as const))(
    'answers %s',
    async (err, failure) => {
      const provoke = FAILURES[`${path} ${err}`] ?? FAILURES[err];
      if (provoke === undefined) throw new Error(`nothing provokes ${err} of ${path}`);
      expect(differences(await provoke(path), failure, path)).toStrictEqual([]);
    },
  );

  test.each(declined === undefined ? [] : [declined])('is declined', async (printed) => {
    const data = aCharge(shop.cpiNo, { authCode: aPaymentCode(NEVER_PAYS) });
    const reply = await ask(path, { data, token: terminal.token });
    expect(differences(reply, printed, path)).toStrictEqual([]);
  });
});

/** How each documented failure is brought about; by call, or for all calls. */
const FAILURES: Readonly<Record<string, (path: string) => Promise<Reply>>> = {
  DOGNO_LENGTH_IS_ERROR: (path) => ask(path, { dogNo: 'B996377230C16FEF1BA98F127C1A457' }),
  DOGNO_IS_NOT_MATCH_SECRETKEY: (path) =>
    ask(path, { dogNo: terminal.dogNo, secretKey: 'd339a12def4a3c1073ed2aeda92b1c64' }),
  TOKEN_IS_INVALID: async (path) => {
    const printed = examples.calls.find((known) => known.path === path)?.requests[0] ?? '';
    const [printedPath = '', query = ''] = printed.split('?');
    const parameters = await living(path, query);
    return ask(livingPath(printedPath), {
      ...parameters,
      token: '3a898544c65b8fc6f8fe62bbebd5d072',
    });
  },
  DOGNO_ALREADY_EXISTS: (path) =>
    ask(path, {
      data: { storeDogNo: shop.storeDogNo, cpiPid: '2088212612254111', cpiAppid: anAppId() },
      token: terminal.token,
    }),
  RESULT_NOT_EXISTS: (path) =>
    ask(path, { data: { storeDogNo: aName('nobody') }, token: terminal.token }),
  THE_CPINO_ERROR: (path) =>
    ask(path, { data: { cpiNo: 'DL19990101000001' }, token: terminal.token }),
  '/f2f/test/{cpiNo} THE_CPI_ISNT_EXISTS': () =>
    ask('/f2f/test/DL19990101000001', { token: terminal.token }),
  '/f2f/qrcode THE_CPI_ISNT_EXISTS': (path) =>
    ask(path, { data: aCharge('DL19990101000001'), token: terminal.token }),
  QUERY_FAILED: (path) =>
    ask(path, {
      data: { cpiNo: shop.cpiNo, outTradeNo: 'FF16031800000' },
      token: terminal.token,
    }),
  REFUND_FAILED: (path) =>
    ask(path, {
      data: {
        cpiNo: shop.cpiNo,
        outTradeNo: 'FF1603290000028',
        refundAmount: '0.01',
        outRequestNo: aName('refund'),
      },
      token: terminal.token,
    }),
};

/** The printed path with the number of a shop that exists. */
function livingPath(printedPath: string): string {
  return printedPath.replace(/DL\d{14}$/, shop.cpiNo);
}

/** The printed parameters with living values in the places of the printed ones. */
async function living(path: string, query: string): Promise<Parameters> {
  const printed = new URLSearchParams(query);
  if (path === '/auth/secret') return { dogNo: aDogNo() };
  if (path === '/auth/token') return { dogNo: terminal.dogNo, secretKey: terminal.secretKey };
  if (!printed.has('data')) return { token: terminal.token };
  const data: Record<string, unknown> = JSON.parse(printed.get('data') ?? '');
  const values: Record<string, unknown> = {
    cpiNo: data['cpiNo'] === 'DL0001' ? shop.storeDogNo : shop.cpiNo,
    storeNo: shop.storeNo,
    storeDogNo: path === '/f2f/company/add' ? aName('shop') : shop.storeDogNo,
    localNo: aName('order'),
    authCode: aPaymentCode(),
    outTradeNo: paidNo,
    outRequestNo: aName('refund'),
  };
  // Refunds of one trade are carried out one after the other: each example gets a trade of its own.
  if (path === '/f2f/refund') values['outTradeNo'] = await aPaidTrade('0.01');
  const substituted = Object.entries(data).map(([name, value]) => [name, values[name] ?? value]);
  return { data: Object.fromEntries(substituted), token: terminal.token };
}

/** Fields that the document shows and that Alipay no longer sends, or not with a failure. */
const RETIRED = ['open_id', 'refund_detail_item_list'];
const ONLY_IN_OLD_FAILURES =
  /^((buyer_pay|invoice|point|receipt)_amount|(refund|send_back)_fee|buyer_(logon|user)_id)$/;

/** What a value must look like, beyond its type, where the contract says so. */
const FORMATS: Readonly<Record<string, RegExp>> = {
  secretKey: /^[0-9a-f]{32}$/,
  token: /^[0-9a-f]{32}$/,
  endTime: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
  storeNo: /^\d{3,4}$/,
  cpiNo: /^DL\d{14}$/,
  cpiPubKey: /^MII[A-Za-z0-9+/]+=*$/,
  cpiAlipubKey: /^MII[A-Za-z0-9+/]+=*$/,
  cpiType: /^f2f$/,
  cpiPriKey: /^如果需要请联系工作人员!$/,
  code: /^(10000|40004)$/,
  out_trade_no: /^FF\d{11,13}$/,
  qr_code: /^https?:\/\/\S+$/,
  gmt_payment: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
  send_pay_date: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
  gmt_refund_pay: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
  buyer_logon_id: /\*/,
  total_amount: /^\d+\.\d\d$/,
  trade_status: /^TRADE_SUCCESS$/,
  fund_change: /^Y$/,
};
/** Texts that stand in an answer exactly as printed. */
const EXACT = ['code', 'msg', 'sub_code', 'sub_msg', 'cpiType', 'cpiPriKey', 'fund_change'];

/** Where `reply` differs from the `printed` answer of this call: one sentence for each place. */
function differences(reply: Reply, printed: object | undefined, path: string): string[] {
  const answer: Answer = JSON.parse(reply.raw);
  const isAlipays = /\/(hb_barcode|query|refund)$/.test(path) && !path.includes('company');
  const compare = isAlipays ? alipayDifferences : ownDifferences;
  return [
    ...unequal('HTTP status', reply.httpStatus, 200),
    ...unequal('content type', reply.contentType, 'application/json;charset=utf-8'),
    ...unequal('first bytes', reply.raw.slice(0, 9), '{"data":{'),
    ...unequal('keys', Object.keys(answer), Object.keys(printed ?? {})),
    ...['err', 'msg', 'statusNo', 'reErr'].flatMap((name) =>
      unequal(name, field(answer, name), field(printed, name)),
    ),
    ...unequal('version', answer.version, '1.2.1'),
    ...compare('data', answer.data, field(printed, 'data')),
    ...(typeof answer.re === 'object'
      ? compare('re', answer.re, field(printed, 're'))
      : unequal('re', answer.re, field(printed, 're'))),
  ];
}

/** An object of ours: the same keys in the same order. */
function ownDifferences(place: string, actual: unknown, printed: unknown): string[] {
  return [
    ...unequal(`keys of ${place}`, Object.keys(actual ?? {}), Object.keys(printed ?? {})),
    ...Object.entries(printed ?? {}).flatMap(([name, value]) =>
      valueDifferences(name, field(actual, name), value),
    ),
  ];
}

/** An object of Alipay's: its own order, fields may be new, and those that retired may be absent. */
function alipayDifferences(place: string, actual: unknown, printed: unknown): string[] {
  const isFailure = field(printed, 'code') === '40004';
  const isEmpty = (value: unknown): boolean => Object.keys(value ?? {}).length === 0;
  return [
    ...unequal(`emptiness of ${place}`, isEmpty(actual), isEmpty(printed)),
    ...Object.entries(printed ?? {}).flatMap(([name, value]) => {
      const found = field(actual, name);
      const mayBeAbsent = RETIRED.includes(name) || (isFailure && ONLY_IN_OLD_FAILURES.test(name));
      return found === undefined && mayBeAbsent ? [] : valueDifferences(name, found, value);
    }),
  ];
}

function valueDifferences(name: string, actual: unknown, printed: unknown): string[] {
  if (Array.isArray(printed)) return alipayDifferences(name, field(actual, '0'), printed[0]);
  if (typeof printed === 'object') return ownDifferences(name, actual, printed);
  if (EXACT.includes(name)) return unequal(name, actual, printed);
  const isWellFormed = typeof actual === 'number' || (FORMATS[name] ?? /./).test(String(actual));
  return [
    ...unequal(`type of ${name}`, typeof actual, typeof printed),
    ...(isWellFormed ? [] : [`${name} is malformed: ${JSON.stringify(actual)}`]),
  ];
}

function unequal(place: string, actual: unknown, expected: unknown): string[] {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  return found === wanted ? [] : [`${place}: ${found} instead of ${wanted}`];
}

test('running numbers run, and times are of Shanghai', async () => {
  const first = await ask('/auth/secret', { dogNo: aDogNo() });
  const second = await ask('/auth/secret', { dogNo: aDogNo() });
  expect(Number(second.data['skId']) - Number(first.data['skId'])).toBe(1);

  const issued = await ask('/auth/token', {
    dogNo: terminal.dogNo,
    secretKey: terminal.secretKey,
  });
  const endsAtMs = Date.parse(`${text(issued.data, 'endTime').replace(' ', 'T')}+08:00`);
  expect(Math.abs(endsAtMs - Date.now() - 7_200_000)).toBeLessThan(60_000);

  const added = await addShop(gateway.url(), terminal.token);
  const createdAtMs = Number(added.data['createTime']);
  expect(Math.abs(createdAtMs - Date.now())).toBeLessThan(60_000);
  const found = await ask('/f2f/company/query', {
    data: { cpiNo: added.cpiNo },
    token: terminal.token,
  });
  const createTime = new Date(createdAtMs + 8 * 3_600_000).toISOString();
  expect(found.data).toStrictEqual({
    ...added.data,
    createTime: createTime.slice(0, 19).replace('T', ' '),
  });
  expect(added.cpiNo.slice(2, 10)).toBe(createTime.slice(0, 10).replaceAll('-', ''));
});

test('an update changes what is given, makes new keys on demand, and leaves the rest', async () => {
  const { cpiNo, data: before } = await addShop(gateway.url(), terminal.token);
  const update = (data: object): Promise<Reply> =>
    ask('/f2f/company/update', { data: { cpiNo, ...data }, token: terminal.token });

  const same = Object.values((await update({ cpiPid: '2088000000000001' })).data)[0];
  expect(same).toMatchObject({
    cpiPid: '2088000000000001',
    cpiAppid: before['cpiAppid'],
    cpiPubKey: before['cpiPubKey'],
  });
  const keyed = Object.values((await update({ cpiPriKey: 'true', cpiPubKey: 'true' })).data)[0];
  expect(text(keyed, 'cpiPubKey')).not.toBe(before['cpiPubKey']);
  const half = await update({ cpiPriKey: 'true' });
  expect(half).toMatchObject({ err: 'DATA_IS_INVALID', statusNo: 400, data: {} });
  const heartbeat = await ask(`/f2f/test/${cpiNo}`, { token: terminal.token });
  expect(heartbeat).toMatchObject({ err: 'nothing', data: { code: '10000' } });
});

test("another terminal's token sees the shop as not existing", async () => {
  const stranger = await enrol(gateway.url());
  const { token } = stranger;
  const { cpiNo } = shop;
  const asked = await Promise.all([
    ask('/f2f/company/query', { data: { cpiNo }, token }),
    ask('/f2f/company/update', { data: { cpiNo, cpiAppid: anAppId() }, token }),
    ask(`/f2f/test/${cpiNo}`, { token }),
    ask('/f2f/qrcode', { data: aCharge(cpiNo), token }),
    ask('/f2f/hb_barcode', { data: aCharge(cpiNo), token }),
    ask('/f2f/query', { data: { cpiNo, outTradeNo: paidNo }, token }),
    ask('/f2f/refund', {
      data: { cpiNo, outTradeNo: paidNo, refundAmount: '0.01', outRequestNo: '1' },
      token,
    }),
  ]);
  expect(asked.map(({ err, data }) => [err, data])).toStrictEqual([
    ['RESULT_NOT_EXISTS', {}],
    ['THE_CPINO_ERROR', {}],
    ...Array.from({ length: 5 }, () => ['THE_CPI_ISNT_EXISTS', {}]),
  ]);
});
