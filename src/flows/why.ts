/**
 * One sentence, in English and Chinese, on why a payment is in its state and what happens next: which question to Alipay,
 * and when. Pure, from the row, its refunds and its open incidents; the tables are over the states and the steps, so a new
 * one does not compile without its words. It tells what `core/` decided and decides nothing.
 */
import type { Incident } from '../core/incident.ts';
import type { Payment, PaymentState, TradeSeen } from '../core/payment.ts';
import type { Refund } from '../core/refund.ts';
import { refundStep, stepAt, type Step } from '../core/schedule.ts';
import { shanghaiTextMs } from '../core/time.ts';
import type { Text } from './incident-texts.ts';

export type Story = {
  readonly payment: Payment;
  readonly refunds: readonly Refund[];
  readonly incidents: readonly Incident[];
};

/** The sentence. `nowMs` tells a time that has come from one that is to come. */
export function whyOf(story: Story, nowMs: number): Text {
  return joined([WHY[story.payment.state](story.payment), ...partsToCome(story, nowMs)]);
}

/** The same in two: why it is in its state, and what happens next; null when nothing does. */
export function whyAndNextOf(
  story: Story,
  nowMs: number,
): { readonly why: Text; readonly next: Text | null } {
  const toCome = partsToCome(story, nowMs).filter((part) => part !== NOTHING_LEFT);
  return {
    why: joined([WHY[story.payment.state](story.payment)]),
    next: toCome.length === 0 ? null : joined(toCome),
  };
}

function partsToCome({ payment, refunds, incidents }: Story, nowMs: number): readonly Text[] {
  return [
    nextOf(payment, nowMs),
    ...refunds.flatMap((refund) => refundPart(refund, nowMs)),
    ...incidentPart(incidents),
  ];
}

function joined(parts: readonly Text[]): Text {
  return {
    en: `${parts.map(({ en }) => en).join('; ')}.`,
    zh: `${parts.map(({ zh }) => zh).join('；')}。`,
  };
}

const NOTHING_LEFT: Text = { en: 'nothing is left to ask', zh: '无需再询问' };

/** What Alipay last said of the trade of an open payment. */
const SEEN: Record<TradeSeen, Text> = {
  never_asked: { en: 'no query was answered yet', zh: '尚无查询得到应答' },
  absent: {
    en: 'Alipay knows no such trade so far, which proves nothing yet',
    zh: '支付宝目前查无此交易，但这还不能说明什么',
  },
  open: { en: 'the trade waits for the buyer', zh: '交易等待买家付款' },
  ended: { en: 'the trade has ended', zh: '交易已结束' },
  foreign: {
    en: "the number names somebody else's trade at Alipay",
    zh: '该单号在支付宝处是别人的交易',
  },
  disputed: { en: "Alipay's answers contradict each other", zh: '支付宝的应答互相矛盾' },
};

type Why = (payment: Payment) => Text;

const WHY: Record<PaymentState, Why> = {
  created: (payment) => {
    const { en, zh } = SEEN[payment.tradeSeen];
    if (!payment.firstCallEnded) {
      return {
        en: `created: the intent is stored and the first call to Alipay has not ended, ${en}`,
        zh: `created：意图已保存，对支付宝的首次调用尚未结束，${zh}`,
      };
    }
    return {
      en: `created: the first call to Alipay gave no verdict, ${en}`,
      zh: `created：对支付宝的首次调用没有结论，${zh}`,
    };
  },
  awaiting_buyer: ({ method, tradeSeen }) => {
    if (method === 'qr' && (tradeSeen === 'never_asked' || tradeSeen === 'absent')) {
      return {
        en: 'awaiting_buyer: the QR code is out and nobody has scanned it',
        zh: 'awaiting_buyer：二维码已发出，尚无人扫码',
      };
    }
    const { en, zh } = SEEN[tradeSeen];
    return { en: `awaiting_buyer: ${en}`, zh: `awaiting_buyer：${zh}` };
  },
  paid: (payment) => {
    const clauses = paidClauses(payment);
    return {
      en: `paid: a verified answer of Alipay says so${clauses.map(({ en }) => en).join('')}`,
      zh: `paid：支付宝验签通过的应答表明已付款${clauses.map(({ zh }) => zh).join('')}`,
    };
  },
  declined: () => ({
    en: 'declined: Alipay refused the charge for certain, nothing was taken',
    zh: 'declined：支付宝明确拒绝扣款，未扣款',
  }),
  closed: ({ tradeSeen }) =>
    tradeSeen === 'ended'
      ? {
          en: 'closed: Alipay closed the trade unpaid',
          zh: 'closed：支付宝已关闭交易，未付款',
        }
      : {
          en: 'closed: Alipay knows no such trade, and none can come into being any more',
          zh: 'closed：支付宝查无此交易，且不会再产生',
        },
  reversed: () => ({
    en: 'reversed: it was paid, and all of the money went back by a cancel',
    zh: 'reversed：曾经付款，款项已因撤销全额退回',
  }),
};

/** When it was paid, and what is to be known beside it. */
function paidClauses(payment: Payment): readonly Text[] {
  const { paidAtMs, isLate, refundedFen, amountFen, tradeSeen } = payment;
  const at = paidAtMs === null ? '' : shanghaiTextMs(paidAtMs);
  return [
    { isSo: at !== '', en: ` (${at})`, zh: `（${at}）` },
    {
      isSo: isLate,
      en: ', after the till was told that it would not be',
      zh: '，但在收银端被告知失败之后',
    },
    {
      isSo: refundedFen === amountFen,
      en: ', and all of it was refunded',
      zh: '，并已全额退款',
    },
    {
      isSo: tradeSeen === 'disputed',
      en: `, but ${SEEN.disputed.en}`,
      zh: `，但${SEEN.disputed.zh}`,
    },
  ].filter(({ isSo }) => isSo);
}

/** What is asked at the next look. */
const ASKS: Record<Exclude<Step, 'none'>, Text> = {
  query: { en: 'Alipay is asked (alipay.trade.query)', zh: '查询支付宝（alipay.trade.query）' },
  cancel: { en: 'it is cancelled (alipay.trade.cancel)', zh: '撤销（alipay.trade.cancel）' },
  close: { en: 'it is closed (alipay.trade.close)', zh: '关闭（alipay.trade.close）' },
};

function nextOf(payment: Payment, nowMs: number): Text {
  const { dueAtMs, cancelSentAtMs, state, deadlineAtMs } = payment;
  if (cancelSentAtMs !== null) {
    const since = shanghaiTextMs(cancelSentAtMs);
    return {
      en: `a cancel is on its way since ${since}, its answer or the next query decides`,
      zh: `撤销已于 ${since} 发出，由其应答或下一次查询决定`,
    };
  }
  const isOpen = state === 'created' || state === 'awaiting_buyer';
  if (dueAtMs === null) {
    return isOpen
      ? { en: 'nobody asks any more: a person must look', zh: '已不再询问：需要人工处理' }
      : NOTHING_LEFT;
  }
  const step = stepAt(payment, Math.max(dueAtMs, nowMs));
  if (step === 'none') return NOTHING_LEFT;
  const { en, zh } = ASKS[step];
  const when = whenOf(dueAtMs, nowMs);
  const deadline = shanghaiTextMs(deadlineAtMs);
  const isBeforeEnd = isOpen && step === 'query' && nowMs < deadlineAtMs;
  return {
    en: `next ${en} ${when.en}${isBeforeEnd ? `, and what is still open at ${deadline} is ended` : ''}`,
    zh: `下一步${when.zh}${zh}${isBeforeEnd ? `，至 ${deadline} 仍未付款则结束` : ''}`,
  };
}

function refundPart(refund: Refund, nowMs: number): readonly Text[] {
  if (refund.state !== 'created') return [];
  const { requestNo, dueAtMs } = refund;
  if (dueAtMs === null) {
    return [
      {
        en: `refund ${requestNo} is open and nobody asks any more: a person must look`,
        zh: `退款 ${requestNo} 未定，已不再询问：需要人工处理`,
      },
    ];
  }
  const when = whenOf(dueAtMs, nowMs);
  const isSent = refundStep(refund) === 'send';
  return [
    {
      en: `refund ${requestNo} is open and ${isSent ? 'is sent (alipay.trade.refund)' : 'is asked about (alipay.trade.fastpay.refund.query)'} ${when.en}`,
      zh: `退款 ${requestNo} 未定，${when.zh}${isSent ? '发送（alipay.trade.refund）' : '查询（alipay.trade.fastpay.refund.query）'}`,
    },
  ];
}

function incidentPart(incidents: readonly Incident[]): readonly Text[] {
  const open = incidents.filter(({ state }) => state === 'open');
  if (open.length === 0) return [];
  const names = open.map(({ incidentNo, reason }) => `${incidentNo} (${reason})`).join(', ');
  return [
    {
      en: `a person must look: incident ${names}`,
      zh: `需要人工处理：事件 ${names}`,
    },
  ];
}

function whenOf(dueAtMs: number, nowMs: number): Text {
  const at = shanghaiTextMs(dueAtMs);
  return dueAtMs <= nowMs
    ? { en: `now (due since ${at})`, zh: `立即（自 ${at} 起到期）` }
    : { en: `at ${at}`, zh: `于 ${at} ` };
}
