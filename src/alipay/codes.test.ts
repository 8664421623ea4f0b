/**
 * The code tables as Alipay's pages read. The list of refusals of a payment is written out a second time here on purpose:
 * a row that moves from "ask again" to "refused" can lose money, so it must be changed in two places.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BUSINESS_CODES,
  meaningOf,
  METHODS,
  normaliseSubCode,
  type Meaning,
  type Method,
} from './codes.ts';

// METHODS is a closed table of ours; its keys are the methods.
const methods = Object.keys(METHODS).filter((name): name is Method => Object.hasOwn(METHODS, name));

function kindsOf(method: Method): Record<string, string[]> {
  const byKind: Record<string, string[]> = {};
  for (const [subCode, { kind }] of Object.entries(BUSINESS_CODES[method]))
    (byKind[kind] ??= []).push(subCode);
  for (const subCodes of Object.values(byKind)) subCodes.sort();
  return byKind;
}

describe('business codes', () => {
  test('pay: in doubt are exactly these', () => {
    expect(kindsOf('pay')['doubt']).toEqual([
      'AUTH_NO_ERROR',
      'CONTEXT_INCONSISTENT',
      'PULL_MOBILE_CASHIER_FAIL',
      'TRADE_BUYER_NOT_MATCH',
      'TRADE_HAS_SUCCESS',
      'TRADE_SETTLE_ERROR',
      'TRADE_STATUS_ERROR',
    ]);
  });

  test('pay: refused for certain are exactly these', () => {
    expect(kindsOf('pay')['refused']).toEqual(PAY_REFUSALS);
  });

  test('precreate, query, cancel, close, refund: doubt, absence and open trades', () => {
    expect(kindsOf('precreate')['doubt']).toEqual([
      'CONTEXT_INCONSISTENT',
      'TRADE_BUYER_NOT_MATCH',
      'TRADE_HAS_SUCCESS',
      'TRADE_SETTLE_ERROR',
    ]);
    expect(kindsOf('query')).toMatchObject({
      absent: ['TRADE_NOT_EXIST'],
      refused: ['INVALID_PARAMETER'],
    });
    expect(kindsOf('cancel')).not.toHaveProperty('doubt');
    expect(kindsOf('close')).toMatchObject({
      absent: ['TRADE_NOT_EXIST'],
      not_open: ['REASON_ILLEGAL_STATUS', 'REASON_TRADE_STATUS_INVALID', 'TRADE_STATUS_ERROR'],
    });
    expect(kindsOf('refund')['doubt']).toEqual([
      'ENTERPRISE_PAY_BIZ_ERROR',
      'REASON_TRADE_STATUS_INVALID',
      'REFUND_CHARGE_ERROR',
      'TRADE_HAS_CLOSE',
      'TRADE_SETTLE_ERROR',
      'TRADE_STATUS_ERROR',
    ]);
    expect(kindsOf('refundQuery')).not.toHaveProperty('absent');
  });

  test('keys of the tables are normal, so that every row can be found', () => {
    for (const method of methods)
      for (const subCode of Object.keys(BUSINESS_CODES[method])) {
        expect(normaliseSubCode(`ACQ.${subCode}`)).toBe(subCode);
        expect(meaningOf(method, '40004', `ACQ.${subCode}`)).toBe(BUSINESS_CODES[method][subCode]);
      }
  });
});

describe('meaningOf', () => {
  const cases: [Method, string, string | undefined, Meaning['kind']][] = [
    ['pay', '10000', undefined, 'accepted'],
    ['pay', '10000', 'ACQ.TRADE_HAS_SUCCESS', 'unknown'],
    ['pay', '10000', 'ACQ.PAYMENT_AUTH_CODE_INVALID', 'unknown'],
    ['query', '10000', 'ACQ.SYSTEM_ERROR', 'unknown'],
    ['pay', '10003', undefined, 'waiting'],
    ['pay', '10003', 'ACQ.PAYMENT_FAIL', 'unknown'],
    ['query', '10003', undefined, 'unknown'],
    ['refund', '10003', undefined, 'unknown'],
    ['pay', '20000', undefined, 'doubt'],
    ['pay', '20000', 'ACQ.PAYMENT_AUTH_CODE_INVALID', 'doubt'],
    ['pay', '20000', 'isp.unknow-error', 'doubt'],
    ['pay', '40004', undefined, 'unknown'],
    ['pay', '40004', 'ACQ.SOMETHING_NEW', 'unknown'],
    ['pay', '40004', 'ACQ.PAYMENT_AUTH_CODE_INVALID', 'refused'],
    ['pay', '40004', 'acq.payment_auth_code_invalid', 'refused'],
    ['pay', '40004', 'PAYMENT_AUTH_CODE_INVALID', 'refused'],
    ['pay', '40004', ' AQC.PAYMENT_AUTH_CODE_INVALID ', 'refused'],
    ['pay', '40004', 'aop.ACQ.PAYMENT_AUTH_CODE_INVALID', 'refused'],
    ['pay', '40004', 'ACQ.PAYMENT_AUTH_CODE_INVALID2', 'unknown'],
    ['pay', '40004', 'ACQ.TRADE_NOT_EXIST', 'unknown'],
    ['query', '40004', 'ACQ.TRADE_NOT_EXIST', 'absent'],
    ['query', '40002', 'ACQ.TRADE_NOT_EXIST', 'doubt'],
    ['pay', '40002', 'ACQ.TRADE_HAS_SUCCESS', 'doubt'],
    ['precreate', '40004', 'ACQ.PAYMENT_AUTH_CODE_INVALID', 'unknown'],
    ['precreate', '40004', 'ACQ.APPLY_PC_MERCHANT_CODE_ERROR', 'refused'],
    ['pay', '40004', 'ACQ.APPLY_PC_MERCHANT_CODE_ERROR', 'unknown'],
    ['pay', '40002', 'isv.invalid-signature', 'refused'],
    ['pay', '40002', undefined, 'refused'],
    ['pay', '40005', 'isv.app-call-limited', 'refused'],
    ['pay', '20001', 'aop.invalid-app-auth-token', 'refused'],
    ['pay', '40007', 'isv.something', 'unknown'],
    ['pay', '50000', undefined, 'unknown'],
    ['pay', '', undefined, 'unknown'],
    ['pay', '10000 ', undefined, 'unknown'],
    ['pay', 'toString', undefined, 'unknown'],
    ['pay', '40004', '__proto__', 'unknown'],
    ['pay', '40004', 'constructor', 'unknown'],
  ];
  test.each(cases)('%s %s %s is %s', (method, code, subCode, kind) => {
    expect(meaningOf(method, code, subCode).kind).toBe(kind);
  });

  const doubts = [
    'ACQ.SYSTEM_ERROR',
    'AQC.SYSTEM_ERROR',
    'aop.ACQ.SYSTEM_ERROR',
    'SYSTEM_ERROR',
    'system_error',
    'isp.system-error',
    'acq.system-error',
    'ACQ.SystemError',
    'ACQ.TRADE_SYSTEM_ERROR',
    'isp.unknow-error',
    'aop.unknow-error',
    'aop.unknown-error',
    'isp.service-currently-unavailable',
  ];
  test.each(doubts)('%s is doubt, under every code and for every method', (subCode) => {
    for (const method of methods)
      for (const code of [
        '20000',
        '20001',
        '40001',
        '40002',
        '40003',
        '40004',
        '40005',
        '40006',
        '40099',
      ])
        expect(meaningOf(method, code, subCode)).toEqual({ kind: 'doubt' });
  });

  test('what is in no table is unknown, and never a refusal', () => {
    const subCode = fc.stringMatching(/^[A-Z_.]{1,20}$/);
    fc.assert(
      fc.property(fc.constantFrom(...methods), subCode, (method, text) => {
        const { kind } = meaningOf(method, '40004', text);
        const isListed = Object.hasOwn(BUSINESS_CODES[method], normaliseSubCode(text));
        expect(['unknown', 'doubt']).toContain(isListed ? 'unknown' : kind);
      }),
    );
  });
});

const PAY_REFUSALS = [
  'ACCESS_FORBIDDEN',
  'AMOUNT_OR_CURRENCY_ERROR',
  'AUTH_AMOUNT_NOT_ENOUGH',
  'AUTH_ORDER_HAS_CLOSED',
  'AUTH_ORDER_HAS_FINISHED',
  'AUTH_ORDER_NOT_PAID',
  'AUTH_TOKEN_IS_NOT_EXIST',
  'BEYOND_PAY_RESTRICTION',
  'BEYOND_PER_RECEIPT_DAY_RESTRICTION',
  'BEYOND_PER_RECEIPT_RESTRICTION',
  'BEYOND_PER_RECEIPT_SINGLE_RESTRICTION',
  'BUYER_BALANCE_NOT_ENOUGH',
  'BUYER_BANKCARD_BALANCE_NOT_ENOUGH',
  'BUYER_ENABLE_STATUS_FORBID',
  'BUYER_NOT_EXIST',
  'BUYER_NOT_MAINLAND_CERT',
  'BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR',
  'BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR',
  'BUYER_SELLER_EQUAL',
  'CURRENCY_NOT_SUPPORT',
  'ERROR_BALANCE_PAYMENT_DISABLE',
  'ERROR_BUYER_CERTIFY_LEVEL_LIMIT',
  'EXIST_FORBIDDEN_WORD',
  'INVALID_PARAMETER',
  'INVALID_RECEIVE_ACCOUNT',
  'INVALID_STORE_ID',
  'MERCHANT_AGREEMENT_INVALID',
  'MERCHANT_AGREEMENT_NOT_EXIST',
  'MERCHANT_PERM_RECEIPT_DAY_LIMIT',
  'MERCHANT_PERM_RECEIPT_SINGLE_LIMIT',
  'MERCHANT_PERM_RECEIPT_SUSPEND_LIMIT',
  'MERCHANT_STATUS_NOT_NORMAL',
  'MOBILE_PAYMENT_SWITCH_OFF',
  'NOT_CERTIFIED_USER',
  'NOT_SUPPORT_PAYMENT_INST',
  'NOW_TIME_AFTER_EXPIRE_TIME_ERROR',
  'NO_PAYMENT_INSTRUMENTS_AVAILABLE',
  'PARTNER_ERROR',
  'PAYER_UNMATCHED',
  'PAYMENT_AUTH_CODE_INVALID',
  'PAYMENT_FAIL',
  'PAYMENT_REQUEST_HAS_RISK',
  'PLATFORM_BUSINESS_ACQUIRE_MODE_MUST_MERCHANT_ID',
  'PRE_AUTH_PROD_CODE_INCONSISTENT',
  'PRODUCT_AMOUNT_LIMIT_ERROR',
  'REQUEST_AMOUNT_EXCEED',
  'RESTRICTED_MERCHANT_INDUSTRY',
  'RISK_MERCHANT_IP_NOT_EXIST',
  'ROYALTY_ACCOUNT_NOT_EXIST',
  'SECONDARY_MERCHANT_ALIPAY_ACCOUNT_INVALID',
  'SECONDARY_MERCHANT_ID_BLANK',
  'SECONDARY_MERCHANT_ID_INVALID',
  'SECONDARY_MERCHANT_ISV_PUNISH_INDIRECT',
  'SECONDARY_MERCHANT_NOT_MATCH',
  'SECONDARY_MERCHANT_STATUS_ERROR',
  'SELLER_BEEN_BLOCKED',
  'SELLER_NOT_EXIST',
  'SMILE_PAY_MERCHANT_NOT_MATCH',
  'SUB_GOODS_SIZE_MAX_COUNT',
  'SUB_MERCHANT_CREATE_FAIL',
  'SUB_MERCHANT_TYPE_INVALID',
  'TOTAL_FEE_EXCEED',
  'TRADE_HAS_CLOSE',
  'UN_SUPPORT_TRADE_SCENE',
  'USER_FACE_PAYMENT_SWITCH_OFF',
  'USER_LOGONID_DUP',
];
