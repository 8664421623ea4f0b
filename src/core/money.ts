/**
 * Money: integer fen everywhere, decimal yuan text only at the edges (the tills' JSON, Alipay's wire).
 * Reading is strict about what is money and never goes through floating point; anything odd is `undefined`,
 * for the caller to name. Which amounts a payment may have is decided in `limits.ts` and the flows, not here.
 */
import { assert } from './assert.ts';

declare const fenBrand: unique symbol;

/** An amount in fen (1/100 yuan): a safe integer. Negative only as a difference of two amounts. */
export type Fen = number & { readonly [fenBrand]: true };

function isFen(value: number): value is Fen {
  return Number.isSafeInteger(value);
}

/** 100000000.00 yuan, the largest amount of one trade (Alipay docs, alipay.trade.pay, total_amount). */
export const FEN_MAX = fen(10_000_000_000);

/** Up to 12 digits of yuan, so that zero-padded fields of old tills are read; the value is checked after. */
const YUAN = /^(\d{1,12})(?:\.(\d{1,2}))?$/;

/** Makes a `Fen` of a number that we computed. Throws `AssertionError` if it is not a safe integer. */
export function fen(value: number): Fen {
  // `+ 0` turns -0 into 0, so that no two equal amounts differ.
  const amount = value + 0;
  assert(isFen(amount), 'an amount in fen must be a safe integer');
  return amount;
}

/**
 * Reads decimal yuan text: `1`, `1.0`, `0.01`, at most 100000000.00 and at most two decimals.
 * No sign, no exponent, no blank, no `.5` or `5.`. Leading zeros are accepted (`00.10`): tills with
 * fixed-width fields send them, and decimal text has one reading only.
 */
export function parseYuan(text: string): Fen | undefined {
  const match = YUAN.exec(text);
  if (match === null) return undefined;
  const [, yuan = '', decimals = ''] = match;
  const value = Number(yuan) * 100 + Number(decimals.padEnd(2, '0'));
  return value <= FEN_MAX ? fen(value) : undefined;
}

/**
 * Reads an amount in an answer of Alipay. The wire has text (`"88.88"`), Alipay's documents also print
 * JSON numbers (`4800.00`, which arrive as 4800); both count, anything else is `undefined`.
 */
export function readYuan(value: unknown): Fen | undefined {
  if (typeof value === 'string') return parseYuan(value);
  if (typeof value === 'number') return parseYuan(String(value));
  return undefined;
}

/** Whether an amount as Alipay wrote it (`"0.01"`, `0.01`, `"1"`, `"1.00"`) is exactly `expected`. */
export function isSameYuan(value: unknown, expected: Fen): boolean {
  return readYuan(value) === expected;
}

/** Yuan with two decimals as Alipay and the tills expect it: `88.88`, `0.01`, `-1.50`. */
export function formatYuan(amount: Fen): string {
  const digits = String(Math.abs(amount)).padStart(3, '0');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
