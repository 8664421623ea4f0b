/** What went back of a payment, and what is asked for. */
import { useQuery } from '@tanstack/react-query';
import type { Payment } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { KEYS } from '../../api/live.ts';
import { useWords } from '../../app/language.tsx';
import { moneyText } from '../../money.ts';
import { timeText } from '../../time.ts';
import { PAYMENT } from '../../words/payment.ts';
import { QueryState } from '../query-state.tsx';
import { RefundTag } from '../state-tag.tsx';

export function PaymentRefunds({ payment }: { readonly payment: Payment }) {
  const words = useWords(PAYMENT);
  const query = useQuery({
    queryKey: KEYS.refundsOf(payment.id),
    queryFn: () => client.refunds.list(payment.id),
    // Only what was paid can go back.
    enabled: payment.paid_at !== null,
  });
  if (payment.paid_at === null) return null;
  return (
    <section aria-labelledby="refunds">
      <h3 id="refunds">{words.refunds}</h3>
      <QueryState query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <span className="note">{words.noRefunds}</span>
          ) : (
            <ul className="refunds">
              {data.map(({ id, amount, state, reason, failure, created_at: at }) => (
                <li key={id}>
                  <strong>{moneyText(amount)}</strong> <RefundTag state={state} />
                  <span className="note">
                    {timeText(at)}
                    {reason === null ? '' : ` · ${reason}`}
                    {failure === null ? '' : ` · ${failure.message} (${failure.code})`}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </QueryState>
    </section>
  );
}
