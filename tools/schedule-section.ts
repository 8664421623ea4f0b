/**
 * The part of `docs/payment-states.md` on when Alipay is asked next, and what: the intervals are the tables of
 * `src/core/schedule.ts`, and each step after a situation is asked of its functions. `states-page.ts` puts it into the page.
 */
import type { Text } from '../src/flows/incident-texts.ts';
import { SETTINGS } from '../src/config.ts';
import { GONE_AFTER_CANCEL_MS, GONE_AFTER_DEATH_MS } from '../src/core/decide-payment.ts';
import { aPayment, aRefund } from '../src/core/payment.fixtures.ts';
import type { Payment } from '../src/core/payment.ts';
import {
  CONFIRM_AGE_MS_MAX,
  dueAtAfter,
  firstLookAtMs,
  GAPS,
  lookLeaseMs,
  REFUND_SPACING_MS,
  refundDueAtAfter,
  refundStep,
  stepAt,
  VAIN_GAPS_MS,
  VAIN_MAX,
  WATCH_AT_AGES_MS,
} from '../src/core/schedule.ts';
import { duration } from './duration.ts';
import { bullets, paragraphs, table } from './markdown.ts';
import { REFUND_SITUATIONS, SITUATIONS, type Situation } from './schedule-situations.ts';

type Method = Payment['method'];
const METHODS = ['barcode', 'qr'] as const satisfies readonly Method[];
const METHOD_NAMES: Record<Method, string> = { barcode: 'barcode 付款码', qr: 'QR 二维码' };

const SECOND = 1000;
const HOUR = 3_600_000;

/** The parts of the section, in order. */
export function scheduleSection(): readonly string[] {
  return [
    '## When Alipay is asked next 何时再询问支付宝',
    paragraphs(firstLook()),
    '### Before the deadline 期限之前',
    gapTable(),
    '### After silence 没有结论之后',
    paragraphs(silence()),
    vainTable(),
    '### From the deadline on, and after the end 期限到达之后与结束之后',
    paragraphs(STEPS_NOTE),
    stepTable(),
    paragraphs(gone()),
    '### The watch 结束后的观察',
    paragraphs(watch()),
    '### Refunds 退款的时间表',
    refundTable(),
    paragraphs(refundSpacing()),
    '### When nobody asks any more 何时不再询问',
    bullets(endings()),
  ];
}

function firstLook(): Text {
  const timeoutMs = Number(defaultOf('alipayTimeoutMs'));
  const first = duration(firstLookAtMs(0, timeoutMs));
  const lease = duration(lookLeaseMs(timeoutMs));
  return {
    en: `The due time is kept in the payment's row and set anew with each thing learnt. The first call is sent at once; should whoever sends it die, the row is due ${first.en} after the start (\`F2F_ALIPAY_TIMEOUT_MS\` and a second). Whoever looks at a row keeps it for himself for ${lease.en} at most. A notification of Alipay that is news makes it due at once.`,
    zh: `到期时间保存在付款行中，每得知一事即重新设定。首次调用立即发出；若发出者中止，该行在开始 ${first.zh}后到期（\`F2F_ALIPAY_TIMEOUT_MS\` 加 1 秒）。正在查看某行的一方最多独占 ${lease.zh}。支付宝带来新消息的异步通知使其立即到期。`,
  };
}

function defaultOf(key: 'alipayTimeoutMs' | 'paymentDeadlineS' | 'qrExpiresS'): string {
  return String(SETTINGS[key].default({ alipay: 'production', dataDir: '.' }));
}

function gapTable(): string {
  const deadlines: Record<Method, string> = {
    barcode: `\`F2F_PAYMENT_DEADLINE_S\` (${defaultOf('paymentDeadlineS')} s)`,
    qr: `\`F2F_QR_EXPIRES_S\` (${defaultOf('qrExpiresS')} s)`,
  };
  const rows = METHODS.flatMap((method) =>
    GAPS[method].map(({ untilAgeMs, gapMs }, index) => {
      const fromMs = GAPS[method][index - 1]?.untilAgeMs ?? 0;
      const until = Number.isFinite(untilAgeMs) ? duration(untilAgeMs).en : deadlines[method];
      return [METHOD_NAMES[method], `${duration(fromMs).en} – ${until}`, duration(gapMs).en];
    }),
  );
  const head = ['method 方式', 'age of the payment 距付款开始', 'next query after 下次查询间隔'];
  return table(head, rows);
}

function silence(): Text {
  return {
    en: `Questions in a row without a verified answer widen the gaps: the longer of this wait and the one above. An answer that is evidence begins anew; one about somebody else's trade does not. After ${VAIN_MAX} in a row, the next in vain ends the questions with an incident, and never with a verdict.`,
    zh: `连续得不到验签通过的应答时，间隔逐步加长：取本表与上表中较长者。得到可作证据的应答后重新计数；关于别人交易的应答不算。连续 ${VAIN_MAX} 次之后，再有一次落空即不再询问并登记事件，绝不因此下结论。`,
  };
}

/** Equal waits are one line; the last wait repeats until nobody asks any more. */
function vainTable(): string {
  const rows: string[][] = [];
  let first = 1;
  let totalMs = 0;
  for (let count = 1; count <= VAIN_MAX; count += 1) {
    const gapMs = vainGapMs(count);
    totalMs += gapMs;
    if (count < VAIN_MAX && vainGapMs(count + 1) === gapMs) continue;
    const range = first === count ? `${count}` : `${first} – ${count}`;
    rows.push([range, duration(gapMs).en, roughly(totalMs)]);
    first = count + 1;
  }
  const head = [
    'in vain in a row 连续落空次数',
    'wait 等待',
    'since the first, at least 距第一次至少',
  ];
  return table(head, rows);
}

function vainGapMs(count: number): number {
  return VAIN_GAPS_MS[Math.min(count, VAIN_GAPS_MS.length) - 1] ?? 0;
}

/** A sum that no reader wants to the second. */
function roughly(ms: number): string {
  if (ms < HOUR)
    return `${Math.floor(ms / 60_000)}:${String((ms / SECOND) % 60).padStart(2, '0')} min`;
  return `${Math.round((ms / HOUR) * 10) / 10} h`;
}

const STEPS_NOTE: Text = {
  en: 'Silence never allows a cancel: only a query that was asked after the deadline and answered does, because a cancel gives money back ([why](decisions/0004-query-before-cancel.md)). A close gives nothing back, so a QR code needs no such query. A `cancel` ends a barcode payment, a `close` a QR payment.',
  zh: '没有应答绝不能成为撤销的理由：撤销会退款，所以必须先有一次在期限之后发出并得到应答的查询（[原因](decisions/0004-query-before-cancel.md)）。关闭不会退款，所以二维码不需要这样的查询。付款码用 `cancel` 结束，二维码用 `close` 结束。',
};

function stepTable(): string {
  const rows = SITUATIONS.map((situation) => [
    situation.en,
    situation.zh,
    ...METHODS.map((method) => nextOf(method, situation)),
  ]);
  return table(['what was learnt', '得知的情况', ...METHODS.map((it) => METHOD_NAMES[it])], rows);
}

function nextOf(method: Method, situation: Situation): string {
  const fresh = aPayment({ method, firstCallEnded: true, dueAtMs: null });
  const learnt = situation.of(fresh);
  if (learnt === undefined) return '–';
  const { changes, nowMs, isConfirmed = false } = learnt;
  // What is in vain stays due: the row was, or nobody would have asked.
  const payment = { ...fresh, dueAtMs: nowMs, ...changes };
  const dueAtMs = dueAtAfter(payment, nowMs, isConfirmed);
  return dueAtMs === null ? NOTHING : stepText(stepAt(payment, dueAtMs), dueAtMs - nowMs);
}

const NOTHING = 'nothing 不再询问';

function stepText(step: string, waitMs: number): string {
  if (waitMs === 0) return `\`${step}\` at once 立即`;
  const { en, zh } = duration(waitMs);
  return `\`${step}\` in ${en} / ${zh}后`;
}

function gone(): Text {
  const cancel = duration(GONE_AFTER_CANCEL_MS);
  const death = duration(GONE_AFTER_DEATH_MS);
  return {
    en: `An absent trade is asked for by the gaps above until it is \`gone\`: ${cancel.en} after the cancel that found nothing, or ${death.en} after Alipay stopped honouring the code. Then the payment is \`closed\`.`,
    zh: `查无此交易时按上述间隔继续询问，直到成为 \`gone\`：撤销未找到交易 ${cancel.zh}后，或支付宝不再受理二维码 ${death.zh}后。此时付款成为 \`closed\`。`,
  };
}

function watch(): Text {
  const ages = WATCH_AT_AGES_MS.map(duration);
  return {
    en: `A payment closed only because no trade was found is asked about again, for money that comes all the same; and a paid barcode payment with a cancel of ours that never got an answer, for a cancel that comes all the same; and a refund that was refused while an earlier call was in doubt. At these ages: ${ages.map(({ en }) => en).join(', ')}, counted from the cancel that found nothing, else from the barcode payment's deadline or the QR code's end at Alipay; for a refund, from when it was last sent. By age and not by count, so a till's own questions use none of them up.`,
    zh: `仅因查无此交易而关闭的付款会再被查询，以防款项仍然到账；我方撤销从未得到应答的已支付付款码也会再被查询，以防撤销仍然生效；存疑期间被拒绝的退款同样如此。查询时刻为 ${ages.map(({ zh }) => zh).join('、')}，从撤销未找到交易时起算，否则从付款码的期限或二维码在支付宝失效时起算；退款从最后一次发送时起算。按时间而不按次数，因此收银端自己的查询不会占用。`,
  };
}

function refundTable(): string {
  const rows = REFUND_SITUATIONS.map(({ en, zh, changes }) => {
    const sent = aRefund();
    const refund = { ...sent, lastSentAtMs: sent.createdAtMs, ...changes };
    const dueAtMs = refundDueAtAfter(refund, sent.createdAtMs);
    const next =
      dueAtMs === null
        ? NOTHING
        : stepText(REFUND_STEPS[refundStep(refund)], dueAtMs - sent.createdAtMs);
    return [en, zh, next];
  });
  return table(['what was learnt as soon as it was sent', '发送后立即得知', 'next 下一步'], rows);
}

const REFUND_STEPS: Record<ReturnType<typeof refundStep>, string> = {
  send: 'refund',
  query: 'refund.query',
  none: 'none',
};

function refundSpacing(): Text {
  const { en, zh } = duration(REFUND_SPACING_MS);
  return {
    en: `A payment's refunds are sent one at a time, ${en} apart. Asking and sending take turns in silence, by the widening waits above; answers that settle nothing (\`absent\`, \`accepted\`) count as in vain.`,
    zh: `同一笔付款的退款逐笔发送，相隔 ${zh}。没有应答时查询与发送交替进行，间隔如上逐步加长；不能定论的应答（\`absent\`、\`accepted\`）也计为落空。`,
  };
}

function endings(): readonly Text[] {
  const week = duration(CONFIRM_AGE_MS_MAX);
  return [
    {
      en: `more than ${VAIN_MAX} questions in a row in vain: [alipay_stays_silent](incidents.md#alipay_stays_silent), [refund_stays_silent](incidents.md#refund_stays_silent). The state stays as it is, and an answer to a till's query or a notification starts the questions again`,
      zh: `连续落空超过 ${VAIN_MAX} 次：[alipay_stays_silent](incidents.md#alipay_stays_silent)、[refund_stays_silent](incidents.md#refund_stays_silent)。状态保持不变；收银端的查询得到应答，或收到异步通知，即重新开始询问`,
    },
    {
      en: `a paid payment older than ${week.en} that no query agreed with: [paid_stays_unconfirmed](incidents.md#paid_stays_unconfirmed). While queries contradict, each waits as long as the payment is old`,
      zh: `已支付超过 ${week.zh}而没有一次查询相符：[paid_stays_unconfirmed](incidents.md#paid_stays_unconfirmed)。查询相矛盾期间，每次等待的时间与付款已存在的时间相等`,
    },
    {
      en: 'a contradiction, a cell `incident` of the table: [paid_trade_is_closed](incidents.md#paid_trade_is_closed). Asking again would hear the same',
      zh: '应答互相矛盾，即状态表中的 `incident`：[paid_trade_is_closed](incidents.md#paid_trade_is_closed)。再问也是同样的回答',
    },
    {
      en: 'the last age of the watch is past, or a settled payment is confirmed: nothing is left to ask, and no incident',
      zh: '观察的最后一个时刻已过，或已定的付款得到确认：无需再问，也没有事件',
    },
  ];
}
