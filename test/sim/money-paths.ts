/**
 * The ways that money goes, or does not go, each as a short script on a calm world: what clerk and guest do, what Alipay
 * makes of it, and how it must end. They are played with a gateway that dies at each of its port calls in
 * `crash-points.ts`; nothing here is drawn.
 */
import type { MoneyPath, Stage } from './crash-points.ts';
import { CONFIRMED_MS, NOTHING_OR_UNPAID, OUTAGE_MS, PAID, UNPAID } from './path-ends.ts';
import { QR_PATHS } from './qr-paths.ts';
import {
  answerOf,
  arriveLate,
  faultAtFirst,
  fieldsOf,
  NO_MONEY_OF_THE_GUEST,
  NO_MONEY_OF_THE_SHOP,
} from './scripted-answers.ts';
import { V2_PATHS } from './v2/money-paths.ts';

const SECOND_MS = 1000;
/** The guest pays when the gateway has given the payment up, and before it looks at the closed payment again. */
const LATE_MS = 45 * SECOND_MS;

/** Longer than the lease of a look, so that a restarted gateway asks before the cancel arrives. */
const OUTLASTS_LEASE_MS = 15 * SECOND_MS;

/** A code that pays at once, and the one that the guest shows when the first one failed. */
const PAYS = '280000000000000000';
const PAYS_TOO = '280000000000000099';
/** Codes by what they do (contract of the simulator). */
const ASKS_THEN_PAYS = '280000000000000001';
const ASKS = '280000000000000002';
const NO_BALANCE = '280000000000000003';
const PAYS_AND_SAYS_20000 = '280000000000000005';
const PAYS_AND_DROPS_ANSWER = '280000000000000007';
const PAYS_AND_ANSWERS_TOO_LATE = '280000000000000008';
const PAYS_AND_HIDES = '280000000000000009';

const BARCODE_PATHS: readonly MoneyPath[] = [
  {
    name: 'barcode, paid at once',
    outageMs: OUTAGE_MS,
    play: charge(PAYS, PAYS_TOO),
    ends: PAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: ['pay', 'query'],
  },
  {
    name: 'barcode, paid at once, confirmed before it is told',
    settings: { confirm: 'strict' },
    play: charge(PAYS, PAYS_TOO),
    ends: PAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: ['pay', 'query'],
  },
  {
    name: 'barcode, the guest is asked and pays',
    play: charge(ASKS_THEN_PAYS, PAYS_TOO),
    ends: PAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: ['pay', 'query'],
  },
  ...[
    ['20000', PAYS_AND_SAYS_20000],
    ['no answer', PAYS_AND_DROPS_ANSWER],
    ['an answer after the timeout', PAYS_AND_ANSWERS_TOO_LATE],
    ['no answer, and the trade is hidden for a while', PAYS_AND_HIDES],
  ].map(([what = '', code = '']): MoneyPath => ({
    name: `barcode, paid with ${what}`,
    play: charge(code, PAYS_TOO),
    ends: PAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: ['pay', 'query'],
  })),
  {
    name: 'barcode, declined',
    play: charge(NO_BALANCE),
    ends: /^declined: keeps 0$/,
    // Never sent, and never sent again.
    mayEnd: UNPAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: ['pay', 'query'],
  },
  {
    name: 'barcode, declined while its trade stays open',
    play: charge(ASKS),
    meet: async (_stage, call, pass) => {
      const response = await pass();
      return call.method === 'pay' ? answerOf(call, NO_MONEY_OF_THE_GUEST) : response;
    },
    ends: /^declined: keeps 0$/,
    mayEnd: UNPAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: ['pay', 'query', 'cancel'],
  },
];

const CANCEL_PATHS: readonly MoneyPath[] = [
  {
    name: 'cancel of a charge that nobody pays',
    play: charge(ASKS),
    ends: UNPAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: ['pay', 'query', 'cancel'],
  },
  {
    name: 'cancel that finds the trade paid',
    outageMs: OUTAGE_MS,
    play: charge(ASKS),
    meet: ({ world }, { method, paymentNo }, pass) => {
      if (method === 'cancel') world.cast.guests.pay(paymentNo);
      return pass();
    },
    ends: /^reversed: keeps 0$/,
    mayEnd: UNPAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: ['pay', 'query', 'cancel'],
  },
  {
    name: 'cancel that is carried out without an answer',
    play: charge(ASKS),
    meet: faultAtFirst('cancel', 'drop_response'),
    ends: UNPAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: ['pay', 'query', 'cancel'],
  },
  {
    name: 'cancel of a paid trade that is carried out without an answer',
    play: charge(ASKS),
    meet: (stage, met, pass) => {
      if (met.method === 'cancel') stage.world.cast.guests.pay(met.paymentNo);
      return faultAtFirst('cancel', 'drop_response')(stage, met, pass);
    },
    ends: /^reversed: keeps 0$/,
    mayEnd: UNPAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: ['pay', 'query', 'cancel'],
  },
  {
    name: 'cancel that arrives late, after the guest has paid',
    play: charge(ASKS),
    meet: (stage, { method, paymentNo }, pass) => {
      if (method !== 'cancel' || !stage.isFirst('cancel')) return pass();
      stage.world.cast.guests.pay(paymentNo);
      return arriveLate(stage, pass, OUTLASTS_LEASE_MS);
    },
    // "Paid" may be told before the cancel takes it back: then a person hears of it.
    ends: /^reversed reversed_after_paid: keeps 0$/,
    mayEnd: /^(reversed|reversed reversed_after_paid|closed): keeps 0$/,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: ['pay', 'query', 'cancel'],
  },
  {
    name: 'cancel that Alipay wants to hear again',
    play: charge(ASKS),
    meet: async (stage, met, pass) => {
      if (met.method !== 'cancel' || !stage.isFirst('cancel')) return pass();
      return answerOf(met, { code: '10000', msg: 'Success', retry_flag: 'Y' });
    },
    ends: UNPAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: ['pay', 'query', 'cancel'],
  },
];

const LATE_PATHS = (['incident', 'refund'] as const).map((latePayment): MoneyPath => ({
  name: `money that comes after the end, F2F_LATE_PAYMENT=${latePayment}`,
  settings: { latePayment },
  play: charge(PAYS),
  // The pay call is under way for longer than anybody waits for it.
  meet: (stage, { method }, pass) => (method === 'pay' ? arriveLate(stage, pass, LATE_MS) : pass()),
  ends: latePayment === 'refund' ? /^paid late: keeps 0$/ : /^paid late late_payment: keeps 1000$/,
  // Nothing comes of a charge that was not sent; and a gateway that was away may not have given it up yet.
  mayEnd: /^(closed: keeps 0|paid: keeps 1000)$/,
  endsIfClerkLeft: NOTHING_OR_UNPAID,
  asks:
    latePayment === 'refund' ? ['pay', 'query', 'cancel', 'refund'] : ['pay', 'query', 'cancel'],
}));

const REFUND_PATHS: readonly MoneyPath[] = [
  refundPath('refund of everything', [1000]),
  refundPath('refund of a part', [300]),
  refundPath('refunds of several parts, one after another', [100, 200, 300]),
  {
    ...refundPath('refunds of several parts at once', [100, 200, 300]),
    play: async (stage) => {
      const paymentNo = await paidBefore(stage);
      const parts = [100, 200, 300].map((fen) => stage.clerk.refund(paymentNo, `R${fen}`, fen));
      await Promise.all(parts);
    },
    endsIfClerkLeft: /^paid: keeps \d+00$/,
  },
  {
    ...refundPath('refund that is carried out without an answer', [1000]),
    outageMs: OUTAGE_MS,
    meet: faultAtFirst('refund', 'drop_response'),
    asks: ['refund', 'fastpay.refund.query'],
  },
  {
    ...refundPath('refund that is answered 20000 and not carried out', [1000]),
    meet: faultAtFirst('refund', 'unknown_20000', { executed: false }),
  },
  {
    ...refundPath('refund that is accepted without a change of funds', [400]),
    meet: async (stage, call, pass) => {
      const response = await pass();
      if (call.method !== 'refund' || !stage.isFirst('refund')) return response;
      return answerOf(call, { ...fieldsOf(call, response), fund_change: 'N' });
    },
    asks: ['refund', 'fastpay.refund.query'],
  },
  {
    ...refundPath('refund that Alipay refuses', []),
    play: async (stage) => {
      const paymentNo = await paidBefore(stage);
      await stage.clerk.refund(paymentNo, 'R1', 1000);
    },
    meet: async (_stage, call, pass) =>
      call.method === 'refund' ? answerOf(call, NO_MONEY_OF_THE_SHOP) : pass(),
  },
];

/** Gives parts of a paid payment back, one after another. A clerk who leaves may do so between two of them. */
function refundPath(name: string, parts: readonly number[]): MoneyPath {
  const kept = [1000];
  for (const fen of parts) kept.push((kept.at(-1) ?? 0) - fen);
  return {
    name,
    play: async (stage) => {
      const paymentNo = await paidBefore(stage);
      for (const fen of parts) await stage.clerk.refund(paymentNo, `R${fen}`, fen);
    },
    ends: new RegExp(`^paid: keeps ${kept.at(-1)}$`),
    endsIfClerkLeft: new RegExp(`^paid: keeps (${kept.join('|')})$`),
    asks: ['refund'],
  };
}

export const MONEY_PATHS: readonly MoneyPath[] = [
  ...BARCODE_PATHS,
  ...CANCEL_PATHS,
  ...LATE_PATHS,
  ...QR_PATHS,
  ...REFUND_PATHS,
  ...V2_PATHS,
  {
    name: 'refund of a trade of an older system',
    play: async (stage) => {
      const paymentNo = await stage.world.cast.guests.payElsewhere(stage.bill);
      stage.begin();
      await stage.clerk.refund(paymentNo, 'R1', 1000);
    },
    ends: /^paid: keeps 0$/,
    endsIfClerkLeft: /^(nothing|paid): keeps 1000$/,
    asks: ['query', 'refund'],
  },
  {
    name: 'query of a trade of an older system',
    play: async (stage) => {
      const paymentNo = await stage.world.cast.guests.payElsewhere(stage.bill);
      stage.begin();
      await stage.clerk.query(paymentNo);
    },
    ends: /^nothing: keeps 1000$/,
    endsIfClerkLeft: /^nothing: keeps 1000$/,
    asks: ['query'],
    stores: false,
  },
];

function charge(...codes: readonly string[]): MoneyPath['play'] {
  return async ({ begin, clerk }) => {
    begin();
    await clerk.charge(...codes);
  };
}

/** A payment that was paid and confirmed before the moments count. */
async function paidBefore({ clerk, begin }: Stage): Promise<string> {
  const { paymentNo } = await clerk.charge(PAYS);
  await clerk.sleep(CONFIRMED_MS);
  begin();
  return paymentNo;
}
