/** The list of refunds of all payments. Each leads to its payment, where its story is. */
import { Button, Flex } from 'antd';
import { useMemo } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { Refund } from '../../../client/client.ts';
import { useWords } from '../../app/language.tsx';
import { moneyText } from '../../money.ts';
import { shortTimeText } from '../../time.ts';
import { PAYMENTS } from '../../words/payments.ts';
import { PERIOD_WORDS } from '../../words/periods.ts';
import { REFUNDS } from '../../words/refunds.ts';
import { REFUND_STATE_WORDS } from '../../words/states.ts';
import { Choice, optionsOf } from '../choice.tsx';
import { MerchantChoice } from '../merchant-choice.tsx';
import { PageHead } from '../page-head.tsx';
import { Pager, useCursor } from '../pager.tsx';
import { Nothing, QueryState } from '../query-state.tsx';
import { Rows, useHold, type Column } from '../rows.tsx';
import { RefundTag } from '../state-tag.tsx';
import { filtersOf, searchOf, type RefundFilters } from './filters.ts';
import { useRefunds } from './use-refunds.ts';

export function Component() {
  const words = useWords(REFUNDS);
  const listWords = useWords(PAYMENTS);
  const { filters, isFiltered, goTo } = useFilters();
  const { isHeld, holders } = useHold();
  const { page, newCount, showNew } = useRefunds(filters, useCursor(), isHeld);
  const columns = useColumns();
  const clear = <Button onClick={() => goTo({})}>{words.clear}</Button>;
  return (
    <>
      <PageHead name="refunds" />
      <search className="filters">
        <Flex gap={8} wrap>
          <Filters filters={filters} change={(some) => goTo({ ...filters, ...some })} />
          {isFiltered ? clear : null}
        </Flex>
      </search>
      <div {...holders} className="list">
        {newCount === 0 ? null : (
          <Button block className="new-rows" onClick={showNew}>
            {listWords.newRows(newCount)}
          </Button>
        )}
        <QueryState query={page}>
          {({ rows, nextCursor }) => (
            <>
              {rows.length > 0 ? (
                <Rows
                  label={words.tableOf}
                  rows={rows}
                  columns={columns}
                  pathOf={({ payment }) => `/console/payments/${payment}`}
                />
              ) : (
                <Nothing text={isFiltered ? words.noneMatch : words.none}>
                  {isFiltered ? clear : <span className="note">{words.how}</span>}
                </Nothing>
              )}
              <Pager nextCursor={nextCursor} />
            </>
          )}
        </QueryState>
      </div>
    </>
  );
}

function useFilters() {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const filters = useMemo(() => filtersOf(search), [search]);
  return {
    filters,
    isFiltered: Object.keys(filters).length > 0,
    goTo: (wanted: RefundFilters): void => void navigate({ search: searchOf(wanted).toString() }),
  };
}

function Filters(props: {
  readonly filters: RefundFilters;
  readonly change: (some: RefundFilters) => void;
}) {
  const { filters, change } = props;
  const words = useWords(REFUNDS);
  const periods = useWords(PERIOD_WORDS);
  const states = useWords(REFUND_STATE_WORDS);
  return (
    <>
      <Choice
        label={words.period}
        anyText={words.anyTime}
        value={filters.period}
        options={optionsOf(periods)}
        onChoose={(period) => change({ period })}
      />
      <MerchantChoice merchant={filters.merchant} onChoose={(merchant) => change({ merchant })} />
      <Choice
        label={words.state}
        anyText={words.anyState}
        value={filters.state}
        options={optionsOf(states)}
        onChoose={(state) => change({ state })}
      />
    </>
  );
}

function useColumns(): readonly Column<Refund>[] {
  const words = useWords(REFUNDS);
  return [
    {
      key: 'time',
      title: words.time,
      cell: ({ created_at: at }) => <time dateTime={at}>{shortTimeText(at)}</time>,
    },
    {
      key: 'amount',
      title: words.amount,
      cell: ({ amount }) => moneyText(amount),
      isAmount: true,
    },
    { key: 'state', title: words.state, cell: ({ state }) => <RefundTag state={state} /> },
    { key: 'payment', title: words.payment, cell: ({ payment }) => payment },
    { key: 'reason', title: words.reason, cell: ({ reason }) => reason ?? '—' },
    {
      key: 'failure',
      title: words.failure,
      cell: ({ failure }) => (failure === null ? '—' : `${failure.message} (${failure.code})`),
    },
  ];
}
