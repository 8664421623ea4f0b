/**
 * Faults: how a call to the gateway suffers on demand, and the bytes of each kind of suffering.
 * Which call suffers is chosen here by method and order number; magic payment codes use the same
 * kinds. The faultless answer is built in `./gateway.ts`.
 */
import type { Book } from './book/book.ts';
import type { Fault, FaultKind } from './book/entities.ts';
import { GATEWAY_REFUSALS, MESSAGES } from './wire/codes.ts';
import type { GatewayRefusal } from './wire/codes.ts';
import { encodeText } from './wire/charset.ts';
import { envelopeBytes } from './wire/envelope.ts';
import type { Envelope, Fields, Spoiling } from './wire/envelope.ts';

/**
 * What leaves the simulator: an HTTP answer, or a connection that closes without one; either may be
 * held back.
 */
export type Answer =
  | {
      kind: 'reply';
      status: number;
      headers: Record<string, string>;
      body: Buffer;
      holdMs: number;
    }
  | { kind: 'reset'; holdMs: number };

/** The first fault that fits a call, with one of its times used up. */
export function takeFault(
  book: Book,
  method: string,
  outTradeNo: string | undefined,
): Fault | undefined {
  const fault = book.faults.find(
    (candidate) =>
      (candidate.method ?? method) === method &&
      (candidate.outTradeNo === undefined || candidate.outTradeNo === outTradeNo),
  );
  if (fault === undefined) return undefined;
  fault.times -= 1;
  if (fault.times <= 0) book.faults = book.faults.filter(({ id }) => id !== fault.id);
  return fault;
}

/** Fields of a gateway refusal. */
export function gatewayFields(refusal: GatewayRefusal, words?: string): Fields {
  const [code, text] = GATEWAY_REFUSALS[refusal];
  return { code, msg: MESSAGES[code], sub_code: refusal, sub_msg: words ?? text };
}

/** A signature of the right shape that is not right: its first bytes are others. */
function forge(signature: string): string {
  return `${signature.startsWith('AAAA') ? 'BBBB' : 'AAAA'}${signature.slice(4)}`;
}

/**
 * Lies that would hurt a client that does not verify, most harmful first; one of them always fits.
 */
const LIES: readonly [RegExp, string][] = [
  [/"trade_status":"WAIT_BUYER_PAY"/, '"trade_status":"TRADE_SUCCESS"'],
  [/"code":"(?:10003|40004)"/, '"code":"10000"'],
  [/"total_amount":"/, '"total_amount":"9'],
  [/"msg":"/, '"msg":"!'],
];

function tamper(node: string): string {
  const lie = LIES.find(([pattern]) => pattern.test(node));
  return lie === undefined ? `${node} ` : node.replace(lie[0], lie[1]);
}

/** Every answer has a trace id; a client's log shows it next to ours. */
function reply(body: Buffer, charset: string, traceId: string, holdMs = 0): Answer {
  const headers = { 'content-type': `text/html;charset=${charset}`, trace_id: traceId };
  return { kind: 'reply', status: 200, headers, body, holdMs };
}

type Suffering = {
  envelope: Envelope;
  book: Book;
  traceId: string;
  delayMs: number;
};

function spoilt(spoiling: Spoiling): (from: Suffering) => Answer {
  return ({ envelope, book, traceId }) =>
    reply(envelopeBytes(envelope, book.alipayKey, spoiling), envelope.charset, traceId);
}

const untouched = spoilt({});

const closed = (): Answer => ({ kind: 'reset', holdMs: 0 });

/**
 * What the caller of each kind of fault gets. Whether the call is carried out is decided before
 * (`./gateway.ts`).
 */
const SUFFERINGS: Record<FaultKind, (from: Suffering) => Answer> = {
  drop_request: closed,
  drop_response: closed,
  delay: (from) => ({ ...untouched(from), holdMs: from.delayMs }),
  http_502: () => ({
    kind: 'reply',
    status: 502,
    headers: { 'content-type': 'text/html' },
    body: Buffer.from('<html><head><title>502 Bad Gateway</title></head></html>\n'),
    holdMs: 0,
  }),
  empty_body: ({ envelope, traceId }) => reply(Buffer.alloc(0), envelope.charset, traceId),
  unknown_20000: (from) =>
    untouched({
      ...from,
      envelope: { ...from.envelope, fields: gatewayFields('isp.unknow-error') },
    }),
  // GBK bytes and no signature even for a UTF-8 call, as reported of the real one (protocol 1.4).
  unknown_20000_gbk: ({ envelope, book, traceId }) => {
    const fields = gatewayFields('aop.unknow-error');
    const unsigned: Envelope = { ...envelope, fields, charset: 'GBK', signType: undefined };
    return reply(envelopeBytes(unsigned, book.alipayKey), 'GBK', traceId);
  },
  bad_signature: spoilt({ forge }),
  no_signature: spoilt({ withoutSign: true }),
  tampered_body: spoilt({ tamper }),
  duplicate_request: untouched,
};

/** The answer as it leaves: as it should, or as the fault makes it. */
export function sufferedAnswer(
  envelope: Envelope,
  book: Book,
  traceId: string,
  fault: { kind: FaultKind; delayMs: number } | undefined,
): Answer {
  const from = { envelope, book, traceId, delayMs: fault?.delayMs ?? 0 };
  return fault === undefined ? untouched(from) : SUFFERINGS[fault.kind](from);
}

/** A plain text answer outside Alipay's protocol. */
export function textReply(status: number, contentType: string, text: string): Answer {
  const headers = { 'content-type': contentType };
  return { kind: 'reply', status, headers, body: encodeText(text, 'utf-8'), holdMs: 0 };
}
