/** The numbers of a payment, for whoever looks for it elsewhere: each can be copied. */
import { Link } from 'react-router';
import type { Payment } from '../../../client/client.ts';
import { useMerchantName } from '../../api/merchants.ts';
import { useWords } from '../../app/language.tsx';
import { timeText } from '../../time.ts';
import { PAYMENT } from '../../words/payment.ts';
import { METHOD_WORDS } from '../../words/states.ts';
import { Copied } from '../copied.tsx';
import { searchOf } from './filters.ts';

type Fact = readonly [name: string, value: string | null, isNumber?: 'number'];

export function PaymentFacts({ payment }: { readonly payment: Payment }) {
  const words = useWords(PAYMENT);
  const methods = useWords(METHOD_WORDS);
  const nameOf = useMerchantName();
  const { alipay, failure, merchant, created_by: by } = payment;
  const timeOf = (at: string | null): string | null => (at === null ? null : timeText(at));
  const facts: readonly Fact[] = [
    [words.reference, payment.merchant_reference, 'number'],
    [words.attempt, payment.attempt > 1 ? `${payment.attempt}` : null],
    [words.id, payment.id, 'number'],
    [words.outTradeNo, alipay.out_trade_no, 'number'],
    [words.tradeNo, alipay.trade_no, 'number'],
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
  ];
  return (
    <section aria-labelledby="facts">
      <h3 id="facts">{words.facts}</h3>
      <dl className="facts">
        {facts.map(([name, value, isNumber]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{isNumber === undefined ? value : <Copied name={name} value={value} />}</dd>
            </div>
          ),
        )}
        {by === null ? null : (
          <div>
            <dt>{words.createdBy}</dt>
            <dd>
              <Link to={`/console/payments?${searchOf({ createdBy: by.id }).toString()}`}>
                {by.name}
              </Link>
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
