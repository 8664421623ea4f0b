/**
 * What may have been learnt of a payment or a refund, in words and as its row, for the tables of steps in
 * `docs/payment-states.md`. Only the situations are here; what follows from each is asked of `src/core/schedule.ts` by
 * `schedule-section.ts`.
 */
import type { Text } from '../src/flows/incident-texts.ts';
import type { Payment } from '../src/core/payment.ts';
import type { Refund } from '../src/core/refund.ts';

const HOUR = 3_600_000;

/** What was learnt when; undefined where it cannot happen to a payment of this method. */
export type Learnt = {
  readonly changes: Partial<Payment>;
  readonly nowMs: number;
  readonly isConfirmed?: boolean;
};
export type Situation = Text & { readonly of: (payment: Payment) => Learnt | undefined };

const open = { state: 'awaiting_buyer' } as const;

export const SITUATIONS: readonly Situation[] = [
  {
    en: 'the deadline has come, the trade was open before',
    zh: '期限到达，此前交易未付款',
    of: ({ deadlineAtMs }) => ({ changes: { ...open, tradeSeen: 'open' }, nowMs: deadlineAtMs }),
  },
  {
    en: 'past the deadline, two questions in a row in vain',
    zh: '期限已过，连续两次询问落空',
    of: ({ deadlineAtMs }) => ({ changes: { ...open, asksInVain: 2 }, nowMs: deadlineAtMs }),
  },
  {
    en: 'a query past the deadline: the trade is open',
    zh: '期限后的查询：交易未付款',
    of: ({ deadlineAtMs }) => ({
      changes: { ...open, tradeSeen: 'open', heardAtMs: deadlineAtMs },
      nowMs: deadlineAtMs,
    }),
  },
  {
    en: 'a query past the deadline: no such trade',
    zh: '期限后的查询：查无此交易',
    of: ({ deadlineAtMs }) => ({
      changes: { ...open, tradeSeen: 'absent', heardAtMs: deadlineAtMs },
      nowMs: deadlineAtMs,
    }),
  },
  {
    en: 'the cancel or close got no answer',
    zh: '撤销或关闭没有得到应答',
    of: ({ deadlineAtMs }) => ({
      changes: {
        ...open,
        tradeSeen: 'open',
        heardAtMs: deadlineAtMs,
        asksInVain: 1,
        endingsInVain: 1,
      },
      nowMs: deadlineAtMs,
    }),
  },
  {
    en: 'the cancel found no trade',
    zh: '撤销没有找到交易',
    of: ({ method, deadlineAtMs }) =>
      method === 'qr'
        ? undefined
        : {
            changes: {
              ...open,
              tradeSeen: 'absent',
              heardAtMs: deadlineAtMs,
              cancelFoundNothingAtMs: deadlineAtMs,
            },
            nowMs: deadlineAtMs,
          },
  },
  {
    en: "past the deadline, the number names somebody else's trade",
    zh: '期限已过，该单号是别人的交易',
    of: ({ deadlineAtMs }) => ({
      changes: { ...open, tradeSeen: 'foreign', asksInVain: 1 },
      nowMs: deadlineAtMs,
    }),
  },
  {
    en: "paid by the pay call's own answer, not confirmed by a query or a notification yet",
    zh: 'pay 调用应答已付款，尚未经查询或通知确认',
    of: ({ method, createdAtMs }) =>
      method === 'qr'
        ? undefined
        : { changes: { state: 'paid', tradeSeen: 'ended' }, nowMs: createdAtMs },
  },
  {
    en: 'paid, an hour old, and a query contradicts',
    zh: '已支付一小时，查询与之相矛盾',
    of: ({ createdAtMs }) => ({
      changes: { state: 'paid', tradeSeen: 'ended' },
      nowMs: createdAtMs + HOUR,
    }),
  },
  {
    en: 'paid, and a query agrees',
    zh: '已支付，查询与之相符',
    of: ({ createdAtMs }) => ({
      changes: { state: 'paid', tradeSeen: 'ended' },
      nowMs: createdAtMs,
      isConfirmed: true,
    }),
  },
  {
    en: 'paid, a query agrees, and a cancel or close of ours never got an answer',
    zh: '已支付，查询相符，但我方有撤销或关闭从未得到应答',
    of: ({ diesAtMs }) => ({
      changes: { state: 'paid', tradeSeen: 'ended', endingsInVain: 1 },
      nowMs: diesAtMs,
      isConfirmed: true,
    }),
  },
  {
    en: 'declined: Alipay refused the call',
    zh: 'declined：支付宝拒绝了调用',
    of: ({ createdAtMs }) => ({ changes: { state: 'declined' }, nowMs: createdAtMs }),
  },
  {
    en: 'declined or closed, and a query finds the trade open',
    zh: 'declined 或 closed，而查询发现交易未付款',
    of: ({ createdAtMs }) => ({
      changes: { state: 'declined', tradeSeen: 'open' },
      nowMs: createdAtMs,
    }),
  },
  {
    en: 'declined, and a query finds no trade (and once more at the age of ten minutes)',
    zh: 'declined，查询查无此交易（满十分钟时再查一次）',
    of: ({ createdAtMs }) => ({
      changes: { state: 'declined', tradeSeen: 'absent' },
      nowMs: createdAtMs,
    }),
  },
  {
    en: 'declined, and a query finds that the trade has ended',
    zh: 'declined，查询得知交易已结束',
    of: ({ createdAtMs }) => ({
      changes: { state: 'declined', tradeSeen: 'ended' },
      nowMs: createdAtMs,
    }),
  },
  {
    en: 'closed because no trade can come any more (counted as for the watch below)',
    zh: 'closed，因为不会再产生交易（起算时刻见下文的观察）',
    of: ({ method, deadlineAtMs, diesAtMs }) => ({
      changes: {
        state: 'closed',
        tradeSeen: 'absent',
        cancelFoundNothingAtMs: method === 'qr' ? null : deadlineAtMs,
      },
      nowMs: method === 'qr' ? diesAtMs : deadlineAtMs,
    }),
  },
  {
    en: 'closed at Alipay, unpaid',
    zh: 'closed，支付宝已关闭，未付款',
    of: ({ deadlineAtMs }) => ({
      changes: { state: 'closed', tradeSeen: 'ended' },
      nowMs: deadlineAtMs,
    }),
  },
  {
    en: 'reversed',
    zh: 'reversed',
    of: ({ deadlineAtMs }) => ({
      changes: { state: 'reversed', tradeSeen: 'ended' },
      nowMs: deadlineAtMs,
    }),
  },
];

/** What was learnt of a refund as soon as it was sent. */
export const REFUND_SITUATIONS: readonly (Text & { readonly changes: Partial<Refund> })[] = [
  { en: 'sent, no answer', zh: '已发送，没有应答', changes: { inDoubt: true, asksInVain: 1 } },
  {
    en: 'sent again, no answer',
    zh: '再次发送，没有应答',
    changes: { inDoubt: true, asksInVain: 2 },
  },
  { en: '`accepted`', zh: '`accepted`', changes: { answerFact: 'accepted' } },
  {
    en: '`accepted`, then `absent`',
    zh: '先 `accepted` 后 `absent`',
    changes: { answerFact: 'accepted', asksInVain: 1 },
  },
  {
    en: '`refused` while in doubt',
    zh: '存疑时得到 `refused`',
    changes: { inDoubt: true, answerFact: 'refused' },
  },
  { en: '`done`', zh: '`done`', changes: { state: 'done', answerFact: 'done' } },
];
