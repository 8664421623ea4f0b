/**
 * Answers in Alipay's shape that the gateway makes itself: what it refuses without asking, what is still in doubt, and
 * what was learnt by another call than the one that the till made. Alipay's own answers pass through word by word and
 * never come here. Texts are those of Alipay's documents (trade.pay, trade.refund: error codes).
 */
import { formatYuan, type Fen } from '../core/money.ts';
import { shanghaiText } from '../core/time.ts';

/** JSON text of an answer's node. */
export type AnswerText = string;

type Fields = Readonly<Record<string, unknown>>;

const ZERO_AMOUNTS = { refund_fee: '0.00', send_back_fee: '0.00' } as const;

/** Refusals of refunds that the gateway is sure of without Alipay. */
export const REFUND_REFUSALS = {
  'ACQ.TRADE_NOT_EXIST': '交易不存在',
  'ACQ.TRADE_STATUS_ERROR': '交易状态非法',
  'ACQ.TRADE_HAS_CLOSE': '交易已关闭',
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL': '退款金额超限',
  'ACQ.DISCORDANT_REPEAT_REQUEST': '不一致的请求',
} as const;
export type RefundRefusal = keyof typeof REFUND_REFUSALS;

/** Nobody gave Alipay's public key for the app: nothing was sent, because no answer could be verified. */
export function notConfigured(): AnswerText {
  return JSON.stringify({
    code: '40003',
    msg: 'Insufficient Conditions',
    sub_code: 'isv.missing-signature-config',
    sub_msg: '应用未配置支付宝公钥,请先通过company/update设置cpiAlipubKey',
  });
}

/** The merchant is suspended at the gateway: nothing was sent. */
export function merchantSuspended(): AnswerText {
  return JSON.stringify({
    code: '40004',
    msg: 'Business Failed',
    sub_code: 'ACQ.MERCHANT_STATUS_NOT_NORMAL',
    sub_msg: '商户已停用,请联系工作人员',
  });
}

/** 10003 for a payment of which Alipay has not said so itself: open, or in doubt. */
export function payInProcess(payment: { paymentNo: string; amountFen: Fen }): AnswerText {
  return JSON.stringify({
    code: '10003',
    msg: ' order success pay inprocess',
    out_trade_no: payment.paymentNo,
    total_amount: formatYuan(payment.amountFen),
  });
}

/** A payment that was cancelled at its deadline, as Alipay answers a pay call for a closed trade. */
export function payHasClosed(paymentNo: string, lastAnswer: AnswerText | null): AnswerText {
  const buyer = fieldsOf(lastAnswer);
  return JSON.stringify({
    buyer_logon_id: buyer['buyer_logon_id'],
    buyer_pay_amount: '0.00',
    buyer_user_id: buyer['buyer_user_id'],
    code: '40004',
    invoice_amount: '0.00',
    msg: 'Business Failed',
    open_id: buyer['open_id'],
    out_trade_no: paymentNo,
    point_amount: '0.00',
    receipt_amount: '0.00',
    sub_code: 'ACQ.TRADE_HAS_CLOSE',
    sub_msg: '支付失败,本笔交易已关闭。[TRADE_HAS_CLOSE]',
  });
}

/**
 * A payment that a query found paid, as the pay call would have answered: without the status, the time of payment
 * under the pay call's name, fields in Alipay's order (code, msg, then by name).
 */
export function payFromQuery(queryAnswer: AnswerText): AnswerText {
  const {
    code,
    msg,
    trade_status: _status,
    send_pay_date: paidAt,
    ...rest
  } = fieldsOf(queryAnswer);
  const fields = Object.entries({ ...rest, gmt_payment: paidAt }).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return JSON.stringify({ code, msg, ...Object.fromEntries(fields) });
}

/** The code of an answer of Alipay that was stored. */
export function codeOf(answer: AnswerText | null): unknown {
  return fieldsOf(answer)['code'];
}

/** A query refused for a trade that is another merchant's: as if it did not exist. */
export function queryFindsNothing(paymentNo: string): AnswerText {
  return JSON.stringify({
    code: '40004',
    msg: 'Business Failed',
    sub_code: 'ACQ.TRADE_NOT_EXIST',
    sub_msg: '交易不存在',
    buyer_pay_amount: '0.00',
    invoice_amount: '0.00',
    out_trade_no: paymentNo,
    point_amount: '0.00',
    receipt_amount: '0.00',
  });
}

export function refundRefused(subCode: RefundRefusal): AnswerText {
  return JSON.stringify({
    code: '40004',
    msg: 'Business Failed',
    ...ZERO_AMOUNTS,
    sub_code: subCode,
    sub_msg: REFUND_REFUSALS[subCode],
  });
}

/** A refund that is under way or in doubt (v1.md, refund). */
export function refundInProcess(paymentNo: string, requestNo: string): AnswerText {
  return JSON.stringify({
    code: '10003',
    msg: 'refund in process',
    out_trade_no: paymentNo,
    out_request_no: requestNo,
  });
}

/**
 * A refund that a later call found done, as the refund call answers a success: what Alipay said when it took the
 * request (`accepted`) where it did, and what we know ourselves.
 */
export function refundFromQuery(
  queryAnswer: AnswerText,
  accepted: AnswerText | null,
  known: { paymentNo: string; amountFen: Fen; refundedTotalFen: Fen; nowMs: number },
): AnswerText {
  const taken = fieldsOf(accepted);
  const found = fieldsOf(queryAnswer);
  return JSON.stringify({
    code: '10000',
    msg: 'Success',
    buyer_logon_id: taken['buyer_logon_id'],
    buyer_user_id: taken['buyer_user_id'],
    fund_change: 'Y',
    gmt_refund_pay: found['gmt_refund_pay'] ?? taken['gmt_refund_pay'] ?? shanghaiText(known.nowMs),
    out_trade_no: known.paymentNo,
    refund_fee: taken['refund_fee'] ?? formatYuan(known.refundedTotalFen),
    send_back_fee: formatYuan(known.amountFen),
    trade_no: found['trade_no'] ?? taken['trade_no'],
  });
}

/** The fields of an answer of Alipay that was verified when it came; none where there is none. */
function fieldsOf(answer: AnswerText | null): Fields {
  const fields: Fields = answer === null ? {} : JSON.parse(answer);
  return fields;
}
