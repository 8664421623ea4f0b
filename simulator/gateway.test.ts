/**
 * The front door: Alipay's order of checks and its words, the shapes of requests, character sets,
 * and the bytes of answers. What the methods do is tested beside them.
 */
import { describe, expect, test } from 'vitest';

import { handle } from './simulator.ts';
import {
  APP_ID,
  openDesk,
  PID,
  readAnswer,
  SHAPES,
  signedParams,
  urlencoded,
} from './testing/client.ts';
import type { ClientOptions, Read, Shape } from './testing/client.ts';
import { APP_KEY, publicKeyOf, SMALL_APP_KEY } from './testing/keys.ts';

const SHAPE_NAMES: Shape[] = ['official', 'python', 'smartwalle', 'fzlee', 'curl'];
const QUERY = 'alipay.trade.query';
const BIZ = { out_trade_no: 'NONE' };

function ask(params: Record<string, string>, options: ClientOptions = {}): Read {
  const desk = openDesk();
  const request = SHAPES.official(params, options.charset);
  return readAnswer(handle(desk.book, desk.nowMs, request).answer, options);
}

/** A signed query with some parameters replaced (undefined: left out). */
const askWith = (params: Record<string, string | undefined>): Read =>
  ask(signedParams(QUERY, BIZ, { params }));

describe('checks, in their order', () => {
  test.each([
    ['method', { method: undefined }, '40001', 'isv.missing-method', false],
    ['app_id', { app_id: undefined }, '40001', 'isv.missing-app-id', false],
    ['an unknown app', { app_id: '9' }, '40002', 'isv.invalid-app-id', false],
    ['sign_type', { sign_type: undefined }, '40001', 'isv.missing-signature-type', false],
    ['timestamp', { timestamp: undefined }, '40001', 'isv.missing-timestamp', false],
    ['version', { version: undefined }, '40001', 'isv.missing-version', false],
    ['a sign_type', { sign_type: 'SM2' }, '40002', 'isv.invalid-signature-type', true],
    ['a timestamp', { timestamp: '2026-3-1 1:1:1' }, '40002', 'isv.invalid-timestamp', true],
    ['a version', { version: '3.0' }, '40002', 'isv.invalid-version', true],
    ['a charset', { charset: 'big5' }, '40002', 'isv.invalid-charset', true],
    ['a format', { format: 'xml' }, '40002', 'isv.invalid-format', true],
    ['a method', { method: 'alipay.trade.create' }, '40002', 'isv.invalid-method', true],
    ['no JSON', { biz_content: '{' }, '40002', 'isv.illegal-json', true],
    ['no object', { biz_content: '[1]' }, '40002', 'isv.illegal-json', true],
    ['encryption', { encrypt_type: 'AES' }, '40001', 'isv.missing-encrypt-key', false],
  ])('%s: %j', (_name, params, code, subCode, isSigned) => {
    const read = askWith(params);
    expect(read.node).toMatchObject({ code, sub_code: subCode });
    expect(read.isSigned).toBe(isSigned);
  });

  test('an unknown app is named even when the signature is missing', () => {
    const { sign: _sign, ...unsigned } = signedParams(QUERY, BIZ, { params: { app_id: '9' } });
    expect(ask(unsigned).node).toEqual({
      code: '40002',
      msg: 'Invalid Arguments',
      sub_code: 'isv.invalid-app-id',
      sub_msg: '无效的AppID参数',
    });
    expect(ask({ ...unsigned, app_id: APP_ID }).text).toBe(
      '{"alipay_trade_query_response":{"code":"40001","msg":"Missing Required Arguments","sub_code":"isv.missing-signature","sub_msg":"缺少签名参数"}}',
    );
  });

  test('without a method the node is error_response', () => {
    expect(askWith({ method: undefined }).nodeName).toBe('error_response');
    expect(askWith({ method: 'x"y' }).nodeName).toBe('error_response');
  });

  test('an app with a key for the other algorithm only', () => {
    const desk = openDesk();
    desk.control('POST', '/simulator/apps', {
      appId: '77',
      appPublicKey: publicKeyOf(SMALL_APP_KEY),
      signType: 'RSA',
    });
    const options = { appId: '77', key: SMALL_APP_KEY };
    expect(desk.call(QUERY, BIZ, options)).toMatchObject({
      code: '40003',
      sub_code: 'isv.missing-signature-config',
      sub_msg: '应用未配置对应签名算法的公钥或者证书',
    });
    const withRsa = desk.call(QUERY, BIZ, { ...options, signType: 'RSA' });
    expect(withRsa).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' });
  });
});

describe('wrong signatures', () => {
  test('the answer is signed and shows the string that should have been signed', () => {
    const read = ask(signedParams(QUERY, BIZ, { key: SMALL_APP_KEY }));
    expect(read.isSigned).toBe(true);
    expect(read.node['sub_msg']).toBe(
      `验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为：app_id=${APP_ID}&amp;biz_content={"out_trade_no":"NONE"}&amp;charset=utf-8&amp;format=JSON&amp;method=alipay.trade.query&amp;sign_type=RSA2&amp;timestamp=2026-03-01 12:00:00&amp;version=1.0`,
    );
  });

  test('one made with the other algorithm is recognised', () => {
    const params = signedParams(QUERY, BIZ, { signType: 'RSA', params: { sign_type: 'RSA2' } });
    expect(ask(params).node['sub_msg']).toBe(
      '验签出错，sign值与sign_type参数指定的签名类型不一致：sign_type参数值为RSA2，您实际用的签名类型可能是RSA',
    );
  });

  test.each(['', 'x', '=', 'AAAA', '%%%', 'é'])('sign %j never passes', (sign) => {
    expect(askWith({ sign }).node['sub_code']).toMatch(/^isv\.(invalid|missing)-signature$/);
  });

  test('a charset written differently in the query is another charset', () => {
    const params = signedParams(QUERY, BIZ);
    expect(ask({ ...params, charset: 'UTF-8' }).node['sub_code']).toBe('isv.invalid-signature');
  });
});

describe('shapes of requests', () => {
  test.each(SHAPE_NAMES)('%s', (shape) => {
    const desk = openDesk();
    for (const signType of ['RSA2', 'RSA']) {
      const params = signedParams('monitor.heartbeat.syn', { product: 'FP' }, { signType });
      const { answer } = handle(desk.book, desk.nowMs, SHAPES[shape](params));
      const read = readAnswer(answer, { signType });
      expect(read).toMatchObject({ nodeName: 'monitor_heartbeat_syn_response', isSigned: true });
      expect(read.node).toEqual({ code: '10000', msg: 'Success', pid: PID });
    }
  });

  test.each(['official', 'python', 'fzlee', 'curl'] as Shape[])(
    '%s with Chinese in UTF-8 and in GBK',
    (shape) => {
      for (const charset of ['utf-8', 'GBK', 'gb2312']) {
        const desk = openDesk();
        const biz = { out_trade_no: 'A1', total_amount: '1.00', subject: '房费' };
        const params = signedParams('alipay.trade.precreate', biz, { charset });
        const { answer } = handle(desk.book, desk.nowMs, SHAPES[shape](params, charset));
        const read = readAnswer(answer, { charset });
        expect(read).toMatchObject({ isSigned: true, node: { code: '10000' } });
        expect([...desk.book.qrCode.values()][0]?.order.subject).toBe('房费');
      }
    },
  );

  test('fzlee sends no format, PHP and smartwalle send empty optionals', () => {
    expect(askWith({ format: undefined }).node['sub_code']).toBe('ACQ.TRADE_NOT_EXIST');
    const empties = askWith({ auth_token: '', terminal_type: '', app_auth_token: '' });
    expect(empties.node['sub_code']).toBe('ACQ.TRADE_NOT_EXIST');
    const desk = openDesk();
    const biz = { out_trade_no: 'A1', total_amount: '1', subject: 'x', product_code: '', body: '' };
    expect(desk.call('alipay.trade.precreate', biz)).toMatchObject({ code: '10000' });
  });
});

describe('the charset trap (protocol 1.4)', () => {
  const biz = (subject: string) => ({ out_trade_no: 'A1', total_amount: '1', subject });
  const params = (subject: string) => signedParams('alipay.trade.precreate', biz(subject));

  test('charset in the body only: Chinese breaks the signature, ASCII passes and notifies in GBK', () => {
    const desk = openDesk();
    const chinese = handle(desk.book, desk.nowMs, SHAPES.smartwalle(params('房费')));
    expect(readAnswer(chinese.answer).node).toMatchObject({
      sub_code: 'isv.invalid-signature',
      sub_msg:
        '验签出错，请确认charset参数放在了URL查询字符串中且各参数值使用charset参数指示的字符集编码',
    });
    const ascii = handle(desk.book, desk.nowMs, SHAPES.smartwalle(params('room')));
    expect(readAnswer(ascii.answer).node).toMatchObject({ code: '10000' });
    expect([...desk.book.qrCode.values()][0]?.order.notifyCharset).toBe('GBK');
  });

  test('no charset at all is GBK', () => {
    const desk = openDesk();
    const signed = signedParams('alipay.trade.precreate', biz('房费'), {
      charset: 'GBK',
      params: { charset: undefined },
    });
    const request = { ...SHAPES.smartwalle({}), body: Buffer.from(urlencoded(signed, 'GBK')) };
    const { answer } = handle(desk.book, desk.nowMs, request);
    expect(readAnswer(answer, { charset: 'GBK' })).toMatchObject({
      isSigned: true,
      node: { code: '10000' },
    });
    expect([...desk.book.qrCode.values()][0]?.order.subject).toBe('房费');
  });
});

describe('the bytes of an answer', () => {
  test('node first, sign last, slashes escaped, fields in order', () => {
    const desk = openDesk();
    const { answer } = desk.send('alipay.trade.precreate', {
      out_trade_no: 'A1',
      total_amount: 1,
      subject: 'x',
    });
    const { text, isSigned } = readAnswer(answer);
    expect(isSigned).toBe(true);
    expect(text).toMatch(
      /^\{"alipay_trade_precreate_response":\{"code":"10000","msg":"Success","out_trade_no":"A1","qr_code":"https:\\\/\\\/qr\.alipay\.com\\\/bax[a-z0-9]{17}"\},"sign":"[A-Za-z0-9+/]+=*"\}$/,
    );
  });

  test.each([
    ['utf-8', 'text/html;charset=utf-8'],
    ['GBK', 'text/html;charset=GBK'],
  ])('headers in %s', (charset, contentType) => {
    const { answer } = openDesk().send(QUERY, BIZ, { charset });
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': contentType, trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    expect(readAnswer(answer, { charset })).toMatchObject({
      isSigned: true,
      node: { sub_msg: '交易不存在' },
    });
  });
});

test('a second key is added, the first keeps working', () => {
  const desk = openDesk();
  const again = { appId: APP_ID, pid: PID, appPublicKey: publicKeyOf(SMALL_APP_KEY) };
  expect(desk.control('POST', '/simulator/apps', again).status).toBe(200);
  for (const key of [APP_KEY, SMALL_APP_KEY]) {
    expect(desk.call(QUERY, BIZ, { key })).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' });
  }
});
