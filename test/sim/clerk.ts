/**
 * A clerk who does the sensible thing: asks until an outcome is told, the same call in the same words, and queries in
 * between where a number is known. Nothing is drawn, so that a story goes the same way until something dies. A clerk in
 * a hurry leaves at the first connection that breaks, and the gateway has to settle alone.
 */
import { yuan, type Bill, type Told } from './ledger.ts';
import type { Prng } from './prng.ts';
import type { Question } from './till.ts';
import type { World } from './world.ts';

export type Clerk = {
  /** Charges the codes one after another until the bill is paid or the guest has no more. The number of the last payment. */
  charge(...codes: readonly string[]): Promise<Charged>;
  /** Asks for a QR code until there is one. */
  showQr(): Promise<ShownQr>;
  /** Asks about a trade until it is paid, has ended, or the clerk has had enough. */
  follow(paymentNo: string, forMs: number): Promise<Told>;
  /** Asks about a trade until there is an answer. */
  query(paymentNo: string): Promise<Told>;
  /** Gives money back: asks until it is done or refused. */
  refund(paymentNo: string, requestNo: string, amountFen: number): Promise<Told>;
  sleep(ms: number): Promise<void>;
};

export type Charged = { readonly paymentNo: string; readonly isPaid: boolean };
export type ShownQr = { readonly paymentNo: string; readonly qrCode: string };

/** What a clerk does when the connection breaks: asks again, or leaves for good. */
export type Patience = 'stays' | 'leaves';

/** Ends the story of a clerk who left. */
export class ClerkLeft extends Error {
  override readonly name = 'ClerkLeft';
}

/** What a till keeps of an answer that never came. */
export const BROKEN = 'broken connection';

/** Nobody asks for ever: a gateway that has not told by then never will. */
const ASKS_MAX = 100;
const ASKS_AGAIN_AFTER_MS = 2_000;
const FOLLOWS_EVERY_MS = 25_000;

export function createClerk({ cast }: World, bill: Bill, prng: Prng, patience: Patience): Clerk {
  const { till, ledger } = cast;
  const order = {
    cpiNo: bill.shop.cpiNo,
    localNo: bill.localNo,
    totalAmount: yuan(bill.amountFen),
    subject: bill.name,
  };
  const ask = async (question: Question): Promise<Told> => {
    const told = await till.call(bill, prng, question);
    if (told.raw === BROKEN && patience === 'leaves') throw new ClerkLeft();
    return told;
  };
  const query = (paymentNo: string): Promise<Told> =>
    ask({ call: 'query', key: paymentNo, data: { cpiNo: bill.shop.cpiNo, outTradeNo: paymentNo } });
  /** The same call until `isOver`; where its answer names a payment, that is asked about in between. */
  const insist = async (question: Question, isOver: (told: Told) => boolean): Promise<Told> => {
    for (let asks = 0; asks < ASKS_MAX; asks += 1) {
      const told = await ask(question);
      if (isOver(told)) return told;
      await till.sleep(ASKS_AGAIN_AFTER_MS);
      if (told.paymentNo !== undefined) await query(told.paymentNo);
    }
    throw new Error(`${question.call} is never answered`);
  };
  const repeatQuery = async (
    paymentNo: string,
    everyMs: number,
    isOver: (told: Told) => boolean,
  ): Promise<Told> => {
    for (;;) {
      const told = await query(paymentNo);
      if (isOver(told)) return told;
      await till.sleep(told.raw === BROKEN ? ASKS_AGAIN_AFTER_MS : everyMs);
    }
  };
  return {
    charge: async (...codes) => {
      for (const [at, authCode] of codes.entries()) {
        ledger.codes.set(authCode, bill);
        const told = await insist(
          { call: 'hb_barcode', key: authCode, data: { ...order, authCode } },
          ({ verdict }) => verdict === 'paid' || verdict === 'failed',
        );
        const paymentNo = numberOf(told);
        const isPaid = told.verdict === 'paid';
        if (isPaid || at === codes.length - 1) return { paymentNo, isPaid };
      }
      throw new Error('a guest has a code');
    },
    showQr: async () => {
      const question: Question = { call: 'qrcode', key: 'qrcode', data: order };
      const told = await insist(question, ({ verdict }) => verdict === 'shown');
      const { data } = JSON.parse(told.raw) as { data: { qr_code: string } };
      return { paymentNo: numberOf(told), qrCode: data.qr_code };
    },
    follow: (paymentNo, forMs) => {
      const endMs = till.nowMs() + forMs;
      return repeatQuery(
        paymentNo,
        FOLLOWS_EVERY_MS,
        ({ verdict }) => verdict === 'paid' || verdict === 'failed' || till.nowMs() > endMs,
      );
    },
    query: (paymentNo) =>
      repeatQuery(paymentNo, ASKS_AGAIN_AFTER_MS, ({ verdict }) => verdict !== 'error'),
    refund: (paymentNo, requestNo, amountFen) => {
      ledger.askedRefunds.push({ bill, paymentNo, requestNo, amountFen });
      const data = {
        cpiNo: bill.shop.cpiNo,
        outTradeNo: paymentNo,
        refundAmount: yuan(amountFen),
        outRequestNo: requestNo,
      };
      return insist(
        { call: 'refund', key: `${requestNo}/${amountFen}`, data },
        ({ verdict }) => verdict === 'refunded' || verdict === 'refused',
      );
    },
    sleep: till.sleep,
  };
}

function numberOf({ paymentNo, raw }: Told): string {
  if (paymentNo === undefined) throw new Error(`no number in ${raw}`);
  return paymentNo;
}
