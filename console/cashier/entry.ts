/**
 * The amount as it is typed, key by key. What would be no amount is not taken: a third decimal, a second point, more than a payment
 * may be. Whole fen come out of it.
 */
import { readYuan } from '../money.ts';

export type EntryKey =
  | '0'
  | '1'
  | '2'
  | '3'
  | '4'
  | '5'
  | '6'
  | '7'
  | '8'
  | '9'
  | '00'
  | '.'
  | 'backspace'
  | 'clear';

/** What the API takes at most: 100,000,000.00 yuan. */
const AMOUNT_FEN_MAX = 10_000_000_000;
const HALF_TYPED = /^(?:0|[1-9]\d{0,8})(?:\.\d{0,2})?$/;

export function isEntryKey(key: string): key is EntryKey {
  return /^(?:\d|00|\.|backspace|clear)$/.test(key);
}

/** The text after the key. */
export function typedEntry(entry: string, key: EntryKey): string {
  if (key === 'clear') return '';
  if (key === 'backspace') return entry.slice(0, -1);
  const next = withoutLeadingZero(entry === '' && key === '.' ? '0.' : entry + key);
  return HALF_TYPED.test(next) && (fenOf(next) ?? 0) <= AMOUNT_FEN_MAX ? next : entry;
}

/** In fen; undefined while there is nothing to charge. */
export function entryAmount(entry: string): number | undefined {
  const amountFen = fenOf(entry);
  return amountFen === 0 ? undefined : amountFen;
}

function withoutLeadingZero(text: string): string {
  return text.replace(/^0+(?=\d)/, '');
}

function fenOf(entry: string): number | undefined {
  return readYuan(entry.replace(/\.$/, ''));
}
