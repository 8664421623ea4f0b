/**
 * What each state, fact and silence means, in English and Chinese, for `docs/payment-states.md`. The tables are over the
 * closed lists of `src/`, so a new state, fact or reason does not compile until it is described here. Nothing is decided
 * here: where the comments in `src/core/` say it already, this says the same in both languages.
 */
import type { UnknownReason } from '../src/alipay/outcome.ts';
import type { Text } from '../src/flows/incident-texts.ts';
import type { PaymentFact, PaymentState } from '../src/core/payment.ts';
import type { RefundFact, RefundState } from '../src/core/refund.ts';

export const PAYMENT_STATE_TEXTS = {
  created: {
    en: 'The intent is stored; whether Alipay knows of it is unknown.',
    zh: '意图已保存；支付宝是否知道这笔交易，尚不清楚。',
  },
  awaiting_buyer: {
    en: 'The QR code is out, or the buyer has to confirm. Nobody has paid, as far as is known.',
    zh: '二维码已发出，或等待买家确认。就目前所知，尚无人付款。',
  },
  paid: {
    en: 'A verified answer of Alipay says that it is paid.',
    zh: '支付宝验签通过的应答表明已付款。',
  },
  declined: {
    en: 'Alipay refused; nothing was charged. Final for the till; looked for a few times more in the background.',
    zh: '支付宝明确拒绝，未扣款。对收银端已是定论；网关在后台还会再查看几次。',
  },
  closed: {
    en: 'Ended unpaid: the trade was closed, or none can come into being any more.',
    zh: '未付款而结束：交易已关闭，或者不会再产生交易。',
  },
  reversed: {
    en: 'Was paid, and all of the money went back by a cancel (or before it was ever booked here as paid).',
    zh: '曾经付款，款项已因撤销全额退回（或在本系统记为已支付之前就已全额退回）。',
  },
} as const satisfies Record<PaymentState, Text>;

/** `from`: which answers of Alipay make the fact. */
type FactText = { readonly meaning: Text; readonly from: Text };

const CODES = '[`codes.ts`](../src/alipay/codes.ts)';

export const PAYMENT_FACT_TEXTS = {
  paid: {
    meaning: { en: 'It is paid.', zh: '已付款。' },
    from: {
      en: '`pay` `10000`; `query` `TRADE_SUCCESS` or `TRADE_FINISHED`',
      zh: '`pay` 应答 `10000`；`query` 为 `TRADE_SUCCESS` 或 `TRADE_FINISHED`',
    },
  },
  waiting: {
    meaning: { en: 'The trade exists and is unpaid.', zh: '交易已存在，尚未付款。' },
    from: {
      en: '`pay` `10003`; `query` `WAIT_BUYER_PAY`; with `F2F_CONFIRM=strict` also `pay` `10000`, until a query agrees',
      zh: '`pay` 应答 `10003`；`query` 为 `WAIT_BUYER_PAY`；`F2F_CONFIRM=strict` 时还有 `pay` 应答 `10000`，直到查询与之相符',
    },
  },
  qr_issued: {
    meaning: {
      en: 'There is a QR code. No trade exists until somebody scans it.',
      zh: '二维码已取得。有人扫码之前，交易并不存在。',
    },
    from: {
      en: '`precreate` `10000` with `qr_code`',
      zh: '`precreate` 应答 `10000` 并带 `qr_code`',
    },
  },
  refused: {
    meaning: {
      en: 'Alipay refused the call for certain: this call charged nothing.',
      zh: '支付宝明确拒绝：本次调用没有扣款。',
    },
    from: {
      en: `\`pay\`, \`precreate\`: a \`sub_code\` of \`40004\`, or a gateway code, that ${CODES} lists as a certain refusal`,
      zh: `\`pay\`、\`precreate\`：${CODES} 列为明确拒绝的 \`40004\` 的 \`sub_code\` 或网关返回码`,
    },
  },
  absent: {
    meaning: {
      en: 'Alipay knows no such trade at this moment. Before a scan, or while a call is under way, that proves nothing.',
      zh: '支付宝此刻查无此交易。扫码之前，或有调用尚在途中时，这说明不了什么。',
    },
    from: {
      en: '`query`, `close`: `40004` `ACQ.TRADE_NOT_EXIST`',
      zh: '`query`、`close` 应答 `40004` `ACQ.TRADE_NOT_EXIST`',
    },
  },
  gone: {
    meaning: {
      en: 'Alipay knows no such trade, and none can come into being any more.',
      zh: '支付宝查无此交易，而且不会再产生。',
    },
    from: { en: '`absent`, asked late enough: see below', zh: '询问得足够晚的 `absent`，见下文' },
  },
  cancel_found_nothing: {
    meaning: { en: 'A cancel found no trade.', zh: '撤销时没有找到交易。' },
    from: {
      en: '`cancel` `10000`, `retry_flag` `N`, without `action` and `trade_no`',
      zh: '`cancel` 应答 `10000`，`retry_flag` 为 `N`，没有 `action` 和 `trade_no`',
    },
  },
  foreign: {
    meaning: {
      en: "The trade of this number is somebody else's.",
      zh: '该单号的交易是别人的。',
    },
    from: {
      en: '`query` with another `total_amount`; any answer but `pay` with a time of payment from before this payment began',
      zh: '`query` 的 `total_amount` 不同；除 `pay` 外，任何应答的付款时间早于本笔开始之前',
    },
  },
  closed_unpaid: {
    meaning: { en: 'The trade ended and never was paid.', zh: '交易已结束，从未付款。' },
    from: {
      en: '`query` `TRADE_CLOSED` without time of payment and amounts paid; `close` `10000`; `cancel` `10000` with `action` `close`',
      zh: '`query` 为 `TRADE_CLOSED` 且无付款时间和实付金额；`close` 应答 `10000`；`cancel` 应答 `10000` 且 `action` 为 `close`',
    },
  },
  closed_refunded: {
    meaning: {
      en: 'The trade had been paid, and all of it went back.',
      zh: '交易曾经付款，已全额退回。',
    },
    from: {
      en: '`query` `TRADE_CLOSED` with a time of payment or an amount paid',
      zh: '`query` 为 `TRADE_CLOSED` 且有付款时间或实付金额',
    },
  },
  cancel_refunded: {
    meaning: {
      en: 'It was paid, and the cancel gave the money back.',
      zh: '曾经付款，撤销已把款项退回。',
    },
    from: {
      en: '`cancel` `10000` with `action` `refund`',
      zh: '`cancel` 应答 `10000` 且 `action` 为 `refund`',
    },
  },
} as const satisfies Record<PaymentFact, FactText>;

/** What is no evidence: each of these means "ask again", and moves nothing. */
export const SILENCE_TEXTS = {
  no_response: {
    en: 'no complete answer: connection refused, reset, broken off',
    zh: '没有完整的应答：连接被拒绝、被重置、中断',
  },
  timeout: { en: 'no complete answer in time', zh: '未在时限内得到完整的应答' },
  too_large: { en: 'an answer larger than allowed', zh: '应答超过允许的大小' },
  http_status: {
    en: 'an HTTP status other than 200: a 5xx, a redirect',
    zh: 'HTTP 状态不是 200：5xx、重定向等',
  },
  empty: { en: 'an empty answer', zh: '应答为空' },
  not_json: { en: 'not JSON', zh: '不是 JSON' },
  no_node: { en: 'no node with an answer', zh: '没有应答节点' },
  wrong_node: {
    en: "another method's node, or an error node that is no refusal",
    zh: '其他接口的节点，或者并非拒绝的错误节点',
  },
  two_nodes: { en: 'two nodes', zh: '有两个应答节点' },
  unsigned: {
    en: "no signature (only some refusals by Alipay's gateway need none)",
    zh: '没有签名（只有支付宝网关的部分拒绝可以没有签名）',
  },
  bad_signature: { en: "a signature that is not Alipay's", zh: '签名不是支付宝的' },
  malformed: { en: 'a field missing or unreadable', zh: '缺少字段，或字段无法读取' },
  wrong_number: { en: 'about another payment or refund', zh: '属于另一笔付款或退款' },
  wrong_amount: {
    en: 'about another amount (of a query: the fact `foreign`)',
    zh: '金额不同（查询应答则为事实 `foreign`）',
  },
  doubtful_code: {
    en: '`20000`, `SYSTEM_ERROR`, or a code about a trade whose end is not known',
    zh: '`20000`、`SYSTEM_ERROR`，或返回码所说的交易结局不明',
  },
  unknown_code: {
    en: 'a code, sub_code or combination in no table',
    zh: '任何表中都没有的返回码、sub_code 或其组合',
  },
  unknown_status: {
    en: '`trade_status`, `action` or `refund_status` in no table',
    zh: '任何表中都没有的 `trade_status`、`action` 或 `refund_status`',
  },
  unsettled: {
    en: 'Alipay says that it is not done yet: `retry_flag` `Y`, a refund under way',
    zh: '支付宝说尚未完成：`retry_flag` 为 `Y`，退款处理中',
  },
} as const satisfies Record<UnknownReason, Text>;

/** Silences that are no outcome of a call, or a verified answer that tells nothing of the trade. */
export const OTHER_SILENCE_TEXTS: readonly Text[] = [
  {
    en: 'a refused query, cancel, close or refund query (keys, contract, rate): nothing is said about the trade',
    zh: '查询、撤销、关闭或退款查询被拒绝（密钥、签约、频率）：与交易本身无关',
  },
  {
    en: 'a close of a trade that is not waiting for its buyer any more: paid or closed, the next query tells',
    zh: '关闭时交易已不在等待付款：是已付款还是已关闭，由下一次查询得知',
  },
  {
    en: '`lease_ended`: a cancel that nobody came back from, because the process died',
    zh: '`lease_ended`：发出撤销后进程中止，没有得到应答',
  },
  {
    en: "`no_alipay_public_key`: Alipay's public key is missing, nothing can be verified, so nothing is asked",
    zh: '`no_alipay_public_key`：没有支付宝公钥，无法验签，所以不询问',
  },
  {
    en: 'a notification: verified and matched it makes the payment due at once, and the query decides',
    zh: '异步通知：验签并核对后只使该笔立即到期，由查询决定',
  },
];

export const REFUND_STATE_TEXTS = {
  created: {
    en: 'The intent is stored and its amount reserved; the outcome is open.',
    zh: '意图已保存，金额已预留；结果未定。',
  },
  done: { en: 'The money went back.', zh: '款项已退回。' },
  refused: {
    en: 'Alipay refused it for certain; nothing went back and nothing will under this number.',
    zh: '支付宝明确拒绝；没有退款，也不会再以此编号退款。',
  },
} as const satisfies Record<RefundState, Text>;

export const REFUND_FACT_TEXTS = {
  done: {
    meaning: { en: 'The money went back.', zh: '款项已退回。' },
    from: {
      en: '`refund` `10000` with `fund_change` `Y`; `refund.query` `REFUND_SUCCESS` of this number and amount',
      zh: '`refund` 应答 `10000` 且 `fund_change` 为 `Y`；`refund.query` 对此编号和金额为 `REFUND_SUCCESS`',
    },
  },
  accepted: {
    meaning: {
      en: 'Typically the repetition of an executed request. Proves nothing by itself.',
      zh: '通常是已执行请求的重复。本身说明不了什么。',
    },
    from: {
      en: '`refund` `10000` without `fund_change` `Y`',
      zh: '`refund` 应答 `10000` 而 `fund_change` 不是 `Y`',
    },
  },
  refused: {
    meaning: { en: 'This call gave nothing back.', zh: '本次调用没有退款。' },
    from: {
      en: `\`refund\`: a code that ${CODES} lists as a certain refusal; under \`40004\` also one in doubt or in no table, and then the refund counts as in doubt`,
      zh: `\`refund\`：${CODES} 列为明确拒绝的返回码；\`40004\` 之下还包括存疑或表中没有的 \`sub_code\`，此时该笔退款视为存疑`,
    },
  },
  absent: {
    meaning: {
      en: 'The refund query finds no refund of this number.',
      zh: '退款查询没有找到此编号的退款。',
    },
    from: {
      en: '`refund.query` `10000` that names no refund',
      zh: '`refund.query` 应答 `10000` 而未提及任何退款',
    },
  },
} as const satisfies Record<RefundFact, FactText>;
