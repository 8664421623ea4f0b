/**
 * How the bills of `money-paths.ts` end, as `summaryOf` tells it, and the times that several of them share.
 */

/** Paid; where the first charge never reached Alipay, by the next one. */
export const PAID = /^(closed, )?paid: keeps 1000$/;
export const UNPAID = /^closed: keeps 0$/;
export const NOTHING_OR_UNPAID = /^(nothing|closed|closed, closed): keeps 0$/;

/** Long enough for the query that confirms a payment. */
export const CONFIRMED_MS = 25_000;
/** Longer than any deadline and any lease. */
export const OUTAGE_MS = 60_000;
