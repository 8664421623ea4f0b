/**
 * What must hold at every moment, looked at as each call leaves the gateway, reaches Alipay, or is answered to a till.
 * What must hold at the end is in `final-checks.ts`.
 */
import type { Book } from '../../simulator/simulator.ts';
import { tradeNamed, type BookTrade } from './book.ts';
import type { WireCall } from './network.ts';
import type { RunRecord } from './record.ts';
import type { Timeline } from './timeline.ts';

export type LiveChecks = {
  onCall(call: WireCall): void;
  onArrival(call: WireCall): void;
};

export type LiveOptions = {
  readonly timeline: Pick<Timeline, 'nowMs'>;
  readonly book: Book;
  readonly record: RunRecord;
  /** Off when the nodes' clocks differ or a node may stand still: three seconds are then not the same three seconds. */
  readonly checksSpacing: boolean;
};

const REFUND_SPACING_MS = 3000;
/** A refund that the gateway gives back by itself is named so. */
const LATE_REFUND = /^(.+)LATE\d*$/;

export function createLiveChecks(options: LiveOptions): LiveChecks {
  const { timeline, record } = options;
  const numberOfCode = new Map<string, string>();
  const charged = new Set<string>();
  const refundSentAtMs = new Map<string, number>();
  const fail = (rule: string, { outTradeNo }: WireCall, detail: string): void =>
    record.fail({ rule, detail, paymentNo: outTradeNo });

  const onCharge = (call: WireCall): void => {
    const code = call.content['auth_code'] ?? '';
    const known = numberOfCode.get(code);
    if (known !== undefined && known !== call.outTradeNo) {
      fail('one code, one payment', call, `code sent as ${known} and as ${call.outTradeNo}`);
    }
    if (charged.has(call.outTradeNo)) fail('a charge is sent once', call, 'pay was sent again');
    charged.add(call.outTradeNo);
    numberOfCode.set(code, call.outTradeNo);
  };
  const onRefund = (call: WireCall): void => {
    const requestNo = call.content['out_request_no'] ?? '';
    const amount = call.content['refund_amount'] ?? '';
    if (!isAskedFor(options, call.outTradeNo, requestNo, amount)) {
      fail('only refunds that were asked for', call, `${requestNo} of ${amount}`);
    }
    const lastMs = refundSentAtMs.get(call.outTradeNo) ?? -Infinity;
    if (options.checksSpacing && timeline.nowMs - lastMs < REFUND_SPACING_MS) {
      fail('refunds are three seconds apart', call, `${timeline.nowMs - lastMs} ms`);
    }
    refundSentAtMs.set(call.outTradeNo, timeline.nowMs);
  };
  return {
    onCall: (call) => {
      if (call.method === 'alipay.trade.pay') onCharge(call);
      if (call.method === 'alipay.trade.refund') onRefund(call);
    },
    onArrival: (call) => {
      const trade = tradeNamed(options.book, call.outTradeNo);
      for (const detail of trade === undefined ? [] : wrongs(trade))
        fail('the book adds up', call, detail);
    },
  };
}

function isAskedFor(
  { record, book }: LiveOptions,
  paymentNo: string,
  requestNo: string,
  amount: string,
): boolean {
  const isTills = record.ledger.askedRefunds.some(
    (asked) =>
      asked.paymentNo === paymentNo &&
      asked.requestNo === requestNo &&
      asked.amountFen === Math.round(Number(amount) * 100),
  );
  const ofLate = LATE_REFUND.exec(requestNo)?.[1];
  const trade = tradeNamed(book, paymentNo);
  return isTills || (ofLate === paymentNo && trade?.totalFen === Math.round(Number(amount) * 100));
}

function* wrongs(trade: BookTrade): Iterable<string> {
  if (trade.chargeCount > 1) yield `charged ${trade.chargeCount} times`;
  const paidFen = trade.paidAtMs === undefined ? 0 : trade.totalFen;
  if (trade.refundedFen > paidFen) yield `${trade.refundedFen} fen back of ${paidFen} paid`;
  const numbers = new Set(trade.refunds.map(({ requestNo }) => requestNo));
  if (numbers.size < trade.refunds.length) yield 'one refund number was executed twice';
}
