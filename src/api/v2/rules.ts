/**
 * What a request may hold, said to people: each rule of the schemas as a sentence in English and Chinese, with the path of
 * the field that breaks it. The patterns that schemas use stand here with their sentences, so that none is without one.
 */
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import {
  APP_AUTH_TOKEN_PATTERN,
  APP_ID_PATTERN,
  AUTH_CODE_PATTERN,
  PID_PATTERN,
  PRODUCT_CODE_PATTERN,
  SHOP_NO_PATTERN,
} from '../../core/limits.ts';
import { parseRfc3339 } from '../../core/time.ts';
import { invalidField, type Problem } from './problems.ts';

type Sentence = { readonly en: string; readonly zh: string };

/** Text of 1 to `max` characters (code points), without control characters and halves of surrogate pairs. */
export function textPattern(max: number): string {
  return `^[^\\p{Cc}\\p{Cs}]{1,${max}}$`;
}

const TEXT_PATTERN = /^\^\[\^\\p\{Cc\}\\p\{Cs\}\]\{1,(?<max>\d+)\}\$$/;

/** Patterns that are no plain text, by their source. */
const PATTERNS: Readonly<Record<string, Sentence>> = {
  [AUTH_CODE_PATTERN.source]: {
    en: 'must be a payment code: 16 to 24 digits that begin with 25 to 30',
    zh: '须为付款码：25 至 30 开头的 16 至 24 位数字',
  },
  [PID_PATTERN.source]: {
    en: 'must be 16 digits that begin with 2088',
    zh: '须为 2088 开头的 16 位数字',
  },
  [APP_ID_PATTERN.source]: { en: 'must be 16 to 32 digits', zh: '须为 16 至 32 位数字' },
  [PRODUCT_CODE_PATTERN.source]: {
    en: 'must be a product code of Alipay: capital letters and _',
    zh: '须为支付宝产品码：大写字母和 _',
  },
  [APP_AUTH_TOKEN_PATTERN.source]: {
    en: 'must be an app_auth_token: 16 to 64 printable characters',
    zh: '须为 app_auth_token：16 至 64 个可打印字符',
  },
  [SHOP_NO_PATTERN.source]: {
    en: 'must be 1 to 64 letters, digits, - or _',
    zh: '须为 1 至 64 位字母、数字、- 或 _',
  },
};

const TYPES: Readonly<Record<string, Sentence>> = {
  string: { en: 'must be text', zh: '须为文本' },
  integer: { en: 'must be a whole number', zh: '须为整数' },
  object: { en: 'must be an object', zh: '须为对象' },
  array: { en: 'must be a list', zh: '须为列表' },
  boolean: { en: 'must be true or false', zh: '须为 true 或 false' },
};

type Params = Readonly<Record<string, unknown>>;

/** Rules with a limit, which stands for `#`. */
const LIMITS: Readonly<Record<string, Sentence>> = {
  minimum: { en: 'must be at least #', zh: '不能小于 #' },
  maximum: { en: 'must be at most #', zh: '不能大于 #' },
  minItems: { en: 'must have at least #', zh: '至少 # 项' },
  minProperties: { en: 'must have at least # field', zh: '至少 # 个字段' },
  maxItems: { en: 'must have at most #', zh: '至多 # 项' },
  maxProperties: { en: 'must have at most # entries', zh: '至多 # 项' },
  maxLength: { en: 'must have at most # characters', zh: '不能超过 # 个字符' },
};

/** The others. */
const RULES: Readonly<Record<string, (params: Params) => Sentence>> = {
  required: () => ({ en: 'is required', zh: '不能为空' }),
  additionalProperties: () => ({ en: 'is not a field of this request', zh: '不是该请求的字段' }),
  type: ({ type }) => TYPES[String(type)] ?? { en: 'has the wrong type', zh: '类型不对' },
  enum: ({ allowedValues }) => {
    const listed = Array.isArray(allowedValues) ? allowedValues.join(', ') : '';
    return { en: `must be one of ${listed}`, zh: `须为以下之一：${listed}` };
  },
  uniqueItems: () => ({ en: 'must name each once', zh: '不能重复' }),
  pattern: ({ pattern }) => patternRule(String(pattern)),
};

function ruleOf(keyword: string): ((params: Params) => Sentence) | undefined {
  const limited = LIMITS[keyword];
  if (limited === undefined) return RULES[keyword];
  return ({ limit }) => ({
    en: limited.en.replace('#', String(limit)),
    zh: limited.zh.replace('#', String(limit)),
  });
}

function patternRule(pattern: string): Sentence {
  const max = TEXT_PATTERN.exec(pattern)?.groups?.['max'];
  if (max !== undefined) {
    return {
      en: `must be 1 to ${max} characters, without control characters`,
      zh: `须为 1 至 ${max} 个字符，不能含有控制字符`,
    };
  }
  return PATTERNS[pattern] ?? { en: 'has the wrong form', zh: '格式错误' };
}

/** A time of a request, in epoch milliseconds. Throws `invalid_request` for what is none. */
export function readTime(field: string, text: string): number;
export function readTime(field: string, text: string | undefined): number | undefined;
export function readTime(field: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseRfc3339(text);
  if (ms !== undefined) return ms;
  throw invalidField(field, 'must be an RFC 3339 time', '须为 RFC 3339 时间');
}

/** The problem of a request that its schema refuses: the first rule that is broken. */
export function brokenRule(
  errors: readonly FastifySchemaValidationError[],
  where: string,
): Problem {
  // The rule of the object comes after what follows from it: an unknown field is "schema is false", and then unknown.
  const error = errors.find(({ keyword }) => ruleOf(keyword) !== undefined) ?? errors[0];
  if (error === undefined) return invalidField(where, 'is not as it should be', '有误');
  const { keyword, params, instancePath } = error;
  const sentence = ruleOf(keyword)?.(params) ?? { en: 'has the wrong form', zh: '格式错误' };
  const field = fieldOf(instancePath, missingOf(params)) || where;
  return invalidField(field, sentence.en, sentence.zh);
}

/** The field that is missing or unknown, which stands beside the path of the object. */
function missingOf(params: Params): string | undefined {
  const names = params['requiredProperties'] ?? params['additionalProperties'];
  return Array.isArray(names) ? String(names[0]) : undefined;
}

function fieldOf(instancePath: string, name: string | undefined): string {
  const path = instancePath.split('/').slice(1).map(unescapePointer);
  return [...path, ...(name === undefined ? [] : [name])].join('.');
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
