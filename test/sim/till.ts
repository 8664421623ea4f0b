/**
 * A till's calls: the v1 API over a line that may lose them, to whichever node it picks. Each answer is kept in the
 * ledger with what it means to a till. What a till does next is decided in `bills.ts`.
 */
import type { Host, Reply } from './node.ts';
import type { Bill, Told, V1Call, Verdict } from './ledger.ts';
import type { Prng } from './prng.ts';
import type { RunRecord } from './record.ts';
import type { Timeline } from './timeline.ts';
import type { Weather } from './world.ts';

export type TillOptions = {
  readonly timeline: Timeline;
  readonly hosts: readonly Host[];
  readonly record: RunRecord;
  readonly weather: Weather;
  readonly tokens: ReadonlyMap<string, string>;
};

export type Till = {
  /** Calls once, and keeps what it was told. `key` is what makes two calls the same call. */
  call(bill: Bill, prng: Prng, question: Question): Promise<Told>;
  sleep(ms: number): Promise<void>;
  /** The moment, for limits of patience. */
  nowMs(): number;
};

export type Question = {
  readonly call: V1Call;
  readonly key: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The dongle whose token is used, if not the bill's own. */
  readonly dongleNo?: string;
};

type Envelope = {
  readonly err: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly re: Readonly<Record<string, unknown>>;
};

export function createTill(options: TillOptions): Till {
  const { timeline, hosts, record, weather, tokens } = options;
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      timeline.after(ms, resolve);
    });
  const ask = async (prng: Prng, question: Question, dongleNo: string): Promise<Reply> => {
    const { tillCallLost } = weather.rates;
    const host = prng.pick(hosts);
    const isLost = prng.chance(tillCallLost) ? prng.pick(['there', 'back'] as const) : undefined;
    await sleep(prng.between(1, 20));
    if (isLost === 'there') return 'broken';
    const reply = await host.request({
      method: 'POST',
      url: `/f2f/${question.call}`,
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({ token: tokens.get(dongleNo), data: question.data }),
    });
    await sleep(prng.between(1, 20));
    return isLost === 'back' ? 'broken' : reply;
  };
  return {
    sleep,
    nowMs: () => timeline.nowMs,
    call: async (bill, prng, question) => {
      const reply = await ask(prng, question, question.dongleNo ?? bill.shop.dongleNo);
      const told: Told = {
        atMs: timeline.nowMs,
        bill,
        call: question.call,
        key: question.key,
        ...understand(question.call, reply),
      };
      record.ledger.told.push(told);
      record.mark(`told: ${told.call} ${told.verdict}`);
      record.note(`${told.atMs} ${bill.name} ${told.call} ${told.key} ${told.raw}`);
      if (told.raw.includes('"err":"SYSTEM_ERROR"')) {
        record.fail({ rule: 'no fault of ours', detail: told.raw, paymentNo: told.paymentNo });
      }
      return told;
    },
  };
}

function understand(call: V1Call, reply: Reply): Pick<Told, 'verdict' | 'paymentNo' | 'raw'> {
  if (reply === 'broken')
    return { verdict: 'error', paymentNo: undefined, raw: 'broken connection' };
  const envelope: Envelope = JSON.parse(reply.body);
  const answer = call === 'hb_barcode' ? envelope.re : envelope.data;
  const number = answer['out_trade_no'] ?? envelope.data['out_trade_no'];
  return {
    verdict: UNDERSTAND[call](envelope, answer),
    paymentNo: typeof number === 'string' ? number : undefined,
    raw: reply.body,
  };
}

const CODES: Readonly<Record<string, Verdict>> = { '10000': 'paid', '10003': 'open' };

/** How a terminal in the field reads an answer. */
const UNDERSTAND: Record<V1Call, (envelope: Envelope, answer: Envelope['data']) => Verdict> = {
  hb_barcode: ({ err }, re) => {
    if (err === 'LOCALNO_ALREADY_EXISTS') return 'taken';
    return err === 'nothing' ? (CODES[String(re['code'])] ?? 'failed') : 'error';
  },
  qrcode: ({ err }) => {
    if (err === 'LOCALNO_ALREADY_EXISTS') return 'taken';
    return err === 'nothing' ? 'shown' : 'error';
  },
  query: ({ err }, data) => {
    if (err !== 'nothing') return 'error';
    const status = data['trade_status'];
    if (status === 'TRADE_SUCCESS' || status === 'TRADE_FINISHED') return 'paid';
    return status === 'TRADE_CLOSED' ? 'failed' : 'open';
  },
  refund: ({ err }, data) => {
    if (err === 'REFUND_FAILED') return 'refused';
    if (err !== 'nothing') return 'error';
    return data['code'] === '10000' ? 'refunded' : 'open';
  },
};
