/**
 * What the same `localNo` again means: one number names one charge of a merchant for ever, so a repeated call must
 * never charge twice, and a charge that ended unpaid may be tried again. Pure; `flows/start-charge.ts` asks and a unique
 * constraint on (merchant, localNo, attempt) holds the answer against a race.
 */
import { keptNothing, type Payment } from './payment.ts';

export type ChargeRequest = {
  readonly method: Payment['method'];
  readonly amountFen: number;
  /** Hash of the payment code; null for a QR payment. */
  readonly authCodeHash: string | null;
};

export type LocalNoRuling =
  /** Nothing stands in the way: charge, as this attempt. */
  | { readonly kind: 'new'; readonly attempt: number }
  /** The same call again: this payment is its answer. */
  | { readonly kind: 'same'; readonly payment: Payment }
  /** The number stands for another charge. */
  | { readonly kind: 'taken'; readonly payment: Payment };

/** Rules on a charge under a `localNo` that had `attempts` before, newest first. */
export function ruleOnLocalNo(attempts: readonly Payment[], request: ChargeRequest): LocalNoRuling {
  const latest = attempts[0];
  if (latest === undefined) return { kind: 'new', attempt: 1 };
  const again = attempts.find((attempt) => isSameCall(attempt, request));
  const answersAgain =
    again !== undefined && (request.method === 'barcode' || (again === latest && isShown(again)));
  if (answersAgain) return { kind: 'same', payment: again };
  // An earlier attempt may have been paid late, after a later one was begun: the bill is paid.
  const paid = attempts.find((attempt) => attempt.state === 'paid' && !keptNothing(attempt));
  if (paid !== undefined) return { kind: 'taken', payment: paid };
  const mayChargeAgain = keptNothing(latest) || (again === latest && !isShown(latest));
  if (mayChargeAgain && latest.amountFen === request.amountFen) {
    return { kind: 'new', attempt: latest.attempt + 1 };
  }
  return { kind: 'taken', payment: latest };
}

function isSameCall(payment: Payment, request: ChargeRequest): boolean {
  return (
    payment.method === request.method &&
    payment.amountFen === request.amountFen &&
    payment.authCodeHash === request.authCodeHash
  );
}

/**
 * Whether a QR payment has a code that somebody may see, or may yet get one. A precreate without an answer showed
 * nothing: nobody can pay it, and Alipay advises to call again under a new number (docs, precreate). A payment that
 * moved on was seen by somebody, whatever became of our code: it is never charged again.
 */
function isShown(payment: Payment): boolean {
  if (keptNothing(payment)) return false;
  return payment.state !== 'created' || payment.qrCode !== null || !payment.firstCallEnded;
}
