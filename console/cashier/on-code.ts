/**
 * What a payment code means that was scanned, pasted or typed: charge, wait for the amount, try the bill again, or nothing. The rule
 * behind it: a code is charged because a person scanned it for this amount, and never twice.
 */
import { isDone, isUnpaid, type Sale } from './charge.ts';

export type Meaning =
  | 'charge'
  /** There is no amount yet: it is kept until there is one. */
  | 'hold'
  /** The bill that was not paid, with this code. */
  | 'again'
  /** A payment is under way, and this is not its business. */
  | 'busy'
  /** It was charged already; Alipay takes each code once. */
  | 'used';

/** As long as Alipay honours a code after the phone showed it. */
export const CODE_LIFE_MS = 60_000;

export function meaningOf({
  sale,
  amountFen,
  isUsed,
}: {
  readonly sale: Sale | undefined;
  readonly amountFen: number | undefined;
  readonly isUsed: boolean;
}): Meaning {
  if (sale !== undefined && !isDone(sale)) return 'busy';
  if (isUsed) return 'used';
  if (sale !== undefined) return isUnpaid(sale) ? 'again' : 'hold';
  return amountFen === undefined ? 'hold' : 'charge';
}
