/**
 * The shapes of the numbers the gateway gives out. Each is a day and a running number of a cycle; that a cycle does not
 * come round within a day is the promise behind "unique for ever", and unique constraints in the database hold it.
 * The running numbers come from `store/counters.ts`.
 */
import { assert } from './assert.ts';

/** Payments a day before a payment number would repeat. */
export const PAYMENT_NO_CYCLE = 10_000_000;
/** Shops a day before a shop number would repeat. */
export const CPI_NO_CYCLE = 1_000_000;
/** Events never come round: of a counter that goes back in time it says how far ahead it goes on. */
export const EVENT_NO_CYCLE = 4_000_000_000;

/**
 * How far a running number is moved ahead when its counter has gone back in time, to a restored backup: between a quarter and
 * three quarters of the cycle. The numbers that were given out since the backup are skipped, as long as they are fewer than the
 * quarter, and so are those of the day still to come; where exactly is left to chance, because the same backup may be
 * restored a second time. `random` is any whole number.
 */
export function numbersToSkip(cycle: number, random: number): number {
  return cycle / 4 + (random % (cycle / 2));
}

/** `FF` + yyMMdd + 7 digits, e.g. `FF1603210000058`. `day` is `yyyyMMdd` in Shanghai; `running` counts from 1. */
export function formatPaymentNo(day: string, running: number): string {
  return `FF${day.slice(2)}${digits(running % PAYMENT_NO_CYCLE, 7)}`;
}

/** `DL` + yyyyMMdd + 6 digits, e.g. `DL20160328000001`. */
export function formatCpiNo(day: string, running: number): string {
  return `DL${day}${digits(running % CPI_NO_CYCLE, 6)}`;
}

/** A store's number within its merchant account: three digits from `001`, four from the thousandth. */
export function formatStoreNo(running: number): string {
  return digits(running, 3);
}

function digits(value: number, width: number): string {
  assert(Number.isSafeInteger(value) && value >= 0, 'a running number is a whole number');
  return String(value).padStart(width, '0');
}
