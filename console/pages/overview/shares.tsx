/** Which part of the amount each method and each merchant has: a table whose bars show what its numbers say. */
import { Link } from 'react-router';
import type { Statistics } from '../../../client/client.ts';
import { useWords } from '../../app/language.tsx';
import { useSession } from '../../app/session.tsx';
import { moneyText } from '../../money.ts';
import { OVERVIEW } from '../../words/overview.ts';
import { METHOD_WORDS } from '../../words/states.ts';
import { countText } from '../count.ts';
import { searchOf } from '../payments/filters.ts';
import type { Period } from '../period.ts';
import { shareOf } from './change.ts';

type Part = {
  readonly key: string;
  readonly name: string;
  readonly amountFen: number;
  readonly count: number;
  /** The payments of this part. */
  readonly to: string;
};

export function Shares({
  statistics,
  period,
}: {
  readonly statistics: Statistics;
  readonly period: Period;
}) {
  const words = useWords(OVERVIEW);
  const methods = useWords(METHOD_WORDS);
  const { user } = useSession();
  const { total } = statistics;
  const byMethod = statistics.methods.map((part) => ({
    key: part.method,
    name: methods[part.method],
    amountFen: part.paid_amount,
    count: part.paid_count,
    to: `/console/payments?${searchOf({ period, method: part.method }).toString()}`,
  }));
  const byMerchant = statistics.merchants.map((part) => ({
    key: part.merchant,
    name: part.name ?? part.merchant,
    amountFen: part.paid_amount,
    count: part.paid_count,
    to: `/console/payments?${searchOf({ period, merchant: part.merchant }).toString()}`,
  }));
  return (
    <div className="shares">
      <ShareTable
        title={words.byMethod}
        column={words.method}
        parts={byMethod}
        totalFen={total.paid_amount}
      />
      {user.merchant === null ? (
        <ShareTable
          title={words.byMerchant}
          column={words.merchant}
          parts={byMerchant}
          totalFen={total.paid_amount}
        />
      ) : null}
    </div>
  );
}

function ShareTable(props: {
  readonly title: string;
  readonly column: string;
  readonly parts: readonly Part[];
  readonly totalFen: number;
}) {
  const words = useWords(OVERVIEW);
  const { title, column, parts, totalFen } = props;
  return (
    <table className="rows share-table">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{column}</th>
          <th scope="col" className="cell-amount">
            {words.amount}
          </th>
          <th scope="col" className="cell-amount">
            {words.count}
          </th>
          <th scope="col">{words.share}</th>
        </tr>
      </thead>
      <tbody>
        {parts.map(({ key, name, amountFen, count, to }) => {
          const share = shareOf(amountFen, totalFen);
          return (
            <tr key={key}>
              <th scope="row">
                <Link to={to}>{name}</Link>
              </th>
              <td className="cell-amount">{moneyText(amountFen)}</td>
              <td className="cell-amount">{countText(count)}</td>
              <td className="share">
                <span className="share-bar" style={{ width: `${share}%` }} />
                <span>{share}%</span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
