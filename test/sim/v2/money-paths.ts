/**
 * Ways of money over v2, to be played by `../crash-points.ts`: each call is repeated under its key until there is an outcome, and
 * said once more at the end; a program that is called must have heard everything. Nothing is drawn.
 */
import { BROKEN, ClerkLeft } from '../clerk.ts';
import type { MoneyPath, Stage } from '../crash-points.ts';
import type { Told } from '../ledger.ts';
import { CONFIRMED_MS, NOTHING_OR_UNPAID, PAID, UNPAID } from '../path-ends.ts';
import { createPrng } from '../prng.ts';
import { NO_V2, type EndpointPlan } from './plan.ts';
import { requestNoOf } from './refunds.ts';
import type { V2Question } from './till.ts';

const SECOND_MS = 1000;
const ASKS_AGAIN_AFTER_MS = 2 * SECOND_MS;
/** Nobody asks for ever: a gateway that has not told by then never will. */
const ASKS_MAX = 100;

/** Codes by what they do (contract of the simulator). */
const PAYS = '280000000000000000';
const PAYS_TOO = '280000000000000099';
const ASKS = '280000000000000002';

const ENDPOINT: EndpointPlan = {
  shop: undefined,
  types: [],
  registersAfterMs: 0,
  wantsThePast: false,
  downFromMs: 0,
  downForMs: 0,
  rotatesAfterMs: undefined,
  hasPoison: false,
  asksFirst: false,
};

export const V2_PATHS: readonly MoneyPath[] = [
  {
    name: 'v2: barcode under a key, paid at once',
    v2: NO_V2,
    settings: { notifyUrl: undefined },
    play: async (stage) => {
      stage.begin();
      await charge(stage, PAYS, PAYS_TOO);
    },
    ends: PAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: ['pay', 'query'],
  },
  {
    name: 'v2: other words under a key, after no answer',
    v2: NO_V2,
    settings: { notifyUrl: undefined },
    play: async (stage) => {
      stage.begin();
      await changeWords(stage);
    },
    ends: PAID,
    mayEnd: UNPAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: ['pay', 'query'],
  },
  {
    name: 'v2: QR code under a key, ended by a cancel',
    v2: NO_V2,
    settings: { qrExpiresS: 30 },
    play: async (stage) => {
      stage.begin();
      await cancelQr(stage);
    },
    ends: UNPAID,
    mayEnd: /^(closed, )*closed: keeps 0$/,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: ['precreate', 'close'],
  },
  {
    name: 'v2: cancel under a key',
    v2: NO_V2,
    play: async (stage) => {
      stage.begin();
      const { paymentNo = '' } = await insist(stage, creation(stage, ASKS), isOpenOrOver);
      await insist(stage, cancellation(paymentNo), isOver);
      await stage.clerk.sleep(CONFIRMED_MS);
      await insist(stage, cancellation(paymentNo), isOver);
    },
    ends: UNPAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: ['pay', 'query', 'cancel'],
  },
  {
    name: 'v2: refund under a key',
    v2: NO_V2,
    play: async (stage) => {
      const paymentNo = await charge(stage, PAYS);
      stage.begin();
      await refund(stage, paymentNo, 300);
    },
    ends: /^paid: keeps 700$/,
    endsIfClerkLeft: /^paid: keeps (1000|700)$/,
    asks: ['refund'],
  },
  {
    name: 'v2: a program that is called',
    v2: { ...NO_V2, endpoints: [ENDPOINT] },
    settings: { notifyUrl: undefined },
    play: async (stage) => {
      stage.begin();
      await charge(stage, PAYS, PAYS_TOO);
    },
    ends: PAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: ['pay', 'query'],
    ports: ['webhook'],
  },
];

/** Charges the codes one after another until the bill is paid; the same call once more at the end. */
async function charge(stage: Stage, ...codes: readonly string[]): Promise<string> {
  for (const code of codes) {
    const question = creation(stage, code);
    const begun = await insist(stage, question, isOpenOrOver);
    const { paymentNo = '' } = begun;
    const told = isOver(begun) ? begun : await insist(stage, looking(paymentNo), isOver);
    if (told.verdict !== 'paid') continue;
    await stage.clerk.sleep(CONFIRMED_MS);
    await insist(stage, question, isOpenOrOver);
    return paymentNo;
  }
  throw new Error('a guest has a code');
}

/** A program that was restarted says something else under its key; what it said first is right, if anybody heard it. */
async function changeWords(stage: Stage): Promise<void> {
  const first = await ask(stage, creation(stage, PAYS), 1);
  const other = creation(stage, PAYS, PAYS, 'wrong');
  const isReused = ({ v2 }: Told): boolean => v2?.problem === 'idempotency_key_reused';
  const told =
    first.raw === BROKEN
      ? await insist(stage, other, (answer) => isReused(answer) || isOpenOrOver(answer))
      : first;
  const begun = isReused(told) ? await insist(stage, creation(stage, PAYS), isOpenOrOver) : told;
  await insist(stage, looking(begun.paymentNo ?? ''), isOver);
  await stage.clerk.sleep(CONFIRMED_MS);
}

async function cancelQr(stage: Stage): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const question = creation(stage, undefined, `qr ${attempt}`);
    const shown = await insist(stage, question, (told) => isOpenOrOver(told) || isSilent(told));
    // Nothing was shown: that is another intention.
    if (isSilent(shown)) continue;
    const { paymentNo = '' } = shown;
    stage.world.cast.guests.scan(codeIn(shown));
    await insist(stage, cancellation(paymentNo), isOpenOrOver);
    await insist(stage, looking(paymentNo), isOver);
    return;
  }
}

async function refund(stage: Stage, paymentNo: string, amountFen: number): Promise<void> {
  const { bill, world } = stage;
  const requestNo = requestNoOf('refund');
  world.cast.ledger.askedRefunds.push({ bill, paymentNo, requestNo, amountFen });
  const question: V2Question = {
    call: 'v2 refund',
    method: 'POST',
    path: `/v2/payments/pay_${paymentNo}/refunds`,
    body: { amount: amountFen },
    key: 'refund',
    name: `${requestNo}/${amountFen}`,
    waitS: 30,
  };
  const isEnd = ({ verdict }: Told): boolean => verdict === 'refunded' || verdict === 'refused';
  await insist(stage, question, isEnd);
  await insist(stage, question, isEnd);
}

const isOver = ({ verdict }: Told): boolean => verdict === 'paid' || verdict === 'failed';
const isOpenOrOver = (told: Told): boolean => isOver(told) || told.verdict === 'open';
const isSilent = ({ v2 }: Told): boolean => v2?.problem === 'alipay_silent';

function codeIn({ v2 }: Told): string {
  const action = v2?.json['next_action'] as { readonly qr_code?: string } | null | undefined;
  return action?.qr_code ?? '';
}

function creation(
  { bill }: Stage,
  authCode: string | undefined,
  key = authCode,
  words = 'right',
): V2Question {
  const { localNo, amountFen, name } = bill;
  const order = { merchant_reference: localNo, amount: amountFen, subject: name };
  const method =
    authCode === undefined ? { method: 'qr' } : { method: 'barcode', auth_code: authCode };
  return {
    call: 'v2 create',
    method: 'POST',
    path: '/v2/payments',
    body: { ...order, ...method, metadata: { key, words } },
    ...(key === undefined ? {} : { key: key.replaceAll(' ', '-') }),
    name: authCode ?? 'qr',
    namesShop: true,
    waitS: 1,
  };
}

function looking(paymentNo: string): V2Question {
  const path = `/v2/payments/pay_${paymentNo}`;
  return { call: 'v2 look', method: 'GET', path, name: paymentNo, waitS: 30 };
}

function cancellation(paymentNo: string): V2Question {
  const path = `/v2/payments/pay_${paymentNo}/cancel`;
  return { call: 'v2 cancel', method: 'POST', path, key: 'cancel', name: paymentNo, waitS: 50 };
}

/** The line draws how long a call takes: each call anew, whatever came before it. */
async function ask(
  { v2, bill, patience }: Stage,
  question: V2Question,
  asks: number,
): Promise<Told> {
  if (v2 === undefined) throw new Error('v2 is spoken here');
  const told = await v2.cast.v2.call(bill, createPrng(`${question.name} ${asks}`), question);
  if (told.raw === BROKEN && patience === 'leaves') throw new ClerkLeft();
  return told;
}

/** The same call until `isEnd`. */
async function insist(
  stage: Stage,
  question: V2Question,
  isEnd: (told: Told) => boolean,
): Promise<Told> {
  for (let asks = 1; asks <= ASKS_MAX; asks += 1) {
    const told = await ask(stage, question, asks);
    if (isEnd(told)) return told;
    await stage.clerk.sleep(ASKS_AGAIN_AFTER_MS);
  }
  throw new Error(`${question.call} is never answered`);
}
