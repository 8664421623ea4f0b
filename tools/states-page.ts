/**
 * The text of `docs/payment-states.md`: the two state machines as diagrams and tables, made from the tables of `src/core/`
 * that decide them, so that the page cannot say anything else. What a till hears is asked of the code that answers it. The
 * words are in `states-text.ts`, when Alipay is asked next in `schedule-section.ts`; `generate-docs.ts` writes the page.
 */
import type { Text } from '../src/flows/incident-texts.ts';
import { codeOf } from '../src/alipay/own-answers.ts';
import {
  CLOCK_SKEW_MS,
  GONE_AFTER_CANCEL_MS,
  GONE_AFTER_DEATH_MS,
} from '../src/core/decide-payment.ts';
import { ruleOnLocalNo, type LocalNoRuling } from '../src/core/local-no.ts';
import { aPayment } from '../src/core/payment.fixtures.ts';
import {
  isOpen,
  PAYMENT_FACTS,
  PAYMENT_STATES,
  PAYMENT_TABLE,
  UNTOUCHED_PAYMENT,
  type Payment,
  type PaymentState,
} from '../src/core/payment.ts';
import { REFUND_FACTS, REFUND_STATES, REFUND_TABLE } from '../src/core/refund.ts';
import { REFUND_QUERY_PROVES_AFTER_MS } from '../src/core/schedule.ts';
import { barcodeAnswer, tradeStatusOf } from '../src/flows/answer-till.ts';
import { duration } from './duration.ts';
import { bullets, paragraphs, table } from './markdown.ts';
import { scheduleSection } from './schedule-section.ts';
import {
  OTHER_SILENCE_TEXTS,
  PAYMENT_FACT_TEXTS,
  PAYMENT_STATE_TEXTS,
  REFUND_FACT_TEXTS,
  REFUND_STATE_TEXTS,
  SILENCE_TEXTS,
} from './states-text.ts';

const INTRODUCTION = `# Payment states

A payment moves only when a verified answer of Alipay taught the gateway a **fact**. Silence moves nothing, whatever its form: it
is a reason to ask again. The table below is total: each state has a cell for each fact.

只有支付宝验签通过的应答使网关得知一个**事实**时，付款状态才会改变。任何形式的“没有结论”都不改变状态，只是再次询问的理由。下面的表是完整的：每个状态对每个事实都有一格。

Generated from \`src/core/\` by \`npm run docs\`: change it there. 本页由程序生成，请勿直接修改。`;

/** A state machine's table: for each state and fact where it goes, or `same`, or `incident`. */
type Machine = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The whole text of `docs/payment-states.md`. */
export function statesPage(): string {
  const parts = [INTRODUCTION, ...paymentParts(), ...silenceParts(), ...refundParts()];
  return `${[...parts, ...scheduleSection()].join('\n\n')}\n`;
}

function paymentParts(): readonly string[] {
  return [
    '## Payments 付款',
    diagram(UNTOUCHED_PAYMENT.state, PAYMENT_TABLE, PAYMENT_STATES.filter(isOpen)),
    paragraphs(DIAGRAM_NOTE),
    '### States 状态',
    paymentStates(),
    paragraphs(TILL_NOTE),
    '### Facts 事实',
    facts(PAYMENT_FACTS, PAYMENT_FACT_TEXTS),
    '### The table 状态表',
    paragraphs(TABLE_NOTE),
    machineTable(PAYMENT_STATES, PAYMENT_FACTS, PAYMENT_TABLE),
    '### Beyond the table 表外规则',
    bullets(RULES),
  ];
}

const DIAGRAM_NOTE: Text = {
  en: 'Dashed: open. A label is the facts that make the move; what moves nothing is not drawn.',
  zh: '虚线框：未决。箭头上的文字是引起该变化的事实；不改变状态的事实不画。',
};

const TILL_NOTE: Text = {
  en: '`re.code` is what hb_barcode and its repetitions hear. After a refusal it is Alipay\'s own, mostly `40004`. `trade_status` is what `LOCALNO_ALREADY_EXISTS` tells. "Charged again": the same `localNo` and amount. The last column is for a payment whose first call has ended: `created` then means that no code came. A paid payment that came late and was refunded in full counts as ended: it may be charged again, and `re.code` is `40004`. The query call always passes on what Alipay says at that moment.',
  zh: '`re.code` 是 hb_barcode 及其重复调用得到的返回码。被拒绝时即支付宝自己的返回码，多为 `40004`。`trade_status` 是 `LOCALNO_ALREADY_EXISTS` 所告知的状态。“再次收款”指相同的 `localNo` 和金额。最后一列针对首次调用已结束的情形：此时 `created` 表示没有取得二维码。晚到且已全额退款的付款视为已结束：可以再次收款，`re.code` 为 `40004`。query 调用总是转告支付宝当时的应答。',
};

const TABLE_NOTE: Text = {
  en: '`·`: the state stays as it is. `incident`: it stays, and a person must look.',
  zh: '`·`：状态不变。`incident`：状态不变，需要人工处理。',
};

/** What a till hears and may do in a state, asked of the code that tells it. */
function paymentStates(): string {
  const head = [
    'state 状态',
    'meaning',
    '含义',
    'open or final 未决或已定',
    '`re.code`',
    '`trade_status`',
    'charged again with another payment code? 可用另一付款码再次收款？',
    'the same qrcode call 相同的 qrcode 调用',
  ];
  const rows = PAYMENT_STATES.map((state) => {
    const { en, zh } = PAYMENT_STATE_TEXTS[state];
    const barcode = sampleOf(state, 'barcode');
    const code = codeOf(barcodeAnswer(barcode));
    return [
      `\`${state}\``,
      en,
      zh,
      isOpen(state) ? 'open 未决' : 'final 已定',
      `\`${String(code)}\``,
      `\`${tradeStatusOf(barcode)}\``,
      AGAIN[ruleOnLocalNo([barcode], { ...barcode, authCodeHash: 'of another code' }).kind],
      QR_AGAIN[ruleOnLocalNo([sampleOf(state, 'qr')], sampleOf(state, 'qr')).kind],
    ];
  });
  return table(head, rows);
}

const AGAIN: Record<LocalNoRuling['kind'], string> = {
  new: 'yes 可以',
  same: 'same payment 同一笔',
  taken: 'no 不可以',
};

const QR_AGAIN: Record<LocalNoRuling['kind'], string> = {
  new: 'a new code 新二维码',
  same: 'the same code 同一二维码',
  taken: 'refused 拒绝',
};

/** The states that a call's own answer leads to, and is what the till hears then. */
const ANSWERED: Partial<Record<PaymentState, string>> = { paid: '10000', declined: '40004' };

/** A payment as it usually is in the state: with the answer of Alipay that brought it there. */
function sampleOf(state: PaymentState, method: Payment['method']): Payment {
  const code = ANSWERED[state];
  return aPayment({
    state,
    method,
    firstCallEnded: true,
    answer: code === undefined ? null : JSON.stringify({ code }),
    answerMethod: code === undefined ? null : 'pay',
    qrCode: method === 'qr' && state !== 'created' && state !== 'declined' ? 'https://qr' : null,
  });
}

const RULES: readonly Text[] = [
  {
    en: `\`absent\` becomes \`gone\` only while the payment is open: a QR code ${duration(GONE_AFTER_DEATH_MS).en} after Alipay stopped honouring it, a barcode payment ${duration(GONE_AFTER_CANCEL_MS).en} after a cancel that found nothing ([why](decisions/0003-absence.md)). When the question was asked counts, not when the answer came.`,
    zh: `\`absent\` 只在付款未决时才会成为 \`gone\`：二维码在支付宝不再受理 ${duration(GONE_AFTER_DEATH_MS).zh}之后；付款码在撤销未找到交易 ${duration(GONE_AFTER_CANCEL_MS).zh}之后（[原因](decisions/0003-absence.md)）。以询问的时刻为准，而不是应答到达的时刻。`,
  },
  {
    en: `A time of payment more than ${duration(CLOCK_SKEW_MS).en} before the payment began makes any answer but the pay call's own \`foreign\`, unless the payment is \`paid\` or \`reversed\`.`,
    zh: `付款时间比本笔开始早 ${duration(CLOCK_SKEW_MS).zh}以上时，除 pay 调用自己的应答外都视为 \`foreign\`，但 \`paid\` 和 \`reversed\` 的付款除外。`,
  },
  {
    en: 'While a cancel is on its way, a `paid` from anything but the cancel moves no open payment: the cancel may be giving the money back at this moment ([why](decisions/0004-query-before-cancel.md)).',
    zh: '撤销尚在途中时，除撤销自己的应答外，`paid` 不改变未决的付款：撤销可能正在退回款项（[原因](decisions/0004-query-before-cancel.md)）。',
  },
  {
    en: '`closed_refunded` makes a `paid` barcode payment `reversed` when a cancel of it never got an answer and our own refunds do not explain it: [reversed_after_paid](incidents.md#reversed_after_paid). Without such a cancel it stays `paid`: [refunded_elsewhere](incidents.md#refunded_elsewhere).',
    zh: '付款码的 `paid` 付款若有撤销从未得到应答，且我方退款不能解释，则 `closed_refunded` 使其成为 `reversed`：[reversed_after_paid](incidents.md#reversed_after_paid)。没有这样的撤销则仍为 `paid`：[refunded_elsewhere](incidents.md#refunded_elsewhere)。',
  },
  {
    en: 'A move from an ended state to `paid` is late money: with `F2F_LATE_PAYMENT=refund` it goes back by itself, else it is an incident: [late_payment](incidents.md#late_payment).',
    zh: '从已结束的状态变为 `paid` 即款项晚到：`F2F_LATE_PAYMENT=refund` 时自动退回，否则登记事件：[late_payment](incidents.md#late_payment)。',
  },
  {
    en: '`foreign` moves nothing and is an incident the first time: [number_names_another_trade](incidents.md#number_names_another_trade).',
    zh: '`foreign` 不改变状态，首次出现时登记事件：[number_names_another_trade](incidents.md#number_names_another_trade)。',
  },
];

function silenceParts(): readonly string[] {
  return [
    '## What is not a fact 什么不是事实',
    paragraphs({
      en: 'None of these has a member in the list of facts, so no code can conclude "failed" or "paid" from them. They only set the time of the next question.',
      zh: '以下各项在事实列表中都没有对应项，所以任何代码都不能由此得出“失败”或“已付款”。它们只决定下一次询问的时间。',
    }),
    table(
      ['reason in the history 历史记录中的原因', 'what it is', '含义'],
      Object.entries(SILENCE_TEXTS).map(([reason, { en, zh }]) => [`\`${reason}\``, en, zh]),
    ),
    paragraphs({ en: 'Nor are these:', zh: '以下也不是：' }),
    bullets(OTHER_SILENCE_TEXTS),
  ];
}

const [NEW_REFUND] = REFUND_STATES;

function refundParts(): readonly string[] {
  return [
    '## Refunds 退款',
    diagram(NEW_REFUND, REFUND_TABLE, [NEW_REFUND]),
    table(
      ['state 状态', 'meaning', '含义', 'the till hears 收银端得到'],
      REFUND_STATES.map((state) => {
        const { en, zh } = REFUND_STATE_TEXTS[state];
        return [`\`${state}\``, en, zh, REFUND_HEARS[state]];
      }),
    ),
    facts(REFUND_FACTS, REFUND_FACT_TEXTS),
    machineTable(REFUND_STATES, REFUND_FACTS, REFUND_TABLE),
    '### In doubt 存疑',
    paragraphs(REFUND_DOUBT),
  ];
}

const REFUND_HEARS: Record<(typeof REFUND_STATES)[number], string> = {
  created: '`data.code` `10003`',
  done: '`data.code` `10000`',
  refused: '`REFUND_FAILED`',
};

const REFUND_DOUBT: Text = {
  en: `A refund is in doubt once a call that sent it got no verified answer: it may have been executed. Then \`refused\` moves it nowhere, because a refusal of the repetition says nothing of the first call. Only the refund query decides: \`done\` at any time; \`absent\`, after a refusal and at least ${duration(REFUND_QUERY_PROVES_AFTER_MS).en} after it was last sent, makes it \`refused\`. It is repeated with the same number and amount only, so Alipay executes it at most once. It is watched like a closed payment: if it turns out to have been executed all the same, it becomes \`done\`, because the books follow the money, and a person is told ([refund_done_after_refused](incidents.md#refund_done_after_refused)).`,
  zh: `发送退款的调用只要有一次没有得到验签通过的应答，该笔退款即存疑：可能已执行。此后 \`refused\` 不改变状态，因为重复调用被拒绝并不说明第一次调用的结果。只有退款查询能定论：\`done\` 随时有效；被拒绝之后，且距最后一次发送至少 ${duration(REFUND_QUERY_PROVES_AFTER_MS).zh}，\`absent\` 才使其成为 \`refused\`。重复发送只用同一编号和金额，因此支付宝至多执行一次。此后与已关闭的付款一样继续观察：若查明仍被执行，则成为 \`done\`（账随钱走），并通知人工（[refund_done_after_refused](incidents.md#refund_done_after_refused)）。`,
};

/** One edge for each pair of states, with the facts that make the move; `incident` is an edge to where it stays. */
function diagram(start: string, machine: Machine, open: readonly string[]): string {
  const lines = Object.entries(machine).flatMap(([from, cells]) => {
    const targets = [...new Set(Object.values(cells))].filter((cell) => cell !== 'same');
    const isLast = targets.every((cell) => cell === 'incident');
    const edges = targets.map((to) => {
      const label = Object.keys(cells).filter((fact) => cells[fact] === to);
      return to === 'incident'
        ? `${from} --> ${from}: incident on ${label.join(', ')}`
        : `${from} --> ${to}: ${label.join(', ')}`;
    });
    return isLast ? [...edges, `${from} --> [*]`] : edges;
  });
  const all = [
    `[*] --> ${start}`,
    ...lines,
    'classDef open stroke-dasharray:5',
    `class ${open.join(', ')} open`,
  ];
  return `\`\`\`mermaid\nstateDiagram-v2\n${all.map((line) => `  ${line}`).join('\n')}\n\`\`\``;
}

function facts<Fact extends string>(
  all: readonly Fact[],
  texts: Readonly<Record<Fact, { readonly meaning: Text; readonly from: Text }>>,
): string {
  return table(
    ['fact 事实', 'meaning', "Alipay's answers", '含义', '支付宝的哪些应答'],
    all.map((fact) => {
      const { meaning, from } = texts[fact];
      return [`\`${fact}\``, meaning.en, from.en, meaning.zh, from.zh];
    }),
  );
}

/** Facts down, states across: there are more facts than states. */
function machineTable(
  states: readonly string[],
  allFacts: readonly string[],
  machine: Machine,
): string {
  return table(
    ['fact 事实 \\ state 状态', ...states.map((state) => `\`${state}\``)],
    allFacts.map((fact) => [`\`${fact}\``, ...states.map((state) => cellOf(machine, state, fact))]),
  );
}

function cellOf(machine: Machine, state: string, fact: string): string {
  const cell = machine[state]?.[fact];
  return cell === 'same' ? '·' : `**${String(cell)}**`;
}
