/** What the payments of the list add up to: all that the filters mean, not only those of the page; and the file with exactly these. */
import { DownloadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Flex } from 'antd';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { KEYS } from '../../api/live.ts';
import { useLanguage, useWords } from '../../app/language.tsx';
import { closePopMenu, PopMenu } from '../../app/pop-menu.tsx';
import { moneyText } from '../../money.ts';
import { PAYMENTS } from '../../words/payments.ts';
import { countText } from '../count.ts';
import { QueryState } from '../query-state.tsx';
import { exportPath, queryOf, type PaymentFilters } from './filters.ts';

type Props = { readonly filters: PaymentFilters };

export function TotalsBar({ filters }: Props) {
  const words = useWords(PAYMENTS);
  const totals = useQuery({
    queryKey: KEYS.paymentTotals(filters),
    queryFn: () => client.payments.getTotals(queryOf(filters, Date.now())),
  });
  return (
    <Flex
      component="section"
      aria-label={words.totals}
      className="totals-bar"
      gap={16}
      wrap
      align="center"
    >
      <QueryState query={totals}>
        {({ count, amount, paid, refunded, net_amount: netAmount }) => (
          <dl className="totals">
            <Total name={words.count} value={countText(count)} note={moneyText(amount)} />
            <Total
              name={words.paid}
              value={moneyText(paid.amount)}
              note={words.countOf(countText(paid.count))}
            />
            <Total
              name={words.refundedAmount}
              value={moneyText(refunded.amount)}
              note={words.refundCount(countText(refunded.count))}
            />
            <Total name={words.net} value={moneyText(netAmount)} />
          </dl>
        )}
      </QueryState>
      <ExportMenu filters={filters} />
    </Flex>
  );
}

function Total(props: { readonly name: string; readonly value: string; readonly note?: string }) {
  return (
    <div className="total">
      <dt>{props.name}</dt>
      <dd>
        <strong>{props.value}</strong>
        {props.note === undefined ? null : <span className="note">{props.note}</span>}
      </dd>
    </div>
  );
}

function ExportMenu({ filters }: Props) {
  const words = useWords(PAYMENTS);
  const { language } = useLanguage();
  const [openedAtMs, setOpenedAtMs] = useState(0);
  const fileAs = (format: 'csv' | 'xlsx'): string =>
    exportPath(queryOf(filters, openedAtMs), format, language);
  return (
    <PopMenu
      icon={<DownloadOutlined aria-hidden />}
      // What "today" means is decided when the file is asked for.
      onOpen={() => setOpenedAtMs(Date.now())}
      menu={
        // The browser writes the file while it comes: it may be of any size.
        <>
          <a href={fileAs('xlsx')} download onClick={closePopMenu}>
            {words.exportXlsx}
          </a>
          <a href={fileAs('csv')} download onClick={closePopMenu}>
            {words.exportCsv}
          </a>
        </>
      }
    >
      {words.export}
    </PopMenu>
  );
}
