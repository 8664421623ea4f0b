/** The programs that are called when something happens, and one of them where the address names it. */
import { useQuery } from '@tanstack/react-query';
import { Typography } from 'antd';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { WebhookEndpoint } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { useMerchantName } from '../../api/merchants.ts';
import { useWords } from '../../app/language.tsx';
import { useSession, useWhyNot } from '../../app/session.tsx';
import { timeText } from '../../time.ts';
import { WEBHOOKS } from '../../words/webhooks.ts';
import { DialogButton } from '../dialog-button.tsx';
import { PageHead } from '../page-head.tsx';
import { Nothing, QueryState } from '../query-state.tsx';
import { Rows, type Column } from '../rows.tsx';
import { SecretOnce } from '../secret-once.tsx';
import { AddEndpoint } from './add-endpoint.tsx';
import { EndpointPage } from './endpoint.tsx';
import { EndpointTag } from './endpoint-tag.tsx';
import { HeardTypes } from './heard-types.tsx';
import { ENDPOINTS_KEY, pathOf } from './use-endpoint.ts';

export function Component() {
  const { id } = useParams();
  return id === undefined ? <EndpointList /> : <EndpointPage key={id} id={id} />;
}

function EndpointList() {
  const words = useWords(WEBHOOKS);
  const columns = useColumns();
  const endpoints = useQuery({
    queryKey: ENDPOINTS_KEY,
    queryFn: async () => (await client.webhookEndpoints.list()).data,
  });
  return (
    <>
      <PageHead name="webhooks">
        <AddButton />
      </PageHead>
      <Typography.Paragraph type="secondary">{words.explain}</Typography.Paragraph>
      <div className="list">
        <QueryState query={endpoints}>
          {(rows) =>
            rows.length === 0 ? (
              <Nothing text={words.none} />
            ) : (
              <Rows
                label={words.tableOf}
                rows={rows}
                columns={columns}
                pathOf={({ id }) => pathOf(id)}
              />
            )
          }
        </QueryState>
      </div>
    </>
  );
}

function AddButton() {
  const words = useWords(WEBHOOKS);
  const whyNot = useWhyNot('manage');
  const navigate = useNavigate();
  const [made, setMade] = useState<WebhookEndpoint>();
  return (
    <>
      <DialogButton
        type="primary"
        whyNot={whyNot}
        renderDialog={(close) => <AddEndpoint onClose={close} onDone={setMade} />}
      >
        {words.add}
      </DialogButton>
      {made === undefined ? null : (
        <SecretOnce
          title={words.addedTitle}
          name={words.secret}
          secret={made.secret ?? ''}
          onClose={() => void navigate(pathOf(made.id))}
        >
          <p className="note">{words.secretUse}</p>
        </SecretOnce>
      )}
    </>
  );
}

function useColumns(): readonly Column<WebhookEndpoint>[] {
  const words = useWords(WEBHOOKS);
  const { user } = useSession();
  const nameOf = useMerchantName();
  const merchant: Column<WebhookEndpoint> = {
    key: 'merchant',
    title: words.merchant,
    cell: ({ merchant: id }) => (id === null ? words.everyMerchant : nameOf(id)),
  };
  return [
    { key: 'url', title: words.url, cell: ({ url }) => url },
    { key: 'state', title: words.state, cell: (endpoint) => <StateCell endpoint={endpoint} /> },
    { key: 'description', title: words.description, cell: ({ description }) => description ?? '—' },
    ...(user.merchant === null ? [merchant] : []),
    { key: 'types', title: words.hears, cell: ({ types }) => <HeardTypes types={types} /> },
  ];
}

function StateCell({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const words = useWords(WEBHOOKS);
  const { older_secret_until: until } = endpoint;
  return (
    <>
      <EndpointTag endpoint={endpoint} />
      {until === null ? null : <span className="note">{words.olderUntil(timeText(until))}</span>}
    </>
  );
}
