/** The figures of a time, each with its change against the time before. What is more is not always better, so no colour judges it. */
import type { Statistics } from '../../../client/client.ts';
import { useWords } from '../../app/language.tsx';
import { moneyText } from '../../money.ts';
import { OVERVIEW } from '../../words/overview.ts';
import { countText } from '../count.ts';
import { changeOf, pointsOf, rateText, type Change } from './change.ts';

type Figures = Statistics['total'];
type Words = ReturnType<typeof useWords<typeof OVERVIEW>>;

export function FigureCards({
  total,
  before,
}: {
  readonly total: Figures;
  readonly before: Figures;
}) {
  const words = useWords(OVERVIEW);
  const change = (figure: (figures: Figures) => number | null): string =>
    changeText(changeOf(figure(total) ?? 0, figure(before) ?? 0), words);
  const { success_rate: rate, average_amount: average } = total;
  return (
    <dl className="cards figures">
      <Card
        name={words.amount}
        value={moneyText(total.paid_amount)}
        change={change((figures) => figures.paid_amount)}
      />
      <Card
        name={words.count}
        value={countText(total.paid_count)}
        change={change((figures) => figures.paid_count)}
      />
      <Card
        name={words.rate}
        value={rate === null ? '—' : rateText(rate)}
        change={changeText(pointsOf(rate, before.success_rate), words, words.points)}
      />
      <Card
        name={words.average}
        value={average === null ? '—' : moneyText(average)}
        change={change((figures) => figures.average_amount)}
      />
      <Card
        name={words.refunds}
        value={moneyText(total.refunded_amount)}
        note={words.refundCount(countText(total.refund_count))}
        change={change((figures) => figures.refunded_amount)}
      />
    </dl>
  );
}

/** `textOf`: what so much is of. */
function changeText(change: Change, words: Words, textOf = (text: string): string => text): string {
  if (change.kind === 'same') return words.same;
  if (change.kind === 'new') return words.fresh;
  const text = textOf(change.text);
  return change.kind === 'more' ? `▲ ${words.more(text)}` : `▼ ${words.less(text)}`;
}

function Card(props: {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
  readonly change: string;
}) {
  const { name, value, note, change } = props;
  return (
    <div className="card">
      <dt className="card-title">{name}</dt>
      <dd>
        <strong className="card-value">{value}</strong>
        <span className="note">
          {note === undefined ? '' : `${note} · `}
          {change}
        </span>
      </dd>
    </div>
  );
}
