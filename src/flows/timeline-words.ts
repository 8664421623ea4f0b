/**
 * The words that a timeline is told in, English and Chinese: what Alipay was asked, what its answer means, and why nothing was
 * learnt. The tables are total over the kinds, so a new one does not compile without its words. The lines are made in `timeline.ts`.
 */
import type { UnknownReason } from '../alipay/outcome.ts';
import type { PaymentFact } from '../core/payment.ts';
import type { RefundFact } from '../core/refund.ts';
import type { Text } from './incident-texts.ts';

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

export function methodName(method: unknown): string {
  return METHODS[String(method)] ?? String(method);
}

/** As the console says it. */
const WAYS_TO_PAY_ZH: Readonly<Record<string, string>> = { barcode: '付款码', qr: '二维码' };

export function wayToPayZh(method: unknown): string {
  return WAYS_TO_PAY_ZH[String(method)] ?? String(method);
}

/** English has the names that the code has: an operator finds them in the documentation. */
const FACTS: Readonly<Record<PaymentFact | RefundFact, string>> = {
  paid: '已付款',
  waiting: '等待买家付款',
  qr_issued: '已生成二维码',
  refused: '被拒绝',
  absent: '查无此交易',
  gone: '查无此交易，且不会再产生',
  cancel_found_nothing: '无交易可撤销',
  foreign: '该单号是别人的交易',
  closed_unpaid: '交易已关闭，未付款',
  closed_refunded: '交易已关闭，款项已全额退回',
  cancel_refunded: '撤销时已付款，款项已退回',
  done: '退款已完成',
  accepted: '已受理，尚不能证明已退款',
};

type Reason = UnknownReason | 'no_alipay_public_key' | 'lease_ended' | 'refund_in_doubt';

/** Why an answer, or none, taught nothing. */
const REASONS: Readonly<Record<Reason, string>> = {
  no_response: '没有应答',
  timeout: '超时',
  too_large: '应答过大',
  http_status: 'HTTP 状态不是 200',
  empty: '应答为空',
  not_json: '应答不是 JSON',
  no_node: '应答中没有结果节点',
  wrong_node: '应答的结果节点不符',
  two_nodes: '应答中有两个结果节点',
  unsigned: '应答没有签名',
  bad_signature: '应答验签不通过',
  malformed: '应答格式有误',
  wrong_number: '应答的单号不符',
  wrong_amount: '应答的金额不符',
  doubtful_code: '支付宝自己也不确定',
  unknown_code: '未知的返回码',
  unknown_status: '未知的状态',
  unsettled: '支付宝尚未处理完',
  no_alipay_public_key: '没有支付宝公钥，未发送',
  lease_ended: '发送者没有留下结果',
  refund_in_doubt: '有一笔退款未定，不能下结论',
};

/** What an answer means, or why it means nothing; what stands in no table is told as it is. */
export function factText(fact: unknown): Text {
  return inBoth(FACTS, fact);
}

export function reasonText(reason: unknown): Text {
  // What is refused, and says nothing of the trade, has no reason but its outcome.
  return inBoth({ ...REASONS, refused: FACTS.refused }, reason);
}

function inBoth(words: Readonly<Record<string, string>>, name: unknown): Text {
  return { en: String(name), zh: words[String(name)] ?? String(name) };
}

/** The parts of a line that have Chinese names; Alipay's field names stay as they are. */
const PARTS: Readonly<Record<string, string>> = {
  refunded: '累计已退',
  refund: '退款',
  took: '耗时',
  by: '操作者',
  says: '说明',
};

export type Part = readonly [
  name: string,
  value: string | number | boolean | Text | null | undefined,
];

/** A text and the parts of it that are known. */
export function sentence({ en, zh }: Text, ...parts: readonly Part[]): Text {
  const known = parts.filter(([, value]) => value !== undefined && value !== null && value !== '');
  return {
    en: [en, ...known.map(([name, value]) => `${name} ${valueIn('en', value)}`)].join(', '),
    zh: [
      zh,
      ...known.map(([name, value]) => `${PARTS[name] ?? name} ${valueIn('zh', value)}`),
    ].join('，'),
  };
}

function valueIn(language: keyof Text, value: Part[1]): string {
  return typeof value === 'object' && value !== null ? value[language] : String(value);
}
