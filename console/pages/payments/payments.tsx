/** The list of payments, and beside it the one that the address names. */
import { Button } from 'antd';
import { Link, useLocation, useParams } from 'react-router';
import type { Payment } from '../../../client/client.ts';
import { useMerchantName } from '../../api/merchants.ts';
import { useWords } from '../../app/language.tsx';
import { useSession } from '../../app/session.tsx';
import { moneyText } from '../../money.ts';
import { shortTimeText } from '../../time.ts';
import { PAYMENTS } from '../../words/payments.ts';
import { METHOD_WORDS } from '../../words/states.ts';
import type { WordsOf } from '../../words/words.ts';
import { PageHead } from '../page-head.tsx';
import { Pager, useCursor } from '../pager.tsx';
import { Nothing, QueryState } from '../query-state.tsx';
import { Rows, useHold, type Column } from '../rows.tsx';
import { PaymentTags } from '../state-tag.tsx';
import { FilterBar } from './filter-bar.tsx';
import { isFiltered } from './filters.ts';
import { PaymentDrawer } from './payment-drawer.tsx';
import { TotalsBar } from './totals-bar.tsx';
import { useFilters } from './use-filters.ts';
import { usePayments } from './use-payments.ts';

export function Component() {
  const words = useWords(PAYMENTS);
  const { filters, clear } = useFilters();
  const { id } = useParams();
  const { search } = useLocation();
  const { isHeld, holders } = useHold();
  const { page, newCount, showNew } = usePayments(filters, useCursor(), isHeld);
  const columns = useColumns();
  return (
    <>
      <PageHead name="payments" />
      <FilterBar />
      <TotalsBar filters={filters} />
      <div {...holders} className="list">
        {newCount === 0 ? null : (
          <Button block className="new-rows" onClick={showNew}>
            {words.newRows(newCount)}
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
                  pathOf={(row) => `/console/payments/${row.id}${search}`}
                  openId={id}
                />
              ) : (
                <Empty isEnd={nextCursor === null} isFiltered={isFiltered(filters)} clear={clear} />
              )}
              <Pager nextCursor={nextCursor} />
            </>
          )}
        </QueryState>
      </div>
      {id === undefined ? null : <PaymentDrawer key={id} id={id} />}
    </>
  );
}

function Empty(props: {
  readonly isEnd: boolean;
  readonly isFiltered: boolean;
  readonly clear: () => void;
}) {
  const words = useWords(PAYMENTS);
  if (!props.isEnd) return <Nothing text={words.noneSoFar} />;
  if (props.isFiltered) {
    return (
      <Nothing text={words.noneMatch}>
        <Button onClick={props.clear}>{words.clear}</Button>
      </Nothing>
    );
  }
  return (
    <Nothing text={words.none}>
      <Link to="/cashier">{words.begin}</Link>
    </Nothing>
  );
}

function useColumns(): readonly Column<Payment>[] {
  const words = useWords(PAYMENTS);
  const methods = useWords(METHOD_WORDS);
  const { user } = useSession();
  const nameOf = useMerchantName();
  const merchant: Column<Payment> = {
    key: 'merchant',
    title: words.merchant,
    cell: (row) => nameOf(row.merchant),
  };
  return [
    {
      key: 'time',
      title: words.time,
      cell: ({ created_at: at }) => <time dateTime={at}>{shortTimeText(at)}</time>,
    },
    { key: 'amount', title: words.amount, cell: amountCell, isAmount: true },
    { key: 'state', title: words.state, cell: (row) => <PaymentTags payment={row} /> },
    { key: 'reference', title: words.reference, cell: (row) => referenceCell(row, words) },
    { key: 'subject', title: words.subject, cell: ({ subject }) => subject },
    { key: 'method', title: words.method, cell: ({ method }) => methods[method] },
    ...(user.merchant === null ? [merchant] : []),
  ];
}

function amountCell({ amount, refunded_amount: back }: Payment) {
  return (
    <>
      {moneyText(amount)}
      {back > 0 ? <span className="note">{moneyText(-back)}</span> : null}
    </>
  );
}

function referenceCell(
  { merchant_reference: reference, id }: Payment,
  words: WordsOf<typeof PAYMENTS>,
) {
  return (
    <>
      {reference ?? <span className="note">{words.noReference}</span>}
      <span className="note">{id}</span>
    </>
  );
}
