/** What an endpoint was sent, newest first; one of them opens over the list, with every attempt at it. */
import { Flex } from 'antd';
import { useLocation, useSearchParams } from 'react-router';
import type { WebhookDelivery, WebhookEndpoint } from '../../../client/client.ts';
import { useWords } from '../../app/language.tsx';
import { timeText } from '../../time.ts';
import { DELIVERIES, DELIVERY_STATE_WORDS } from '../../words/deliveries.ts';
import { Choice, optionsOf } from '../choice.tsx';
import { Pager, useCursor } from '../pager.tsx';
import { Nothing, QueryState } from '../query-state.tsx';
import { Rows, type Column } from '../rows.tsx';
import { DeliveryDrawer } from './delivery-drawer.tsx';
import { DeliveryTag } from './delivery-tag.tsx';
import { RedeliverButton } from './redeliver-range.tsx';
import { useDeliveries, type DeliveryState } from './use-deliveries.ts';

const OPEN = 'delivery';

export function Deliveries({ endpoint: { id } }: { readonly endpoint: WebhookEndpoint }) {
  const words = useWords(DELIVERIES);
  const states = useWords(DELIVERY_STATE_WORDS);
  const [search, setSearch] = useSearchParams();
  const { state: way } = useLocation();
  const state = stateOf(search.get('state'));
  const open = search.get(OPEN);
  const page = useDeliveries(id, state, useCursor());
  const columns = useColumns();
  const pathOf = useOpenPath();
  return (
    <section aria-labelledby="deliveries">
      <Flex gap={12} align="center" justify="space-between" wrap className="section-head">
        <h2 id="deliveries" className="part-title">
          {words.title}
        </h2>
        <Flex gap={8} wrap>
          <Choice
            label={words.state}
            anyText={words.anyState}
            value={state}
            options={optionsOf<DeliveryState>(states)}
            onChoose={(chosen) => setSearch(chosen === undefined ? {} : { state: chosen })}
          />
          <RedeliverButton endpointId={id} />
        </Flex>
      </Flex>
      <p className="note">{words.keptNote}</p>
      <div className="list">
        <QueryState query={page}>
          {({ rows, nextCursor }) => (
            <>
              {rows.length === 0 ? (
                <Nothing text={state === undefined ? words.none : words.noneMatch} />
              ) : (
                <Rows
                  label={words.tableOf}
                  rows={rows}
                  columns={columns}
                  pathOf={pathOf}
                  openId={open ?? undefined}
                />
              )}
              <Pager nextCursor={nextCursor} />
            </>
          )}
        </QueryState>
      </div>
      {open === null ? null : (
        <DeliveryDrawer
          key={open}
          id={open}
          onClose={() => setSearch(without(search), { state: way })}
        />
      )}
    </section>
  );
}

function stateOf(text: string | null): DeliveryState | undefined {
  return text === 'pending' || text === 'delivered' || text === 'failed' ? text : undefined;
}

function without(search: URLSearchParams): URLSearchParams {
  const rest = new URLSearchParams(search);
  rest.delete(OPEN);
  return rest;
}

/** The same list, with one of them open. */
function useOpenPath(): (row: WebhookDelivery) => string {
  const { pathname, search } = useLocation();
  return ({ id }) => {
    const wanted = new URLSearchParams(search);
    wanted.set(OPEN, id);
    return `${pathname}?${wanted}`;
  };
}

function useColumns(): readonly Column<WebhookDelivery>[] {
  const words = useWords(DELIVERIES);
  return [
    { key: 'event', title: words.event, cell: (delivery) => <EventCell delivery={delivery} /> },
    { key: 'payment', title: words.payment, cell: ({ payment }) => payment },
    { key: 'state', title: words.state, cell: ({ state }) => <DeliveryTag state={state} /> },
    { key: 'attempts', title: words.attempts, cell: ({ attempt_count: count }) => String(count) },
    {
      key: 'next',
      title: words.next,
      cell: ({ next_attempt_at: at }) => (at === null ? '—' : timeText(at)),
    },
  ];
}

function EventCell({ delivery: { event, type } }: { readonly delivery: WebhookDelivery }) {
  return (
    <>
      <code>{type}</code>
      <span className="note">{event}</span>
    </>
  );
}
