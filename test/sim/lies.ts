/**
 * Answers that mislead: forged ones, whose signature is missing or a stranger's, and true ones of Alipay's that say less
 * than they seem to. A charge may be declined while its trade stays open, and the repetition of a refund that was
 * executed may be refused, or a refund taken and not done. What of it happens to a call is drawn in `network.ts`.
 */
import { envelopeBytes, nodeName, type Fields } from '../../simulator/wire/envelope.ts';
import type { HttpResponse } from '../../src/system/http.ts';
import { privateKey } from './keys.ts';
import type { WireCall } from './network.ts';

type Signer = 'alipay' | 'stranger' | 'nobody';

function answerOf(
  { method }: Pick<WireCall, 'method'>,
  fields: Fields,
  signer: Signer,
): HttpResponse {
  const envelope = { node: nodeName(method), fields, charset: 'utf-8', signType: 'RSA2' } as const;
  const key = privateKey(signer === 'stranger' ? 'stranger' : 'alipay');
  const body = envelopeBytes(envelope, key, { withoutSign: signer === 'nobody' });
  return { status: 200, headers: { 'content-type': 'text/html;charset=utf-8' }, body };
}

/** What somebody on the line would like the gateway to believe. */
const FORGED_FIELDS: Readonly<Record<string, Fields>> = {
  'alipay.trade.pay': { gmt_payment: '2026-11-23 12:00:00' },
  'alipay.trade.query': { trade_status: 'TRADE_SUCCESS', send_pay_date: '2026-11-23 12:00:00' },
  'alipay.trade.cancel': { action: 'refund', retry_flag: 'N' },
  'alipay.trade.refund': { fund_change: 'Y' },
  'alipay.trade.fastpay.refund.query': { refund_status: 'REFUND_SUCCESS' },
};

/** A number as Alipay makes them; only its shape matters here. */
function tradeNo(outTradeNo: string): string {
  return `2026112322001${outTradeNo.replaceAll(/\D/g, '').padStart(15, '0')}`;
}

/** Who forges an answer: with a key of his own, without a signature, or with a refusal that needs none. */
export const FORGERS = ['stranger', 'nobody', 'refuser'] as const;
export type Forger = (typeof FORGERS)[number];

/** Alipay's gateway does not sign it, so that it counts whoever said it (v1.md). */
const UNSIGNED_REFUSAL: Fields = {
  code: '40005',
  msg: 'Call Limited',
  sub_code: 'isv.app-call-limited',
  sub_msg: '应用调用次数超限',
};

/** The answer of somebody who is not Alipay; undefined for calls that are not worth a lie. */
export function forgedAnswer(call: WireCall, forger: Forger): HttpResponse | undefined {
  if (forger === 'refuser') return answerOf(call, UNSIGNED_REFUSAL, 'nobody');
  const lie = FORGED_FIELDS[call.method];
  if (lie === undefined) return undefined;
  const { outTradeNo, content } = call;
  const fields: Fields = {
    code: '10000',
    msg: 'Success',
    out_trade_no: outTradeNo,
    trade_no: tradeNo(outTradeNo),
    total_amount: content['total_amount'],
    refund_amount: content['refund_amount'],
    refund_fee: content['refund_amount'],
    out_request_no: content['out_request_no'],
    ...lie,
  };
  return answerOf(call, fields, forger);
}

const OPEN_TRADE = /"code":"10003"/;

/** "Not enough money", while the trade it made stays open; only of a charge whose buyer is being asked. */
export function declinedAndOpen(call: WireCall, response: HttpResponse): HttpResponse | undefined {
  if (!OPEN_TRADE.test(Buffer.from(response.body).toString('utf8'))) return undefined;
  return answerOf(call, { ...DECLINED, out_trade_no: call.outTradeNo }, 'alipay');
}

/**
 * What Alipay says of a call that it does not carry out: a refund is refused without a look at whether it was executed
 * before, or taken with `fund_change` `N`, as it says of an executed one that is repeated; a cancel is to be sent again.
 */
const NOT_DONE = {
  refused: () => ({
    code: '40004',
    msg: 'Business Failed',
    sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH',
    sub_msg: '卖家余额不足',
  }),
  taken: ({ outTradeNo, content }) => ({
    code: '10000',
    msg: 'Success',
    fund_change: 'N',
    trade_no: tradeNo(outTradeNo),
    refund_fee: content['refund_amount'],
  }),
  retry: () => ({ code: '10000', msg: 'Success', retry_flag: 'Y' }),
} as const satisfies Record<string, (call: WireCall) => Fields>;
export type NotDone = keyof typeof NOT_DONE;

export function notDoneAnswer(call: WireCall, what: NotDone): HttpResponse {
  return answerOf(call, { ...NOT_DONE[what](call), out_trade_no: call.outTradeNo }, 'alipay');
}

const DECLINED: Fields = {
  code: '40004',
  msg: 'Business Failed',
  sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH',
  sub_msg: '买家余额不足',
};
