/**
 * Reads and checks the fields of a v1 call. Each reader names field and rule in its error. JSON null and "" mean "not
 * given", as old terminals send them; a JSON number in a text field is taken as its digits.
 */
import {
  AMOUNT_FEN_MAX,
  AMOUNT_FEN_MIN,
  APP_ID_PATTERN,
  AUTH_CODE_PATTERN,
  CONTROL_PATTERN,
  PID_PATTERN,
  SHOP_NO_PATTERN,
  lengthOf,
  TRADE_NO_PATTERN,
} from '../../core/limits.ts';
import type { SignType } from '../../core/merchant.ts';
import { parseYuan, type Fen } from '../../core/money.ts';
import { readPublicKey } from '../../flows/read-public-key.ts';
import { invalid } from './errors.ts';
import { isNumberText, type JsonObject } from './json.ts';

/** Digits of a JSON number that can stand for text: no exponent. */
const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/;

/** The text of a field, or undefined when it is not given. */
export function optionalText(
  data: JsonObject,
  field: string,
  lengthMax: number,
): string | undefined {
  const value = Object.hasOwn(data, field) ? data[field] : undefined;
  if (value === undefined || value === null || value === '') return undefined;
  const text =
    isNumberText(value) && PLAIN_NUMBER.test(value.numberText) ? value.numberText : value;
  if (typeof text !== 'string') throw invalid(field, '须为文本');
  if (text.length > lengthMax && lengthOf(text) > lengthMax) {
    throw invalid(field, `长度不能超过${lengthMax}个字符`);
  }
  if (CONTROL_PATTERN.test(text)) throw invalid(field, '不能含有控制字符');
  if (!text.isWellFormed()) throw invalid(field, '含有无效的Unicode字符');
  return text;
}

export function requiredText(data: JsonObject, field: string, lengthMax: number): string {
  const text = optionalText(data, field, lengthMax);
  if (text === undefined) throw invalid(field, '不能为空');
  return text;
}

/** Longer than any pattern's text, so that the pattern's own message is the one that is heard. */
const PATTERN_LENGTH_MAX = 200;

type Rule = { readonly pattern: RegExp; readonly rule: string };

export const RULES = {
  sellerId: { pattern: PID_PATTERN, rule: '须为2088开头的16位数字' },
  appId: { pattern: APP_ID_PATTERN, rule: '须为16至32位数字' },
  shopNo: { pattern: SHOP_NO_PATTERN, rule: '须为1至64位字母、数字、-或_' },
  authCode: { pattern: AUTH_CODE_PATTERN, rule: '须为25至30开头的16至24位数字' },
  tradeNo: { pattern: TRADE_NO_PATTERN, rule: '须为1至64位字母、数字、-或_' },
} as const satisfies Record<string, Rule>;

export function optionalMatch(data: JsonObject, field: string, rule: Rule): string | undefined {
  const text = optionalText(data, field, PATTERN_LENGTH_MAX);
  if (text !== undefined && !rule.pattern.test(text)) throw invalid(field, rule.rule);
  return text;
}

export function requiredMatch(data: JsonObject, field: string, rule: Rule): string {
  const text = optionalMatch(data, field, rule);
  if (text === undefined) throw invalid(field, '不能为空');
  return text;
}

/** An amount in yuan, as text or as a JSON number. */
export function requiredAmount(data: JsonObject, field: string): Fen {
  const given = Object.hasOwn(data, field) ? data[field] : undefined;
  // A JSON number is an amount; one with an exponent is not plain decimal text.
  const text = isNumberText(given)
    ? given.numberText
    : requiredText(data, field, PATTERN_LENGTH_MAX);
  const amount = parseYuan(text);
  if (amount === undefined || amount < AMOUNT_FEN_MIN || amount > AMOUNT_FEN_MAX) {
    throw invalid(field, '须为0.01至100000000.00的金额(元),最多两位小数');
  }
  return amount;
}

export function optionalSignType(data: JsonObject, field: string): SignType | undefined {
  const text = optionalText(data, field, PATTERN_LENGTH_MAX);
  if (text === undefined || text === 'RSA2' || text === 'RSA') return text;
  throw invalid(field, '须为RSA2或RSA');
}

/** The longest key that anybody pastes: a PEM of 4096 bits is below 1 KB. */
const KEY_LENGTH_MAX = 4096;

/** Alipay's public key as PEM or base64, brought into one form. */
export function optionalPublicKey(data: JsonObject, field: string): string | undefined {
  const value = Object.hasOwn(data, field) ? data[field] : undefined;
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string' || value.length > KEY_LENGTH_MAX)
    throw invalid(field, '须为RSA公钥');
  const read = readPublicKey(value);
  if (!read.ok) throw invalid(field, `须为RSA公钥 (${read.detail})`);
  return read.publicKey;
}

/** `true` or not, as v1 writes it: the text "true"; not given and "false" mean no. */
export function flag(data: JsonObject, field: string): boolean {
  const value = Object.hasOwn(data, field) ? data[field] : undefined;
  if (value === true || value === 'true') return true;
  const isNo = value === undefined || value === null || value === '' || value === 'false';
  if (isNo || value === false) return false;
  throw invalid(field, '须为"true"或不填');
}
