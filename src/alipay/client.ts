/**
 * Alipay as eight async functions. Each call is signed, sent once, verified and decoded; whatever the network or Alipay
 * does ends as an outcome, never as an exception. It never repeats a call and holds no state: when to ask again is
 * decided by the flows. Requests are built in `encode.ts`, answers judged in `verify.ts` and `decode.ts`.
 */
import { assert } from '../core/assert.ts';
import type { HttpResponse, HttpSend, NoResponse } from '../system/http.ts';
import { METHODS, type Method } from './codes.ts';
import {
  decodeCancel,
  decodeClose,
  decodeHeartbeat,
  decodePay,
  decodePrecreate,
  decodeQuery,
  decodeRefund,
  decodeRefundQuery,
} from './decode.ts';
import {
  buildRequest,
  encodeCancel,
  encodeClose,
  encodeHeartbeat,
  encodePay,
  encodePrecreate,
  encodeQuery,
  encodeRefund,
  encodeRefundQuery,
  type AlipayApp,
  type AlipayCall,
  type HeartbeatInput,
  type PayInput,
  type PaymentInput,
  type PrecreateInput,
  type RefundInput,
  type RefundQueryInput,
} from './encode.ts';
import type {
  CancelOutcome,
  CloseOutcome,
  HeartbeatOutcome,
  PayOutcome,
  PrecreateOutcome,
  QueryOutcome,
  RefundOutcome,
  RefundQueryOutcome,
  Unknown,
  UnknownReason,
} from './outcome.ts';
import { verifyAnswer, type Answer, type VerifiedAnswer } from './verify.ts';

export type { AlipayApp } from './encode.ts';

/** What a call came to, for logs and metrics: no keys, no buyer, no signature. */
export type CallRecord = {
  readonly method: Method;
  /** The `kind` of the outcome. */
  readonly outcome: string;
  readonly code?: string | undefined;
  readonly subCode?: string | undefined;
  /** Why the outcome is unknown, if it is. */
  readonly reason?: UnknownReason | undefined;
  readonly traceId?: string | undefined;
  readonly durationMs: number;
};

export type AlipayClientOptions = {
  readonly send: HttpSend;
  readonly clock: { nowMs(): number };
  /** Alipay's gateway.do, without a query. */
  readonly gatewayUrl: string;
  /** Deadline of each call. */
  readonly timeoutMs: number;
  /** The largest answer read; default 256 KiB, a hundred times the usual. */
  readonly maxBytes?: number | undefined;
  readonly onCall?: ((record: CallRecord) => void) | undefined;
};

/** Alipay's methods. A promise rejects only for mistakes of ours (`AssertionError`). */
export type AlipayClient = {
  pay(app: AlipayApp, input: PayInput): Promise<PayOutcome>;
  precreate(app: AlipayApp, input: PrecreateInput): Promise<PrecreateOutcome>;
  query(app: AlipayApp, input: PaymentInput): Promise<QueryOutcome>;
  cancel(app: AlipayApp, input: PaymentInput): Promise<CancelOutcome>;
  close(app: AlipayApp, input: PaymentInput): Promise<CloseOutcome>;
  refund(app: AlipayApp, input: RefundInput): Promise<RefundOutcome>;
  refundQuery(app: AlipayApp, input: RefundQueryInput): Promise<RefundQueryOutcome>;
  heartbeat(app: AlipayApp, input: HeartbeatInput): Promise<HeartbeatOutcome>;
};

const BYTES_MAX = 256 * 1024;

/** How the transport's silences are called here. */
const SILENCE = {
  timeout: 'timeout',
  connection: 'no_response',
  too_large: 'too_large',
} as const satisfies Record<NoResponse['reason'], UnknownReason>;

/** By name, not by class: the transport is a port, and this folder knows only its types. */
function isNoResponse(error: unknown): error is NoResponse {
  return error instanceof Error && error.name === 'NoResponse';
}

type AnyOutcome = Unknown | { readonly kind: string; readonly answer: Answer };

function recordOf(method: Method, outcome: AnyOutcome, durationMs: number): CallRecord {
  const isUnknown = 'reason' in outcome;
  const { code, subCode, traceId } = isUnknown ? outcome : outcome.answer;
  const reason = isUnknown ? outcome.reason : undefined;
  return { method, outcome: outcome.kind, code, subCode, reason, traceId, durationMs };
}

/** Judges a complete HTTP answer up to the point where the method's own decoder takes over. */
function verifyResponse(
  app: AlipayApp,
  method: Method,
  response: HttpResponse,
): { ok: true; verified: VerifiedAnswer } | { ok: false; outcome: Unknown } {
  const traceId = response.headers['trace_id'];
  if (response.status !== 200) {
    const detail = `HTTP status ${response.status}`;
    const httpStatus = response.status;
    return {
      ok: false,
      outcome: { kind: 'unknown', reason: 'http_status', detail, httpStatus, traceId },
    };
  }
  const verification = verifyAnswer(response.body, {
    method: METHODS[method],
    publicKey: app.alipayPublicKey,
    signType: app.signType,
    traceId,
  });
  if (verification.ok) return verification;
  const { reason, detail, code, subCode } = verification;
  return { ok: false, outcome: { kind: 'unknown', reason, detail, code, subCode, traceId } };
}

/** Makes the client. The URL and the deadline are checked here, once. */
export function createAlipayClient(options: AlipayClientOptions): AlipayClient {
  const { send, clock, gatewayUrl, timeoutMs, onCall } = options;
  const maxBytes = options.maxBytes ?? BYTES_MAX;
  assert(/^https?:\/\/[^?#\s]+$/.test(gatewayUrl), 'gatewayUrl is an http(s) URL without a query');
  assert(timeoutMs > 0, 'timeoutMs is above zero');

  async function ask<Outcome extends AnyOutcome>(
    app: AlipayApp,
    call: AlipayCall,
    decode: (verified: VerifiedAnswer) => Outcome,
  ): Promise<Outcome | Unknown> {
    const request = buildRequest(app, call, clock.nowMs(), gatewayUrl);
    try {
      const response = await send({ ...request, timeoutMs, maxBytes });
      const verification = verifyResponse(app, call.method, response);
      return verification.ok ? decode(verification.verified) : verification.outcome;
    } catch (error) {
      if (!isNoResponse(error)) throw error;
      return { kind: 'unknown', reason: SILENCE[error.reason], detail: error.message };
    }
  }

  async function observed<Outcome extends AnyOutcome>(
    app: AlipayApp,
    call: AlipayCall,
    decode: (verified: VerifiedAnswer) => Outcome,
  ): Promise<Outcome | Unknown> {
    const startedAtMs = clock.nowMs();
    const outcome = await ask(app, call, decode);
    onCall?.(recordOf(call.method, outcome, clock.nowMs() - startedAtMs));
    return outcome;
  }

  return {
    pay: async (app, input) =>
      observed(app, encodePay(input), (answer) => decodePay(answer, input)),
    precreate: async (app, input) =>
      observed(app, encodePrecreate(input), (answer) => decodePrecreate(answer, input)),
    query: async (app, input) =>
      observed(app, encodeQuery(input), (answer) => decodeQuery(answer, input)),
    cancel: async (app, input) =>
      observed(app, encodeCancel(input), (answer) => decodeCancel(answer, input)),
    close: async (app, input) =>
      observed(app, encodeClose(input), (answer) => decodeClose(answer, input)),
    refund: async (app, input) =>
      observed(app, encodeRefund(input), (answer) => decodeRefund(answer, input)),
    refundQuery: async (app, input) =>
      observed(app, encodeRefundQuery(input), (answer) => decodeRefundQuery(answer, input)),
    heartbeat: async (app, input) =>
      observed(app, encodeHeartbeat(input, clock.nowMs()), decodeHeartbeat),
  };
}
