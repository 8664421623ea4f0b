/** The numbers of a payment, for whoever looks for it elsewhere: each can be copied. */
import { Link } from 'react-router';
import type { Payment } from '../../../client/client.ts';
import { useMerchantName } from '../../api/merchants.ts';
import { useWords } from '../../app/language.tsx';
import { timeText } from '../../time.ts';
import { PAYMENT } from '../../words/payment.ts';
import { METHOD_WORDS } from '../../words/states.ts';
import { Facts, type Fact } from '../facts.tsx';
import { searchOf } from './filters.ts';

export function PaymentFacts({ payment }: { readonly payment: Payment }) {
  const words = useWords(PAYMENT);
  const methods = useWords(METHOD_WORDS);
  const nameOf = useMerchantName();
  const { alipay, failure, merchant, created_by: by } = payment;
  const timeOf = (at: string | null): string | null => (at === null ? null : timeText(at));
  const facts: readonly Fact[] = [
    [words.reference, payment.merchant_reference, 'copied'],
    [words.attempt, payment.attempt > 1 ? `${payment.attempt}` : null],
    [words.id, payment.id, 'copied'],
    [words.outTradeNo, alipay.out_trade_no, 'copied'],
    [words.tradeNo, alipay.trade_no, 'copied'],
    [words.buyer, alipay.buyer_logon_id],
    [words.merchant, nameOf(merchant)],
    [words.method, methods[payment.method]],
    [words.subject, payment.subject],
    [words.description, payment.description],
    [words.operator, payment.operator_id],
    [words.store, payment.store_id],
    [words.begun, timeOf(payment.created_at)],
    [words.ends, timeOf(payment.expires_at)],
    [words.paidAt, timeOf(payment.paid_at)],
    [words.failure, failure === null ? null : `${failure.message} (${failure.code})`],
    ...Object.entries(payment.metadata),
    [words.createdBy, by && <CreatedBy by={by} />],
  ];
  return (
    <section aria-labelledby="facts">
      <h3 id="facts">{words.facts}</h3>
      <Facts facts={facts} />
    </section>
  );
}

function CreatedBy({ by: { id, name } }: { readonly by: NonNullable<Payment['created_by']> }) {
  return <Link to={`/console/payments?${searchOf({ createdBy: id }).toString()}`}>{name}</Link>;
}
