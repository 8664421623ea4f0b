/**
 * Holds three books against each other: what the tills were told, the gateway's rows with their histories, and the
 * simulator's trades. Pure functions over plain data; each rule finds what contradicts it, and `report.ts` tells the
 * stories of the payments found. How the books come about is in `kill.test.ts` and `tills.ts`.
 */
import { isGivenBackLate, type Payment, type PaymentState } from '../../src/core/payment.ts';
import type { History } from '../../src/flows/read-history.ts';
import type { Trade } from '../support/simulator-client.ts';

export type Call = 'hb_barcode' | 'qrcode' | 'query' | 'refund';
/** What an answer means to a till; `lost` is a connection that broke, `strange` what the contract does not allow here. */
export type Verdict =
  | 'paid'
  | 'failed'
  | 'open'
  | 'shown'
  | 'refunded'
  | 'refused'
  | 'lost'
  | 'strange';

export type Told = {
  readonly call: Call;
  /** What makes two calls of a bill the same call: the payment code, or the request number and amount. */
  readonly key: string;
  readonly verdict: Verdict;
  /** The payment asked about, or the one that the answer names. */
  readonly paymentNo: string | undefined;
  readonly raw: string;
  /** Places in the order of everything that tills asked and were told, which no clock can disturb. */
  readonly askedAt: number;
  readonly toldAt: number;
  readonly atMs: number;
};

/** One guest's bill, as the tills have it. */
export type Bill = {
  readonly localNo: string;
  readonly amountFen: number;
  /** What its guest does, for whoever reads the story. */
  readonly guest: string;
  readonly told: readonly Told[];
  /** Calls whose outcome no till was ever told. */
  readonly neverTold: readonly string[];
};

/** The gateway's side of one payment. */
export type Rows = Pick<History, 'payment' | 'refunds' | 'events' | 'incidents' | 'faults'>;

export type Books = {
  readonly bills: readonly Bill[];
  readonly rows: readonly Rows[];
  readonly trades: readonly Trade[];
  /** When the gateway was seen to have nothing left to do. */
  readonly settledAtMs: number;
};

export type Violation = {
  readonly rule: string;
  readonly detail: string;
  /** The bill, and the payment if it is about one. */
  readonly localNo: string | undefined;
  readonly paymentNo: string | undefined;
};

/** A payment with what each side says of it. */
type Story = Rows & { readonly trade: Trade | undefined; readonly bill: Bill | undefined };
type Rule = (books: Books, stories: readonly Story[]) => Iterable<Violation>;

export function findViolations(books: Books): readonly Violation[] {
  const stories = storiesOf(books);
  return RULES.flatMap((rule) => [...rule(books, stories)]);
}

function storiesOf({ bills, rows, trades }: Books): readonly Story[] {
  const tradeOf = new Map(trades.map((trade) => [trade.outTradeNo, trade]));
  const billOf = new Map(bills.map((bill) => [bill.localNo, bill]));
  return rows.map((row) => ({
    ...row,
    trade: tradeOf.get(row.payment.paymentNo),
    bill: billOf.get(row.payment.localNo ?? ''),
  }));
}

function perPayment(rule: string, find: (story: Story, books: Books) => Iterable<string>): Rule {
  return function* (books, stories) {
    for (const story of stories) {
      const { paymentNo, localNo } = story.payment;
      for (const detail of find(story, books)) {
        yield { rule, detail, paymentNo, localNo: localNo ?? undefined };
      }
    }
  };
}

type Finding = { readonly detail: string; readonly paymentNo: string | undefined };

function perBill(
  rule: string,
  find: (bill: Bill, stories: readonly Story[]) => Iterable<Finding>,
): Rule {
  return function* (books, stories) {
    const byBill = Map.groupBy(stories, ({ payment }) => payment.localNo);
    for (const bill of books.bills) {
      const { localNo } = bill;
      const own = byBill.get(localNo) ?? [];
      for (const finding of find(bill, own)) yield { rule, ...finding, localNo };
    }
  };
}

/** Yuan text as the book writes it, always with two decimals, to fen. */
export function fenOf(yuan: string): number {
  return Number(yuan.replace('.', ''));
}

/** Where the money of a trade is: a refund that the shop asked for is the shop's own, and changes nothing here. */
export type Money = 'none' | 'kept' | 'taken back';

export function moneyOf(trade: Trade | undefined): Money {
  if (trade === undefined || trade.chargeCount === 0) return 'none';
  // A cancel that gives money back stands in the book as a refund under the trade's own number.
  return trade.refunds.some(isCancel(trade)) ? 'taken back' : 'kept';
}

/** Late money that went back by itself is no shop's. */
function keepsMoney({ payment, trade }: Pick<Story, 'payment' | 'trade'>): boolean {
  return moneyOf(trade) === 'kept' && !isGivenBackLate(payment);
}

function isCancel({ outTradeNo }: Trade): (refund: Trade['refunds'][number]) => boolean {
  return ({ outRequestNo }) => outRequestNo === outTradeNo;
}

const MONEY_OF_STATE: Record<PaymentState, Money> = {
  created: 'none',
  awaiting_buyer: 'none',
  declined: 'none',
  closed: 'none',
  paid: 'kept',
  reversed: 'taken back',
};

/** Whether the row waits for what may come without anybody's doing: watching it is no work left over. */
function isWatched({ method, state, tradeSeen, endingsInVain }: Payment): boolean {
  if (state === 'closed') return tradeSeen === 'absent';
  // A refused charge is looked for until it is ten minutes old.
  if (state === 'declined') return tradeSeen === 'absent';
  return state === 'paid' && method === 'barcode' && endingsInVain > 0;
}

function isUnscanned({ payment, trade }: Pick<Story, 'payment' | 'trade'>, nowMs: number): boolean {
  const { method, deadlineAtMs } = payment;
  return method === 'qr' && trade === undefined && nowMs < deadlineAtMs;
}

/** What is left to do for a payment at `nowMs`, in words; nothing once it is settled. */
export function* leftToDo(
  story: Pick<Story, 'payment' | 'refunds' | 'trade'>,
  nowMs: number,
): Iterable<string> {
  const { payment, refunds, trade } = story;
  const { state, dueAtMs } = payment;
  const isOpen = state === 'created' || state === 'awaiting_buyer';
  const mayWait = isOpen ? isUnscanned(story, nowMs) : isWatched(payment);
  if (isOpen && !mayWait) yield `still ${state}`;
  if (isOpen && dueAtMs === null) yield `${state}, and never looked at again`;
  if (dueAtMs !== null && !mayWait) yield `${state}, and still due`;
  if (dueAtMs !== null && dueAtMs < nowMs) yield `due for ${nowMs - dueAtMs} ms`;
  if (trade?.tradeStatus === 'WAIT_BUYER_PAY') yield 'the trade still waits for its buyer';
  if (payment.refundingFen !== 0) yield `${payment.refundingFen} fen are still being refunded`;
  for (const { requestNo, state: refundState, dueAtMs: refundDueAtMs } of refunds) {
    if (refundState === 'created') yield `refund ${requestNo} is open`;
    else if (refundDueAtMs !== null) yield `refund ${requestNo} is ${refundState}, and still due`;
  }
}

const chargedAtMostOnce: Rule = function* ({ trades }, stories) {
  const known = new Map(stories.map(({ payment }) => [payment.paymentNo, payment]));
  for (const { outTradeNo: paymentNo, chargeCount } of trades) {
    const localNo = known.get(paymentNo)?.localNo ?? undefined;
    const found = { paymentNo, localNo };
    if (chargeCount > 1) {
      yield { rule: 'charged at most once', detail: `charged ${chargeCount} times`, ...found };
    }
    if (!known.has(paymentNo)) {
      yield { rule: 'a trade has its payment', detail: 'the gateway has no such row', ...found };
    }
  }
};

const paidOnce = perBill('a bill is paid once', function* (_bill, stories) {
  const kept = stories.filter(keepsMoney);
  if (kept.length <= 1) return;
  const numbers = kept.map(({ payment }) => payment.paymentNo);
  yield { detail: `${numbers.join(' and ')} keep money`, paymentNo: numbers[0] };
});

const oneCodeOnePayment = perBill('one code, one payment', function* ({ told }, stories) {
  const calls = told.filter(({ call }) => call === 'hb_barcode');
  const codes = new Set(calls.map(({ key }) => key));
  const rows = stories.filter(({ payment }) => payment.method === 'barcode');
  if (rows.length > codes.size) {
    const detail = `${codes.size} codes, ${rows.length} payments`;
    yield { detail, paymentNo: rows[0]?.payment.paymentNo };
  }
});

const hasItsBill = perPayment('a payment has its bill', function* ({ bill }) {
  if (bill === undefined) yield 'no till asked for it';
});

const amountsAgree = perPayment('amounts agree', function* ({ payment, trade, bill }) {
  if (bill !== undefined && bill.amountFen !== payment.amountFen) {
    yield `${bill.amountFen} fen on the bill, ${payment.amountFen} here`;
  }
  if (trade === undefined) return;
  const [totalFen, paidFen] = [fenOf(trade.totalAmount), fenOf(trade.paidAmount)];
  if (totalFen !== payment.amountFen) yield `${payment.amountFen} fen here, ${totalFen} there`;
  if (paidFen !== 0 && paidFen !== payment.amountFen) yield `${paidFen} fen were paid`;
});

const rowsAgree = perPayment('the row agrees with the book', function* ({ payment, trade }) {
  const money = moneyOf(trade);
  if (MONEY_OF_STATE[payment.state] !== money) yield `${payment.state} here, ${money} there`;
  if (trade === undefined) return;
  const isOver = money !== 'kept' || trade.refundedAmount === trade.totalAmount;
  const status = isOver ? 'TRADE_CLOSED' : 'TRADE_SUCCESS';
  if (trade.tradeStatus !== status) yield `${trade.tradeStatus} there, expected ${status}`;
  const { alipayTradeNo } = payment;
  if (alipayTradeNo !== null && alipayTradeNo !== trade.tradeNo) {
    yield `trade ${alipayTradeNo} here, ${trade.tradeNo} there`;
  }
});

const toldTrue = perBill('a till is told the truth', function* ({ told }, stories) {
  for (const { call, verdict, paymentNo } of told) {
    if (verdict !== 'paid' && verdict !== 'failed') continue;
    const about = stories.filter(({ payment }) => payment.paymentNo === paymentNo);
    if (about.length === 0) {
      yield { detail: `${call} told ${verdict} of a payment that is not the bill's`, paymentNo };
    }
    for (const story of about) {
      if ((verdict === 'paid') === keepsMoney(story)) continue;
      const money = isGivenBackLate(story.payment) ? 'given back late' : moneyOf(story.trade);
      yield { detail: `${call} told ${verdict}, and the money is ${money}`, paymentNo };
    }
  }
});

const everyTillIsTold = perBill('every till is told', function* ({ neverTold }, stories) {
  const paymentNo = stories[0]?.payment.paymentNo;
  for (const what of neverTold) yield { detail: `never told the outcome of ${what}`, paymentNo };
});

const answersAreProper = perBill('an answer is one of the contract', function* ({ told }) {
  for (const { verdict, call, raw, paymentNo } of told) {
    if (verdict === 'strange') yield { detail: `${call}: ${raw}`, paymentNo };
  }
});

const FINAL = new Set<Verdict>(['paid', 'failed', 'shown', 'refunded', 'refused']);

/** Told an outcome, a till that asks the same again is answered word by word the same, whatever died in between. */
const sameAnswers = perBill('the same call, the same answer', function* ({ told }) {
  const answers = told.filter(({ call, verdict }) => call !== 'query' && verdict !== 'lost');
  const byCall = Map.groupBy(answers, ({ call, key }) => `${call} ${key}`);
  for (const [name, same] of byCall) {
    const first = same.find(({ verdict }) => FINAL.has(verdict));
    if (first === undefined) continue;
    for (const again of same) {
      const mayBeOlder = again.askedAt < first.toldAt && again.verdict === 'open';
      if (again.raw === first.raw || mayBeOlder) continue;
      const detail = `${name}: ${first.raw} and then ${again.raw}`;
      yield { detail, paymentNo: again.paymentNo ?? first.paymentNo };
    }
  }
});

type Amounts = readonly { readonly requestNo: string; readonly amountFen: number }[];

function linesOf(amounts: Amounts): string {
  return amounts
    .map(({ requestNo, amountFen }) => `${requestNo} ${amountFen}`)
    .toSorted()
    .join(', ');
}

function sumOf(amounts: Amounts): number {
  return amounts.reduce((sum, { amountFen }) => sum + amountFen, 0);
}

/** What a till was told was refunded of a payment, each request once. */
function toldRefunds({ told }: Pick<Bill, 'told'>, paymentNo: string): Amounts {
  const done = told.filter(
    ({ verdict, ...about }) => verdict === 'refunded' && about.paymentNo === paymentNo,
  );
  return [...new Set(done.map(({ key }) => key))].map((key) => {
    const [requestNo = '', amountFen] = key.split('/');
    return { requestNo, amountFen: Number(amountFen) };
  });
}

const refundsAgree = perPayment('refunds agree', function* ({ payment, refunds, trade, bill }) {
  const { paymentNo, amountFen, refundedFen } = payment;
  const rows = refunds.filter(({ state }) => state === 'done');
  // No till hears of what goes back by itself.
  const told = isGivenBackLate(payment) ? rows : toldRefunds(bill ?? { told: [] }, paymentNo);
  const book = (trade?.refunds ?? [])
    .filter((refund) => trade === undefined || !isCancel(trade)(refund))
    .map(({ outRequestNo, amount }) => ({ requestNo: outRequestNo, amountFen: fenOf(amount) }));
  if (linesOf(told) !== linesOf(rows) || linesOf(rows) !== linesOf(book)) {
    yield `told [${linesOf(told)}], here [${linesOf(rows)}], there [${linesOf(book)}]`;
  }
  if (refundedFen !== sumOf(book)) yield `${refundedFen} fen here, ${sumOf(book)} there`;
  const isKept = moneyOf(trade) === 'kept';
  if (trade !== undefined && isKept && fenOf(trade.refundedAmount) !== sumOf(book)) {
    yield `the book says ${trade.refundedAmount} and lists ${sumOf(book)} fen`;
  }
  if (sumOf(book) > amountFen) yield `${sumOf(book)} fen of ${amountFen} went back`;
});

const refundedOnce = perPayment('a refund happens once', function* ({ trade }) {
  const numbers = (trade?.refunds ?? []).map(({ outRequestNo }) => outRequestNo);
  const repeated = numbers.filter((number, index) => numbers.indexOf(number) !== index);
  for (const number of repeated) yield `${number} was executed more than once`;
});

const nothingIsLeft = perPayment('nothing is left to do', function (story, { settledAtMs }) {
  return leftToDo(story, settledAtMs);
});

const historyIsWhole = perPayment('the history is whole', function* ({ payment, events, faults }) {
  yield* faults;
  const versions = new Set(events.map(({ version }) => version));
  for (let version = 1; version <= payment.version; version += 1) {
    if (!versions.has(version)) yield `no event of version ${version} of ${payment.version}`;
  }
});

/** Nobody but this gateway touches the trades, and Alipay comes back each time. */
const nobodyIsCalled = perPayment('no alarm without a reason', function* ({ incidents }) {
  for (const { reason, state } of incidents) yield `incident ${reason}, ${state}`;
});

const RULES: readonly Rule[] = [
  chargedAtMostOnce,
  paidOnce,
  oneCodeOnePayment,
  hasItsBill,
  amountsAgree,
  rowsAgree,
  toldTrue,
  everyTillIsTold,
  answersAreProper,
  sameAnswers,
  refundsAgree,
  refundedOnce,
  nothingIsLeft,
  historyIsWhole,
  nobodyIsCalled,
];
