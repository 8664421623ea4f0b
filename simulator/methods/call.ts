/**
 * What a method of Alipay's API gets and gives: the verified call, and the fields of an answer.
 * Also the reading of `biz_content` by a table of rules; which rules a method has stands in its own
 * file beside this one.
 */
import type { Book } from '../book/book.ts';
import type { App, FaultKind } from '../book/entities.ts';
import { BUSINESS_REFUSALS, MESSAGES } from '../wire/codes.ts';
import type { BusinessRefusal } from '../wire/codes.ts';
import type { Fields } from '../wire/envelope.ts';
import { FEN_MAX, FEN_MIN, parseYuan } from '../wire/money.ts';
import type { SignType } from '../wire/signing.ts';

/** A call whose signature was verified. */
export type Call = {
  book: Book;
  nowMs: number;
  app: App;
  /** `biz_content`, parsed. */
  content: Readonly<Record<string, unknown>>;
  signType: SignType;
  notifyUrl: string | undefined;
  /** What later notifications say in `charset` (protocol 1.4). */
  notifyCharset: string;
  /** The simulator's own host and port as the caller knows them. */
  host: string;
};

export type MethodAnswer = {
  fields: Fields;
  /** How a magic payment code makes the answer suffer. */
  fault?: FaultKind;
  delayMs?: number;
};

export type Method = (call: Call) => MethodAnswer;

/** An answer with `code` 10000, or 10003 for a trade the buyer must still confirm. */
export function success(fields: Fields, code: '10000' | '10003' = '10000'): MethodAnswer {
  return { fields: { code, msg: MESSAGES[code], ...fields } };
}

/** A business refusal (40004); `words` where this method says it differently from the table. */
export function refused(
  refusal: BusinessRefusal,
  fields: Fields = {},
  words: string = BUSINESS_REFUSALS[refusal],
): MethodAnswer {
  const head = { code: '40004', msg: MESSAGES['40004'], sub_code: refusal, sub_msg: words };
  return { fields: { ...head, ...fields } };
}

/**
 * What a text field of `biz_content` must be. Fields without a rule are let through unread, as
 * Alipay does.
 */
export type FieldRule = {
  max: number;
  required?: true;
  pattern?: RegExp;
  /** Yuan between 0.01 and 100000000. */
  amount?: true;
};

export type Values<R extends Record<string, FieldRule>> = { [K in keyof R]?: string };

/**
 * Text of a JSON value; numbers are taken as their digits, empty text counts as absent (protocol 6
 * no. 21).
 */
function textOf(value: unknown): string | undefined | false {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : false;
}

function fits(text: string, rule: FieldRule): boolean {
  if (text.length > rule.max || rule.pattern?.test(text) === false) return false;
  if (rule.amount === undefined) return true;
  const fen = parseYuan(text);
  return fen !== undefined && fen >= FEN_MIN && fen <= FEN_MAX;
}

/** A field's text whatever its rules: what a refusal echoes. */
export function echoOf(call: Call, name: string): string | undefined {
  const text = textOf(call.content[name]);
  return text === false ? undefined : text;
}

/**
 * The ruled fields of `biz_content`; undefined if one of them breaks its rule
 * (`ACQ.INVALID_PARAMETER`).
 */
export function readContent<R extends Record<string, FieldRule>>(
  call: Call,
  rules: R,
): Values<R> | undefined {
  const values: Values<R> = {};
  // Object.entries forgets the key type; the keys are those of `rules`.
  for (const [name, rule] of Object.entries(rules) as [keyof R & string, FieldRule][]) {
    const text = textOf(call.content[name]);
    if (text === false || (text === undefined && rule.required)) return undefined;
    if (text === undefined) continue;
    if (!fits(text, rule)) return undefined;
    values[name] = text;
  }
  return values;
}

/** The options a caller asked for in `query_options`. */
export function hasQueryOption(call: Call, option: string): boolean {
  const options = call.content['query_options'];
  return Array.isArray(options) && options.includes(option);
}

/** How query, cancel, close and refund name a trade. */
export const TRADE_NAME_RULES = {
  trade_no: { max: 64 },
  out_trade_no: { max: 64 },
} as const satisfies Record<string, FieldRule>;
