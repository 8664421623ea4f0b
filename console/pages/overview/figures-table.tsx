/** The figures of the chart as a table: for whoever cannot see the chart, and for whoever wants the exact ones. */
import type { Statistics } from '../../../client/client.ts';
import { useWords } from '../../app/language.tsx';
import { moneyText } from '../../money.ts';
import { OVERVIEW } from '../../words/overview.ts';
import { countText } from '../count.ts';
import { rateText } from './change.ts';
import { whenText } from './when.ts';

type Props = Pick<Statistics, 'series' | 'by'>;

export function FiguresTable({ series, by }: Props) {
  const words = useWords(OVERVIEW);
  return (
    <details className="figures-table">
      <summary>{words.table}</summary>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- else a keyboard could not scroll it */}
      <section className="scrolls" tabIndex={0} aria-label={words.table}>
        <table className="rows">
          <thead>
            <tr>
              <th scope="col">{words.when}</th>
              <th scope="col" className="cell-amount">
                {words.amount}
              </th>
              <th scope="col" className="cell-amount">
                {words.count}
              </th>
              <th scope="col" className="cell-amount">
                {words.rate}
              </th>
              <th scope="col" className="cell-amount">
                {words.average}
              </th>
              <th scope="col" className="cell-amount">
                {words.refunds}
              </th>
            </tr>
          </thead>
          <tbody>
            {series.map((point) => (
              <tr key={point.from}>
                <th scope="row">{whenText(point.from, by)}</th>
                <td className="cell-amount">{moneyText(point.paid_amount)}</td>
                <td className="cell-amount">{countText(point.paid_count)}</td>
                <td className="cell-amount">
                  {point.success_rate === null ? '—' : rateText(point.success_rate)}
                </td>
                <td className="cell-amount">
                  {point.average_amount === null ? '—' : moneyText(point.average_amount)}
                </td>
                <td className="cell-amount">{moneyText(point.refunded_amount)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
