/**
 * Which answers count. The signatures are made by the fixtures with `node:crypto` alone; each way in which an answer
 * can fail to be Alipay's word has a row, and the rules for unsigned refusals are a table over all public codes.
 */
import * as fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { APP, KEYS, signatureOf, signedBody, WIRE } from './fixtures.ts';
import { textOf, verifyAnswer, type Answer, type Verification } from './verify.ts';

const NODE = 'alipay_trade_pay_response';
const { node, text } = WIRE.paid;

function verify(body: string | Uint8Array, signType: 'RSA2' | 'RSA' = 'RSA2'): Verification {
  return verifyAnswer(Buffer.from(body), {
    method: 'alipay.trade.pay',
    publicKey: APP.alipayPublicKey,
    signType,
    traceId: '0b26eb0d17',
  });
}

function answerOf(verification: Verification): Answer {
  if (verification.ok) return verification.verified.answer;
  throw new Error(verification.reason);
}

describe('a signed answer', () => {
  test('is read once, exactly as it was signed', () => {
    const answer = answerOf(verify(signedBody(node, text)));
    expect(answer).toMatchObject({
      raw: text,
      code: '10000',
      msg: 'Success',
      subCode: undefined,
      traceId: '0b26eb0d17',
    });
    expect(JSON.stringify(answer.fields)).toBe(text);
    expect(answer.fields['fund_bill_list']).toEqual([{ amount: '0.01', fund_channel: 'PCREDIT' }]);
  });

  test('of a refusal keeps Alipay’s words', () => {
    expect(answerOf(verify(signedBody(node, WIRE.payRefused.text)))).toMatchObject({
      code: '40004',
      subCode: 'ACQ.PAYMENT_AUTH_CODE_INVALID',
      subMsg: expect.stringContaining('[SOUNDWAVE_PARSER_FAIL]'),
    });
  });

  test('with \\/ in it counts, whether Alipay signed it so or unescaped', () => {
    const escaped = String.raw`{"code":"10000","url":"https:\/\/a\/b"}`;
    const unescaped = '{"code":"10000","url":"https://a/b"}';
    expect(answerOf(verify(signedBody(NODE, escaped))).raw).toBe(escaped);
    const signature = signatureOf(Buffer.from(unescaped));
    const answer = answerOf(verify(`{"${NODE}":${escaped},"sign":"${signature}"}`));
    expect(answer.raw).toBe(unescaped);
    expect(answer.fields['url']).toBe('https://a/b');
    // The other way round nobody does: what is signed escaped and sent unescaped is not what was signed.
    const other = signatureOf(Buffer.from(escaped));
    expect(verify(`{"${NODE}":${unescaped},"sign":"${other}"}`)).toMatchObject({
      reason: 'bad_signature',
    });
  });

  test('in GBK is verified over its bytes and read as GBK', () => {
    const content = iconv.encode(
      '{"code":"40004","msg":"Business Failed","sub_code":"ACQ.X","sub_msg":"系统繁忙乗"}',
      'gbk',
    );
    expect(answerOf(verify(signedBody(NODE, content))).subMsg).toBe('系统繁忙乗');
  });

  test('with numbers instead of text reads the same', () => {
    expect(answerOf(verify(signedBody(NODE, '{"code":10000,"msg":"Success"}'))).code).toBe('10000');
  });

  test('with __proto__ as a name changes nobody’s prototype', () => {
    const content =
      '{"code":"10000","__proto__":{"code":"40004","isAdmin":true},"constructor":"x"}';
    const { fields } = answerOf(verify(signedBody(NODE, content)));
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
    expect(fields['isAdmin']).toBeUndefined();
    expect(textOf(fields, 'toString')).toBeUndefined();
    expect(textOf(fields, 'constructor')).toBe('x');
  });

  test('whatever its text is, comes back whole', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), (fields) => {
        const raw = JSON.stringify({
          ...fields,
          code: '10000',
          sub_code: undefined,
          msg: 'Success',
        });
        const answer = answerOf(verify(signedBody(NODE, raw)));
        expect(answer.raw).toBe(raw);
        expect(JSON.stringify(answer.fields)).toBe(raw);
      }),
      { numRuns: 100 },
    );
  });
});

describe('what does not count', () => {
  const bytes = Buffer.from(text);
  const good = signatureOf(bytes);
  const withSign = (sign: string, content: string = text): string =>
    `{"${NODE}":${content},"sign":"${sign}"}`;

  test.each([
    ['bad_signature', 'one digit changed', withSign(good, text.replace('"0.01"', '"0.02"'))],
    ['bad_signature', 'a blank added', withSign(good, text.replace(',', ', '))],
    ['bad_signature', 'signed by a stranger', withSign(signatureOf(bytes, KEYS.stranger))],
    ['bad_signature', 'signed by ourselves', withSign(signatureOf(bytes, KEYS.app))],
    [
      'bad_signature',
      'signed with the old algorithm',
      withSign(signatureOf(bytes, KEYS.alipay, 'RSA')),
    ],
    ['bad_signature', 'the signature of another answer', withSign(signatureOf(Buffer.from('{}')))],
    ['bad_signature', 'no base64', withSign('签名')],
    ['bad_signature', 'a signature cut short', withSign(good.slice(4))],
    ['unsigned', 'success without a signature', `{"${NODE}":${text}}`],
    ['unsigned', 'success with an empty signature', withSign('')],
    [
      'unsigned',
      'a signature inside the node only',
      `{"${NODE}":{"code":"10000","sign":"${good}"}}`,
    ],
    [
      'two_nodes',
      'a second node behind the good one',
      withSign(good).replace(/\}$/, `,"${NODE}":{}}`),
    ],
    [
      'wrong_node',
      'a good answer to another method',
      signedBody('alipay_trade_query_response', text),
    ],
    ['empty', 'nothing', ''],
    ['malformed', 'a signed node without code', signedBody(NODE, '{"msg":"Success"}')],
    ['malformed', 'a signed node with an empty code', signedBody(NODE, '{"code":""}')],
    ['malformed', 'a signed node that is no JSON', signedBody(NODE, '{code:10000}')],
    ['malformed', 'a signed code that is no text', signedBody(NODE, '{"code":{"a":1}}')],
    [
      'malformed',
      'a signed sub_code that is no text',
      signedBody(NODE, '{"code":"10000","sub_code":["ACQ.X"]}'),
    ],
    [
      'malformed',
      'signed bytes in no charset',
      signedBody(NODE, Buffer.from('{"code":"1\xff"}', 'latin1')),
    ],
  ])('%s: %s', (reason, _case, body) => {
    expect(verify(body)).toMatchObject({ ok: false, reason });
  });

  test('the algorithm is ours: an RSA application takes RSA and not RSA2', () => {
    const old = signedBody(NODE, text, KEYS.alipay, 'RSA');
    expect(verify(old, 'RSA')).toMatchObject({ ok: true });
    expect(verify(signedBody(NODE, text), 'RSA')).toMatchObject({
      ok: false,
      reason: 'bad_signature',
    });
    // Nothing that the message says about itself matters.
    const claiming = `${old.toString().slice(0, -1)},"sign_type":"RSA"}`;
    expect(verify(claiming)).toMatchObject({ ok: false, reason: 'bad_signature' });
  });

  test('what it claims is kept for the log', () => {
    const body = `{"${NODE}":${WIRE.payRefused.text},"sign":"AAAA"}`;
    expect(verify(body)).toMatchObject({ code: '40004', subCode: 'ACQ.PAYMENT_AUTH_CODE_INVALID' });
  });

  test('any bytes are an answer or have a reason', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (content) => {
        const bare = Buffer.concat([Buffer.from(`{"${NODE}":`), content, Buffer.from('}')]);
        expect(verify(content)).toMatchObject({ ok: false });
        expect(verify(bare)).toMatchObject({ ok: false });
        expect(verify(signedBody(NODE, content))).toHaveProperty('ok');
      }),
      { numRuns: 200 },
    );
  });
});

describe('unsigned refusals', () => {
  const codes: [string, boolean][] = [
    ['10000', false],
    ['10003', false],
    ['20000', false],
    ['20001', false],
    ['40001', true],
    ['40002', true],
    ['40003', true],
    ['40004', false],
    ['40005', true],
    ['40006', true],
    ['40007', false],
    ['50000', false],
    ['', false],
  ];
  test.each(codes)('%s without a signature counts: %s', (code, doesCount) => {
    for (const name of [NODE, 'error_response']) {
      const body = JSON.stringify({ [name]: { code, msg: 'x', sub_code: 'isv.x' } });
      const expected = doesCount ? { ok: true } : { ok: false, reason: 'unsigned' };
      expect(verify(body)).toMatchObject(expected);
    }
  });

  test.each(codes)('%s with a bad signature does not', (code) => {
    const body = JSON.stringify({
      [NODE]: { code, msg: 'x' },
      sign: signatureOf(Buffer.from('x')),
    });
    expect(verify(body)).toMatchObject({ ok: false, reason: 'bad_signature' });
  });

  test('the missing-signature error of the wire', () => {
    const { node: errorNode, text: errorText } = WIRE.missingSignature;
    const verification = verify(`{"${errorNode}":${errorText}}`);
    expect(verification).toMatchObject({ ok: true, verified: { isErrorNode: true } });
    expect(answerOf(verification).subMsg).toBe('缺少签名参数');
  });

  test('20000 in GBK, as seen in answers to UTF-8 requests, tells nothing but itself', () => {
    const body = iconv.encode(
      `{"${NODE}":{"code":"20000","msg":"Service Currently Unavailable","sub_code":"aop.unknow-error","sub_msg":"系统繁忙"}}`,
      'gbk',
    );
    expect(verify(body)).toMatchObject({
      ok: false,
      reason: 'unsigned',
      code: '20000',
      subCode: 'aop.unknow-error',
    });
  });
});
