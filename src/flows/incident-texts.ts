/**
 * What each incident means to the person who looks into it, in English and Chinese: what happened, why the gateway did not
 * decide, and what a person can do. A new reason does not compile without its texts. `docs/incidents.md` is made from them
 * by `tools/incidents-page.ts`.
 */
import type { IncidentReason } from '../core/incident.ts';

export { INCIDENT_REASONS } from '../core/incident.ts';

export type Text = { readonly en: string; readonly zh: string };
export type IncidentText = {
  /** What it is called where there is room for a few words. */
  readonly title: Text;
  readonly happened: Text;
  readonly undecided: Text;
  readonly todo: Text;
};

export const INCIDENT_TEXTS = {
  paid_trade_is_closed: {
    title: { en: 'Paid here, closed at Alipay', zh: '本系统已支付，支付宝已关闭' },
    happened: {
      en: 'The payment is paid here, and Alipay now says that its trade was closed without ever having been paid.',
      zh: '本系统记录该笔已支付，而支付宝现在说这笔交易从未付款就已关闭。',
    },
    undecided: {
      en: 'Two verified answers contradict each other, and the till was told "paid" on the first.',
      zh: '两次验签通过的应答互相矛盾，而收银端已按第一次被告知“已支付”。',
    },
    todo: {
      en: 'Look the trade number up in the merchant portal and in the bill. If the money is not there, ask the guest to pay again; if it is, note it and resolve.',
      zh: '在商家平台和账单中按交易号核对。款未到账则请顾客重新付款；已到账则写明情况后结案。',
    },
  },
  paid_stays_unconfirmed: {
    title: { en: 'Paid, and no query agrees', zh: '已支付，但查询一直不符' },
    happened: {
      en: 'Alipay answered the charge with "paid", and for a week no query has agreed.',
      zh: '支付宝对扣款请求应答“支付成功”，但一周内没有一次查询与之相符。',
    },
    undecided: {
      en: 'The answer to the charge was verified, so the payment stays paid; a query that does not agree is no proof that it is not.',
      zh: '扣款应答验签通过，所以该笔保持“已支付”；查询不相符并不能证明没有付款。',
    },
    todo: {
      en: 'Compare with the bill of that day. If the money is missing, give the trace id of the charge to Alipay support.',
      zh: '与当天账单核对。若款项缺失，把扣款应答的 trace id 提供给支付宝技术支持。',
    },
  },
  refunded_elsewhere: {
    title: { en: 'Refunded, and not by us', zh: '款项已退，但不是由本网关退的' },
    happened: {
      en: 'All of a paid payment went back to the buyer, and not by refunds of this gateway.',
      zh: '一笔已支付的款项已全额退给买家，但不是由本网关退的款。',
    },
    undecided: {
      en: 'The gateway did not ask for it and does not know who did, so it books no refund; it stays paid here.',
      zh: '本网关没有发起退款，也不知道是谁发起的，因此不记退款，本系统中仍为已支付。',
    },
    todo: {
      en: 'Ask who refunded it in the merchant portal or from another system, and correct the till or the books by hand. Refund nothing more.',
      zh: '查明是谁在商家平台或其他系统中退的款，并手工更正收银端或账目。不要再退款。',
    },
  },
  alipay_stays_silent: {
    title: { en: 'Alipay stays silent on a payment', zh: '支付宝一直没有应答' },
    happened: {
      en: 'About a week of questions about the payment got no verified answer. Nobody asks any more.',
      zh: '大约一周内对该笔付款的询问都没有得到验签通过的应答，现已不再询问。',
    },
    undecided: {
      en: 'Silence is no verdict: the guest may have paid or not.',
      zh: '没有应答不等于结论：顾客可能已付款，也可能没有。',
    },
    todo: {
      en: 'See the reasons in the timeline: network, keys, contract. Once mended, a query of this payment by the till starts the questions again, and this incident is resolved by itself when Alipay answers. Otherwise settle it by the bill.',
      zh: '在时间线中查看原因：网络、密钥或签约。修复后由收银端查询该笔即可重新开始询问，支付宝一旦应答，本事件自动结案。否则按账单处理。',
    },
  },
  reversed_after_paid: {
    title: { en: 'Paid, and then taken back by a cancel', zh: '已支付后又被撤销退回' },
    happened: {
      en: 'The payment counted as paid, and then a cancel of this gateway, sent earlier and thought lost, gave the money back.',
      zh: '该笔曾记为已支付，之后本网关先前发出、以为未送达的撤销生效，款项已退回。',
    },
    undecided: {
      en: 'The money is certain: it is with the buyer. What is not: whether the till handed out the goods in between.',
      zh: '款项去向是确定的：已在买家处。不确定的是收银端在此期间是否已交货。',
    },
    todo: {
      en: 'Ask the till what it told the guest. If the goods were given, charge again under another localNo.',
      zh: '询问收银端当时如何告知顾客。若已交货，请用新的 localNo 重新收款。',
    },
  },
  number_names_another_trade: {
    title: { en: "The number is another trade's at Alipay", zh: '单号在支付宝处是另一笔交易' },
    happened: {
      en: "Alipay knows this payment's number as another trade: another amount, or paid before this payment began.",
      zh: '支付宝以该笔的单号返回的是另一笔交易：金额不同，或早在本笔开始之前就已付款。',
    },
    undecided: {
      en: "Somebody else's trade is neither told to the till as this one, nor cancelled or refunded.",
      zh: '别人的交易既不会当作本笔告知收银端，也不会被撤销或退款。',
    },
    todo: {
      en: 'Find the other system that uses the same app id or seller and counts the same numbers (an older gateway, a test system), and stop it or give it another app. Then charge again under another localNo.',
      zh: '找出使用同一应用或同一收款账号、并使用相同单号的另一系统（旧网关或测试系统），将其停用或换用其他应用；然后用新的 localNo 重新收款。',
    },
  },
  late_payment: {
    title: { en: 'Money came late', zh: '款项晚到' },
    happened: {
      en: 'Money came after the till was told that the payment had failed or ended.',
      zh: '在收银端已被告知该笔失败或结束之后，款项才到账。',
    },
    undecided: {
      en: 'F2F_LATE_PAYMENT is "incident": whether the guest has paid in another way meanwhile is known only to people.',
      zh: 'F2F_LATE_PAYMENT 设为“incident”：顾客是否已用其他方式付款，只有人知道。',
    },
    todo: {
      en: 'Ask the till. If the guest paid twice, refund this payment; when all of it has gone back, the incident is resolved by itself. If the guest left with the goods, keep it and resolve.',
      zh: '询问收银端。若顾客重复付款，请将本笔退款，全额退回后本事件自动结案；若顾客已取货离开，则保留款项并结案。',
    },
  },
  late_refund_refused: {
    title: { en: 'Late money cannot be given back', zh: '晚到的款项退不回去' },
    happened: {
      en: 'Money came late, and Alipay refused the refund by which the gateway wanted to give it back.',
      zh: '款项晚到，网关要把它退回，但支付宝拒绝了该退款。',
    },
    undecided: {
      en: 'The refusal is certain, and the same refund would be refused again; its reason is in the timeline.',
      zh: '拒绝是确定的，同样的退款会再次被拒绝；原因见时间线。',
    },
    todo: {
      en: 'Mend what the code says (often: no balance, or the refund period has ended), then refund under a new request number, or give the money back in the merchant portal.',
      zh: '按返回码处理（常见：余额不足、超过退款期限），然后用新的退款单号退款，或在商家平台退回。',
    },
  },
  refund_stays_silent: {
    title: { en: 'Alipay stays silent on a refund', zh: '支付宝对退款一直没有应答' },
    happened: {
      en: 'About a week of sending and asking about a refund got no answer that settles it. Nobody asks any more.',
      zh: '大约一周内，对一笔退款的发送和询问都没有得到能定论的应答，现已不再询问。',
    },
    undecided: {
      en: 'It may have been carried out or not. Its amount stays reserved, so that nothing goes back twice; that of a refund which was told as refused is free.',
      zh: '退款可能已执行，也可能没有。其金额保持预留，以免重复退款；已告知失败的退款不再占用金额。',
    },
    todo: {
      en: "Look the trade up in the merchant portal. If the refund is there, note it and resolve. If not, do not refund by another number before Alipay's support has confirmed that this one will not come.",
      zh: '在商家平台查看该交易。若退款已在，写明后结案；若不在，在支付宝技术支持确认该退款不会再执行之前，不要用其他单号退款。',
    },
  },
  refund_done_after_refused: {
    title: { en: 'A refund told as refused was done', zh: '告知失败的退款实际已执行' },
    happened: {
      en: 'The first call of a refund got no answer, its repetition was refused and a query a minute later found nothing, so the till was told "refused". Now Alipay says that the refund was carried out.',
      zh: '一笔退款的首次调用没有应答，重复调用被拒绝，一分钟后的查询也查无此退款，因此告知收银端“退款失败”。现在支付宝说该退款已执行。',
    },
    undecided: {
      en: 'The books follow the money: the refund is done. Whether the guest was given the money another way meanwhile, only the shop knows.',
      zh: '账随钱走：该退款记为完成。其间是否已用其他方式把钱退给顾客，只有门店知道。',
    },
    todo: {
      en: 'Ask the shop whether the guest got cash or a second refund since. If not, note it and resolve.',
      zh: '向门店核实其间是否已付现金或另行退款。若没有，写明后结案。',
    },
  },
} as const satisfies Record<IncidentReason, IncidentText>;
