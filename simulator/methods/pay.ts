/**
 * `alipay.trade.pay`: the shop scans the buyer's payment code (protocol 2.2, 4.7). It decides
 * whether the order may be charged and plays the story of the code (`../magic-codes.ts`); a refused
 * code creates no trade.
 */
import { nextSequence, putPaymentCode } from '../book/book.ts';
import type { Buyer, Order, Trade } from '../book/entities.ts';
import { WALLETS } from '../buyers.ts';
import { ASKED_STORY, PAYMENT_CODE, storyOf } from '../magic-codes.ts';
import type { Story } from '../magic-codes.ts';
import { chargeBuyer, createTrade, findTrade, planBuyer } from '../trades.ts';
import type { BusinessRefusal } from '../wire/codes.ts';
import { echoOf, readContent, refused, success } from './call.ts';
import type { Call, MethodAnswer } from './call.ts';
import { isSameOrder, readOrder } from './order.ts';
import { liveQrOrder } from './precreate.ts';
import { payFields, ZERO_AMOUNTS } from './trade-fields.ts';

/** Pre-authorised payments (`PRE_AUTH`) are not simulated yet. */
const PRODUCTS = ['FACE_TO_FACE_PAYMENT', 'OFFLINE_PAYMENT'];

const CODE_RULES = {
  auth_code: { max: 64 },
  scene: { max: 32, pattern: /^(?:bar_code|security_code|wave_code)$/ },
} as const;

const FACE_TOKEN = /^fp\w{33}$/;

function refusePay(call: Call, refusal: BusinessRefusal): MethodAnswer {
  return refused(refusal, { ...ZERO_AMOUNTS, out_trade_no: echoOf(call, 'out_trade_no') });
}

/** The buyer behind a code, or undefined if the code is not good for this order. */
function buyerOf(call: Call, code: string, order: Order, trade?: Trade): Buyer | undefined {
  const known = call.book.paymentCode.get(code);
  if (known === undefined) return 'rich';
  if (known.orderKey !== undefined && known.orderKey !== order.key) return undefined;
  // A code that has aged still names the buyer of the trade it began, so that a repeated call finds
  // it.
  const isAged = (known.expiresAtMs ?? Infinity) <= call.nowMs;
  return isAged && trade?.authCode !== code ? undefined : known.buyer;
}

/** From now on the code is good for this order only. */
function bindCode(call: Call, code: string, order: Order, buyer: Buyer): void {
  const known = call.book.paymentCode.get(code);
  if (known?.orderKey === order.key) return;
  const sequence = known?.sequence ?? nextSequence(call.book);
  putPaymentCode(call.book, { ...known, code, sequence, buyer, orderKey: order.key });
}

const REFUSED_BY_STATUS = {
  WAIT_BUYER_PAY: undefined,
  TRADE_SUCCESS: 'ACQ.TRADE_HAS_SUCCESS',
  TRADE_FINISHED: 'ACQ.TRADE_HAS_SUCCESS',
  TRADE_CLOSED: 'ACQ.TRADE_HAS_CLOSE',
} as const satisfies Record<Trade['status'], BusinessRefusal | undefined>;

/** Why an order whose number is known cannot be charged (protocol 4.7). */
function repeatRefusal(
  call: Call,
  order: Order,
  trade: Trade | undefined,
  buyer: Buyer,
): BusinessRefusal | undefined {
  const earlier = trade?.order ?? liveQrOrder(call.book, order.key, call.nowMs);
  if (earlier !== undefined && !isSameOrder(earlier, order)) return 'ACQ.CONTEXT_INCONSISTENT';
  if (trade === undefined) return undefined;
  const byStatus = REFUSED_BY_STATUS[trade.status];
  if (byStatus !== undefined) return byStatus;
  return trade.buyer === buyer ? undefined : 'ACQ.TRADE_BUYER_NOT_MATCH';
}

function applyStory(call: Call, story: Story, trade: Trade): MethodAnswer {
  if (story.hiddenForMs !== undefined) trade.hiddenUntilMs = call.nowMs + story.hiddenForMs;
  if (story.isUnruly === true) trade.isUnruly = true;
  const { plan } = story;
  if (story.outcome === 'paid') {
    chargeBuyer(call.book, call.nowMs, trade);
  } else {
    const planned =
      plan === undefined ? undefined : { atMs: call.nowMs + plan.afterMs, act: plan.act };
    planBuyer(call.book, trade, planned);
  }
  return {
    ...success(payFields(trade), story.outcome === 'paid' ? '10000' : '10003'),
    ...(story.fault === undefined ? {} : { fault: story.fault }),
    ...(story.delayMs === undefined ? {} : { delayMs: story.delayMs }),
  };
}

function charge(
  call: Call,
  order: Order,
  code: string,
  buyer: Buyer,
  trade: Trade | undefined,
): MethodAnswer {
  const asksFirst = call.book.paymentCode.get(code)?.asksFirst === true;
  const story = asksFirst ? ASKED_STORY : storyOf(code);
  bindCode(call, code, order, buyer);
  // The same code again while the buyer is being asked: the same trade goes on (protocol 2.2).
  if (trade?.authCode === code) return success(payFields(trade), '10003');
  if (story.outcome === 'nothing')
    return { fields: {}, ...(story.fault && { fault: story.fault }) };
  if (story.refusal !== undefined) return refusePay(call, story.refusal);
  if (!WALLETS[buyer].canPay) return refusePay(call, 'ACQ.BUYER_BALANCE_NOT_ENOUGH');
  const charged = trade ?? createTrade(call.book, call.nowMs, order, buyer);
  charged.authCode = code;
  return applyStory(call, story, charged);
}

export function pay(call: Call): MethodAnswer {
  const read = readOrder(call, PRODUCTS);
  if ('refusal' in read) return refusePay(call, read.refusal);
  const values = readContent(call, CODE_RULES);
  if (values === undefined) return refusePay(call, 'ACQ.INVALID_PARAMETER');
  const { auth_code: code } = values;
  if (code === undefined) return refusePay(call, 'ACQ.AUTH_TOKEN_IS_NOT_EXIST');
  // Face payments exist at Alipay, but nobody's face is known here.
  if (FACE_TOKEN.test(code)) return refusePay(call, 'ACQ.PAYMENT_AUTH_CODE_INVALID');
  if (!PAYMENT_CODE.test(code)) return refusePay(call, 'ACQ.INVALID_PARAMETER');
  const { order } = read;
  const trade = findTrade(call.book, call.nowMs, order.key);
  const buyer = buyerOf(call, code, order, trade);
  if (buyer === undefined) return refusePay(call, 'ACQ.PAYMENT_AUTH_CODE_INVALID');
  const refusal = repeatRefusal(call, order, trade, buyer);
  return refusal === undefined ? charge(call, order, code, buyer, trade) : refusePay(call, refusal);
}
