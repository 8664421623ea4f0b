/**
 * The order that `alipay.trade.pay` and `.precreate` have in common (protocol 2.1, 2.2): its rules,
 * what contradicts itself in it, and whether a repeated one is the same. It creates nothing.
 */
import type { Order } from '../book/entities.ts';
import { orderKey } from '../trades.ts';
import type { BusinessRefusal } from '../wire/codes.ts';
import { parseYuan } from '../wire/money.ts';
import { parseTime, timeoutEnd } from '../wire/time.ts';
import { readContent } from './call.ts';
import type { Call, FieldRule, Values } from './call.ts';

export const ORDER_RULES = {
  out_trade_no: { max: 64, required: true, pattern: /^\w+$/ },
  total_amount: { max: 12, required: true, amount: true },
  subject: { max: 256, required: true },
  body: { max: 128 },
  product_code: { max: 64 },
  seller_id: { max: 32 },
  operator_id: { max: 28 },
  store_id: { max: 32 },
  terminal_id: { max: 32 },
  merchant_order_no: { max: 32 },
  passback_params: { max: 512 },
  timeout_express: { max: 6 },
  time_expire: { max: 32 },
  discountable_amount: { max: 12, pattern: /^\d{1,9}(\.\d{1,2})?$/ },
  undiscountable_amount: { max: 12, pattern: /^\d{1,9}(\.\d{1,2})?$/ },
  enable_pay_channels: { max: 128 },
  disable_pay_channels: { max: 128 },
} as const satisfies Record<string, FieldRule>;

type OrderValues = Values<typeof ORDER_RULES>;

const GOODS_MAX = 150;
const SELLER_ID = /^2088\d{12}$/;

/** `yyyy-MM-dd HH:mm:ss`; Alipay's newer pages also show it without seconds. */
function expireTime(text: string): number | undefined {
  return parseTime(text) ?? parseTime(`${text}:00`);
}

function amountsDisagree(values: OrderValues): boolean {
  const { discountable_amount: some, undiscountable_amount: rest } = values;
  if (some === undefined || rest === undefined) return false;
  return (parseYuan(some) ?? 0) + (parseYuan(rest) ?? 0) !== parseYuan(values.total_amount);
}

function refusalOf(
  call: Call,
  values: OrderValues,
  products: readonly string[],
): BusinessRefusal | undefined {
  const { timeout_express: timeout, time_expire: expire, product_code: product } = values;
  const { goods_detail: goods } = call.content;
  const expireMs = expire === undefined ? undefined : expireTime(expire);
  const hasBothChannels =
    values.enable_pay_channels !== undefined && values.disable_pay_channels !== undefined;
  const checks: [boolean, BusinessRefusal][] = [
    [timeout !== undefined && timeoutEnd(timeout, 0) === undefined, 'ACQ.INVALID_PARAMETER'],
    [expire !== undefined && expireMs === undefined, 'ACQ.INVALID_PARAMETER'],
    [hasBothChannels || amountsDisagree(values), 'ACQ.INVALID_PARAMETER'],
    [goods !== undefined && goods !== null && !Array.isArray(goods), 'ACQ.INVALID_PARAMETER'],
    [Array.isArray(goods) && goods.length > GOODS_MAX, 'ACQ.SUB_GOODS_SIZE_MAX_COUNT'],
    [product !== undefined && !products.includes(product), 'ACQ.ACCESS_FORBIDDEN'],
    [!SELLER_ID.test(values.seller_id ?? '2088000000000000'), 'ACQ.SELLER_NOT_EXIST'],
    [(expireMs ?? Infinity) <= call.nowMs, 'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR'],
  ];
  return checks.find(([applies]) => applies)?.[1];
}

function orderOf(call: Call, values: OrderValues): Order {
  const outTradeNo = values.out_trade_no ?? '';
  const expireMs = expireTime(values.time_expire ?? '');
  return {
    key: orderKey(call.app.scope, outTradeNo),
    scope: call.app.scope,
    appId: call.app.appId,
    sellerId: values.seller_id ?? call.app.pid,
    outTradeNo,
    totalFen: parseYuan(values.total_amount) ?? 0,
    subject: values.subject ?? '',
    ...(values.body === undefined ? {} : { body: values.body }),
    ...(values.store_id === undefined ? {} : { storeId: values.store_id }),
    ...(values.terminal_id === undefined ? {} : { terminalId: values.terminal_id }),
    ...(values.operator_id === undefined ? {} : { operatorId: values.operator_id }),
    ...(values.passback_params === undefined ? {} : { passbackParams: values.passback_params }),
    ...(values.timeout_express === undefined ? {} : { timeoutExpress: values.timeout_express }),
    ...(expireMs === undefined ? {} : { timeExpireMs: expireMs }),
    ...(call.notifyUrl === undefined ? {} : { notifyUrl: call.notifyUrl }),
    notifyCharset: call.notifyCharset,
    signType: call.signType,
  };
}

/** Reads an order; `products` are the product codes this method sells. */
export function readOrder(
  call: Call,
  products: readonly string[],
): { order: Order } | { refusal: BusinessRefusal } {
  const values = readContent(call, ORDER_RULES);
  if (values === undefined) return { refusal: 'ACQ.INVALID_PARAMETER' };
  const refusal = refusalOf(call, values, products);
  return refusal === undefined ? { order: orderOf(call, values) } : { refusal };
}

/**
 * Whether a repeated order is the same one: amount and subject (protocol 2.1,
 * `CONTEXT_INCONSISTENT`).
 */
export function isSameOrder(a: Order, b: Order): boolean {
  return a.totalFen === b.totalFen && a.subject === b.subject;
}
