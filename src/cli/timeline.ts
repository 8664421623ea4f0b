/**
 * A payment's history as a person reads it: a line for each request to Alipay, each answer, each silence with its reason,
 * each notification, and each thing the gateway or a person did. Pure: from the stored events to lines; an event that tells of
 * an answer becomes two, because it says when Alipay was asked. Accounts are masked.
 */
import type { PaymentEvent } from '../store/events.ts';
import type { PaymentEventKind } from '../store/schema.ts';
import { fen, formatYuan } from '../core/money.ts';
import { shanghaiTextMs } from '../core/time.ts';
import { maskText } from './mask.ts';

export type Line = {
  /** In Shanghai, with milliseconds. */
  readonly at: string;
  readonly what: What;
  /** `before -> after` when the payment moved. */
  readonly moved: string | null;
  readonly text: string;
  /** The same for programs: what the history keeps of it, masked. */
  readonly data: Readonly<Record<string, unknown>>;
};

type What =
  | 'gateway'
  | 'request'
  | 'answer'
  | 'silence'
  | 'notification'
  | 'refund'
  | 'incident'
  | 'person';

type Detail = PaymentEvent['detail'];
type Telling = { readonly what: What; readonly text: (event: PaymentEvent) => string };

/** Alipay's names of what was asked. */
const METHODS: Readonly<Record<string, string>> = {
  pay: 'alipay.trade.pay',
  precreate: 'alipay.trade.precreate',
  query: 'alipay.trade.query',
  cancel: 'alipay.trade.cancel',
  close: 'alipay.trade.close',
  refund: 'alipay.trade.refund',
  refund_query: 'alipay.trade.fastpay.refund.query',
};

/** How each kind of event is told. A new kind does not compile until it is. */
const TELLINGS = {
  created: {
    what: 'gateway',
    text: ({ detail }) =>
      sentence(
        `intent stored: ${detail['method']}, ${yuan(detail['amountFen'])}`,
        creatorPart(detail),
      ),
  },
  adopted: { what: 'answer', text: (event) => `${answerText(event)}; adopted, an older system's` },
  fact: { what: 'answer', text: answerText },
  silence: { what: 'silence', text: silenceText },
  hint: {
    what: 'notification',
    text: ({ detail }) =>
      sentence(
        `Alipay notifies: ${detail['tradeStatus']}`,
        ['refunded', yuan(detail['refundedTotalFen'])],
        ['refund', detail['refundRequestNo']],
        ['notify_id', detail['notifyId']],
      ),
  },
  cancel_sent: { what: 'gateway', text: () => 'intent to cancel stored' },
  cancel_asked: { what: 'gateway', text: () => 'asked to end it now' },
  refund_created: {
    what: 'refund',
    text: ({ detail }) =>
      sentence(
        `refund ${detail['requestNo']} asked for: ${yuan(detail['amountFen'])}, reserved`,
        creatorPart(detail),
      ),
  },
  refund_refused: {
    what: 'refund',
    text: ({ detail }) =>
      sentence(
        `refund ${detail['requestNo']} of ${yuan(detail['amountFen'])} refused by the gateway: ${detail['subCode']}`,
        creatorPart(detail),
      ),
  },
  refund_sent: {
    what: 'refund',
    text: ({ detail }) => `refund ${detail['requestNo']}: intent to send stored`,
  },
  refund_fact: { what: 'answer', text: answerText },
  refund_silence: { what: 'silence', text: silenceText },
  late_payment: {
    what: 'gateway',
    text: () => 'the money came after the till was told that it would not',
  },
  incident: {
    what: 'incident',
    text: ({ detail }) =>
      sentence(`incident ${detail['incidentNo'] ?? ''}: a person must look: ${detail['reason']}`, [
        'refund',
        detail['requestNo'],
      ]),
  },
  incident_resolved: {
    what: 'person',
    text: ({ detail: { incidentNo, reason, by, note } }) => {
      const said = typeof note === 'string' ? `: ${maskText(note)}` : '';
      return `incident ${incidentNo} (${reason}) resolved by ${by}${said}`;
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
  const text = sentence(
    METHODS[String(detail['method'])] ?? String(detail['method']),
    ['out_trade_no', paymentNo],
    ['out_request_no', detail['requestNo']],
  );
  const data = { event: 'request', method: detail['method'], requestNo: detail['requestNo'] };
  return { at: shanghaiTextMs(askedAtMs), what: 'request', moved: null, text, data };
}

function lineOf(event: PaymentEvent, stateBefore: string | undefined): Line {
  const { what, text }: Telling = TELLINGS[event.kind];
  const { state } = event;
  const isMoved = stateBefore !== undefined && stateBefore !== state;
  const moved = stateBefore === undefined ? state : isMoved ? `${stateBefore} -> ${state}` : null;
  const data = { event: event.kind, state, version: event.version, ...maskDetail(event.detail) };
  return { at: shanghaiTextMs(event.atMs), what, moved, text: text(event), data };
}

/** The texts in a detail that somebody wrote freely: Alipay, or a person. The rest are codes and numbers. */
const FREE_TEXTS = new Set(['explanation', 'subMsg', 'note']);

function maskDetail(detail: Detail): Detail {
  const entries = Object.entries(detail).map(([name, value]): [string, Detail[string]] =>
    FREE_TEXTS.has(name) && typeof value === 'string' ? [name, maskText(value)] : [name, value],
  );
  return Object.fromEntries(entries);
}

function answerText({ detail, atMs }: PaymentEvent): string {
  return sentence(
    `${METHODS[String(detail['method'])]}: ${detail['fact'] ?? detail['outcome']}`,
    ...answerParts(detail, atMs),
  );
}

function silenceText({ detail, atMs }: PaymentEvent): string {
  // What is refused, and says nothing of the trade, has no reason but its outcome.
  const reason = detail['reason'] ?? detail['outcome'];
  return sentence(
    `${METHODS[String(detail['method'])]}: nothing learnt: ${reason}`,
    ...answerParts(detail, atMs),
  );
}

type Part = readonly [name: string, value: Detail[string]];

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

/** A text and the parts of it that are known. */
function sentence(text: string, ...parts: readonly Part[]): string {
  const known = parts.filter(([, value]) => value !== undefined && value !== null && value !== '');
  return [text, ...known.map(([name, value]) => `${name} ${value}`)].join(', ');
}

function yuan(amountFen: Detail[string]): string | undefined {
  return typeof amountFen === 'number' ? `${formatYuan(fen(amountFen))} yuan` : undefined;
}
