/**
 * A till that speaks v2: calls once, and keeps in the ledger what it was told and what that means to it. What it does next is
 * decided in `bills.ts`, what is held against the answers in `answer-checks.ts`.
 */
import type { Cast } from '../bills.ts';
import type { Bill, Shop, Told, V2Answer, V2Call, Verdict } from '../ledger.ts';
import type { Reply } from '../node.ts';
import type { Prng } from '../prng.ts';
import type { RunRecord } from '../record.ts';
import type { Timeline } from '../timeline.ts';
import { withQuery, type Line } from './line.ts';

/** What an operator knows of a shop: its id, and a key for it alone. */
export type V2Shop = { readonly shop: Shop; readonly id: string; readonly secret: string };

/** Who may speak v2. */
export type Keys = {
  readonly operator: string;
  readonly shops: readonly V2Shop[];
};

export type V2Question = {
  readonly call: V2Call;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** The idempotency key. */
  readonly key?: string;
  /** What makes two calls the same call to those who read the ledger. */
  readonly name: string;
  /** The call names its shop, which an operator has to. */
  readonly namesShop?: boolean;
  /** Waits for an outcome, seconds; as long as the gateway does by itself without it. */
  readonly waitS?: number | undefined;
  /** Another shop's key is used. */
  readonly stranger?: V2Shop;
};

export type V2Till = {
  readonly keys: Keys;
  call(bill: Bill, prng: Prng, question: V2Question): Promise<Told>;
};

/** The people, and their tills of both APIs. */
export type V2Cast = Cast & { readonly v2: V2Till };

export type V2TillOptions = {
  readonly timeline: Timeline;
  readonly record: RunRecord;
  readonly line: Line;
  readonly keys: Keys;
  /** Which node told last that something has changed, by the topic. */
  readonly tellers: ReadonlyMap<string, string>;
};

/** How long a call waits by itself. */
const OWN_WAIT_S: Readonly<Partial<Record<V2Call, number>>> = { 'v2 cancel': 10, 'v2 refund': 10 };

/** A new key; no two bills and no two intentions share one. */
export function newKey(bill: Bill, prng: Prng): string {
  return `${bill.localNo}-${prng.below(1e9)}`;
}

/** As long as the gateway waits by itself, or as long as the call says. */
export function drawWaitS(prng: Prng): number | undefined {
  return prng.chance(0.2) ? undefined : prng.pick([0, 1, 10, 30, 50]);
}

export function createV2Till(options: V2TillOptions): V2Till {
  const { timeline, record, line, keys } = options;
  return {
    keys,
    call: async (bill, prng, question) => {
      const { call, method, path, name, key, body } = question;
      const own = shopOf(keys, bill.shop);
      const isOperators = question.stranger === undefined && prng.chance(0.3);
      const named = question.namesShop === true ? { merchant: own.id } : {};
      const query = { ...question.query, ...(method === 'GET' ? named : {}), wait: question.waitS };
      const askedAtMs = timeline.nowMs;
      const reply = await line.ask(prng, {
        method,
        path: withQuery(path, query),
        secret: isOperators ? keys.operator : (question.stranger ?? own).secret,
        key,
        body: body === undefined ? undefined : { ...body, ...named },
      });
      const asked = {
        askedAtMs,
        waitMs: (question.waitS ?? OWN_WAIT_S[call] ?? 0) * 1000,
        key,
        wanted: JSON.stringify([path, body ?? {}]),
      };
      const told = {
        atMs: timeline.nowMs,
        bill,
        call,
        key: name,
        ...understand(call, reply, asked),
      };
      record.ledger.told.push(told);
      record.mark(`told: ${call} ${told.verdict}`);
      record.note(`${told.atMs} ${bill.name} ${call} ${name} ${told.v2.status} ${told.raw}`);
      if (isEndedByAnother(options, told, reply))
        record.mark('v2: a wait was ended by another node');
      for (const detail of faultsOf(told, question)) {
        record.fail({ rule: 'v2 answers what was asked', detail, paymentNo: told.paymentNo });
      }
      return told;
    },
  };
}

/** It waited for some time, and whoever ended that was not the node that was asked. */
function isEndedByAnother(
  { tellers }: V2TillOptions,
  { atMs, verdict, paymentNo = '', v2 }: Pick<Told, 'atMs'> & Understood,
  reply: Reply,
): boolean {
  const hasWaited = atMs - v2.askedAtMs > 100 && (verdict === 'paid' || verdict === 'failed');
  const teller = tellers.get(paymentNo);
  return reply !== 'broken' && hasWaited && teller !== undefined && teller !== reply.node;
}

export function shopOf({ shops }: Keys, shop: Shop): V2Shop {
  const found = shops.find((known) => known.shop === shop);
  if (found === undefined) throw new Error(`${shop.cpiNo} has no key`);
  return found;
}

type Asked = Pick<V2Answer, 'askedAtMs' | 'waitMs' | 'key' | 'wanted'>;
type Understood = Pick<Told, 'verdict' | 'paymentNo' | 'raw'> & { readonly v2: V2Answer };

function understand(call: V2Call, reply: Reply, asked: Asked): Understood {
  if (reply === 'broken') {
    const v2 = { ...asked, status: 0, isReplayed: false, problem: undefined, json: {} };
    return { verdict: 'error', paymentNo: undefined, raw: 'broken connection', v2 };
  }
  const { status, headers, body } = reply;
  const json = JSON.parse(body) as Record<string, unknown>;
  const problem = status < 300 ? undefined : String(json['code']);
  const isReplayed = headers['idempotent-replayed'] === 'true';
  return {
    verdict: problem === undefined ? UNDERSTAND[call](json) : (PROBLEMS[problem] ?? 'error'),
    paymentNo: numberIn(json),
    raw: body,
    v2: { ...asked, status, isReplayed, problem, json },
  };
}

/** The payment that an answer is about: itself, or the one that it names. */
function numberIn({ object, id, payment }: Readonly<Record<string, unknown>>): string | undefined {
  const named = object === 'payment' ? id : payment;
  return typeof named === 'string' ? named.replace(/^pay_/, '') : undefined;
}

const STATES: Readonly<Record<string, Verdict>> = {
  paid: 'paid',
  declined: 'failed',
  closed: 'failed',
  reversed: 'failed',
  succeeded: 'refunded',
  failed: 'refused',
};

const ofState = ({ state }: V2Answer['json']): Verdict => STATES[String(state)] ?? 'open';

/** How a program reads an answer. */
const UNDERSTAND: Record<V2Call, (json: V2Answer['json']) => Verdict> = {
  'v2 create': ofState,
  'v2 look': ofState,
  'v2 cancel': ofState,
  'v2 refund': ofState,
  'v2 look at refund': ofState,
  'v2 list': () => 'shown',
};

const PROBLEMS: Readonly<Record<string, Verdict>> = {
  merchant_reference_taken: 'taken',
  payment_not_cancelable: 'paid',
  payment_not_refundable: 'refused',
  refund_exceeds_payment: 'refused',
};

/** What each call may hear beside a success, in a world where every call is well made. */
const MAY_HEAR: Readonly<Record<V2Call, readonly string[]>> = {
  'v2 create': ['merchant_reference_taken', 'idempotency_key_reused', 'alipay_silent'],
  'v2 look': [],
  'v2 list': [],
  'v2 cancel': ['payment_not_cancelable', 'idempotency_key_reused'],
  'v2 refund': [
    'payment_not_refundable',
    'refund_exceeds_payment',
    'payment_in_doubt',
    'idempotency_key_reused',
  ],
  'v2 look at refund': [],
};

function* faultsOf(
  { call, bill, raw, v2 }: Pick<Told, 'call' | 'bill' | 'raw'> & Understood,
  { stranger }: V2Question,
): Iterable<string> {
  const { problem, json } = v2;
  const isTrespass = stranger !== undefined && problem?.endsWith('_not_found') === true;
  const known: readonly string[] = MAY_HEAR[call as V2Call];
  if (problem !== undefined && !isTrespass && !known.includes(problem)) yield `${call}: ${raw}`;
  if (json['object'] !== 'payment' || stranger !== undefined) return;
  const { merchant_reference: reference, amount } = json;
  if (reference !== bill.localNo || amount !== bill.amountFen) {
    yield `${call} of ${bill.localNo} over ${bill.amountFen}: ${raw}`;
  }
}
