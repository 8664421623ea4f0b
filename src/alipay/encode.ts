/**
 * From typed inputs to signed requests: one builder per method, each sending only fields that Alipay documents for it
 * ("unknown extra fields may cause failure or duplicate refund", alipay.trade.refund), then the common parameters and
 * the signature. Pure: the time is a parameter. Limits of length and range are the callers', who can name the field.
 */
import type { KeyObject } from 'node:crypto';
import { assert } from '../core/assert.ts';
import { FACE_TO_FACE_PRODUCT } from '../core/merchant.ts';
import { formatYuan, type Fen } from '../core/money.ts';
import { shanghaiText } from '../core/time.ts';
import { canonicalRequest, type Parameter } from './canonical.ts';
import { METHODS, type Method } from './codes.ts';
import { sign, type SignType } from './sign.ts';

/** An Alipay application and its keys, parsed once (`parsePrivateKey`, `parsePublicKey`) and kept. */
export type AlipayApp = {
  readonly appId: string;
  /** The algorithm for what we sign and for what we accept; never taken from a message. */
  readonly signType: SignType;
  readonly privateKey: KeyObject;
  readonly alipayPublicKey: KeyObject;
  /** In certificate mode: what Alipay finds the app's certificate by, and the root that we trust (Alipay docs, 公钥证书签名). */
  readonly certificates?: { readonly appCertSn: string; readonly rootCertSn: string } | undefined;
  /** For an ISV that acts for a merchant: the merchant's authorisation (app_auth_token). */
  readonly appAuthToken?: string | undefined;
  /** The ISV's own account at Alipay (sys_service_provider_id), for its commission. */
  readonly serviceProviderId?: string | undefined;
};

type CreateInput = {
  /** out_trade_no: ours, unique, `[A-Za-z0-9_]`, at most 64. */
  readonly paymentNo: string;
  /** 1 fen to 100000000.00 yuan. */
  readonly amountFen: Fen;
  readonly subject: string;
  readonly body?: string | undefined;
  readonly operatorId?: string | undefined;
  readonly storeId?: string | undefined;
  readonly terminalId?: string | undefined;
  /** The payee's Alipay id (2088…) when it is not the contract's account. */
  readonly sellerId?: string | undefined;
  /** timeout_express in minutes, 1 to 21600 (15 days): an unpaid trade closes itself after it. */
  readonly timeoutMinutes?: number | undefined;
  /** Where Alipay sends notifications; without it there are none. */
  readonly notifyUrl?: string | undefined;
  /** Default FACE_TO_FACE_PAYMENT. */
  readonly productCode?: string | undefined;
  /** extend_params.sys_service_provider_id: the ISV that is to have a commission. */
  readonly serviceProviderId?: string | undefined;
};

/** Charges the payment code that the buyer shows. */
export type PayInput = CreateInput & {
  /** auth_code: 16 to 24 digits beginning 25 to 30. */
  readonly authCode: string;
};

/** Asks for a QR code that the buyer scans. */
export type PrecreateInput = CreateInput & {
  /** qr_code_timeout_express in minutes, from now: an unscanned code dies after it (at most 2 h in any case). */
  readonly qrTimeoutMinutes?: number | undefined;
};

/** Asks about, or ends, a payment. */
export type PaymentInput = {
  readonly paymentNo: string;
  /** The amount we know it to have: an answer about another is `unknown`. Absent for trades unknown to us. */
  readonly amountFen?: Fen | undefined;
};

export type RefundInput = {
  readonly paymentNo: string;
  /** out_request_no: one number per refund, the same for each attempt of it. */
  readonly requestNo: string;
  /** The amount of this refund, the same for each attempt of it. */
  readonly amountFen: Fen;
  readonly reason?: string | undefined;
  readonly operatorId?: string | undefined;
  readonly storeId?: string | undefined;
};

export type RefundQueryInput = {
  readonly paymentNo: string;
  readonly requestNo: string;
  /** The amount of the refund asked about. */
  readonly amountFen: Fen;
};

export type HeartbeatInput = {
  /** equipment_id, at most 32. */
  readonly equipmentId: string;
  readonly storeId?: string | undefined;
  /** sys_service_provider_id: the ISV's Alipay id, 16 digits. */
  readonly serviceProviderId?: string | undefined;
};

/** One call before it is signed. */
export type AlipayCall = {
  readonly method: Method;
  /** JSON text, exactly as it will be signed and sent. */
  readonly bizContent: string;
  readonly notifyUrl?: string | undefined;
};

/** A signed call, ready to be sent. */
export type SignedRequest = {
  readonly method: 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

const TIMEOUT_MINUTES_MAX = 15 * 24 * 60;

/** `90m`: Alipay's duration grammar (timeout_express), of which whole minutes are enough. */
function minutes(value: number | undefined): string | undefined {
  if (value === undefined) return undefined;
  const isValid = Number.isInteger(value) && value >= 1 && value <= TIMEOUT_MINUTES_MAX;
  assert(isValid, 'a timeout at Alipay is 1 minute to 15 days, in whole minutes');
  return `${value}m`;
}

function amount(value: Fen): string {
  assert(value > 0, 'an amount sent to Alipay is above zero');
  return formatYuan(value);
}

type Fields = Readonly<
  Record<string, string | readonly string[] | Readonly<Record<string, string>> | undefined>
>;

/** JSON of the fields that have a value; an empty text is no value (Alipay rejects or ignores them). */
function call(method: Method, fields: Fields, notifyUrl?: string): AlipayCall {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '');
  return { method, bizContent: JSON.stringify(Object.fromEntries(given)), notifyUrl };
}

function createFields(input: CreateInput): Fields {
  return {
    total_amount: amount(input.amountFen),
    subject: input.subject,
    body: input.body,
    product_code: input.productCode ?? FACE_TO_FACE_PRODUCT,
    seller_id: input.sellerId,
    operator_id: input.operatorId,
    store_id: input.storeId,
    terminal_id: input.terminalId,
    timeout_express: minutes(input.timeoutMinutes),
    extend_params:
      input.serviceProviderId === undefined
        ? undefined
        : { sys_service_provider_id: input.serviceProviderId },
  };
}

/** alipay.trade.pay, scene bar_code. */
export function encodePay(input: PayInput): AlipayCall {
  const fields = {
    out_trade_no: input.paymentNo,
    scene: 'bar_code',
    auth_code: input.authCode,
    ...createFields(input),
  };
  return call('pay', fields, input.notifyUrl);
}

/** alipay.trade.precreate. Both timeouts matter: one counts from the scan, one lets an unscanned code die. */
export function encodePrecreate(input: PrecreateInput): AlipayCall {
  const fields = {
    out_trade_no: input.paymentNo,
    ...createFields(input),
    qr_code_timeout_express: minutes(input.qrTimeoutMinutes),
  };
  return call('precreate', fields, input.notifyUrl);
}

/** alipay.trade.query, always by our own number. */
export function encodeQuery(input: PaymentInput): AlipayCall {
  return call('query', { out_trade_no: input.paymentNo });
}

/** alipay.trade.cancel: ends an unpaid trade and gives back the money of a paid one. */
export function encodeCancel(input: PaymentInput): AlipayCall {
  return call('cancel', { out_trade_no: input.paymentNo });
}

/** alipay.trade.close: ends an unpaid trade, never touches money. */
export function encodeClose(input: PaymentInput): AlipayCall {
  return call('close', { out_trade_no: input.paymentNo });
}

/** alipay.trade.refund, always with out_request_no, so that a repetition is the same refund. */
export function encodeRefund(input: RefundInput): AlipayCall {
  return call('refund', {
    out_trade_no: input.paymentNo,
    refund_amount: amount(input.amountFen),
    out_request_no: input.requestNo,
    refund_reason: input.reason,
    operator_id: input.operatorId,
    store_id: input.storeId,
  });
}

/** alipay.trade.fastpay.refund.query, with the time of the refund, which Alipay gives only when asked. */
export function encodeRefundQuery(input: RefundQueryInput): AlipayCall {
  return call('refundQuery', {
    out_trade_no: input.paymentNo,
    out_request_no: input.requestNo,
    query_options: ['gmt_refund_pay'],
  });
}

/** monitor.heartbeat.syn: a cash register (CR) of face payment (FP), working normally (30), no trades to report. */
export function encodeHeartbeat(input: HeartbeatInput, nowMs: number): AlipayCall {
  return call('heartbeat', {
    product: 'FP',
    type: 'CR',
    equipment_id: input.equipmentId,
    equipment_status: '30',
    time: shanghaiText(nowMs),
    // `DF` is Alipay's own "no particular store".
    store_id: input.storeId ?? 'DF',
    network_type: 'wired',
    sys_service_provider_id: input.serviceProviderId,
    trade_info: '[]',
  });
}

const HEADERS = {
  'content-type': 'application/x-www-form-urlencoded;charset=utf-8',
  accept: 'application/json',
  'user-agent': 'alipay-f2f',
} as const;

function formText(parameters: readonly Parameter[]): string {
  return parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}

/**
 * Signs a call. All common parameters, `charset` above all, go into the URL query and nowhere else: without `charset`
 * there Alipay reads the body as GBK and sends its notifications so. `timestamp` is GMT+8 whatever the host's zone.
 */
export function buildRequest(
  app: AlipayApp,
  { method, bizContent, notifyUrl }: AlipayCall,
  nowMs: number,
  gatewayUrl: string,
): SignedRequest {
  const common: Parameter[] = [
    ['app_id', app.appId],
    ['method', METHODS[method]],
    ['format', 'JSON'],
    ['charset', 'utf-8'],
    ['sign_type', app.signType],
    ['timestamp', shanghaiText(nowMs)],
    ['version', '1.0'],
  ];
  if (notifyUrl !== undefined && notifyUrl !== '') common.push(['notify_url', notifyUrl]);
  if (app.appAuthToken !== undefined && app.appAuthToken !== '')
    common.push(['app_auth_token', app.appAuthToken]);
  if (app.certificates !== undefined) {
    common.push(['app_cert_sn', app.certificates.appCertSn]);
    common.push(['alipay_root_cert_sn', app.certificates.rootCertSn]);
  }
  const content: Parameter = ['biz_content', bizContent];
  const signature = sign(canonicalRequest([...common, content]), app.privateKey, app.signType);
  return {
    method: 'POST',
    url: `${gatewayUrl}?${formText([...common, ['sign', signature]])}`,
    headers: HEADERS,
    body: formText([content]),
  };
}
