/**
 * What needs somebody, before anything else: incidents, payments in doubt, and those that are open, each with a way to what can be
 * done. The oldest open payments stand below, because they waited longest.
 */
import { useQuery } from '@tanstack/react-query';
import { Typography } from 'antd';
import { Link } from 'react-router';
import type { Payment } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { useGateway } from '../../api/gateway.ts';
import { KEYS } from '../../api/live.ts';
import { useWords } from '../../app/language.tsx';
import { moneyText } from '../../money.ts';
import { shortTimeText } from '../../time.ts';
import { OVERVIEW } from '../../words/overview.ts';
import { countText } from '../count.ts';
import { QueryState } from '../query-state.tsx';
import { PaymentTags } from '../state-tag.tsx';

const SHOWN_MAX = 10;
const READ_MAX = 50;

export function Attention() {
  const words = useWords(OVERVIEW);
  return (
    <section aria-labelledby="attention" className="attention">
      <Typography.Title level={2} id="attention" className="section-title">
        {words.attention}
      </Typography.Title>
      <QueryState query={useGateway()}>
        {({ open_incidents: incidents, doubtful_payments: doubtful, open_payments: open }) =>
          incidents + open === 0 ? (
            <p className="all-well">{words.nothing}</p>
          ) : (
            <>
              <div className="cards">
                <Waiting
                  name={words.incidents}
                  hint={words.incidentsHint}
                  count={incidents}
                  to="/console/incidents"
                />
                <Waiting
                  name={words.doubtful}
                  hint={words.doubtfulHint}
                  count={doubtful}
                  to="#oldest"
                />
                <Waiting name={words.open} hint={words.openHint} count={open} to="#oldest" isCalm />
              </div>
              {open === 0 ? null : <OldestOpen />}
            </>
          )
        }
      </QueryState>
    </section>
  );
}

function Waiting(props: {
  readonly name: string;
  readonly hint: string;
  readonly count: number;
  readonly to: string;
  /** Nothing is to be done. */
  readonly isCalm?: boolean;
}) {
  const { name, hint, count, to, isCalm = false } = props;
  const look = count > 0 && !isCalm ? 'card card-wants' : 'card';
  const content = (
    <>
      <span className="card-title">{name}</span>
      <strong className="card-value">{countText(count)}</strong>
      <span className="note">{hint}</span>
    </>
  );
  // The router does not scroll to a place in the same page; the browser does.
  if (to.startsWith('#')) {
    return (
      <a href={to} className={look}>
        {content}
      </a>
    );
  }
  return (
    <Link to={to} className={look}>
      {content}
    </Link>
  );
}

function OldestOpen() {
  const words = useWords(OVERVIEW);
  const open = useQuery({ queryKey: KEYS.openPayments, queryFn: readOpen });
  return (
    <QueryState query={open}>
      {(payments) =>
        payments.length === 0 ? null : (
          <>
            <h3 id="oldest">{words.openList}</h3>
            <ul className="open-payments">
              {payments.map((payment) => (
                <li key={payment.id}>
                  <Link to={`/console/payments/${payment.id}`}>
                    {payment.merchant_reference ?? payment.id}
                  </Link>
                  <span>{moneyText(payment.amount)}</span>
                  <PaymentTags payment={payment} />
                  <time className="note" dateTime={payment.created_at}>
                    {shortTimeText(payment.created_at)}
                  </time>
                </li>
              ))}
            </ul>
            <nav aria-label={words.openList} className="ways">
              <Link to="/console/payments?state=created">{words.allUnknown}</Link>
              <Link to="/console/payments?state=awaiting_buyer">{words.allWaiting}</Link>
            </nav>
          </>
        )
      }
    </QueryState>
  );
}

/** Those whose outcome is unknown first, then the others, each the oldest first. */
async function readOpen(): Promise<readonly Payment[]> {
  const lists = await Promise.all(
    (['created', 'awaiting_buyer'] as const).map((state) =>
      client.payments.list({ state, limit: READ_MAX }),
    ),
  );
  return lists.flatMap(({ data }) => data.toReversed()).slice(0, SHOWN_MAX);
}
