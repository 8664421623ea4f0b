/**
 * Tills as they are in the field: each sells one bill, repeats a call that broke or was in doubt until it is told an outcome,
 * tries another payment code when one was refused, and gives money back in several ways. What they were told is kept for
 * `books.ts`; they judge nothing themselves.
 */
import { until } from '../support/gateway-process.ts';
import type { SimulatorClient } from '../support/simulator-client.ts';
import { aPaymentCode, call, field, text, type Reply } from '../support/v1-client.ts';
import type { Bill, Call, Told, Verdict } from './books.ts';

/** What the guest of a bill does. */
export type Guest =
  /** Shows a payment code with one of the simulator's stories or a plain one, and another card if that one is refused. */
  | { readonly shows: string; readonly hasAnotherCard?: boolean }
  | { readonly scans: 'and pays' | 'and declines' | 'never' };

/** Shares of the amount that go back; the inner ones at once, the outer ones one after the other. */
export type RefundPlan = readonly (readonly RefundWish[])[];
type RefundWish = { readonly requestNo: string; readonly share: number };

export type Sale = {
  readonly localNo: string;
  readonly amountFen: number;
  readonly guest: Guest;
  readonly refunds: RefundPlan;
  /** In doubt, this till asks for the trade before it repeats its call. */
  readonly asksForTrade?: boolean;
  /** The clerk's finger slips: each call of the sale is made twice at once. */
  readonly pressesTwice?: boolean;
};

/** The gateway's v1 API, and the guests' side of Alipay. */
export type Line = {
  /** One of each gateway: whoever is not answered by one, or by its `SYSTEM_ERROR`, goes on to the next. */
  readonly urls: readonly string[];
  /** How long a till waits for an answer before it goes on. */
  readonly answerMsMax?: number;
  readonly token: string;
  readonly cpiNo: string;
  readonly simulator: SimulatorClient;
};

export type Tills = {
  readonly bills: readonly Bill[];
  /** Sells one bill to its end, with its refunds. Never rejects: what no till was told stands in the bill. */
  sell(sale: Sale): Promise<void>;
  /** Makes each call that has an outcome once more. */
  repeatAll(): Promise<void>;
  /** How many answers of this kind there are so far. */
  count(verdict: Verdict): number;
  /** How many calls of this kind were begun so far. */
  countAsked(call: Call): number;
  /** How many bills the gateway has not said anything about yet. */
  countUnheard(): number;
};

/**
 * A till that is told nothing for so long gives up, and the books say so. Each kill may take an answer away, and the gateway
 * asks the less often the longer it asks in vain: a loaded machine needs more than a minute.
 */
const PATIENCE_MS = 180_000;
const AGAIN_AFTER_MS = 150;
const REPEATED_AT_ONCE = 50;

type OpenBill = Bill & { readonly told: Told[]; readonly neverTold: string[] };
type Question = {
  readonly call: Call;
  readonly key: string;
  readonly data: Readonly<Record<string, unknown>>;
};

export function createTills(line: Line): Tills {
  const bills: { readonly bill: OpenBill; readonly sale: Sale; readonly asked: Question[] }[] = [];
  const asked = new Map<Call, number>();
  let place = 0;
  /** The gateway that each bill's till asks now; tills are spread over them. */
  const nodes = new Map<OpenBill, number>();
  const ask = async (bill: OpenBill, question: Question, further = 0): Promise<Told> => {
    asked.set(question.call, (asked.get(question.call) ?? 0) + 1);
    const askedAt = (place += 1);
    const node = nodes.get(bill) ?? 0;
    const heard = await hear(line, node + further, question);
    if (heard.verdict === 'lost') nodes.set(bill, node + 1);
    const told: Told = {
      call: question.call,
      key: question.key,
      ...heard,
      paymentNo: heard.paymentNo ?? textOf(question.data['outTradeNo']),
      askedAt,
      toldAt: (place += 1),
      atMs: Date.now(),
    };
    bill.told.push(told);
    return told;
  };
  return {
    get bills() {
      return bills.map(({ bill }) => bill);
    },
    sell: async (sale) => {
      const { localNo, amountFen } = sale;
      const guest = JSON.stringify([sale.guest, ...sale.refunds]);
      const bill: OpenBill = { localNo, amountFen, guest, told: [], neverTold: [] };
      const questions: Question[] = [];
      nodes.set(bill, bills.length);
      bills.push({ bill, sale, asked: questions });
      const till: Till = {
        line,
        sale,
        questions,
        ask: (question, further) => ask(bill, question, further),
      };
      await untilGivenUp(bill, async () => {
        const paymentNo = await ('shows' in sale.guest ? sellByCode(till) : sellByQr(till));
        if (paymentNo !== undefined) await giveBack(till, paymentNo);
      });
    },
    repeatAll: async () => {
      const again = bills.flatMap(({ bill, asked: questions }) =>
        questions.map(
          (question) => () =>
            untilGivenUp(bill, () => finalAnswer(question, () => ask(bill, question))),
        ),
      );
      const repeating = async (): Promise<void> => {
        for (let next = again.pop(); next !== undefined; next = again.pop()) await next();
      };
      await Promise.all(Array.from({ length: REPEATED_AT_ONCE }, repeating));
    },
    count: (verdict) =>
      bills.flatMap(({ bill }) => bill.told).filter((told) => told.verdict === verdict).length,
    countAsked: (of) => asked.get(of) ?? 0,
    countUnheard: () =>
      bills.filter(({ bill }) => bill.told.every(({ verdict }) => verdict === 'lost')).length,
  };
}

/** A till that gives up is no error of the test: the books say what it was never told. */
async function untilGivenUp(bill: OpenBill, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    bill.neverTold.push(String(error));
  }
}

/** One till at one bill. `questions` are those that may be repeated at the end. */
type Till = {
  readonly line: Line;
  readonly sale: Sale;
  readonly questions: Question[];
  /** Asks the till's gateway, or one that stands further on in the list. */
  readonly ask: (question: Question, further?: number) => Promise<Told>;
};

async function sellByCode(till: Till): Promise<string | undefined> {
  const { guest } = till.sale;
  if (!('shows' in guest)) return undefined;
  const first = await charge(
    till,
    aPaymentCode(guest.shows === 'any code' ? undefined : guest.shows),
  );
  const triesAgain = first.verdict === 'failed' && guest.hasAnotherCard === true;
  const last = triesAgain ? await charge(till, aPaymentCode()) : first;
  return last.verdict === 'paid' ? last.paymentNo : undefined;
}

function charge(till: Till, authCode: string): Promise<Told> {
  const { sale, questions, ask } = till;
  const data = { ...order(till), authCode };
  const question: Question = { call: 'hb_barcode', key: authCode, data };
  questions.push(question);
  return finalAnswer(question, async () => {
    const told = await press(till, question);
    if (told.verdict !== 'open' || sale.asksForTrade !== true) return told;
    return told.paymentNo === undefined ? told : ask(tradeQuestion(till, told.paymentNo));
  });
}

async function press({ sale, ask }: Till, question: Question): Promise<Told> {
  if (sale.pressesTwice !== true) return ask(question);
  const [told] = await Promise.all([ask(question), ask(question, 1)]);
  return told;
}

async function sellByQr(till: Till): Promise<string | undefined> {
  const { line, sale, questions, ask } = till;
  const question: Question = { call: 'qrcode', key: '', data: order(till) };
  const { paymentNo, raw } = await finalAnswer(question, () => press(till, question));
  if (paymentNo === undefined || !('scans' in sale.guest)) return undefined;
  // After a refusal by its guest the same call is another charge, with another code.
  if (sale.guest.scans !== 'and declines') questions.push(question);
  if (sale.guest.scans === 'never') return undefined;
  const { data }: { data: unknown } = JSON.parse(raw);
  const qrCode = text(data, 'qr_code');
  await scan(line.simulator, { qrCode, paymentNo, pays: sale.guest.scans === 'and pays' });
  const trade = tradeQuestion(till, paymentNo);
  const last = await finalAnswer(trade, () => ask(trade));
  return last.verdict === 'paid' ? paymentNo : undefined;
}

/** A guest's phone tries again, too: the code, and then the button. */
async function scan(
  simulator: SimulatorClient,
  guest: { qrCode: string; paymentNo: string; pays: boolean },
): Promise<void> {
  const { qrCode, paymentNo, pays } = guest;
  const ended = pays ? 'TRADE_SUCCESS' : 'TRADE_CLOSED';
  await until(
    async () => {
      const trade = await simulator.trade(paymentNo);
      if (trade?.tradeStatus === ended) return true;
      if (trade === undefined) await simulator.scan(qrCode);
      const { tradeStatus } = await (pays
        ? simulator.pay(paymentNo)
        : simulator.decline(paymentNo));
      return tradeStatus === ended;
    },
    { what: `the guest of ${paymentNo}`, withinMs: PATIENCE_MS, everyMs: AGAIN_AFTER_MS },
  );
}

async function giveBack({ line, sale, questions, ask }: Till, outTradeNo: string): Promise<void> {
  for (const atOnce of sale.refunds) {
    const answers = atOnce.map(({ requestNo, share }) => {
      const amountFen = Math.round(sale.amountFen * share);
      const question: Question = {
        call: 'refund',
        key: `${requestNo}/${amountFen}`,
        data: {
          cpiNo: line.cpiNo,
          outTradeNo,
          refundAmount: yuan(amountFen),
          outRequestNo: requestNo,
        },
      };
      questions.push(question);
      return finalAnswer(question, () => ask(question));
    });
    await Promise.all(answers);
  }
}

function order({ line, sale }: Till): Question['data'] {
  const { localNo, amountFen } = sale;
  return { cpiNo: line.cpiNo, localNo, totalAmount: yuan(amountFen), subject: '一杯茶' };
}

function tradeQuestion({ line }: Till, outTradeNo: string): Question {
  return { call: 'query', key: outTradeNo, data: { cpiNo: line.cpiNo, outTradeNo } };
}

/** Asks until the answer is an outcome. */
function finalAnswer({ call, key }: Question, ask: () => Promise<Told>): Promise<Told> {
  return until(
    async () => {
      const told = await ask();
      return told.verdict !== 'open' && told.verdict !== 'lost' && told;
    },
    { what: `the outcome of ${call} ${key}`, withinMs: PATIENCE_MS, everyMs: AGAIN_AFTER_MS },
  );
}

type Heard = Pick<Told, 'verdict' | 'paymentNo' | 'raw'>;

async function hear(
  { urls, answerMsMax, token }: Line,
  node: number,
  { call: name, data }: Question,
): Promise<Heard> {
  let reply: Reply;
  try {
    const url = urls[node % urls.length]!;
    reply = await call(url, `/f2f/${name}`, { data, token }, 'get', answerMsMax);
  } catch (error) {
    const verdict = error instanceof SyntaxError ? 'strange' : 'lost';
    return { verdict, paymentNo: undefined, raw: String(error) };
  }
  const { raw } = reply;
  // No verdict, and another one may be able to answer.
  if (reply.err === 'SYSTEM_ERROR' && urls.length > 1) {
    return { verdict: 'lost', paymentNo: undefined, raw };
  }
  const answer = name === 'hb_barcode' ? reply.re : reply.data;
  const paymentNo = textOf(field(answer, 'out_trade_no'));
  return { verdict: UNDERSTAND[name](reply, answer), paymentNo, raw };
}

const CHARGE_CODES: Readonly<Record<string, Verdict>> = {
  '10000': 'paid',
  '10003': 'open',
  '40004': 'failed',
};
const REFUND_CODES: Readonly<Record<string, Verdict>> = { '10000': 'refunded', '10003': 'open' };
const TRADE_STATUSES: Readonly<Record<string, Verdict>> = {
  WAIT_BUYER_PAY: 'open',
  TRADE_SUCCESS: 'paid',
  TRADE_CLOSED: 'failed',
};

/** How a terminal in the field reads an answer. */
const UNDERSTAND: Record<Call, (reply: Reply, answer: unknown) => Verdict> = {
  hb_barcode: ({ err }, re) => (err === 'nothing' ? read(CHARGE_CODES, re, 'code') : 'strange'),
  qrcode: ({ err }) => {
    if (err === 'ALIPAY_UNREACHABLE') return 'open';
    return err === 'nothing' ? 'shown' : 'strange';
  },
  query: ({ err }, data) => {
    if (err === 'ALIPAY_UNREACHABLE') return 'open';
    if (err === 'nothing') return read(TRADE_STATUSES, data, 'trade_status');
    return field(data, 'sub_code') === 'ACQ.TRADE_NOT_EXIST' ? 'open' : 'strange';
  },
  refund: ({ err }, data) => {
    if (err === 'REFUND_FAILED') return 'refused';
    return err === 'nothing' ? read(REFUND_CODES, data, 'code') : 'strange';
  },
};

function read(verdicts: Readonly<Record<string, Verdict>>, of: unknown, name: string): Verdict {
  return verdicts[String(field(of, name))] ?? 'strange';
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function yuan(amountFen: number): string {
  return (amountFen / 100).toFixed(2);
}
