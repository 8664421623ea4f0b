/**
 * Asks the gateway what becomes of a charge, step by step, and tells `charge.ts` what was heard. It never gives up by itself: without
 * an answer it asks again, by the number of the bill, until somebody ends it by its signal.
 */
import { ApiError, type Client, type Payment } from '../../client/client.ts';
import { isOver, type Charge, type Heard } from './charge.ts';
import { verdictOf, type Verdict } from './verdict.ts';

export type Gateway = Pick<Client['payments'], 'create' | 'get' | 'list' | 'cancel'>;

export type Ports = {
  readonly payments: Gateway;
  /** Ends early when the network is back. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly tell: (heard: Heard) => void;
  /** The session has ended: whoever signs in next goes on with what is written down. */
  readonly signedOut: () => void;
};

/** A hiccup is not worth a word. After longer than this nothing is sent any more, since the guest may have gone. */
const RESEND_FOR_MS = 2000;
const AGAIN_MS = 2000;
/** A payment that Alipay has not answered yet is looked at soon: it may turn into one that the guest has to confirm. */
const WAIT_CREATED_S = 2;
const WAIT_OPEN_S = 25;
/** A person waits for it, and then hears what became of the money from the payment itself. */
const CANCEL_WAIT_S = 10;
/** A code that nobody has scanned does not end at once, however long one waits. */
const CANCEL_QR_WAIT_S = 2;
/** One answer might have overtaken the call that it is about. */
const ABSENT_ANSWERS = 2;

/** `authCode`: of a barcode; it lives in the memory of the page only. */
export async function sendCharge(
  { payments, tell, signedOut }: Ports,
  charge: Charge,
  authCode: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  try {
    const payment = await payments.create(
      {
        merchant: charge.merchant,
        method: charge.method,
        ...(authCode === undefined ? {} : { auth_code: authCode }),
        amount: charge.amountFen,
        merchant_reference: charge.reference,
        subject: charge.subject,
      },
      { idempotencyKey: charge.key, retryForMs: RESEND_FOR_MS, signal },
    );
    tell({ kind: 'payment', payment });
  } catch (error) {
    if (signal.aborted) return;
    hearError(verdictOf(error), { tell, signedOut });
  }
}

function hearError(verdict: Verdict, { tell, signedOut }: Pick<Ports, 'tell' | 'signedOut'>): void {
  if (verdict.kind === 'refused') tell(verdict);
  else tell({ kind: 'silence' });
  if (verdict.kind === 'signed_out') signedOut();
}

/** Finds out whether there is a payment of this charge. */
export async function lookForCharge(
  ports: Ports,
  charge: Charge,
  signal: AbortSignal,
): Promise<void> {
  let absentAnswers = 0;
  while (!signal.aborted) {
    const found = await askFor(ports, charge, signal);
    if (signal.aborted) return;
    if (found.kind === 'payment') return ports.tell(found);
    absentAnswers = found.kind === 'absent' ? absentAnswers + 1 : 0;
    if (found.kind === 'silence') ports.tell(found);
    if (absentAnswers >= ABSENT_ANSWERS) return ports.tell({ kind: 'absent' });
    await ports.pause(AGAIN_MS, signal);
  }
}

/** One question: the payment, that there is none, or silence. */
export async function askFor(
  { payments, signedOut }: Pick<Ports, 'payments' | 'signedOut'>,
  { merchant, reference, attemptsBefore }: Charge,
  signal: AbortSignal,
): Promise<Heard> {
  try {
    const { data } = await payments.list({
      merchant,
      merchant_reference: reference,
      limit: 1,
      retryForMs: 0,
      signal,
    });
    const [newest] = data;
    return newest !== undefined && newest.attempt > attemptsBefore
      ? { kind: 'payment', payment: newest }
      : { kind: 'absent' };
  } catch (error) {
    if (!signal.aborted && verdictOf(error).kind === 'signed_out') signedOut();
    return { kind: 'silence' };
  }
}

/** Follows a payment until it is over. */
export async function followPayment(
  { payments, pause, tell, signedOut }: Ports,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  let state: Payment['state'] = 'created';
  while (!signal.aborted && !isOver({ state })) {
    try {
      const wait = state === 'created' ? WAIT_CREATED_S : WAIT_OPEN_S;
      const heard = await payments.get(id, { wait, retryForMs: 0, signal });
      ({ state } = heard);
      tell({ kind: 'payment', payment: heard });
    } catch (error) {
      if (signal.aborted) return;
      hearError(
        verdictOf(error).kind === 'signed_out' ? { kind: 'signed_out' } : { kind: 'doubt' },
        { tell, signedOut },
      );
      await pause(AGAIN_MS, signal);
    }
  }
}

/** What became of the money is told by the payment: the cancel asks Alipay first, and what was paid stays paid. */
export async function cancelCharge(
  { payments, tell }: Pick<Ports, 'payments' | 'tell'>,
  payment: Payment,
): Promise<void> {
  tell({ kind: 'cancel_asked' });
  try {
    const wait = payment.method === 'qr' ? CANCEL_QR_WAIT_S : CANCEL_WAIT_S;
    // Under a key of its own each time: who presses again wants to hear how it is now, and not what was said before.
    tell({ kind: 'payment', payment: await payments.cancel(payment.id, { wait }) });
  } catch (error) {
    const isPaid = error instanceof ApiError && error.code === 'payment_not_cancelable';
    // Who follows the payment hears at once that it is paid.
    if (!isPaid) tell({ kind: 'cancel_unanswered' });
  }
}
