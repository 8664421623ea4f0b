/** The keys with which programs call the API: which there are, what each may do, and when it was last used. */
import { useQuery } from '@tanstack/react-query';
import { App, Segmented, Typography } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { ApiKey } from '../../../client/client.ts';
import { client, queryClient } from '../../api/client.ts';
import { useMerchantName } from '../../api/merchants.ts';
import { useWords } from '../../app/language.tsx';
import { useSession, useWhyNot } from '../../app/session.tsx';
import { timeText } from '../../time.ts';
import { API_KEYS, SCOPE_WORDS } from '../../words/api-keys.ts';
import { DialogButton } from '../dialog-button.tsx';
import { AskedAct } from '../asked-act.tsx';
import { PageHead } from '../page-head.tsx';
import { Nothing, QueryState } from '../query-state.tsx';
import { Rows, type Column } from '../rows.tsx';
import { SecretOnce } from '../secret-once.tsx';
import { Tag } from '../state-tag.tsx';
import { MakeKey } from './make-key.tsx';

const KEY = ['api-keys'] as const;

const readAgain = (): void => void queryClient.invalidateQueries({ queryKey: KEY });

export function Component() {
  const words = useWords(API_KEYS);
  const [search] = useSearchParams();
  const areAllShown = search.get('show') === 'all';
  const keys = useQuery({
    queryKey: KEY,
    queryFn: async () => (await client.apiKeys.list()).data,
  });
  const columns = useColumns();
  return (
    <>
      <PageHead name="apiKeys">
        <MakeButton />
      </PageHead>
      <Typography.Paragraph type="secondary">{words.explain}</Typography.Paragraph>
      <ShownChoice areAllShown={areAllShown} />
      <div className="list">
        <QueryState query={keys}>
          {(all) => {
            const rows = areAllShown ? all : all.filter(({ revoked_at: at }) => at === null);
            return rows.length === 0 ? (
              <Nothing text={all.length === 0 ? words.none : words.noneActive} />
            ) : (
              <Rows label={words.tableOf} rows={rows} columns={columns} />
            );
          }}
        </QueryState>
      </div>
    </>
  );
}

function ShownChoice({ areAllShown }: { readonly areAllShown: boolean }) {
  const words = useWords(API_KEYS);
  const [, setSearch] = useSearchParams();
  return (
    <Segmented<'active' | 'all'>
      aria-label={words.which}
      value={areAllShown ? 'all' : 'active'}
      onChange={(chosen) => setSearch(chosen === 'all' ? { show: 'all' } : {})}
      options={[
        { value: 'active', label: words.active },
        { value: 'all', label: words.all },
      ]}
    />
  );
}

function MakeButton() {
  const words = useWords(API_KEYS);
  const whyNot = useWhyNot('manage');
  const [secret, setSecret] = useState<string>();
  return (
    <>
      <DialogButton
        type="primary"
        whyNot={whyNot}
        renderDialog={(close) => (
          <MakeKey
            onClose={close}
            onDone={(made) => {
              readAgain();
              setSecret(made.secret);
            }}
          />
        )}
      >
        {words.make}
      </DialogButton>
      {secret === undefined ? null : (
        <SecretOnce
          title={words.madeTitle}
          name={words.secret}
          secret={secret}
          onClose={() => setSecret(undefined)}
        >
          <p className="note">{words.secretUse}</p>
        </SecretOnce>
      )}
    </>
  );
}

function useColumns(): readonly Column<ApiKey>[] {
  const words = useWords(API_KEYS);
  const { user } = useSession();
  const nameOf = useMerchantName();
  const merchant: Column<ApiKey> = {
    key: 'merchant',
    title: words.merchant,
    cell: ({ merchant: id }) => (id === null ? words.everyMerchant : nameOf(id)),
  };
  return [
    { key: 'name', title: words.name, cell: ({ name }) => name },
    { key: 'hint', title: words.hint, cell: ({ hint }) => <code>{hint}</code> },
    ...(user.merchant === null ? [merchant] : []),
    { key: 'scopes', title: words.scopes, cell: ({ scopes }) => <Scopes scopes={scopes} /> },
    { key: 'created', title: words.created, cell: ({ created_at: at }) => timeText(at) },
    {
      key: 'used',
      title: words.lastUsed,
      cell: ({ last_used_at: at }) => (at === null ? words.never : timeText(at)),
    },
    { key: 'acts', title: words.acts, cell: (apiKey) => <Revoking apiKey={apiKey} /> },
  ];
}

function Scopes({ scopes }: Pick<ApiKey, 'scopes'>) {
  const words = useWords(SCOPE_WORDS);
  return (
    <span className="tags">
      {scopes.map((scope) => (
        <Tag key={scope} tone="over">
          {words[scope]}
        </Tag>
      ))}
    </span>
  );
}

function Revoking({ apiKey: { id, name, revoked_at: at } }: { readonly apiKey: ApiKey }) {
  const words = useWords(API_KEYS);
  const whyNot = useWhyNot('manage');
  const { message } = App.useApp();
  if (at !== null) return <span className="note">{words.revokedAt(timeText(at))}</span>;
  return (
    <AskedAct
      danger
      whyNot={whyNot}
      title={words.revokeTitle(name)}
      does={
        <>
          <p>{words.revokeDoes}</p>
          <p>{words.revokeForGood}</p>
        </>
      }
      yes={words.revokeYes}
      act={() => client.apiKeys.revoke(id)}
      onDone={() => {
        readAgain();
        message.success(words.revoked);
      }}
    >
      {words.revoke}
    </AskedAct>
  );
}
