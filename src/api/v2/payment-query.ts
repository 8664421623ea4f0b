/**
 * The filters that lists, totals and exports of payments have in common: how a request says them, and which payments they mean.
 * A filter is a field here and a condition in `store/payment-filter.ts`. Whose payments a caller sees is decided here, too.
 */
import type { ApiKey } from '../../core/api-key.ts';
import { AMOUNT_FEN_MAX, AMOUNT_FEN_MIN, TEXT_LIMITS } from '../../core/limits.ts';
import type { Deps } from '../../flows/deps.ts';
import { PAYMENT_STATES } from '../../flows/describe-payment.ts';
import type { PaymentChoice } from '../../store/payment-filter.ts';
import { merchantOf } from './caller.ts';
import { paymentNoOf, refundKeyOf } from './ids.ts';
import { readTime } from './rules.ts';
import { Closed, createdRange, MerchantField, oneOf, pageQuery, text } from './schemas.ts';
import { Type, type Static } from './shape.ts';

/** The id of a refund whose number a till chose. */
const NUMBER_MAX = 900;
const CREATOR_MAX = 80;

export const paymentFilters = {
  merchant: Type.Optional(MerchantField),
  state: Type.Optional(oneOf(PAYMENT_STATES, 'Those in this state.')),
  method: Type.Optional(oneOf(['barcode', 'qr'], 'Those that are paid so.')),
  merchant_reference: Type.Optional(text(TEXT_LIMITS.localNo, 'Those of this bill.')),
  number: Type.Optional(
    text(
      NUMBER_MAX,
      'Those with this number, whole: the payment’s id or `out_trade_no`, your reference, Alipay’s `trade_no`, or the id of a refund.',
    ),
  ),
  amount_from: Type.Optional(amountField('Those of so many fen or more.')),
  amount_to: Type.Optional(amountField('Those of so many fen or fewer.')),
  refunded: Type.Optional(
    oneOf(['true', 'false'], '`true`: those of which something went back. `false`: the others.'),
  ),
  created_by: Type.Optional(text(CREATOR_MAX, 'Those that this key or user asked for.')),
  ...createdRange,
};

function amountField(description: string) {
  return Type.Integer({ minimum: AMOUNT_FEN_MIN, maximum: AMOUNT_FEN_MAX, description });
}

export const PaymentFilters = Type.Object(paymentFilters, Closed);
export type PaymentFilters = Static<typeof PaymentFilters>;

export const PaymentQuery = Type.Object({ ...paymentFilters, ...pageQuery }, Closed);
export type PaymentQuery = Static<typeof PaymentQuery>;

/** The payments that a caller means, of those that the caller may see. */
export async function choiceOf(
  deps: Pick<Deps, 'db'>,
  caller: Pick<ApiKey, 'merchantId'>,
  query: PaymentFilters,
): Promise<PaymentChoice> {
  return {
    merchantId: await merchantIdOf(deps, caller, query.merchant),
    state: query.state,
    method: query.method,
    localNo: query.merchant_reference,
    createdBy: query.created_by,
    createdFromMs: readTime('created_from', query.created_from),
    createdBeforeMs: readTime('created_before', query.created_before),
    number: query.number === undefined ? undefined : searchedNumber(query.number),
    amountFromFen: query.amount_from,
    amountToFen: query.amount_to,
    refunded: query.refunded === undefined ? undefined : query.refunded === 'true',
  };
}

/** The merchant whose payments are meant; null for all. */
export async function merchantIdOf(
  deps: Pick<Deps, 'db'>,
  caller: Pick<ApiKey, 'merchantId'>,
  named: string | undefined,
): Promise<number | null> {
  if (caller.merchantId === null && named === undefined) return null;
  return (await merchantOf(deps, caller, named)).merchantId;
}

function searchedNumber(number: string): NonNullable<PaymentChoice['number']> {
  return { text: number, paymentNo: paymentNoOf(number) ?? number, refund: refundKeyOf(number) };
}
