/** The first page: what needs somebody first, then the figures of a time, each with its change against the time before. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Flex, Segmented } from 'antd';
import { Link, useSearchParams } from 'react-router';
import { client } from '../../api/client.ts';
import { KEYS } from '../../api/live.ts';
import { useWords } from '../../app/language.tsx';
import { rfc3339 } from '../../time.ts';
import { COMPARED, OVERVIEW } from '../../words/overview.ts';
import { PERIOD_WORDS } from '../../words/periods.ts';
import { PageHead } from '../page-head.tsx';
import { isPeriod, PERIODS, POINTS, stretchBefore, stretchOf, type Period } from '../period.ts';
import { Nothing, QueryState } from '../query-state.tsx';
import { Attention } from './attention.tsx';
import { FigureCards } from './figure-cards.tsx';
import { FiguresTable } from './figures-table.tsx';
import { SeriesChart } from './series-chart.tsx';
import { Shares } from './shares.tsx';

export function Component() {
  const words = useWords(OVERVIEW);
  const compared = useWords(COMPARED);
  const [search] = useSearchParams();
  const named = search.get('period');
  const period = isPeriod(named) ? named : 'today';
  return (
    <>
      <PageHead name="overview" />
      <Attention />
      <section aria-label={words.figures}>
        <Flex gap={12} align="center" wrap className="section-head">
          <PeriodChoice period={period} />
          <span className="note">{compared[period]}</span>
        </Flex>
        <QueryState query={useFigures(period)}>
          {({ now, before }) => (
            <>
              <FigureCards total={now.total} before={before.total} />
              {now.total.ended_count + before.total.ended_count === 0 ? (
                <Nothing text={words.empty}>
                  <Link to="/console/payments">{words.toPayments}</Link>
                </Nothing>
              ) : (
                <>
                  <SeriesChart now={now.series} before={before.series} by={now.by} />
                  <FiguresTable series={now.series} by={now.by} />
                  <Shares statistics={now} period={period} />
                </>
              )}
            </>
          )}
        </QueryState>
      </section>
    </>
  );
}

function PeriodChoice({ period }: { readonly period: Period }) {
  const words = useWords(OVERVIEW);
  const periods = useWords(PERIOD_WORDS);
  const [, setSearch] = useSearchParams();
  return (
    <Segmented<Period>
      aria-label={words.period}
      value={period}
      onChange={(chosen) => setSearch({ period: chosen })}
      options={PERIODS.map((each) => ({ value: each, label: periods[each] }))}
    />
  );
}

/** Both times, so that what is compared is of one moment. */
function useFigures(period: Period) {
  return useQuery({
    queryKey: [...KEYS.statistics, period],
    queryFn: async () => {
      const stretch = stretchOf(period, Date.now());
      const [now, before] = await Promise.all(
        [stretch, stretchBefore(period, stretch)].map(({ fromMs, beforeMs }) =>
          client.statistics.get({
            from: rfc3339(fromMs),
            before: rfc3339(beforeMs),
            by: POINTS[period],
          }),
        ),
      );
      if (now === undefined || before === undefined) throw new Error('Two were asked for');
      return { now, before };
    },
    placeholderData: keepPreviousData,
  });
}
