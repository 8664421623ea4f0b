/**
 * Stores the intent of a charge before Alipay hears of it, or finds the charge that the same call made before.
 * The row and its first event are written together, and only if nobody else wrote this attempt of the `localNo` since it was
 * ruled on. A crash after that leaves a due row that the worker settles; a crash before it leaves nothing.
 */
import type { Creator } from '../core/audit.ts';
import { firstLookAtMs } from '../core/schedule.ts';
import { ruleOnLocalNo } from '../core/local-no.ts';
import type { MerchantWithApp } from '../core/merchant.ts';
import type { Fen } from '../core/money.ts';
import { UNTOUCHED_PAYMENT, type Payment } from '../core/payment.ts';
import type { Queryable } from '../store/database.ts';
import { insertCall, requireFreeKey, type IdempotentCall } from '../store/idempotency.ts';
import { insertPaymentWithEvent } from '../store/payment-changes.ts';
import { listAttempts } from '../store/payments.ts';
import type { Deps } from './deps.ts';
import { openApp, type LoadedApp } from './load-app.ts';
import { beginning, createdBy, detailOfCreator } from './record-change.ts';
import { STORED_TOPIC } from './tell-events.ts';

/** What a merchant's system asks to be charged. Texts are within the limits of `core/limits.ts`. */
export type ChargeInput = {
  readonly localNo: string;
  readonly amountFen: Fen;
  readonly subject: string;
  readonly body: string | null;
  readonly operatorId: string | null;
  readonly storeId: string | null;
  /** JSON that the merchant wants to find on the payment again; null for none. */
  readonly metadata: string | null;
};

export type ChargeOptions = {
  /** The idempotency key that the caller gave. */
  readonly call?: IdempotentCall | undefined;
  /** Who asks for it, where that is known. */
  readonly by?: Creator | undefined;
  /** How long an open payment is waited for, if not as long as the settings say. */
  readonly waitMs?: number | undefined;
};

/** A new charge, to be sent with this app's keys. */
export type NewCharge = {
  readonly kind: 'new';
  readonly payment: Payment;
  readonly app: LoadedApp;
};

export type StartedCharge =
  | NewCharge
  | { readonly kind: 'same'; readonly payment: Payment }
  | { readonly kind: 'taken'; readonly payment: Payment }
  /** It would be a new charge, and nobody gave Alipay's public key for the app: no answer could be verified. */
  | { readonly kind: 'not_configured' }
  /** It would be a new charge, and the merchant is suspended. */
  | { readonly kind: 'suspended' };

const SECOND_MS = 1000;
const MINUTE_S = 60;

/** Whole minutes that Alipay honours a QR code: its unit is the minute, so never less than what we keep it open. */
export function qrMinutes(qrExpiresS: number): number {
  return Math.max(1, Math.ceil(qrExpiresS / MINUTE_S));
}

/** Throws `KeyTaken` when another call took the idempotency key meanwhile; then nothing is stored. */
export async function startCharge(
  deps: Pick<Deps, 'db' | 'clock' | 'numbers' | 'settings' | 'keyRing' | 'news'>,
  merchant: MerchantWithApp,
  charge: ChargeInput & Pick<Payment, 'method' | 'authCodeHash'>,
  { call, by }: Pick<ChargeOptions, 'call' | 'by'> = {},
): Promise<StartedCharge> {
  // The app of today is for a new charge only: the same call as before is answered whatever became of the shop's app.
  const app = await openApp(deps, merchant.app, merchant);
  const readAttempts = () => listAttempts(deps.db, merchant.merchantId, charge.localNo);
  // Nearly every `localNo` is new: that is tried first, and the write itself says if it is not.
  const mayBeNew = app !== undefined && merchant.state === 'active';
  let attempts = mayBeNew ? [] : await readAttempts();
  for (;;) {
    const ruling = ruleOnLocalNo(attempts, charge);
    if (ruling.kind !== 'new') {
      await requireFreeKey(deps.db, call);
      return ruling;
    }
    if (merchant.state === 'suspended') return { kind: 'suspended' };
    if (app === undefined) return { kind: 'not_configured' };
    const nowMs = deps.clock.nowMs();
    // Taken before the write, and lost if this call turns out to be a repetition: numbers are unique, not dense.
    const paymentNo = await deps.numbers.takePaymentNo(nowMs);
    const payment = intent(
      deps,
      merchant,
      app,
      { ...charge, ...createdBy(by), paymentNo, attempt: ruling.attempt },
      nowMs,
    );
    const { method, amountFen } = payment;
    const created = beginning(payment, 'created', { method, amountFen, ...detailOfCreator(by) });
    const began = { paymentNo, requestNo: null, createdAtMs: nowMs };
    const keepCall = call && ((tx: Queryable) => insertCall(tx, { ...call, ...began }));
    if (await insertPaymentWithEvent(deps.db, payment, nowMs, created, keepCall)) {
      deps.news.tell(STORED_TOPIC);
      return { kind: 'new', payment, app };
    }
    // A call before this one, or beside it, stored the same attempt: rule on what it wrote.
    attempts = await readAttempts();
  }
}

function intent(
  deps: Pick<Deps, 'settings'>,
  merchant: MerchantWithApp,
  app: LoadedApp,
  charge: ChargeInput &
    Pick<
      Payment,
      'method' | 'authCodeHash' | 'paymentNo' | 'attempt' | 'createdBy' | 'createdByName'
    >,
  nowMs: number,
): Payment {
  const { settings } = deps;
  const openS = charge.method === 'qr' ? settings.qrExpiresS : settings.paymentDeadlineS;
  const honouredS = charge.method === 'qr' ? qrMinutes(openS) * MINUTE_S : openS;
  // Alipay counts from when it answers, which is up to one call later.
  const callMs = charge.method === 'qr' ? settings.alipayTimeoutMs : 0;
  return {
    ...UNTOUCHED_PAYMENT,
    merchantId: merchant.merchantId,
    paymentNo: charge.paymentNo,
    localNo: charge.localNo,
    attempt: charge.attempt,
    method: charge.method,
    amountFen: charge.amountFen,
    subject: charge.subject,
    body: charge.body,
    operatorId: charge.operatorId,
    storeId: charge.storeId,
    authCodeHash: charge.authCodeHash,
    metadata: charge.metadata,
    createdBy: charge.createdBy,
    createdByName: charge.createdByName,
    appOwner: app.record.owner,
    appId: app.record.appId,
    keyId: app.record.keyId,
    authorizationId: merchant.authorizationId,
    sellerId: merchant.sellerId,
    createdAtMs: nowMs,
    deadlineAtMs: nowMs + openS * SECOND_MS,
    diesAtMs: nowMs + honouredS * SECOND_MS + callMs,
    dueAtMs: firstLookAtMs(nowMs, settings.alipayTimeoutMs),
  };
}
