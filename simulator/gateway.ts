/**
 * `/gateway.do`: Alipay's front door. It checks a call in Alipay's order (protocol 1.8), refuses
 * with Alipay's words, and hands what is left to the method. Signatures are checked here and
 * nowhere else; the business is in `./methods/`.
 */
import type { Book } from './book/book.ts';
import type { App, Authorization, IssuedNumbers } from './book/entities.ts';
import { randomText } from './book/random.ts';
import { OLD_MODE_MS } from './certificates.ts';
import { gatewayFields, sufferedAnswer, takeFault } from './faults.ts';
import type { Answer } from './faults.ts';
import { bill } from './methods/bill.ts';
import type { Call, Method, MethodAnswer } from './methods/call.ts';
import { cancel } from './methods/cancel.ts';
import { close } from './methods/close.ts';
import { heartbeat } from './methods/heartbeat.ts';
import { pay } from './methods/pay.ts';
import { precreate } from './methods/precreate.ts';
import { query } from './methods/query.ts';
import { refund } from './methods/refund.ts';
import { refundQuery } from './methods/refund-query.ts';
import { charsetNamed, encodeText } from './wire/charset.ts';
import type { Charset } from './wire/charset.ts';
import type { GatewayRefusal } from './wire/codes.ts';
import { nodeName } from './wire/envelope.ts';
import type { Fields } from './wire/envelope.ts';
import { parseRecord } from './wire/json.ts';
import { readParams, targetOf } from './wire/request.ts';
import type { WireParams, WireRequest } from './wire/request.ts';
import { canonicalText, isSignatureOf, isSignType, readPublicKey } from './wire/signing.ts';
import type { SignType } from './wire/signing.ts';
import { parseTime } from './wire/time.ts';

const METHODS: Record<string, Method> = {
  'alipay.trade.precreate': precreate,
  'alipay.trade.pay': pay,
  'alipay.trade.query': query,
  'alipay.trade.cancel': cancel,
  'alipay.trade.close': close,
  'alipay.trade.refund': refund,
  'alipay.trade.fastpay.refund.query': refundQuery,
  'alipay.data.dataservice.bill.downloadurl.query': bill,
  'monitor.heartbeat.syn': heartbeat,
  'alipay.monitor.heartbeat.syn': heartbeat,
};

/** What a log line tells about a call. */
export type CallSummary = {
  method: string;
  appId: string;
  outTradeNo?: string;
  code?: string;
  subCode?: string;
  fault?: string;
  traceId: string;
};

/** Everything the checks look at. */
type Inquiry = {
  book: Book;
  wire: WireParams;
  method: string;
  app: App | undefined;
  nowMs: number;
  signType: SignType;
  /** The character set of the signed text and of the answer. */
  charset: Charset;
};

type Refusal = { refusal: GatewayRefusal; words?: string };

const hasParam = ({ wire }: Inquiry, name: string): boolean => (wire.params.get(name) ?? '') !== '';
const paramOf = ({ wire }: Inquiry, name: string): string => wire.params.get(name) ?? '';

function publicKeysOf({ book, app, signType }: Inquiry): ReturnType<typeof readPublicKey>[] {
  return (app?.keys ?? [])
    .filter((key) => key.signType === undefined || key.signType === signType)
    .map(({ publicKey }) => {
      const known = book.publicKeys.get(publicKey) ?? readPublicKey(publicKey);
      if (known !== undefined) book.publicKeys.set(publicKey, known);
      return known;
    });
}

function isSignedBy(inquiry: Inquiry, signType: SignType, text: string): boolean {
  const bytes = encodeText(text, inquiry.charset);
  const signature = paramOf(inquiry, 'sign');
  return publicKeysOf(inquiry).some(
    (key) => key !== undefined && isSignatureOf(signature, bytes, signType, key),
  );
}

/** The three texts Alipay has for a signature that does not fit (protocol 1.4, 1.8). */
function signatureWords(inquiry: Inquiry, text: string): string {
  const { wire, signType } = inquiry;
  if (wire.charsetInQuery === undefined && wire.bodyBeyondAscii) {
    return '验签出错，请确认charset参数放在了URL查询字符串中且各参数值使用charset参数指示的字符集编码';
  }
  const other: SignType = signType === 'RSA' ? 'RSA2' : 'RSA';
  if (isSignedBy(inquiry, other, text)) {
    return `验签出错，sign值与sign_type参数指定的签名类型不一致：sign_type参数值为${signType}，您实际用的签名类型可能是${other}`;
  }
  const shown = text.replaceAll('&', '&amp;');
  return `验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为：${shown}`;
}

function signatureRefusal(inquiry: Inquiry): Refusal | undefined {
  const text = canonicalText(inquiry.wire.params, ['sign']);
  if (isSignedBy(inquiry, inquiry.signType, text)) return undefined;
  return { refusal: 'isv.invalid-signature', words: signatureWords(inquiry, text) };
}

const isMissing =
  (name: string) =>
  (inquiry: Inquiry): boolean =>
    !hasParam(inquiry, name);

/**
 * The checks in Alipay's order (protocol 1.8), up to the signature. The first that applies is the
 * answer.
 */
const CHECKS: readonly [GatewayRefusal, (inquiry: Inquiry) => boolean][] = [
  ['isv.missing-method', isMissing('method')],
  ['isv.missing-app-id', isMissing('app_id')],
  // Before the signature is looked for: seen on the wire.
  ['isv.invalid-app-id', ({ app }) => app === undefined],
  ['isv.missing-signature', isMissing('sign')],
  ['isv.missing-signature-type', isMissing('sign_type')],
  ['isv.missing-timestamp', isMissing('timestamp')],
  ['isv.missing-version', isMissing('version')],
  ['isv.invalid-signature-type', (inquiry) => !isSignType(paramOf(inquiry, 'sign_type'))],
  ['isv.invalid-timestamp', (inquiry) => parseTime(paramOf(inquiry, 'timestamp')) === undefined],
  ['isv.invalid-version', (inquiry) => paramOf(inquiry, 'version') !== '1.0'],
  [
    'isv.invalid-charset',
    (inquiry) =>
      hasParam(inquiry, 'charset') && charsetNamed(paramOf(inquiry, 'charset')) === undefined,
  ],
  [
    'isv.invalid-format',
    (inquiry) => hasParam(inquiry, 'format') && paramOf(inquiry, 'format').toUpperCase() !== 'JSON',
  ],
  ['isv.missing-signature-config', (inquiry) => publicKeysOf(inquiry).length === 0],
];

const issuedFor = (inquiry: Inquiry): IssuedNumbers | undefined =>
  inquiry.app?.certificates?.issued.find(
    ({ appCertSn }) => appCertSn === paramOf(inquiry, 'app_cert_sn'),
  );

/** Without certificates an app that has them is heard for a week only (protocol 1.9). */
function mustHaveCertificates({ app, nowMs }: Inquiry): boolean {
  return app?.certificates !== undefined && nowMs >= app.certificates.sinceMs + OLD_MODE_MS;
}

/** Of an app in certificate mode; one in key mode brings none, and nobody looks at those it brings. */
const CERTIFICATE_CHECKS: readonly [GatewayRefusal, (inquiry: Inquiry) => boolean][] = [
  [
    'isv.missing-app-cert-sn',
    (inquiry) => mustHaveCertificates(inquiry) && !hasParam(inquiry, 'app_cert_sn'),
  ],
  [
    'isv.missing-alipay-root-cert-sn',
    (inquiry) =>
      inquiry.app?.certificates !== undefined &&
      hasParam(inquiry, 'app_cert_sn') &&
      !hasParam(inquiry, 'alipay_root_cert_sn'),
  ],
  [
    'isv.app-cert-not-exist',
    (inquiry) => hasParam(inquiry, 'app_cert_sn') && issuedFor(inquiry) === undefined,
  ],
  [
    'isv.app-cert-expired',
    (inquiry) => (issuedFor(inquiry)?.expiresAtMs ?? Infinity) <= inquiry.nowMs,
  ],
  [
    'isv.invalid-alipay-root-cert-sn',
    (inquiry) =>
      issuedFor(inquiry) !== undefined &&
      inquiry.app?.certificates?.issued.every(
        ({ rootCertSn }) => rootCertSn !== paramOf(inquiry, 'alipay_root_cert_sn'),
      ) === true,
  ],
];

const authorizationFor = (inquiry: Inquiry): Authorization | undefined =>
  inquiry.app?.authorizations?.find(({ token }) => token === paramOf(inquiry, 'app_auth_token'));

/**
 * After the signature: no app has an AES key here, so that an encrypted call lacks its
 * configuration.
 */
const LATER_CHECKS: readonly [GatewayRefusal, (inquiry: Inquiry) => boolean][] = [
  ...CERTIFICATE_CHECKS,
  [
    'aop.invalid-app-auth-token',
    (inquiry) => hasParam(inquiry, 'app_auth_token') && authorizationFor(inquiry) === undefined,
  ],
  ['isv.missing-encrypt-key', (inquiry) => hasParam(inquiry, 'encrypt_type')],
  ['isv.invalid-method', ({ method }) => !Object.hasOwn(METHODS, method)],
  ['isv.illegal-json', (inquiry) => contentOf(inquiry.wire) === undefined],
];

function firstRefusal(inquiry: Inquiry): Refusal | undefined {
  const early = CHECKS.find(([, applies]) => applies(inquiry))?.[0];
  if (early !== undefined) return { refusal: early };
  const signature = signatureRefusal(inquiry);
  if (signature !== undefined) return signature;
  const late = LATER_CHECKS.find(([, applies]) => applies(inquiry))?.[0];
  return late === undefined ? undefined : { refusal: late };
}

/**
 * `biz_content` as an object; an empty one if there is none, undefined if it is not JSON or no
 * object.
 */
function contentOf({ params }: WireParams): Readonly<Record<string, unknown>> | undefined {
  const text = params.get('biz_content') ?? '';
  return text === '' ? {} : parseRecord(text);
}

function inquire(book: Book, nowMs: number, wire: WireParams): Inquiry {
  const signType = wire.params.get('sign_type') ?? '';
  return {
    book,
    wire,
    nowMs,
    method: wire.params.get('method') ?? '',
    app: book.app.get(wire.params.get('app_id') ?? ''),
    signType: isSignType(signType) ? signType : 'RSA2',
    charset: charsetNamed(wire.params.get('charset') ?? 'GBK') ?? 'utf-8',
  };
}

/** A service provider's app acts for the account that authorised it: its orders and money are that account's. */
function inNameOf(app: App, authorization: Authorization | undefined): App {
  return authorization === undefined
    ? app
    : { ...app, pid: authorization.pid, scope: authorization.scope };
}

function callOf(inquiry: Inquiry, app: App, host: string): Call {
  const { book, nowMs, wire, signType } = inquiry;
  const notifyUrl = wire.params.get('notify_url') ?? '';
  return {
    book,
    nowMs,
    app: inNameOf(app, authorizationFor(inquiry)),
    content: contentOf(wire) ?? {},
    signType,
    notifyUrl: notifyUrl === '' ? undefined : notifyUrl,
    notifyCharset: wire.charsetInQuery ?? 'GBK',
    host,
  };
}

/** Carries the call out: its answer, and whether Alipay signs it. */
function carryOut(inquiry: Inquiry, host: string): MethodAnswer & { isSigned: boolean } {
  const refused = firstRefusal(inquiry);
  const method = METHODS[inquiry.method];
  if (refused === undefined && inquiry.app !== undefined && method !== undefined) {
    return { ...method(callOf(inquiry, inquiry.app, host)), isSigned: true };
  }
  const { refusal, words } = refused ?? { refusal: 'isp.unknow-error' };
  const isSigned = refusal !== 'isv.invalid-app-id' && !refusal.startsWith('isv.missing-');
  return { fields: gatewayFields(refusal, words), isSigned };
}

/** The order a call is about, for faults and logs; read without checking anything. */
function outTradeNoOf(book: Book, wire: WireParams): string | undefined {
  const content = contentOf(wire) ?? {};
  const { trade_no: tradeNo, out_trade_no: outTradeNo } = content;
  const byTradeNo = typeof tradeNo === 'string' ? book.tradeNos.get(tradeNo) : undefined;
  const named = byTradeNo === undefined ? undefined : book.trade.get(byTradeNo)?.order.outTradeNo;
  if (named !== undefined) return named;
  return typeof outTradeNo === 'string' || typeof outTradeNo === 'number'
    ? String(outTradeNo)
    : undefined;
}

const textOr = (value: Fields[string]): string | undefined =>
  typeof value === 'string' ? value : undefined;

function summaryOf(
  inquiry: Inquiry,
  outTradeNo: string | undefined,
  fields: Fields,
  fault: string | undefined,
  traceId: string,
): CallSummary {
  const [code, subCode] = [textOr(fields['code']), textOr(fields['sub_code'])];
  return {
    method: inquiry.method,
    appId: paramOf(inquiry, 'app_id'),
    ...(outTradeNo === undefined ? {} : { outTradeNo }),
    ...(code === undefined ? {} : { code }),
    ...(subCode === undefined ? {} : { subCode }),
    ...(fault === undefined ? {} : { fault }),
    traceId,
  };
}

/** Answers one call to the gateway. */
export function answerGateway(
  book: Book,
  nowMs: number,
  request: WireRequest,
): { answer: Answer; summary: CallSummary } {
  const wire = readParams(request);
  const inquiry = inquire(book, nowMs, wire);
  const outTradeNo = outTradeNoOf(book, wire);
  const traceId = randomText(book.random, 32, '0123456789abcdef');
  const fault = takeFault(book, inquiry.method, outTradeNo);
  const isExecuted = fault?.kind !== 'drop_request' && fault?.executed !== false;
  const host = targetOf(request.url).host ?? request.host ?? 'localhost';
  // A call that is not carried out has no answer of its own to suffer: the system was busy.
  const answer = isExecuted
    ? carryOut(inquiry, host)
    : { fields: gatewayFields('isp.unknow-error'), isSigned: true };
  if (isExecuted && fault?.kind === 'duplicate_request') carryOut(inquiry, host);
  const story =
    answer.fault === undefined ? undefined : { kind: answer.fault, delayMs: answer.delayMs ?? 0 };
  const envelope = {
    node: nodeName(inquiry.method),
    fields: answer.fields,
    charset: inquiry.charset,
    signType: answer.isSigned ? inquiry.signType : undefined,
    alipayCertSn: issuedFor(inquiry)?.alipayCertSn,
  };
  const suffered = sufferedAnswer(envelope, book, traceId, fault ?? story);
  const kind = (fault ?? story)?.kind;
  return {
    answer: suffered,
    summary: summaryOf(inquiry, outTradeNo, answer.fields, kind, traceId),
  };
}
