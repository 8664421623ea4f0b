/**
 * The errors of the v1 API: one table with the published texts, to the letter. Handlers throw a `V1Error`; the error
 * handler of the v1 routes turns it into the envelope.
 */

export const V1_ERRORS = {
  DOGNO_LENGTH_IS_ERROR: { statusNo: 400, msg: '加密狗号长度为32位!!' },
  DOGNO_IS_NOT_MATCH_SECRETKEY: { statusNo: 400, msg: '加密狗号与密钥不匹配!' },
  TOKEN_IS_INVALID: { statusNo: 400, msg: '访问令牌无效!请重新获取访问令牌!' },
  DOGNO_ALREADY_EXISTS: { statusNo: 400, msg: '该加密狗号已经被使用!' },
  RESULT_NOT_EXISTS: { statusNo: 400, msg: '查询结果不存在,请检查参数!' },
  THE_CPINO_ERROR: { statusNo: 404, msg: '酒店编号错误!' },
  THE_CPI_ISNT_EXISTS: { statusNo: 404, msg: '找不到该公司信息,该企业码错误' },
  QUERY_FAILED: { statusNo: 400, msg: '查询失败!,请检查本地付款单号' },
  REFUND_FAILED: { statusNo: 400, msg: '退款失败!,请检查本地付款单号' },
  // This project's additions, where the published document is silent. DATA_IS_INVALID names field and rule itself.
  DATA_IS_INVALID: { statusNo: 400, msg: '参数错误' },
  DOGNO_IS_NOT_REGISTERED: { statusNo: 400, msg: '该加密狗号未登记,请联系工作人员!' },
  SECRET_ALREADY_ISSUED: { statusNo: 400, msg: '密钥已发放,如需重置请联系工作人员!' },
  LOCALNO_ALREADY_EXISTS: { statusNo: 400, msg: '该订单号已存在!' },
  QRCODE_FAILED: { statusNo: 400, msg: '预下单失败!' },
  TEST_FAILED: { statusNo: 400, msg: '同步心跳信息失败!' },
  ALIPAY_UNREACHABLE: { statusNo: 502, msg: '支付宝网关无响应,请稍后查询!' },
  TOO_MANY_REQUESTS: { statusNo: 429, msg: '请求过于频繁,请稍后再试!' },
  NOT_FOUND: { statusNo: 404, msg: '接口不存在!' },
  SYSTEM_ERROR: { statusNo: 500, msg: '系统错误!' },
} as const satisfies Record<string, { statusNo: number; msg: string }>;

export type V1ErrorCode = keyof typeof V1_ERRORS;

export class V1Error extends Error {
  override readonly name = 'V1Error';
  readonly code: V1ErrorCode;
  /** JSON text for `data`. */
  readonly data: string;
  readonly msg: string;

  constructor(code: V1ErrorCode, data = '{}', msg: string = V1_ERRORS[code].msg) {
    super(`${code}: ${msg}`);
    this.code = code;
    this.data = data;
    this.msg = msg;
  }
}

/** `参数错误: FIELD rule`: names the field and the rule it broke. */
export function invalid(field: string, rule: string): V1Error {
  return new V1Error('DATA_IS_INVALID', '{}', `参数错误: ${field} ${rule}`);
}
