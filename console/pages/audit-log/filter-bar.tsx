/** The filters of the audit log: what is chosen goes into the address at once; what is typed, when it is finished. */
import { Flex, Input } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../../app/language.tsx';
import { ACTOR_KIND_WORDS, AUDIT_LOG } from '../../words/audit-log.ts';
import { OPERATION_WORDS } from '../../words/operations.ts';
import { PERIOD_WORDS } from '../../words/periods.ts';
import { Choice, optionsOf } from '../choice.tsx';
import { useUsers } from '../users/use-user.ts';
import type { AuditFilters } from './filters.ts';

type Props = {
  readonly filters: AuditFilters;
  readonly change: (some: AuditFilters) => void;
  readonly children: ReactNode;
};

type Options = readonly (readonly [value: string, text: string])[];

export function FilterBar({ filters, change, children }: Props) {
  const words = useWords(AUDIT_LOG);
  const periods = useWords(PERIOD_WORDS);
  const operations = useWords(OPERATION_WORDS);
  const { period, actor, operation, target } = filters;
  return (
    <search className="filters">
      <Input.Search
        key={target}
        className="filter-number"
        aria-label={words.targetHint}
        placeholder={words.targetHint}
        allowClear
        enterButton={words.search}
        defaultValue={target}
        onSearch={(typed) => change({ target: typed.trim() || undefined })}
      />
      <Flex gap={8} wrap>
        <Choice
          label={words.time}
          anyText={words.anyTime}
          value={period}
          options={optionsOf(periods)}
          onChoose={(chosen) => change({ period: chosen })}
        />
        <Choice
          label={words.actor}
          anyText={words.anyActor}
          value={actor}
          options={withChosen(useActors(), actor)}
          onChoose={(chosen) => change({ actor: chosen })}
          isSearched
        />
        <Choice
          label={words.operation}
          anyText={words.anyOperation}
          value={operation}
          options={withChosen(optionsOf<string>(operations), operation)}
          onChoose={(chosen) => change({ operation: chosen })}
          isSearched
        />
        {children}
      </Flex>
    </search>
  );
}

/** People, commands, and whoever was not signed in. A key is chosen from one of its entries: there may be many. */
function useActors(): Options {
  const kinds = useWords(ACTOR_KIND_WORDS);
  const { data: users = [] } = useUsers();
  return [
    ...users.map(({ id, name }) => [id, name] as const),
    ['operator_cli', kinds.operator_cli],
    ['nobody', kinds.nobody],
  ];
}

/** What the address names is among them, whatever it is. */
function withChosen(options: Options, chosen: string | undefined): Options {
  if (chosen === undefined || options.some(([value]) => value === chosen)) return options;
  return [...options, [chosen, chosen]];
}
