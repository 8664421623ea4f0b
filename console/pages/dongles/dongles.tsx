/** The dongles with which tills call v1: the state of each, which merchants it may use, and what can be done with it. */
import { useQuery } from '@tanstack/react-query';
import { Typography } from 'antd';
import { Link } from 'react-router';
import type { Dongle } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { useMerchantName } from '../../api/merchants.ts';
import { readPage } from '../../api/read-page.ts';
import { useWords } from '../../app/language.tsx';
import { DONGLE_STATE_WORDS, DONGLES } from '../../words/dongles.ts';
import { Copied } from '../copied.tsx';
import { PageHead } from '../page-head.tsx';
import { Pager, useCursor } from '../pager.tsx';
import { Nothing, QueryState } from '../query-state.tsx';
import { Rows, type Column } from '../rows.tsx';
import { Tag, type Tone } from '../state-tag.tsx';
import { DongleActs, RegisterButton, WithdrawButton } from './dongle-acts.tsx';
import { DONGLES_KEY } from './use-dongle-act.ts';

const TONES: Readonly<Record<Dongle['state'], Tone>> = {
  registered: 'wait',
  issued: 'good',
  revoked: 'over',
};

export function Component() {
  const words = useWords(DONGLES);
  const cursor = useCursor();
  const page = useQuery({
    queryKey: [...DONGLES_KEY, cursor],
    queryFn: () => readPage((place) => client.dongles.list(place), cursor),
  });
  const columns = useColumns();
  return (
    <>
      <PageHead name="dongles">
        <RegisterButton />
      </PageHead>
      <Typography.Paragraph type="secondary">{words.explain}</Typography.Paragraph>
      <div className="list">
        <QueryState query={page}>
          {({ rows, nextCursor }) => (
            <>
              {rows.length === 0 ? (
                <Nothing text={words.none} />
              ) : (
                <Rows
                  label={words.tableOf}
                  rows={rows.map((dongle) => ({ ...dongle, id: dongle.number }))}
                  columns={columns}
                />
              )}
              <Pager nextCursor={nextCursor} />
            </>
          )}
        </QueryState>
      </div>
    </>
  );
}

function useColumns(): readonly Column<Dongle>[] {
  const words = useWords(DONGLES);
  return [
    {
      key: 'number',
      title: words.number,
      cell: ({ number }) => <Copied name={words.number} value={number} />,
    },
    { key: 'state', title: words.state, cell: (dongle) => <State dongle={dongle} /> },
    { key: 'own', title: words.own, cell: (dongle) => <Own dongle={dongle} /> },
    { key: 'granted', title: words.granted, cell: (dongle) => <Granted dongle={dongle} /> },
    { key: 'acts', title: words.acts, cell: (dongle) => <DongleActs dongle={dongle} /> },
  ];
}

function State({ dongle: { state, allow_listed: isListed } }: { readonly dongle: Dongle }) {
  const words = useWords(DONGLES);
  const states = useWords(DONGLE_STATE_WORDS);
  return (
    <>
      <Tag tone={TONES[state]}>{states[state]}</Tag>
      <span className="note">{isListed ? words.byOperator : words.byItself}</span>
    </>
  );
}

function Own({ dongle: { own_merchants: ids } }: { readonly dongle: Dongle }) {
  if (ids.length === 0) return '—';
  return (
    <ul className="lines">
      {ids.map((id) => (
        <li key={id}>
          <MerchantLink id={id} />
        </li>
      ))}
    </ul>
  );
}

function Granted({ dongle }: { readonly dongle: Dongle }) {
  const { granted_merchants: ids } = dongle;
  if (ids.length === 0) return '—';
  return (
    <ul className="lines">
      {ids.map((id) => (
        <li key={id}>
          <MerchantLink id={id} /> <WithdrawButton dongle={dongle} merchant={id} />
        </li>
      ))}
    </ul>
  );
}

function MerchantLink({ id }: { readonly id: string }) {
  const nameOf = useMerchantName();
  return <Link to={`/console/merchants/${id}`}>{nameOf(id)}</Link>;
}
