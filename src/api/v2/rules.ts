/**
 * What a request may hold: each rule of the schemas, when it holds and how it is said to people, in English and Chinese. The
 * patterns that schemas use stand here with their sentences, so that none is without one. `check.ts` goes through a request.
 */
import { EVENT_TYPES } from '../../core/event-types.ts';
import {
  APP_AUTH_TOKEN_PATTERN,
  APP_ID_PATTERN,
  AUTH_CODE_PATTERN,
  lengthOf,
  PID_PATTERN,
  PRODUCT_CODE_PATTERN,
  SHOP_NO_PATTERN,
} from '../../core/limits.ts';
import { parseRfc3339 } from '../../core/time.ts';
import { invalidField } from './problems.ts';
import type { Keywords } from './shape.ts';

export type Sentence = { readonly en: string; readonly zh: string };

/** A rule with what a schema says of it: a limit, say. */
export type Rule<Value> = Sentence & { readonly holds: (value: Value) => boolean };

export type Fields = Readonly<Record<string, unknown>>;

/** A kind of value, and every rule that a schema may make for it, undefined where it makes none. */
export type Kind<Value> = Sentence & {
  readonly is: (value: unknown) => value is Value;
  readonly rules: (
    schema: Keywords,
  ) => Readonly<Partial<Record<keyof Keywords, Rule<Value> | undefined>>>;
};

/** Text of 1 to `max` characters (code points), without control characters and halves of surrogate pairs. */
export function textPattern(max: number): string {
  return `^[^\\p{Cc}\\p{Cs}]{1,${max}}$`;
}

/** Types of events, with commas between them. */
const ONE_TYPE = `(?:${EVENT_TYPES.join('|').replaceAll('.', String.raw`\.`)})`;
export const EVENT_TYPES_PATTERN = new RegExp(`^${ONE_TYPE}(?:,${ONE_TYPE})*$`);

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
  [EVENT_TYPES_PATTERN.source]: {
    en: `must be types of events, with commas between them: ${EVENT_TYPES.join(', ')}`,
    zh: `须为事件类型，以逗号分隔：${EVENT_TYPES.join(', ')}`,
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

function patternSentence(pattern: string): Sentence {
  const max = TEXT_PATTERN.exec(pattern)?.groups?.['max'];
  if (max !== undefined) {
    return {
      en: `must be 1 to ${max} characters, without control characters`,
      zh: `须为 1 至 ${max} 个字符，不能含有控制字符`,
    };
  }
  return PATTERNS[pattern] ?? { en: 'has the wrong form', zh: '格式错误' };
}

/** The rule for the names in a record. */
export function nameRule(pattern: string): Rule<Fields> {
  const expression = new RegExp(pattern, 'u');
  const { en, zh } = patternSentence(pattern);
  return {
    en: `has a name that breaks its rule: it ${en}`,
    zh: `中有不合规则的名称：${zh}`,
    holds: (fields) => Object.keys(fields).every((name) => expression.test(name)),
  };
}

/** The rule for what a schema says under a keyword; undefined where it says nothing. */
function made<Says, Value>(
  says: Says | undefined,
  rule: (says: Says) => Rule<Value>,
): Rule<Value> | undefined {
  return says === undefined ? undefined : rule(says);
}

/** Who puts a time of an answer into a URL as it is loses its `+`. */
const TIME: Sentence = {
  en: 'must be an RFC 3339 time, such as 2026-11-23T14:56:27+08:00 (in a URL its + is %2B)',
  zh: '须为 RFC 3339 时间，例如 2026-11-23T14:56:27+08:00（在 URL 中 + 写作 %2B）',
};
export const REQUIRED: Sentence = { en: 'is required', zh: '不能为空' };
export const UNKNOWN: Sentence = { en: 'is not a field of this request', zh: '不是该请求的字段' };

export const TEXT: Kind<string> = {
  en: 'must be text',
  zh: '须为文本',
  is: (value) => typeof value === 'string',
  rules: (schema) => ({
    maxLength: made(schema.maxLength, (max) => ({
      en: `must have at most ${max} characters`,
      zh: `不能超过 ${max} 个字符`,
      // Code units are never fewer, and need no counting.
      holds: (text) => text.length <= max || lengthOf(text) <= max,
    })),
    format: made(schema.format, () => ({
      ...TIME,
      holds: (text) => parseRfc3339(text) !== undefined,
    })),
    pattern: made(schema.pattern, (pattern) => {
      const expression = new RegExp(pattern, 'u');
      return { ...patternSentence(pattern), holds: (text) => expression.test(text) };
    }),
    enum: made(schema.enum, (values) => ({
      en: `must be one of ${values.join(', ')}`,
      zh: `须为以下之一：${values.join(', ')}`,
      holds: (text) => values.includes(text),
    })),
  }),
};

export const INTEGER: Kind<number> = {
  en: 'must be a whole number',
  zh: '须为整数',
  is: (value): value is number => Number.isInteger(value),
  rules: (schema) => ({
    minimum: made(schema.minimum, (min) => ({
      en: `must be at least ${min}`,
      zh: `不能小于 ${min}`,
      holds: (number) => number >= min,
    })),
    maximum: made(schema.maximum, (max) => ({
      en: `must be at most ${max}`,
      zh: `不能大于 ${max}`,
      holds: (number) => number <= max,
    })),
  }),
};

export const BOOLEAN: Kind<boolean> = {
  en: 'must be true or false',
  zh: '须为 true 或 false',
  is: (value) => typeof value === 'boolean',
  rules: () => ({}),
};

export const LIST: Kind<readonly unknown[]> = {
  en: 'must be a list',
  zh: '须为列表',
  is: (value) => Array.isArray(value),
  rules: (schema) => ({
    minItems: made(schema.minItems, (min) => ({
      en: `must have at least ${min}`,
      zh: `至少 ${min} 项`,
      holds: (list) => list.length >= min,
    })),
    maxItems: made(schema.maxItems, (max) => ({
      en: `must have at most ${max}`,
      zh: `至多 ${max} 项`,
      holds: (list) => list.length <= max,
    })),
    uniqueItems: made(schema.uniqueItems, () => ({
      en: 'must name each once',
      zh: '不能重复',
      // Lists that say so hold texts.
      holds: (list) => new Set(list).size === list.length,
    })),
  }),
};

export const OBJECT: Kind<Fields> = {
  en: 'must be an object',
  zh: '须为对象',
  is: (value): value is Fields =>
    typeof value === 'object' && value !== null && !Array.isArray(value),
  rules: (schema) => ({
    minProperties: made(schema.minProperties, (min) => ({
      en: `must have at least ${min} field`,
      zh: `至少 ${min} 个字段`,
      holds: (fields) => Object.keys(fields).length >= min,
    })),
    maxProperties: made(schema.maxProperties, (max) => ({
      en: `must have at most ${max} entries`,
      zh: `至多 ${max} 项`,
      holds: (fields) => Object.keys(fields).length <= max,
    })),
  }),
};

/** A time of a request, in epoch milliseconds. Throws `invalid_request` for what is none. */
export function readTime(field: string, text: string): number;
export function readTime(field: string, text: string | undefined): number | undefined;
export function readTime(field: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseRfc3339(text);
  if (ms !== undefined) return ms;
  throw invalidField(field, TIME.en, TIME.zh);
}
