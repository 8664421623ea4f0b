/**
 * Alipay's official SDK as a witness, in both directions, over sockets of this machine: what we sign its code accepts,
 * what it signs we accept, and answers and notifications get the same verdict from both. Where we are stricter on
 * purpose (one node, unsigned refusals), the tests of our own files say so; here is only where both must agree.
 */
import { createServer, type Server } from 'node:http';
import { createPublicKey } from 'node:crypto';
import { AlipaySdk } from 'alipay-sdk';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fen } from '../core/money.ts';
import { createHttpSend } from '../system/http.ts';
import { canonicalNotification, canonicalRequest, type Parameter } from './canonical.ts';
import { createAlipayClient, type AlipayClient } from './client.ts';
import { APP, KEYS, NOW_MS, signatureOf, signedBody, WIRE } from './fixtures.ts';
import { parseNotification, verifyNotification } from './notification.ts';
import { isSignatureValid, publicKeyText, sign } from './sign.ts';

/** What the server last got, query and form together, and what it answers next. */
let received: Parameter[] = [];
let contentType: string | undefined;
let answer: Uint8Array = Buffer.alloc(0);

const server: Server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => void chunks.push(chunk));
  request.on('end', () => {
    const query = new URL(request.url ?? '', 'http://localhost').searchParams;
    received = [...query, ...new URLSearchParams(Buffer.concat(chunks).toString())];
    contentType = request.headers['content-type'];
    response.setHeader('content-type', 'text/html;charset=utf-8');
    response.setHeader('trace_id', '0b26eb0d17');
    response.end(answer);
  });
});
const http = createHttpSend();
let sdk: AlipaySdk;
let ours: AlipayClient;

/** The SDK with one side's private key and the other side's public key. */
function createSdk(gateway: string, key = KEYS.app, publicKey = KEYS.alipay): AlipaySdk {
  return new AlipaySdk({
    appId: APP.appId,
    keyType: 'PKCS8',
    privateKey: key.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    alipayPublicKey: publicKeyText(publicKey),
    signType: 'RSA2',
    gateway,
    camelcase: false,
  });
}

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const gatewayUrl = `http://127.0.0.1:${address.port}/gateway.do`;
  sdk = createSdk(gatewayUrl);
  ours = createAlipayClient({
    send: http.send,
    clock: { nowMs: () => NOW_MS },
    gatewayUrl,
    timeoutMs: 5_000,
  });
});

afterAll(async () => {
  await http.close();
  server.closeAllConnections();
  await new Promise((resolve) => void server.close(resolve));
});

const PAY = {
  paymentNo: 'X',
  authCode: '280851932108273550',
  amountFen: fen(1),
  subject: '房费 100% + "押金" 版—&=/',
};

describe('requests', () => {
  test('ours are accepted by the SDK’s verification', async () => {
    // Whoever checks our requests holds our public key. Its notification check keeps sign_type first, as requests do.
    const gateway = createSdk('http://localhost', KEYS.alipay, KEYS.app);
    answer = signedBody(WIRE.paid.node, WIRE.paid.text);
    expect(await ours.pay(APP, PAY)).toMatchObject({ kind: 'paid' });
    const post = Object.fromEntries(received);
    expect(contentType).toBe('application/x-www-form-urlencoded;charset=utf-8');
    expect(JSON.parse(post['biz_content'] ?? '')).toMatchObject({ subject: PAY.subject });
    expect(gateway.checkNotifySignV2(post)).toBe(true);
    expect(gateway.checkNotifySignV2({ ...post, app_id: '1' })).toBe(false);
  });

  test('the SDK’s are accepted by ours, and we would have signed them the same', async () => {
    answer = signedBody(WIRE.queryPaid.node, WIRE.queryPaid.text);
    await sdk.exec('alipay.trade.query', {
      bizContent: { out_trade_no: 'X', subject: PAY.subject },
    });
    const text = canonicalRequest(received);
    const signature = new Map(received).get('sign') ?? '';
    expect(isSignatureValid(Buffer.from(text), signature, createPublicKey(KEYS.app), 'RSA2')).toBe(
      true,
    );
    expect(sign(text, KEYS.app, 'RSA2')).toBe(signature);
  });

  test('for any text in the content, both sign the same', () => {
    const unit = fc.constantFrom(
      '%',
      '+',
      '&',
      '=',
      '/',
      '"',
      '\\',
      '版',
      '—',
      '😀',
      ' ',
      'a',
      '1',
    );
    fc.assert(
      fc.property(fc.string({ unit }), (subject) => {
        const signed = sdk.sdkExecute('alipay.trade.pay', { bizContent: { subject } });
        const parameters = [...new URLSearchParams(signed.replaceAll('+', '%2B'))];
        const signature = new Map(parameters).get('sign');
        expect(sign(canonicalRequest(parameters), KEYS.app, 'RSA2')).toBe(signature);
      }),
      { numRuns: 50 },
    );
  });
});

describe('answers', () => {
  const escaped = String.raw`{"code":"10000","msg":"Success","out_trade_no":"X","qr_code":"https:\/\/qr.alipay.com\/bax0"}`;
  const { node } = WIRE.precreated;
  const good = signedBody(node, escaped).toString();
  const rows: [string, string, boolean][] = [
    ['good', good, true],
    ['with one digit changed', good.replace('bax0', 'bax1'), false],
    ['unescaped on the way', good.replaceAll('\\/', '/'), false],
    ['signed by a stranger', signedBody(node, escaped, KEYS.stranger).toString(), false],
    [
      'a refusal, signed',
      signedBody(
        node,
        '{"code":"40004","msg":"Business Failed","sub_code":"ACQ.ACCESS_FORBIDDEN"}',
      ).toString(),
      true,
    ],
    [
      'a refusal, signed badly',
      signedBody(node, '{"code":"40004","msg":"Business Failed"}', KEYS.stranger).toString(),
      false,
    ],
    ['success without a signature', `{"${node}":${escaped}}`, false],
    ['a web page', '<html></html>', false],
  ];
  test.each(rows)('%s', async (_case, body, doesCount) => {
    answer = Buffer.from(body);
    const theirs = await sdk
      .exec('alipay.trade.precreate', { bizContent: { out_trade_no: 'X' } }, { validateSign: true })
      .then(
        () => true,
        () => false,
      );
    const outcome = await ours.precreate(APP, PAY);
    expect(theirs).toBe(doesCount);
    expect(outcome.kind !== 'unknown').toBe(doesCount);
  });

  test('of the wire are read alike by both', async () => {
    for (const { node: name, text } of Object.values(WIRE)) {
      if (name !== WIRE.queryPaid.node) continue;
      answer = signedBody(name, text);
      const theirs = await sdk.exec(
        'alipay.trade.query',
        { bizContent: { out_trade_no: 'X' } },
        { validateSign: true },
      );
      const outcome = await ours.query(APP, { paymentNo: 'X' });
      const { traceId, ...fields } = theirs;
      expect(traceId).toBe('0b26eb0d17');
      expect(outcome.answer).toMatchObject({ traceId: '0b26eb0d17', fields });
    }
    expect.hasAssertions();
  });
});

describe('notifications', () => {
  test('get the same verdict from both, changed or not', () => {
    const unit = fc.constantFrom('%', '+', '&', '=', '/', '"', '版', '😀', ' ', 'a', '1');
    const value = fc.string({ unit, minLength: 1 });
    const name = fc
      .stringMatching(/^[a-z_]{1,8}$/)
      .filter((text) => !['sign', 'sign_type'].includes(text));
    fc.assert(
      fc.property(fc.dictionary(name, value, { minKeys: 1 }), fc.boolean(), (fields, isChanged) => {
        const text = Object.keys(fields)
          .toSorted()
          .map((key) => `${key}=${fields[key]}`)
          .join('&');
        const sign_type = 'RSA2';
        const post = {
          ...fields,
          sign: signatureOf(Buffer.from(isChanged ? `${text}.` : text)),
          sign_type,
        };
        const parsed = parseNotification(Buffer.from(new URLSearchParams(post).toString()));
        const mine = parsed.ok && verifyNotification(parsed.parsed, APP.alipayPublicKey, 'RSA2').ok;
        expect(canonicalNotification(Object.entries(post))).toBe(text);
        expect(mine).toBe(!isChanged);
        expect(sdk.checkNotifySignV2(post)).toBe(!isChanged);
      }),
      { numRuns: 50 },
    );
  });
});
