/** Who did what, newest first, and one entry over the list where the address names it. */
import { useQuery } from '@tanstack/react-query';
import { Button, Typography } from 'antd';
import { useMemo, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import type { AuditEntry } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { readPage } from '../../api/read-page.ts';
import { useWords } from '../../app/language.tsx';
import { timeText } from '../../time.ts';
import { AUDIT_LOG } from '../../words/audit-log.ts';
import { PageHead } from '../page-head.tsx';
import { Pager, useCursor } from '../pager.tsx';
import { Nothing, QueryState } from '../query-state.tsx';
import { Rows, type Column } from '../rows.tsx';
import { EntryDrawer } from './entry-drawer.tsx';
import { Actor, Outcome, useOperationName } from './entry-parts.tsx';
import { FilterBar } from './filter-bar.tsx';
import { filtersOf, listPath, queryOf, type AuditFilters } from './filters.ts';
import { targetPath } from './target-path.ts';

export function Component() {
  const words = useWords(AUDIT_LOG);
  const { id } = useParams();
  const [search] = useSearchParams();
  const { filters, isFiltered, goTo } = useFilters();
  const page = usePage(filters, useCursor());
  const columns = useColumns();
  const clear = isFiltered ? <Button onClick={() => goTo({})}>{words.clear}</Button> : null;
  return (
    <>
      <PageHead name="auditLog" />
      <Typography.Paragraph type="secondary">
        {words.explain} <code className="command">f2f audit verify</code>
      </Typography.Paragraph>
      <FilterBar filters={filters} change={(some) => goTo({ ...filters, ...some })}>
        {clear}
      </FilterBar>
      <div className="list">
        <QueryState query={page}>
          {({ rows, nextCursor }) => (
            <>
              {rows.length === 0 ? (
                <Nothing text={isFiltered ? words.noneMatch : words.none}>{clear}</Nothing>
              ) : (
                <Rows
                  label={words.tableOf}
                  rows={rows}
                  columns={columns}
                  pathOf={(entry) => `/console/audit-log/${entry.id}?${search.toString()}`}
                  openId={id}
                />
              )}
              <Pager nextCursor={nextCursor} />
              {id === undefined ? null : <Opened key={id} id={id} rows={rows} />}
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
    goTo: (wanted: AuditFilters): void => void navigate(listPath(wanted)),
  };
}

function usePage(filters: AuditFilters, cursor: string | undefined) {
  return useQuery({
    queryKey: ['audit-log', filters, cursor],
    queryFn: () => {
      const query = queryOf(filters, Date.now());
      return readPage((place) => client.auditLog.list({ ...query, ...place }), cursor);
    },
    // Whoever comes from doing something looks for it here.
    staleTime: 0,
  });
}

/** The entry as it was when it was opened: what comes in at the top may push it off the page. */
function Opened({ id, rows }: { readonly id: string; readonly rows: readonly AuditEntry[] }) {
  const [opened] = useState(() => rows.find((entry) => entry.id === id));
  return <EntryDrawer entry={rows.find((entry) => entry.id === id) ?? opened} />;
}

function useColumns(): readonly Column<AuditEntry>[] {
  const words = useWords(AUDIT_LOG);
  const nameOf = useOperationName();
  return [
    {
      key: 'time',
      title: words.time,
      cell: ({ at }) => <time dateTime={at}>{timeText(at)}</time>,
    },
    {
      key: 'actor',
      title: words.actor,
      cell: ({ actor }) => <Actor actor={actor} />,
      to: ({ actor }) => listPath({ actor: actor.id }),
    },
    { key: 'operation', title: words.operation, cell: ({ operation }) => nameOf(operation) },
    {
      key: 'target',
      title: words.target,
      cell: ({ target }) => target ?? '—',
      to: ({ target }) => (target === null ? undefined : targetPath(target)),
    },
    { key: 'address', title: words.address, cell: ({ address }) => address ?? '—' },
    {
      key: 'outcome',
      title: words.outcome,
      cell: ({ outcome }) => <Outcome outcome={outcome} />,
    },
  ];
}
