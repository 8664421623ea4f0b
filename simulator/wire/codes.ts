/**
 * The refusals the simulator can give, with Alipay's own words: public codes, gateway refusals and
 * business refusals (protocol 1.8, 3). A table of texts; when each applies is decided where the
 * check is made.
 */

/** `msg` of each public `code`; the leading space of 10003 is on the wire (protocol 3.1). */
export const MESSAGES = {
  '10000': 'Success',
  '10003': ' order success pay inprocess',
  '20000': 'Service Currently Unavailable',
  '20001': 'Insufficient Token Permissions',
  '40001': 'Missing Required Arguments',
  '40002': 'Invalid Arguments',
  '40003': 'Insufficient Conditions',
  '40004': 'Business Failed',
  '40005': 'Call Limited',
  '40006': 'Insufficient Permissions',
} as const;
export type Code = keyof typeof MESSAGES;

/** Refusals of the gateway itself, before any business. */
export const GATEWAY_REFUSALS = {
  'isv.missing-method': ['40001', '缺少方法名参数'],
  'isv.missing-app-id': ['40001', '缺少AppID参数'],
  'isv.missing-signature': ['40001', '缺少签名参数'],
  'isv.missing-signature-type': ['40001', '缺少签名类型参数'],
  'isv.missing-timestamp': ['40001', '缺少时间戳参数'],
  'isv.missing-version': ['40001', '缺少版本参数'],
  'isv.missing-encrypt-key': ['40001', '缺少加密配置'],
  'isv.missing-signature-config': ['40003', '应用未配置对应签名算法的公钥或者证书'],
  'isv.invalid-app-id': ['40002', '无效的AppID参数'],
  'isv.invalid-method': ['40002', '不存在的方法名'],
  'isv.invalid-format': ['40002', '无效的数据格式'],
  'isv.invalid-signature-type': ['40002', '无效的签名类型'],
  'isv.invalid-signature': ['40002', '验签出错'],
  'isv.invalid-timestamp': ['40002', '非法的时间戳参数'],
  'isv.invalid-version': ['40002', '非法的版本参数'],
  'isv.invalid-charset': ['40002', '字符集错误'],
  'isv.invalid-encrypt-type': ['40002', '无效的加密类型'],
  'isv.missing-app-cert-sn': ['40001', '缺少应用公钥证书序列号参数'],
  'isv.missing-alipay-root-cert-sn': ['40001', '缺少支付宝根证书序列号参数'],
  'isv.app-cert-not-exist': ['40002', '应用公钥证书不存在'],
  'isv.app-cert-expired': ['40002', '应用公钥证书已过期'],
  'isv.invalid-alipay-root-cert-sn': ['40002', '无效的支付宝根证书序列号'],
  'aop.invalid-app-auth-token': ['20001', '无效的应用授权令牌'],
  'isv.illegal-json': ['40002', 'biz_content不是合法的JSON'],
  'isp.unknow-error': ['20000', '系统繁忙'],
  'aop.unknow-error': ['20000', '系统繁忙'],
} as const satisfies Record<string, readonly [Code, string]>;
export type GatewayRefusal = keyof typeof GATEWAY_REFUSALS;

/**
 * Business refusals (40004). Where one method words it otherwise, its own table in `../methods/`
 * says so.
 */
export const BUSINESS_REFUSALS = {
  'ACQ.INVALID_PARAMETER': '参数无效',
  'ACQ.ACCESS_FORBIDDEN': '无权限使用接口',
  'ACQ.AUTH_TOKEN_IS_NOT_EXIST': '支付授权码为空',
  'ACQ.PAYMENT_AUTH_CODE_INVALID':
    '支付失败，获取顾客账户信息失败，请顾客刷新付款码后重新收款，如再次收款失败，请联系管理员处理。[SOUNDWAVE_PARSER_FAIL]',
  'ACQ.CONTEXT_INCONSISTENT':
    '支付失败，商户订单号重复，请收银员取消本笔交易并重新收款。[CONTEXT_INCONSISTENT]',
  'ACQ.TRADE_HAS_SUCCESS': '交易已被支付',
  'ACQ.TRADE_HAS_CLOSE': '交易已经关闭',
  'ACQ.TRADE_HAS_FINISHED': '交易已经完结',
  'ACQ.TRADE_BUYER_NOT_MATCH': '交易买家不匹配',
  'ACQ.BUYER_BALANCE_NOT_ENOUGH': '买家余额不足',
  'ACQ.SELLER_NOT_EXIST': '卖家不存在',
  'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR': '当前时间已超过允许支付的时间',
  'ACQ.SUB_GOODS_SIZE_MAX_COUNT': '子商品明细超长',
  'ACQ.APPLY_PC_MERCHANT_CODE_ERROR': '申请二维码失败',
  'ACQ.TRADE_NOT_EXIST': '交易不存在',
  'ACQ.TRADE_STATUS_ERROR': '交易状态不合法',
  'ACQ.TRADE_CANCEL_TIME_OUT': '超过撤销时间范围',
  'ACQ.REASON_TRADE_REFUND_FEE_ERR': '退款金额无效',
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL': '退款金额超限',
  'ACQ.DISCORDANT_REPEAT_REQUEST': '不一致的请求',
  // The bill method's codes have no ACQ prefix and are spelt as on the wire (protocol 2.8).
  'isp.bill_not_exist': '账单不存在',
  invalid_arguments: '入参不合法',
  TYPE_NOT_SUPPORTED: '账单类型不支持',
} as const satisfies Record<string, string>;
export type BusinessRefusal = keyof typeof BUSINESS_REFUSALS;
