/**
 * Malformed input of every kind, sent to a running gateway: whatever reaches the API is answered
 * with the envelope and a sentence that names the field, never with a 5xx or a stack trace. Broken
 * HTTP, lines over 16 KB, bodies over 1 MB and other methods may get a bare 4xx. At the end the
 * process must still be the same one, and healthy.
 */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type Gateway } from '../support/gateway-process.ts';
import {
  aCharge,
  addShop,
  aName,
  call,
  enrol,
  exchange,
  send,
  type RawRequest,
  type Reply,
} from '../support/v1-client.ts';

let gateway: Gateway;
let token: string;
let cpiNo: string;

beforeAll(async () => {
  gateway = await startGateway();
  ({ token } = await enrol(gateway.url()));
  ({ cpiNo } = await addShop(gateway.url(), token));
});
afterAll(async () => {
  await gateway.stop();
});

/** What is wrong with an answer as an answer, whatever it says. */
function complaints(reply: Reply): string[] {
  const keys = Object.keys(JSON.parse(reply.raw)).join();
  return [
    ...(reply.httpStatus === 200 ? [] : [`HTTP status ${reply.httpStatus}`]),
    ...(keys === 'data,err,msg,re,reErr,statusNo,version' ? [] : [`keys ${keys}`]),
    ...(reply.version === '1.2.1' ? [] : [`version ${reply.version}`]),
    ...(reply.msg === '' ? ['no msg'] : []),
    ...(reply.statusNo >= 500 ? [`statusNo ${reply.statusNo}: ${reply.err}`] : []),
    ...stackTraces(reply.raw),
  ];
}

function stackTraces(text: string): string[] {
  const traces = /\bat \S+ \(|node:internal|node_modules|\.[jt]s:\d+|[A-Z]\w+Error:/.exec(text);
  return traces === null ? [] : [`looks like a stack trace: ${traces[0]}`];
}

const DATA_CALLS = [
  '/f2f/company/add',
  '/f2f/company/query',
  '/f2f/company/update',
  '/f2f/qrcode',
  '/f2f/hb_barcode',
  '/f2f/query',
  '/f2f/refund',
];

describe.each(DATA_CALLS)('%s: data', (path) => {
  const deep = 3000;
  test.each<[name: string, data: string | undefined]>([
    ['is missing', undefined],
    ['is empty', ''],
    ['is null', 'null'],
    ['is an array', '[]'],
    ['is a number', '1'],
    ['is a text', '"text"'],
    ['is a boolean', 'true'],
    ['is an empty object', '{}'],
    ['is broken off', '{"cpiNo":"DL'],
    ['is not JSON', "{cpiNo:'1'}"],
    ['is followed by more', '{} {}'],
    ['is a deep array', `${'['.repeat(deep)}${']'.repeat(deep)}`],
    ['is a deep object', `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`],
    ['hides its fields in __proto__', '{"__proto__":{"cpiNo":"1","storeDogNo":"x"}}'],
    ['hides its fields in constructor', '{"constructor":{"prototype":{"cpiNo":"1"}}}'],
    ['begins with a byte order mark', '\ufeff{}'],
  ])('%s', async (_, data) => {
    const reply = await call(gateway.url(), path, { data, token });
    expect(complaints(reply)).toStrictEqual([]);
    expect(reply).toMatchObject({ err: 'DATA_IS_INVALID', statusNo: 400, data: {}, re: {} });
    expect(reply.msg).toMatch(/^参数错误: \S+ ?\S/);
  });

  test.each([null, true, {}, [], ['1'], { a: 1 }, ''])(
    'with %j in every field is refused, and a field is named',
    async (value) => {
      const names = ['cpiNo', 'storeDogNo', 'cpiPid', 'cpiAppid', 'localNo', 'outTradeNo'];
      const data = Object.fromEntries(names.map((name) => [name, value]));
      const reply = await call(gateway.url(), path, { data, token });
      expect(complaints(reply)).toStrictEqual([]);
      expect(reply.err).toBe('DATA_IS_INVALID');
      expect(reply.msg).toMatch(/^参数错误: [a-zA-Z]+ ?\S/);
    },
  );

  test('is not looked at without a token', async () => {
    const replies = await Promise.all([
      call(gateway.url(), path, { data: '{' }),
      call(gateway.url(), path, { data: '{', token: '' }),
      call(gateway.url(), path, { token: 'f'.repeat(32) }, 'form'),
      call(gateway.url(), path, { token: { a: 1 } }, 'json'),
    ]);
    expect(replies.flatMap(complaints)).toStrictEqual([]);
    expect(replies.map(({ err }) => err)).toStrictEqual(replies.map(() => 'TOKEN_IS_INVALID'));
  });
});

describe('a field outside its limits is named', () => {
  const charge = (change: object) => ['/f2f/hb_barcode', aCharge('', change)] as const;
  const refund = (change: object) =>
    [
      '/f2f/refund',
      { cpiNo: '', outTradeNo: 'FF1', refundAmount: '0.01', outRequestNo: '1', ...change },
    ] as const;
  const amounts = [
    '0',
    '0.00',
    '-1',
    '0.001',
    '1e2',
    '100000000.01',
    'abc',
    ' 1',
    '.5',
    '１',
    '1,0',
  ];
  test.each<readonly [field: string, path: string, data: object]>([
    ...[...amounts, 0, -0.01, 0.1 + 0.2, 1e21, 100_000_000.5].flatMap((amount) => [
      ['totalAmount', ...charge({ totalAmount: amount })] as const,
      ['refundAmount', ...refund({ refundAmount: amount })] as const,
    ]),
    ['subject', ...charge({ subject: '题'.repeat(257) })],
    ['subject', ...charge({ subject: undefined })],
    ['body', ...charge({ body: 'b'.repeat(129) })],
    ['operatorId', ...charge({ operatorId: 'o'.repeat(29) })],
    ['storeId', ...charge({ storeId: 's'.repeat(33) })],
    ['localNo', ...charge({ localNo: 'l'.repeat(65) })],
    ['localNo', ...charge({ localNo: undefined })],
    ['authCode', ...charge({ authCode: undefined })],
    ['authCode', ...charge({ authCode: '25'.padEnd(15, '0') })],
    ['authCode', ...charge({ authCode: '25'.padEnd(25, '0') })],
    ['authCode', ...charge({ authCode: '24'.padEnd(18, '0') })],
    ['authCode', ...charge({ authCode: '31'.padEnd(18, '0') })],
    ['authCode', ...charge({ authCode: '25'.padEnd(18, 'x') })],
    ['outRequestNo', ...refund({ outRequestNo: '1'.repeat(65) })],
    ['outRequestNo', ...refund({ outRequestNo: undefined })],
    ['outTradeNo', ...refund({ outTradeNo: undefined })],
    ['cpiPid', '/f2f/company/add', { storeDogNo: 'x', cpiPid: '2088', cpiAppid: '2'.repeat(16) }],
    ['cpiAppid', '/f2f/company/add', { storeDogNo: 'x', cpiPid: '2088000000000000' }],
    ['storeDogNo', '/f2f/company/add', { storeDogNo: 'a b', cpiPid: '2088000000000000' }],
  ])('%s: %s %j', async (field, path, data) => {
    const shop = 'cpiNo' in data ? { cpiNo } : {};
    const reply = await call(gateway.url(), path, { data: { ...data, ...shop }, token });
    expect(complaints(reply)).toStrictEqual([]);
    expect(reply.err).toBe('DATA_IS_INVALID');
    expect(reply.msg).toMatch(new RegExp(`^参数错误: ${field}`));
  });

  test.each(['0.01', '0.1', '1', '1.00', 1, 0.29, 1.1, '100000000.00'])(
    'an amount of %j is taken',
    async (totalAmount) => {
      const data = { ...aCharge(cpiNo, { totalAmount }) };
      const reply = await call(gateway.url(), '/f2f/qrcode', { data, token });
      expect(reply).toMatchObject({ err: 'nothing', data: { code: '10000' } });
    },
  );
});

describe('text that no encoding likes does no harm', () => {
  test.each([
    ['a lone high surrogate', '"\\ud83d"'],
    ['a lone low surrogate', '"\\ude00 x"'],
    ['a NUL', '"a\\u0000b"'],
    ['control characters', '"a\\u0007\\u001b[2Jb\\r\\nSet-Cookie: x"'],
    ['an emoji', '"😀"'],
    ['quotes and SQL', '"\'; drop table payment; --"'],
    ['direction marks', '"\\u202eabc"'],
    ['a replacement character', '"\\ufffd"'],
  ])('%s', async (_, subject) => {
    const data = JSON.stringify({ ...aCharge(cpiNo), subject: '@' }).replace('"@"', subject);
    const replies = [
      await send(gateway.url(), {
        path: `/f2f/qrcode?data=${encodeURIComponent(data)}&token=${token}`,
      }),
      await send(gateway.url(), {
        method: 'POST',
        path: '/f2f/query',
        contentType: 'application/json',
        body: `{"token":"${token}","data":{"cpiNo":"${cpiNo}","outTradeNo":${subject}}}`,
      }),
    ];
    expect(replies.flatMap(complaints)).toStrictEqual([]);
  });
});

describe('broken encodings and bodies', () => {
  const form = 'application/x-www-form-urlencoded';
  const post = (contentType: string | undefined, body: string | Uint8Array): RawRequest => ({
    method: 'POST',
    path: '/f2f/query',
    body,
    ...(contentType === undefined ? {} : { contentType }),
  });
  test.each<[name: string, request: () => RawRequest]>([
    ['half a percent sequence', () => ({ path: `/f2f/query?token=${token}&data=%7` })],
    ['a lone percent', () => ({ path: `/f2f/query?token=${token}&data=%` })],
    ['bytes that are not UTF-8', () => ({ path: `/f2f/query?token=${token}&data=%FF%FE%E4%B8` })],
    ['a broken token', () => ({ path: '/f2f/query?token=%E4%B8' })],
    ['a broken shop number', () => ({ path: `/f2f/test/%E4%B8?token=${token}` })],
    ['a lone percent in the path', () => ({ path: `/f2f/test/%?token=${token}` })],
    ['a path that climbs', () => ({ path: `/f2f/test/..%2f..%2fetc?token=${token}` })],
    ['a very long shop number', () => ({ path: `/f2f/test/${'9'.repeat(5000)}?token=${token}` })],
    ['data twice', () => ({ path: `/f2f/query?token=${token}&data={}&data={}` })],
    ['a token twice', () => ({ path: `/f2f/query?token=${token}&token=${token}&data={}` })],
    ['a thousand parameters', () => ({ path: `/f2f/query?token=${token}${'&a=1'.repeat(1000)}` })],
    ['prototype as a parameter', () => ({ path: `/f2f/query?__proto__=1&token=${token}` })],
    ['an empty form', () => post(form, '')],
    ['a form of bytes', () => post(form, new Uint8Array([0xff, 0xfe, 0x00, 0x3d, 0xe4]))],
    ['an empty JSON body', () => post('application/json', '')],
    ['a broken JSON body', () => post('application/json', '{"token":')],
    ['a JSON array', () => post('application/json', '[]')],
    ['JSON null', () => post('application/json', 'null')],
    ['a JSON text', () => post('application/json', '"token"')],
    ['JSON with __proto__', () => post('application/json', `{"__proto__":{"token":"${token}"}}`)],
    ['JSON that is not UTF-8', () => post('application/json', new Uint8Array([0x22, 0xff, 0x22]))],
    ['deep JSON', () => post('application/json', '['.repeat(400_000))],
    ['900 KB of form', () => post(form, `token=${token}&data=${'x'.repeat(900_000)}`)],
    ['900 KB of JSON', () => post('application/json', `{"data":"${'x'.repeat(900_000)}"}`)],
    ['plain text', () => post('text/plain', `token=${token}`)],
    ['XML', () => post('application/xml', '<token/>')],
    ['multipart', () => post('multipart/form-data; boundary=x', '--x--')],
    ['an unknown type', () => post('nonsense', 'x')],
    ['no content type', () => post(undefined, 'x')],
  ])('%s', async (_, request) => {
    const reply = await send(gateway.url(), request());
    expect(complaints(reply)).toStrictEqual([]);
    expect([400, 404]).toContain(reply.statusNo);
  });
});

describe('paths that do not exist', () => {
  test.each([
    '/f2f',
    '/f2f/',
    '/auth',
    '/auth/',
    '/f2f/nothing',
    '/f2f/company',
    '/f2f/company/delete',
    '/f2f/test',
    '/f2f/test/1/2',
    '/auth/secret/1',
    '/f2f/__proto__',
    '/f2f/query.json',
  ])('%s', async (path) => {
    const replies = [
      await call(gateway.url(), path),
      await call(gateway.url(), path, { token }, 'json'),
      await call(gateway.url(), path, { token }, 'form'),
    ];
    expect(replies.flatMap(complaints)).toStrictEqual([]);
    expect(replies.map(({ err, statusNo, msg }) => [err, statusNo, msg])).toStrictEqual(
      replies.map(() => ['NOT_FOUND', 404, '接口不存在!']),
    );
  });
});

describe('what may get a bare 4xx', () => {
  const over1Mb = 'x'.repeat(1_100_000);
  test.each<[name: string, request: RawRequest]>([
    ['PUT', { method: 'PUT', path: '/f2f/query' }],
    ['DELETE', { method: 'DELETE', path: '/f2f/company/add' }],
    ['PATCH', { method: 'PATCH', path: '/auth/token', body: 'x' }],
    ['OPTIONS', { method: 'OPTIONS', path: '/f2f/query' }],
    ['HEAD', { method: 'HEAD', path: '/f2f/query' }],
    ['PROPFIND', { method: 'PROPFIND', path: '/f2f/query' }],
    ['a body over 1 MB', { method: 'POST', path: '/f2f/query', body: over1Mb }],
    [
      'a form over 1 MB',
      {
        method: 'POST',
        path: '/f2f/query',
        contentType: 'application/x-www-form-urlencoded',
        body: `data=${over1Mb}`,
      },
    ],
    ['a line over 16 KB', { path: `/f2f/query?data=${'x'.repeat(17_000)}` }],
    ['a line of 200 KB', { path: `/f2f/query?data=${'x'.repeat(200_000)}` }],
    ['a path outside the API', { path: '/etc/passwd' }],
  ])('%s', async (_, request) => {
    // The gateway may hang up on what is too large before it was all sent.
    const answer = await exchange(gateway.url(), request).catch(() => ({
      httpStatus: 413,
      text: '',
    }));
    expect(answer.httpStatus).toBeLessThan(500);
    expect(stackTraces(answer.text)).toStrictEqual([]);
  });
});

describe('raw bytes on the connection', () => {
  test('raw braces and quotes in the request line, as the document prints them', async () => {
    const data = `{"cpiNo":"${cpiNo}","outTradeNo":"FF16031800000"}`;
    const answer = await raw(`GET /f2f/query?data=${data}&token=${token} HTTP/1.1`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain('"err":"QUERY_FAILED"');
  });

  test('a request line of almost 16 KB is answered', async () => {
    const data = JSON.stringify({ cpiNo, outTradeNo: 'FF1', pad: 'x'.repeat(15_700) });
    const answer = await raw(`GET /f2f/query?data=${data}&token=${token} HTTP/1.1`);
    expect(answer).toContain('"err":"QUERY_FAILED"');
  });

  test.each([
    ['an absolute request target', 'GET http://elsewhere.example/f2f/query HTTP/1.1'],
    ['raw blanks', 'GET /f2f/query?data={"cpiNo": "1"}&token=1 HTTP/1.1'],
    ['raw Chinese', 'GET /f2f/qrcode?data={"subject":"迪联"}&token=1 HTTP/1.1'],
    ['raw control characters', 'GET /f2f/qrcode?data=\u0001\u001b HTTP/1.1'],
    ['a backslash', 'GET /f2f\\query HTTP/1.1'],
    ['no version', 'GET /f2f/query'],
    ['an unknown method', 'CHARGE /f2f/query HTTP/1.1'],
    ['nonsense', '\u0000\u0001\u0002'],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001'],
    ['two lengths', 'POST /f2f/query HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2'],
    ['a bad chunk', 'POST /f2f/query HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz'],
    ['many headers', `GET /f2f/query HTTP/1.1${'\r\na: b'.repeat(5000)}`],
  ])('%s', async (_, head) => {
    const answer = await raw(head);
    expect(answer).not.toMatch(/^HTTP\/1\.1 5/);
    expect(stackTraces(answer)).toStrictEqual([]);
  });
});

/** Sends a request head as it is and resolves to whatever comes back until the connection ends. */
function raw(head: string): Promise<string> {
  const { hostname, port, host } = new URL(gateway.url());
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(`${head}\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    });
    const end = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(3000, end);
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('utf8');
    });
    socket.on('error', end);
    socket.on('close', end);
  });
}

test('after all of this the gateway runs, is healthy, and takes a payment', async () => {
  const health = await exchange(gateway.url(), { path: '/healthz' });
  expect(gateway.isAlive()).toBe(true);
  expect(health.httpStatus).toBe(200);
  const data = aCharge(cpiNo, { localNo: aName('order') });
  const reply = await call(gateway.url(), '/f2f/hb_barcode', { data, token });
  expect(reply).toMatchObject({ err: 'nothing', re: { code: '10000' } });
});
