/**
 * Fixtures of the tests in this folder: keys, signed bodies, and the answers that Alipay's pages and old traffic show.
 * The keys were made for these tests, protect nothing, and are short so that tests are fast. Bodies are signed here with
 * `node:crypto` alone, not with `sign.ts`, so that a mistake there cannot agree with itself.
 */
import { createPrivateKey, createPublicKey, sign as cryptoSign, type KeyObject } from 'node:crypto';
import type { HttpRequest, HttpSend, NoResponse } from '../system/http.ts';
import type { AlipayApp } from './encode.ts';

const APP_PRIVATE = [
  'MIICeQIBADANBgkqhkiG9w0BAQEFAASCAmMwggJfAgEAAoGBAL2PU5o5uE7/4C4GbcnRoqQkYKdIQw1IpA3noxnYhDIQ',
  '6tE6LHIIy0kWZQuD/ry/AV0acceQkHRrSbm/Yrt8ChU4qZ6NKU9zu40BcInwFuxksbLKwrcI+SMLYDBI72AHYdJpNthZ',
  'fDPfpE0u032pFsmbY8Kgvh7zlpPflkOm7hsdAgMBAAECgYEAgt35bMcejEOwxHWhxCxbaZDHvZVw3THiOMtLWeOV2G6/',
  'fnT4DD4wAiRY3CtjaXFAgsNn+8u9PvJ28qrDggYveqjnECFPuW80AmlmUYzxzuNyv4pOXJomajQzZG1I67OjxTM7teWW',
  'pCFKnLJuCAqxC8XXSRcSlgYuyoaEbR2daE0CQQDhKip7JTp6qUeTVrcqqWoEZrf8fm/KEK0LrVhtP9KgL4l7v/7NvphN',
  'cwUijLH5FQHJ+lFdChOMdhBmLemNyMZ/AkEA14TssWTHrxVxIXx9QOEk/O7vHxlBN4v6QMe5P+8HzR/HN0wOlUKaQMv5',
  'OCO5ZA7ZHBknlTcqF/XL89q/yPqoYwJBAKylkzsnWYayA7LC2+F3U1YamNqe7AKI9NauTM5AELVInedoWOzTRp6kIfzS',
  '2qf9ZojDSd3IGyMpZ/uhGqLfnusCQQCF/mTSnd/woRonQaj2L4S5pSwSX7dGe8bpg8NPVqO5CqrnXGgssK4K30ZhewSG',
  'ixy89X7ArP2EzBMz16spn34VAkEAmMXiPYqALor+3wHNk0Y1rOBdKdrMOeePOOGcOl4EgTa6FDyIgofWTNDhc0UKoeJn',
  'TSRkdR2XQXbsl91Q21Y/3A==',
].join('');

const ALIPAY_PRIVATE = [
  'MIICeAIBADANBgkqhkiG9w0BAQEFAASCAmIwggJeAgEAAoGBAKwPl0lRht3LtPyChLF8axg9H35NxYhlyIAefrjMnCIx',
  'G1dOBG9456/q94LxJOfSE/jkVqoLxVsamAkDOszkvM4AK80Ac/QRBMz0Xs+d0IQvLkNhGG0Zgy8wnI6EDIQKocptAjYP',
  'a37tuTTkXcwiT1mzD7MBVLXFw9OL6BVRkHoPAgMBAAECgYEAn1fs/lx/LuaZXQQuiQQ1VgQ9J0Y0+kVwsp4LM29h5RRf',
  'QrIgz29D+Zn70IssZ3gZQPWOAPrXsbBmPmp8SQZIhmSGjbglXqY//Na3VyhoXCNzPabJybyPEwMkA1A8LMGPJDjxbC2O',
  'HWNVf3iHZsUg4oo5YsEkCvqZWL+beIc12SkCQQDjkwwCk38FpUxNkW+keMghsdIkCDzDxzgLECG5j4efYVwv+WyHWy06',
  'tYWJZ6UzSqP+5iy5DenUiZSIf5YEwTPDAkEAwY1vox1U3gcEnZbot31qWg+2LB9B4Doo6uXZCQAZ222wrMtrdn+8i+XJ',
  '+plK7FZVLO9gQEak8L/gtFIahZx3xQJBANqgObl/2VejJVqfjZGENz+nhSn4f+fVS5HVPZD2wmPrNJUiGZEvlpQALvmC',
  'CMLtwf7vQafGJg143qkDaSvIL+ECQFSQ0Uf5Vs0zT8by2nbhKwhyeOvKNGQdxSbsiekuzB1dTaYRssAxi1WsbpU5SMz9',
  '43UgmXM76nDtxOXEQaZC+OkCQQDGX7zWryEfn7WYjc8ZsJtAiF6r2AO2Ra+LuloVNDDvqvIYPvyWZZsChyYVPeiAY+fc',
  'NP3esa8LY3QOa/n+Ha/r',
].join('');

const STRANGER_PRIVATE = [
  'MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAL5kcSvu+/OleZiMSOkVkxSmiCRVT0oY35z+Sje8YEBL',
  'Izofj50iOCEJgSMHGhS3saPBSbbdyNHMBnHA33VCxg2CvyqMo1rsE1kF+EJFzN4t1FqrpvPLHIT0eG1lM9FnJDEakdz9',
  'WF2kl+AY1ANwHuZtkt/Yat0/mrVpJo9vteiXAgMBAAECgYEAr2qfktjnrj6B3/kwnABSuS4ONVucaCqurFjmTJ/1Foej',
  '90No8F+800OMhZdfgkMVGklV/3QsOJAASAJqYAGbsvIF2KyNPnuJlc/uy1NRs54eR8BgKg+EEPede5gggWCh8AeDfoPQ',
  '+cuyZ8EbTIjGF+wCfniC0hzF6llFcM10jDECQQD07v/mLMTnNoJnbclGzmjb4io5ROw0INUgutCcjVKT3PjQyES7KR80',
  '5CEmKUrR/Vvzq6Wn/8YaKxvq8tuqvwUlAkEAxv6YuA7nlkZS/xWN1nvYzx5eAOmjVNF5figdzHlg/6UiY25ZLv95D0hZ',
  'SoRWMGoAoq28O44Bd1z/5smBrZbwCwJBAOapJMiJJK1xggERPNm3jLx2Erl4FNFKkiuOguLLnBavpIpJ76AqK79Nj4I2',
  'pMV4yd2BqjG6B7+hFVt/disoVRkCQCemHsO9pIMaq/rLTqGHt6E9Cbng03xY6H4sfBN7s8n8Gyf4mqh0mqhi3/eq+olW',
  '9Z10RGcRWlVwIETZrY7q3hUCQHGjGAet9SEblKlHLPnUaOPikRFKKGUeNivhtAwmBaz+MYKzR06jdym00GHFdzPHGqJc',
  'co+YqtI95Y+i786Ita8=',
].join('');

function privateKeyOf(base64: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' });
}

/** Our application's key, Alipay's, and that of somebody else. */
export const KEYS = {
  app: privateKeyOf(APP_PRIVATE),
  alipay: privateKeyOf(ALIPAY_PRIVATE),
  stranger: privateKeyOf(STRANGER_PRIVATE),
} as const;

export const APP: AlipayApp = {
  appId: '2014072300007148',
  signType: 'RSA2',
  privateKey: KEYS.app,
  alipayPublicKey: createPublicKey(KEYS.alipay),
};

/** 2014-07-24 03:07:50 in Shanghai, the time of the example in Alipay's pages. */
export const NOW_MS = 1_406_142_470_000;

const DIGEST = { RSA2: 'sha256', RSA: 'sha1' } as const;

/** A base64 signature over bytes, by `node:crypto` alone. */
export function signatureOf(
  content: Uint8Array,
  key: KeyObject = KEYS.alipay,
  signType: keyof typeof DIGEST = 'RSA2',
): string {
  return cryptoSign(DIGEST[signType], content, key).toString('base64');
}

/** JSON as Alipay writes it: no blanks, `/` as `\/`. */
export function alipayJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('/', '\\/');
}

/** A body as Alipay sends it: `{"<node>":…,"sign":"…"}`, signed over the node's exact bytes. */
export function signedBody(
  node: string,
  content: string | Uint8Array,
  key: KeyObject = KEYS.alipay,
  signType: keyof typeof DIGEST = 'RSA2',
): Buffer {
  const bytes = Buffer.from(content);
  const signature = signatureOf(bytes, key, signType);
  return Buffer.concat([Buffer.from(`{"${node}":`), bytes, Buffer.from(`,"sign":"${signature}"}`)]);
}

/** Answers as seen on the wire or printed in the pages; `X` stands for the payment number, `R1` for the refund's. */
export const WIRE = {
  precreated: {
    node: 'alipay_trade_precreate_response',
    text: String.raw`{"code":"10000","msg":"Success","out_trade_no":"X","qr_code":"https:\/\/qr.alipay.com\/bax03431ljhokirwl38f00a7"}`,
  },
  paid: {
    node: 'alipay_trade_pay_response',
    text: '{"code":"10000","msg":"Success","buyer_logon_id":"854***@qq.com","buyer_pay_amount":"0.01","buyer_user_id":"2088102363632794","fund_bill_list":[{"amount":"0.01","fund_channel":"PCREDIT"}],"gmt_payment":"2019-08-29 20:22:02","invoice_amount":"0.01","out_trade_no":"X","point_amount":"0.00","receipt_amount":"0.01","total_amount":"0.01","trade_no":"2019082922001432790585666965"}',
  },
  payWaiting: {
    node: 'alipay_trade_pay_response',
    text: '{"code":"10003","msg":" order success pay inprocess","buyer_logon_id":"159****5620","buyer_pay_amount":"0.00","buyer_user_id":"2088102363632794","invoice_amount":"0.00","out_trade_no":"X","point_amount":"0.00","receipt_amount":"0.00","total_amount":"0.01","trade_no":"2019082922001432790585666966"}',
  },
  payRefused: {
    node: 'alipay_trade_pay_response',
    text: '{"code":"40004","msg":"Business Failed","sub_code":"ACQ.PAYMENT_AUTH_CODE_INVALID","sub_msg":"支付失败，获取顾客账户信息失败，请顾客刷新付款码后重新收款，如再次收款失败，请联系管理员处理。[SOUNDWAVE_PARSER_FAIL]","buyer_pay_amount":"0.00","invoice_amount":"0.00","out_trade_no":"X","point_amount":"0.00","receipt_amount":"0.00"}',
  },
  queryAbsent: {
    node: 'alipay_trade_query_response',
    text: '{"code":"40004","msg":"Business Failed","sub_code":"ACQ.TRADE_NOT_EXIST","sub_msg":"交易不存在","buyer_pay_amount":"0.00","invoice_amount":"0.00","out_trade_no":"X","point_amount":"0.00","receipt_amount":"0.00"}',
  },
  queryPaid: {
    node: 'alipay_trade_query_response',
    text: '{"code":"10000","msg":"Success","buyer_logon_id":"csq***@sandbox.com","buyer_pay_amount":"20.00","buyer_user_id":"2088102169481075","fund_bill_list":[{"amount":"20.00","fund_channel":"ALIPAYACCOUNT"}],"invoice_amount":"20.00","out_trade_no":"X","point_amount":"0.00","receipt_amount":"20.00","send_pay_date":"2017-03-21 13:29:17","total_amount":"20.00","trade_no":"2017032121001004070200176844","trade_status":"TRADE_SUCCESS"}',
  },
  queryWaiting: {
    node: 'alipay_trade_query_response',
    text: '{"code":"10000","msg":"Success","buyer_logon_id":"274***@qq.com","buyer_pay_amount":"0.00","buyer_user_id":"2088302616934024","invoice_amount":"0.00","out_trade_no":"X","point_amount":"0.00","receipt_amount":"0.00","total_amount":"88.88","trade_no":"2020022922001434021425786415","trade_status":"WAIT_BUYER_PAY"}',
  },
  cancelNothing: {
    node: 'alipay_trade_cancel_response',
    text: '{"code":"10000","msg":"Success","out_trade_no":"X","retry_flag":"N"}',
  },
  cancelRefunded: {
    node: 'alipay_trade_cancel_response',
    text: '{"msg":"Success","code":"10000","out_trade_no":"X","retry_flag":"N","trade_no":"2017032121001004070200176844","action":"refund"}',
  },
  cancelRefused: {
    node: 'alipay_trade_cancel_response',
    text: '{"code":"40004","msg":"Business Failed","sub_code":"ACQ.INVALID_PARAMETER","sub_msg":"参数无效","out_trade_no":"X","retry_flag":"N"}',
  },
  closeNotOpen: {
    node: 'alipay_trade_close_response',
    text: '{"code":"40004","msg":"Business Failed","sub_code":"ACQ.TRADE_STATUS_ERROR","sub_msg":"交易状态不合法","out_trade_no":"X"}',
  },
  refunded: {
    node: 'alipay_trade_refund_response',
    text: '{"code":"10000","msg":"Success","buyer_logon_id":"854***@qq.com","buyer_user_id":"2088102363632794","fund_change":"Y","gmt_refund_pay":"2019-08-29 20:30:00","out_trade_no":"X","refund_fee":"0.01","send_back_fee":"0.00","trade_no":"2019082922001432790585666965"}',
  },
  refundFound: {
    node: 'alipay_trade_fastpay_refund_query_response',
    text: '{"code":"10000","msg":"Success","out_request_no":"R1","out_trade_no":"X","refund_amount":"0.01","refund_status":"REFUND_SUCCESS","total_amount":"0.02","trade_no":"2019082922001432790585666965"}',
  },
  refundAbsent: {
    node: 'alipay_trade_fastpay_refund_query_response',
    text: '{"code":"10000","msg":"Success"}',
  },
  heartbeat: {
    node: 'monitor_heartbeat_syn_response',
    text: '{"code":"10000","msg":"Success","pid":"2088121307572082"}',
  },
  missingSignature: {
    node: 'error_response',
    text: '{"code":"40001","msg":"Missing Required Arguments","sub_code":"isv.missing-signature","sub_msg":"缺少签名参数"}',
  },
} as const;

/** A transport that answers every request alike and keeps what was sent. */
export function answering(
  body: Uint8Array,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): HttpSend & { sent: HttpRequest[] } {
  const sent: HttpRequest[] = [];
  const send: HttpSend = async (request) => {
    sent.push(request);
    return { status, headers, body };
  };
  return Object.assign(send, { sent });
}

/** A transport that stays silent in one of the three ways. */
export function silent(reason: NoResponse['reason']): HttpSend {
  const error = Object.assign(new Error(`test: ${reason}`), { name: 'NoResponse', reason });
  return () => Promise.reject(error);
}
