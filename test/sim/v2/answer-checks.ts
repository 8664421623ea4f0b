/**
 * What v2 answered, held against what was asked and what happened: keys stand for one call, waits wait, and no answer tells of
 * a payment that never was so. Whether what was told is true of the money is checked for v1 and v2 alike in `final-checks.ts`.
 */
import { shownState, isOpen, type Payment } from '../../../src/core/payment.ts';
import type { Books, Check, Story } from '../check.ts';
import type { Told, V2Answer } from '../ledger.ts';

/** An answer to a call of v2. */
type Heard = Told & { readonly v2: V2Answer };

const isV2 = (told: Told): told is Heard => told.v2 !== undefined;
const isSuccess = ({ v2 }: Heard): boolean => v2.status >= 200 && v2.status < 300;

const oneKeyOneCall: Check = function* ({ ledger }) {
  const keyed = ledger.told.filter(isV2).filter(({ v2 }) => v2.key !== undefined);
  const byKey = Map.groupBy(keyed, ({ bill, key, v2 }) => {
    // Whoever tries with a key of another shop has keys of his own.
    const whose = key.startsWith('trespass') ? key : bill.shop.cpiNo;
    return `${whose} ${v2.key}`;
  });
  for (const [name, calls] of byKey) {
    for (const detail of keyFaults(calls)) {
      const paymentNo = calls.find((call) => call.paymentNo !== undefined)?.paymentNo;
      yield { rule: 'one key, one call, one answer', detail: `${name}: ${detail}`, paymentNo };
    }
  }
};

/** Calls under one key, in the order in which they were answered. */
function* keyFaults(calls: readonly Heard[]): Iterable<string> {
  const heard = calls.filter(isSuccess);
  const count = (values: readonly unknown[]): number => new Set(values).size;
  if (count(heard.map(({ v2 }) => v2.wanted)) > 1) yield 'two things were done';
  if (count(heard.map(({ v2 }) => v2.json['id'])) > 1) yield 'it stands for two';
  if (heard.filter(({ v2 }) => !v2.isReplayed).length > 1) yield 'two answers are the first';
  for (const { v2 } of heard) yield* wordsFaults(v2);
  // The first answer is kept, and so is every one that tells of an end.
  const kept = heard.filter(({ v2, verdict }) => !v2.isReplayed || verdict !== 'open');
  if (count(kept.map(({ raw }) => raw)) > 1)
    yield `answered ${kept.map(({ raw }) => raw).join(' then ')}`;
  const [first] = kept;
  for (const call of calls) {
    const { v2, raw } = call;
    const others = calls.filter((other) => other.v2.wanted !== v2.wanted);
    if (v2.problem === 'idempotency_key_reused') {
      if (!others.some((other) => other.v2.askedAtMs <= call.atMs)) yield 'refused for nothing';
    } else if (others.some((other) => isSuccess(other) && other.atMs <= v2.askedAtMs)) {
      if (v2.status !== 0) yield `something else was answered ${raw}`;
    }
    const isAfter = first !== undefined && v2.askedAtMs >= first.atMs;
    if (isAfter && isSuccess(call) && raw !== first.raw) yield `answered ${raw} after ${first.raw}`;
  }
}

/** A payment keeps the words of the call that began it: under that key, nobody with other words is answered with it. */
function* wordsFaults({ key, json, wanted }: V2Answer): Iterable<string> {
  const { metadata } = json as { metadata?: { key?: string; words?: string } };
  const isBegunByKey = key !== undefined && metadata?.key === key;
  if (isBegunByKey && !wanted.includes(JSON.stringify(metadata)))
    yield `begun as ${metadata.words}`;
}

const waitsWait: Check = function* ({ ledger }) {
  for (const told of ledger.told.filter(isV2)) {
    const { verdict, call, atMs, v2, paymentNo } = told;
    const waitedMs = atMs - v2.askedAtMs;
    // A repetition gets the first answer at once.
    if (v2.isReplayed || !isSuccess(told) || verdict !== 'open' || waitedMs >= v2.waitMs) continue;
    const detail = `${call} was answered after ${waitedMs} of ${v2.waitMs} ms: ${told.raw}`;
    yield { rule: 'a wait lasts until the end, or its time', detail, paymentNo };
  }
};

/** Others' news is looked for each second, and a call takes up to 40 ms on its way. */
const HEARS_WITHIN_MS = 1100;

const waitsEnd: Check = function* ({ stories, isExact }) {
  if (!isExact) return;
  for (const { payment, events, told } of stories) {
    const end = events.find(({ state }) => !isOpen(state as Payment['state']));
    for (const { call, atMs, v2, verdict } of told) {
      if (call !== 'v2 look' || v2 === undefined || v2.status !== 200) continue;
      const lateMs = atMs - Math.max(v2.askedAtMs, end?.atMs ?? Infinity);
      if (lateMs <= HEARS_WITHIN_MS) continue;
      const detail = `told ${verdict} ${lateMs} ms after its end`;
      yield {
        rule: 'a wait lasts until the end, or its time',
        detail,
        paymentNo: payment.paymentNo,
      };
    }
  }
};

/** A payment at one version, as v2 shows it. */
type Shown = { readonly state: string; readonly refunded: number; readonly refunding: number };

const isSame = (a: Shown, b: Shown): boolean =>
  a.state === b.state && a.refunded === b.refunded && a.refunding === b.refunding;

function shownIn({ events }: Story): readonly Shown[] {
  const shown: Shown[] = [];
  let payment: Payment | undefined;
  for (const { changes } of events) {
    if (changes.payment === undefined) continue;
    payment = { ...payment, ...changes.payment } as Payment;
    const { refundedFen: refunded, refundingFen: refunding } = payment;
    shown.push({ state: shownState(payment), refunded, refunding });
  }
  return shown;
}

const neverBack: Check = function* ({ stories }) {
  for (const story of stories) {
    const { paymentNo } = story.payment;
    const answers = story.told.filter(isV2).filter(({ v2 }) => v2.json['object'] === 'payment');
    if (answers.length === 0) continue;
    const history = shownIn(story);
    const fail = (detail: string) => ({
      rule: 'an answer is as new as the call',
      detail,
      paymentNo,
    });
    const placed: { readonly told: Heard; readonly earliest: number }[] = [];
    for (const told of answers) {
      const { json, askedAtMs, isReplayed } = told.v2;
      const shown = {
        state: String(json['state']),
        refunded: Number(json['refunded_amount']),
        refunding: Number(json['refunding_amount']),
      };
      const earliest = history.findIndex((one) => isSame(one, shown));
      if (earliest < 0) yield fail(`it never was so: ${told.raw}`);
      if (isReplayed) continue;
      const latest = history.findLastIndex((one) => isSame(one, shown));
      const newer = placed.find((one) => one.told.atMs <= askedAtMs && one.earliest > latest);
      if (newer !== undefined) yield fail(`${told.raw} after ${newer.told.raw}`);
      placed.push({ told, earliest });
    }
  }
};

/** The same charge is the same payment, over whichever API it is asked for. */
const oneCharge: Check = function* ({ ledger }) {
  const numbers = new Map<string, string>();
  for (const { call, key, verdict, paymentNo, bill } of ledger.told) {
    const isCharge = call === 'hb_barcode' || (call === 'v2 create' && key !== 'qr');
    if (!isCharge || paymentNo === undefined || verdict === 'taken' || verdict === 'error')
      continue;
    const name = `${bill.shop.cpiNo} ${key}`;
    const known = numbers.get(name) ?? paymentNo;
    numbers.set(name, known);
    if (known === paymentNo) continue;
    const detail = `${name} is ${known} and ${paymentNo}`;
    yield { rule: 'one bill, one payment, over both APIs', detail, paymentNo };
  }
};

const billsAreFound: Check = function* ({ ledger }) {
  for (const { call, key, bill, v2 } of ledger.told) {
    if (call !== 'v2 list' || v2?.status !== 200 || key !== bill.localNo) continue;
    const listed = v2.json['data'] as readonly Readonly<Record<string, unknown>>[];
    const known = ledger.told.filter(
      (told) => told.bill === bill && told.paymentNo !== undefined && told.atMs <= v2.askedAtMs,
    );
    const missing = known.find(
      ({ paymentNo }) => !listed.some(({ id }) => id === `pay_${paymentNo}`),
    );
    if (missing === undefined) continue;
    const { paymentNo } = missing;
    yield { rule: 'one bill, one payment, over both APIs', detail: 'not in the list', paymentNo };
  }
};

const listsAll: Check = function* ({ v2, stories }) {
  if (v2 === undefined) return;
  const rule = 'a list has everything once';
  const byId = new Map(stories.map(({ payment }) => [`pay_${payment.paymentNo}`, payment]));
  for (const { id, state, refunded_amount: refunded } of v2.listed) {
    const payment = byId.get(String(id));
    const paymentNo = payment?.paymentNo;
    if (payment === undefined)
      yield { rule, detail: `${String(id)} is unknown, or there twice`, paymentNo };
    else if (shownState(payment) !== state || payment.refundedFen !== refunded) {
      yield { rule, detail: `${String(state)}, ${String(refunded)} back`, paymentNo };
    }
    byId.delete(String(id));
  }
  for (const [, { paymentNo }] of byId) yield { rule, detail: 'it is missing', paymentNo };
};

export const ANSWER_CHECKS: readonly ((books: Books) => ReturnType<Check>)[] = [
  oneKeyOneCall,
  waitsWait,
  waitsEnd,
  neverBack,
  oneCharge,
  billsAreFound,
  listsAll,
];
