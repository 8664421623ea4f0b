/** What was taken today, newest first, as it changes; each with its receipt and its refund. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Payment } from '../../client/client.ts';
import { client } from '../api/client.ts';
import { useLanguage, useWords } from '../app/language.tsx';
import { useSession } from '../app/session.tsx';
import { errorText } from '../api/error-text.ts';
import { moneyText } from '../money.ts';
import { dayStartMs, rfc3339, timeText } from '../time.ts';
import { CASHIER } from '../words/cashier.ts';
import { OUTCOME, STATES } from '../words/cashier-outcome.ts';
import { REFUND } from '../words/cashier-papers.ts';
import type { Opened } from './till-page.tsx';
import { LISTS_KEY } from './use-live.ts';
import { Whose } from './whose.tsx';

const SHOWN_MAX = 50;
/** Where the stream of events cannot be had. */
const AGAIN_MS = 30_000;

export function RecentPanel({
  merchant,
  onOpen,
}: {
  readonly merchant: string;
  readonly onOpen: (opened: Opened) => void;
}) {
  const words = useWords(CASHIER);
  const { language } = useLanguage();
  const { user } = useSession();
  const [isOwn, setOwn] = useState(true);
  const { data, error } = useQuery({
    queryKey: [...LISTS_KEY, 'recent', merchant, isOwn],
    queryFn: () =>
      client.payments.list({
        merchant,
        created_from: rfc3339(dayStartMs(Date.now())),
        limit: SHOWN_MAX,
        ...(isOwn ? { created_by: user.id } : {}),
      }),
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  });
  return (
    <section className="cashier-recent" aria-label={words.recent}>
      <header>
        <h2>{words.recent}</h2>
        <Whose isOwn={isOwn} onChange={setOwn} />
      </header>
      {error === null ? null : <p role="alert">{errorText(error, language)}</p>}
      {data?.data.length === 0 ? <p className="cashier-empty">{words.nothingYet}</p> : null}
      <ul>
        {data?.data.map((payment) => (
          <Row key={payment.id} payment={payment} onOpen={onOpen} />
        ))}
      </ul>
    </section>
  );
}

function Row({
  payment,
  onOpen,
}: {
  readonly payment: Payment;
  readonly onOpen: (opened: Opened) => void;
}) {
  const words = useWords(CASHIER);
  const outcomes = useWords(OUTCOME);
  const states = useWords(STATES);
  const refunds = useWords(REFUND);
  const { user } = useSession();
  const { amount, state, merchant_reference: reference, allowed_actions: actions } = payment;
  const shown = shownState(payment);
  const whyNoRefund = user.scopes.includes('refund')
    ? actions.includes('refund')
      ? undefined
      : refunds.nothingLeft
    : refunds.notAllowed;
  return (
    <li aria-label={words.details(reference ?? payment.id)}>
      <span className="cashier-row-time">{timeText(payment.created_at).slice(11)}</span>
      <span className="cashier-row-sum">{moneyText(amount)}</span>
      <span className="cashier-row-state" data-state={shown}>
        {states[shown]}
      </span>
      <span className="cashier-row-second">
        <span className="cashier-row-reference">{reference}</span>
        {state === 'paid' ? (
          <span className="cashier-row-actions">
            <button
              type="button"
              className="quiet"
              onClick={() => onOpen({ kind: 'receipt', payment })}
            >
              {outcomes.receipt}
            </button>
            <button
              type="button"
              className="quiet"
              data-unavailable={whyNoRefund !== undefined}
              title={whyNoRefund}
              onClick={() => onOpen({ kind: 'refund', payment })}
            >
              {outcomes.refund}
            </button>
          </span>
        ) : null}
      </span>
    </li>
  );
}

function shownState({ state, amount, refunded_amount: refunded }: Payment): keyof typeof STATES {
  if (state !== 'paid' || refunded === 0) return state;
  return refunded === amount ? 'refunded' : 'partly';
}
