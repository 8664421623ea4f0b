/**
 * A payment's history as a person reads it, in English and Chinese: a line for each request to Alipay, each answer, each silence
 * with its reason, each notification, and each thing the gateway or a person did. Pure: from the stored events to lines; an event
 * that tells of an answer becomes two, because it says when Alipay was asked. Accounts are masked.
 */
import type { PaymentEvent } from '../store/events.ts';
import type { PaymentEventKind } from '../store/schema.ts';
import { fen, formatYuan } from '../core/money.ts';
import type { Text } from './incident-texts.ts';
import { maskText } from './mask.ts';
import {
  factText,
  methodName,
  reasonText,
  sentence,
  wayToPayZh,
  type Part,
} from './timeline-words.ts';

export type Line = {
  readonly atMs: number;
  readonly what: What;
  /** `before -> after` when the payment moved. */
  readonly moved: string | null;
  /** What kind of thing happened. */
  readonly title: Text;
  /** What happened, with its numbers and codes. */
  readonly text: Text;
  /** The same for programs: what the history keeps of it, masked. */
  readonly data: Readonly<Record<string, string | number | boolean | null | undefined>>;
};

export const WHATS = [
  'gateway',
  'request',
  'answer',
  'silence',
  'notification',
  'refund',
  'incident',
  'person',
] as const;
export type What = (typeof WHATS)[number];

type Detail = PaymentEvent['detail'];
type Telling = {
  readonly what: What;
  readonly title: Text;
  readonly text: (event: PaymentEvent) => Text;
};

/** How each kind of event is told. A new kind does not compile until it is. */
const TELLINGS = {
  created: {
    what: 'gateway',
    title: { en: 'Payment begun', zh: '支付开始' },
    text: ({ detail }) =>
      sentence(
        {
          en: `intent stored: ${detail['method']}, ${yuan(detail['amountFen'])?.en}`,
          zh: `意图已保存：${wayToPayZh(detail['method'])}，${yuan(detail['amountFen'])?.zh}`,
        },
        creatorPart(detail),
      ),
  },
  adopted: {
    what: 'answer',
    title: { en: 'Trade taken over', zh: '接管交易' },
    text: (event) => {
      const { en, zh } = answerText(event);
      return { en: `${en}; adopted, an older system's`, zh: `${zh}；接管旧系统的交易` };
    },
  },
  fact: {
    what: 'answer',
    title: { en: 'Alipay answered', zh: '支付宝应答' },
    text: answerText,
  },
  silence: {
    what: 'silence',
    title: { en: 'No verdict', zh: '没有结论' },
    text: silenceText,
  },
  hint: {
    what: 'notification',
    title: { en: 'Alipay notified', zh: '支付宝通知' },
    text: ({ detail }) =>
      sentence(
        {
          en: `Alipay notifies: ${detail['tradeStatus']}`,
          zh: `支付宝通知：${detail['tradeStatus']}`,
        },
        ['refunded', yuan(detail['refundedTotalFen'])],
        ['refund', detail['refundRequestNo']],
        ['notify_id', detail['notifyId']],
      ),
  },
  cancel_sent: {
    what: 'gateway',
    title: { en: 'Cancel begun', zh: '开始撤销' },
    text: () => ({ en: 'intent to cancel stored', zh: '撤销意图已保存' }),
  },
  cancel_asked: {
    what: 'gateway',
    title: { en: 'Asked to end it', zh: '要求结束' },
    text: () => ({ en: 'asked to end it now', zh: '要求立即结束' }),
  },
  refund_created: {
    what: 'refund',
    title: { en: 'Refund asked for', zh: '申请退款' },
    text: ({ detail }) =>
      sentence(
        {
          en: `refund ${detail['requestNo']} asked for: ${yuan(detail['amountFen'])?.en}, reserved`,
          zh: `申请退款 ${detail['requestNo']}：${yuan(detail['amountFen'])?.zh}，金额已预留`,
        },
        creatorPart(detail),
      ),
  },
  refund_refused: {
    what: 'refund',
    title: { en: 'Refund refused here', zh: '网关拒绝退款' },
    text: ({ detail }) =>
      sentence(
        {
          en: `refund ${detail['requestNo']} of ${yuan(detail['amountFen'])?.en} refused by the gateway: ${detail['subCode']}`,
          zh: `网关拒绝退款 ${detail['requestNo']}（${yuan(detail['amountFen'])?.zh}）：${detail['subCode']}`,
        },
        creatorPart(detail),
      ),
  },
  refund_sent: {
    what: 'refund',
    title: { en: 'Refund being sent', zh: '发送退款' },
    text: ({ detail }) => ({
      en: `refund ${detail['requestNo']}: intent to send stored`,
      zh: `退款 ${detail['requestNo']}：发送意图已保存`,
    }),
  },
  refund_fact: {
    what: 'answer',
    title: { en: 'Alipay answered on a refund', zh: '支付宝就退款应答' },
    text: answerText,
  },
  refund_silence: {
    what: 'silence',
    title: { en: 'No verdict on a refund', zh: '退款没有结论' },
    text: silenceText,
  },
  late_payment: {
    what: 'gateway',
    title: { en: 'Late money', zh: '款项晚到' },
    text: () => ({
      en: 'the money came after the till was told that it would not',
      zh: '收银端被告知失败之后，款项才到账',
    }),
  },
  incident: {
    what: 'incident',
    title: { en: 'A person must look', zh: '需要人工处理' },
    text: ({ detail }) =>
      sentence(
        {
          en: `incident ${detail['incidentNo'] ?? ''}: a person must look: ${detail['reason']}`,
          zh: `事件 ${detail['incidentNo'] ?? ''}：需要人工处理：${detail['reason']}`,
        },
        ['refund', detail['requestNo']],
      ),
  },
  incident_resolved: {
    what: 'person',
    title: { en: 'Incident resolved', zh: '事件已结案' },
    text: ({ detail: { incidentNo, reason, by, note } }) => {
      const said = typeof note === 'string' ? maskText(note) : '';
      return {
        en: `incident ${incidentNo} (${reason}) resolved by ${by}${said && `: ${said}`}`,
        zh: `事件 ${incidentNo}（${reason}）由 ${by} 结案${said && `：${said}`}`,
      };
    },
  },
} as const satisfies Record<PaymentEventKind, Telling>;

/** The lines of a payment's history, in order; a request stands before what happened while it was on its way. */
export function timelineOf(paymentNo: string, events: readonly PaymentEvent[]): readonly Line[] {
  const requestsBefore = new Map<number, Line[]>();
  events.forEach((event, index) => {
    const askedAtMs = event.detail['askedAtMs'];
    if (typeof askedAtMs !== 'number') return;
    // After all that was known when it was asked; and never after its own answer, whatever a clock did.
    const next = events.findIndex(({ atMs }) => atMs > askedAtMs);
    const place = next === -1 ? index : Math.min(next, index);
    const line = requestLine(paymentNo, askedAtMs, event.detail);
    requestsBefore.set(place, [...(requestsBefore.get(place) ?? []), line]);
  });
  return events.flatMap((event, index) => [
    ...(requestsBefore.get(index) ?? []),
    lineOf(event, events[index - 1]?.state),
  ]);
}

function requestLine(paymentNo: string, askedAtMs: number, detail: Detail): Line {
  const name = methodName(detail['method']);
  const text = sentence(
    { en: name, zh: name },
    ['out_trade_no', paymentNo],
    ['out_request_no', detail['requestNo']],
  );
  return {
    atMs: askedAtMs,
    what: 'request',
    moved: null,
    title: { en: 'Alipay asked', zh: '请求支付宝' },
    text,
    data: { event: 'request', method: detail['method'], requestNo: detail['requestNo'] },
  };
}

function lineOf(event: PaymentEvent, stateBefore: string | undefined): Line {
  const { what, title, text }: Telling = TELLINGS[event.kind];
  const { state, atMs } = event;
  const isMoved = stateBefore !== undefined && stateBefore !== state;
  const moved = stateBefore === undefined ? state : isMoved ? `${stateBefore} -> ${state}` : null;
  const data = { event: event.kind, state, version: event.version, ...maskDetail(event.detail) };
  return { atMs, what, moved, title, text: text(event), data };
}

/** The texts in a detail that somebody wrote freely: Alipay, or a person. The rest are codes and numbers. */
const FREE_TEXTS = new Set(['explanation', 'subMsg', 'note']);

function maskDetail(detail: Detail): Detail {
  const entries = Object.entries(detail).map(([name, value]): [string, Detail[string]] =>
    FREE_TEXTS.has(name) && typeof value === 'string' ? [name, maskText(value)] : [name, value],
  );
  return Object.fromEntries(entries);
}

function answerText({ detail, atMs }: PaymentEvent): Text {
  const name = methodName(detail['method']);
  const { en, zh } = factText(detail['fact'] ?? detail['outcome']);
  return sentence({ en: `${name}: ${en}`, zh: `${name}：${zh}` }, ...answerParts(detail, atMs));
}

function silenceText({ detail, atMs }: PaymentEvent): Text {
  const name = methodName(detail['method']);
  const { en, zh } = reasonText(detail['reason'] ?? detail['outcome']);
  return sentence(
    { en: `${name}: nothing learnt: ${en}`, zh: `${name}：未得到结论：${zh}` },
    ...answerParts(detail, atMs),
  );
}

function answerParts(detail: Detail, atMs: number): readonly Part[] {
  const { askedAtMs } = detail;
  const took = typeof askedAtMs === 'number' ? `${atMs - askedAtMs} ms` : undefined;
  const explanation = detail['explanation'] ?? detail['subMsg'];
  return [
    ['code', detail['code']],
    ['sub_code', detail['subCode']],
    ['http', detail['httpStatus']],
    ['refund', detail['requestNo']],
    ['trace', detail['traceId']],
    ['took', took],
    ['says', typeof explanation === 'string' ? maskText(explanation) : undefined],
  ];
}

/** Who asked for it, where that is known. */
function creatorPart({ createdBy, createdByName }: Detail): Part {
  return ['by', createdBy && `${createdByName} (${createdBy})`];
}

function yuan(amountFen: Detail[string]): Text | undefined {
  if (typeof amountFen !== 'number') return undefined;
  const amount = formatYuan(fen(amountFen));
  return { en: `${amount} yuan`, zh: `${amount} 元` };
}
