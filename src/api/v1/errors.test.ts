/**
 * The errors, to the letter: the published table is written here a second time, and the published examples must agree.
 */
import { describe, expect, test } from 'vitest';
import examples from '../../../test/api/v1-examples.json' with { type: 'json' };
import { invalid, V1_ERRORS, V1Error, type V1ErrorCode } from './errors.ts';

const PUBLISHED: Readonly<Record<V1ErrorCode, readonly [statusNo: number, msg: string]>> = {
  DOGNO_LENGTH_IS_ERROR: [400, '加密狗号长度为32位!!'],
  DOGNO_IS_NOT_MATCH_SECRETKEY: [400, '加密狗号与密钥不匹配!'],
  TOKEN_IS_INVALID: [400, '访问令牌无效!请重新获取访问令牌!'],
  DOGNO_ALREADY_EXISTS: [400, '该加密狗号已经被使用!'],
  RESULT_NOT_EXISTS: [400, '查询结果不存在,请检查参数!'],
  THE_CPINO_ERROR: [404, '酒店编号错误!'],
  THE_CPI_ISNT_EXISTS: [404, '找不到该公司信息,该企业码错误'],
  QUERY_FAILED: [400, '查询失败!,请检查本地付款单号'],
  REFUND_FAILED: [400, '退款失败!,请检查本地付款单号'],
  DATA_IS_INVALID: [400, '参数错误'],
  DOGNO_IS_NOT_REGISTERED: [400, '该加密狗号未登记,请联系工作人员!'],
  SECRET_ALREADY_ISSUED: [400, '密钥已发放,如需重置请联系工作人员!'],
  LOCALNO_ALREADY_EXISTS: [400, '该订单号已存在!'],
  QRCODE_FAILED: [400, '预下单失败!'],
  TEST_FAILED: [400, '同步心跳信息失败!'],
  ALIPAY_UNREACHABLE: [502, '支付宝网关无响应,请稍后查询!'],
  TOO_MANY_REQUESTS: [429, '请求过于频繁,请稍后再试!'],
  NOT_FOUND: [404, '接口不存在!'],
  SYSTEM_ERROR: [500, '系统错误!'],
};

test('are exactly those of the contract', () => {
  const actual = Object.entries(V1_ERRORS).map(([code, { statusNo, msg }]) => [
    code,
    [statusNo, msg],
  ]);
  expect(Object.fromEntries(actual)).toStrictEqual(PUBLISHED);
});

test('are those of every published failure', () => {
  const failures = examples.calls.flatMap((call) => call.failures);
  expect(failures.length).toBeGreaterThan(10);
  for (const { err, statusNo, msg } of failures) {
    expect(V1_ERRORS[err as V1ErrorCode]).toStrictEqual({ statusNo, msg });
  }
});

describe('a V1Error', () => {
  test('says its published text and has no data', () => {
    expect(new V1Error('NOT_FOUND')).toMatchObject({
      name: 'V1Error',
      code: 'NOT_FOUND',
      data: '{}',
      msg: '接口不存在!',
      message: 'NOT_FOUND: 接口不存在!',
    });
  });

  test('carries data', () => {
    expect(new V1Error('QUERY_FAILED', '{"code":"40004"}').data).toBe('{"code":"40004"}');
  });

  test('about a field names it and the rule', () => {
    expect(invalid('localNo', '不能为空')).toMatchObject({
      code: 'DATA_IS_INVALID',
      msg: '参数错误: localNo 不能为空',
      data: '{}',
    });
  });
});
