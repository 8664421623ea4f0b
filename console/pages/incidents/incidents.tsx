/** What waits for a person, and what was dealt with: each with what happened, why the gateway did not decide, and what can be done. */
import { useQuery } from '@tanstack/react-query';
import { Flex, Segmented, Typography } from 'antd';
import { useSearchParams } from 'react-router';
import type { Incident } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { ASKED_EVERY_MS } from '../../api/gateway.ts';
import { KEYS } from '../../api/live.ts';
import { readPage } from '../../api/read-page.ts';
import { useWords } from '../../app/language.tsx';
import { INCIDENTS } from '../../words/incidents.ts';
import { INCIDENT_STATE_WORDS } from '../../words/states.ts';
import { PageHead } from '../page-head.tsx';
import { Pager, useCursor } from '../pager.tsx';
import { Nothing, QueryState } from '../query-state.tsx';
import { IncidentCard } from './incident-card.tsx';

export function Component() {
  const words = useWords(INCIDENTS);
  const [search] = useSearchParams();
  const state = search.get('state') === 'resolved' ? 'resolved' : 'open';
  const cursor = useCursor();
  const page = useQuery({
    queryKey: KEYS.incidentPage({ state }, cursor),
    queryFn: () => readPage((place) => client.incidents.list({ state, ...place }), cursor),
    refetchInterval: ASKED_EVERY_MS,
  });
  return (
    <>
      <PageHead name="incidents" />
      <Typography.Paragraph type="secondary">{words.explain}</Typography.Paragraph>
      <StateChoice state={state} />
      <div className="list">
        <QueryState query={page}>
          {({ rows, nextCursor }) => (
            <>
              {rows.length === 0 ? (
                <Nothing text={state === 'open' ? words.noneOpen : words.noneResolved} />
              ) : (
                <Flex vertical gap={16}>
                  {rows.map((incident) => (
                    <IncidentCard key={incident.id} incident={incident} />
                  ))}
                </Flex>
              )}
              <Pager nextCursor={nextCursor} />
            </>
          )}
        </QueryState>
      </div>
    </>
  );
}

function StateChoice({ state }: Pick<Incident, 'state'>) {
  const words = useWords(INCIDENTS);
  const states = useWords(INCIDENT_STATE_WORDS);
  const [, setSearch] = useSearchParams();
  return (
    <Segmented<Incident['state']>
      aria-label={words.which}
      value={state}
      onChange={(chosen) => setSearch(chosen === 'open' ? {} : { state: chosen })}
      options={[
        { value: 'open', label: states.open },
        { value: 'resolved', label: states.resolved },
      ]}
    />
  );
}
