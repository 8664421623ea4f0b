/** What this gateway is and how it is set: to be looked at. What differs from the default comes first. */
import { Input, Typography } from 'antd';
import { useState } from 'react';
import type { GetGatewayAnswer } from '../../../client/client.ts';
import { useGateway } from '../../api/gateway.ts';
import { useLanguage, useWords } from '../../app/language.tsx';
import { useWhyNot } from '../../app/session.tsx';
import { ALIPAY_WORDS, DATABASE_WORDS, SETTINGS } from '../../words/settings.ts';
import { Facts, type Fact } from '../facts.tsx';
import { PageHead } from '../page-head.tsx';
import { Nothing, QueryState } from '../query-state.tsx';
import { Rows, type Column } from '../rows.tsx';
import { Tag } from '../state-tag.tsx';
import { foundSettings, type Setting } from './found-settings.ts';

export function Component() {
  const words = useWords(SETTINGS);
  const gateway = useGateway();
  const whyNot = useWhyNot('administer');
  return (
    <>
      <PageHead name="settings" />
      <Typography.Paragraph type="secondary">{words.where}</Typography.Paragraph>
      <QueryState query={gateway}>
        {(found) => (
          <>
            <GatewayFacts gateway={found} />
            {found.settings === null ? (
              <Nothing text={whyNot ?? words.none} />
            ) : (
              <SettingList settings={found.settings} />
            )}
          </>
        )}
      </QueryState>
    </>
  );
}

function GatewayFacts({ gateway }: { readonly gateway: GetGatewayAnswer }) {
  const words = useWords(SETTINGS);
  const databases = useWords(DATABASE_WORDS);
  const kinds = useWords(ALIPAY_WORDS);
  const { version, database, alipay, public_url: publicUrl } = gateway;
  const facts: readonly Fact[] = [
    [words.version, version],
    [words.database, databases[database]],
    [words.alipay, kinds[alipay]],
    [
      words.publicUrl,
      publicUrl ?? (alipay === 'simulator' ? words.whereItListens : words.noPublicUrl),
    ],
  ];
  return (
    <section aria-labelledby="gateway" className="part">
      <h2 id="gateway">{words.gateway}</h2>
      <Facts facts={facts} />
    </section>
  );
}

function SettingList({ settings }: { readonly settings: readonly Setting[] }) {
  const words = useWords(SETTINGS);
  const { language } = useLanguage();
  const [wanted, setWanted] = useState('');
  const columns = useColumns();
  const rows = foundSettings(settings, wanted, language);
  return (
    <>
      <search className="filters">
        <Input
          type="search"
          className="filter-number"
          aria-label={words.search}
          placeholder={words.searchHint}
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
        />
      </search>
      {rows.length === 0 ? (
        <Nothing text={words.none} />
      ) : (
        <Rows
          label={words.tableOf}
          rows={rows.map((setting) => ({ ...setting, id: setting.name }))}
          columns={columns}
        />
      )}
    </>
  );
}

function useColumns(): readonly Column<Setting>[] {
  const words = useWords(SETTINGS);
  const { language } = useLanguage();
  return [
    { key: 'name', title: words.name, cell: ({ name }) => <code className="whole">{name}</code> },
    { key: 'value', title: words.value, cell: (setting) => <Value setting={setting} /> },
    {
      key: 'state',
      title: words.state,
      cell: ({ is_default: isDefault }) =>
        isDefault ? words.byDefault : <Tag tone="doubt">{words.changed}</Tag>,
    },
    { key: 'meaning', title: words.meaning, cell: ({ text }) => text[language] },
  ];
}

function Value({ setting }: { readonly setting: Setting }) {
  const words = useWords(SETTINGS);
  const { value, is_secret: isSecret, is_default: isDefault } = setting;
  if (value !== null) return <code>{value}</code>;
  return isSecret && !isDefault ? words.secret : <span className="note">{words.notSet}</span>;
}
