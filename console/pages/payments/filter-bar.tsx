/**
 * The filters of the list of payments: one box for any number, and a choice for each other. What is chosen goes into the address at
 * once; what is typed, when it is finished.
 */
import { Button, Flex, Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../../app/language.tsx';
import { readYuan, yuanText } from '../../money.ts';
import { PAYMENTS } from '../../words/payments.ts';
import { PERIOD_WORDS } from '../../words/periods.ts';
import { METHOD_WORDS, PAYMENT_STATE_WORDS } from '../../words/states.ts';
import { Choice, optionsOf } from '../choice.tsx';
import { MerchantChoice } from '../merchant-choice.tsx';
import { isFiltered, type PaymentFilters } from './filters.ts';
import { useFilters } from './use-filters.ts';

type Props = {
  readonly filters: PaymentFilters;
  readonly change: (some: PaymentFilters) => void;
};

export function FilterBar() {
  const words = useWords(PAYMENTS);
  const { filters, change, clear } = useFilters();
  const { refunded, amountFromFen, amountToFen, method } = filters;
  const [isOpen, setOpen] = useState(
    [refunded, amountFromFen, amountToFen, method].some((value) => value !== undefined),
  );
  return (
    <search className="filters">
      <NumberBox filters={filters} change={change} />
      <Flex gap={8} wrap>
        <TimeChoice filters={filters} change={change} />
        <MerchantChoice merchant={filters.merchant} onChoose={(merchant) => change({ merchant })} />
        <StateChoice filters={filters} change={change} />
        <Button type="text" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {words.moreFilters}
        </Button>
        {filters.createdBy === undefined ? null : (
          <Button onClick={() => change({ createdBy: undefined })}>
            {words.onlyBy(filters.createdBy)}
          </Button>
        )}
        {isFiltered(filters) ? <Button onClick={clear}>{words.clear}</Button> : null}
      </Flex>
      {isOpen ? <MoreFilters filters={filters} change={change} /> : null}
    </search>
  );
}

/** What is typed stays while a search is under way; a number that comes from elsewhere takes its place. */
function NumberBox({ filters: { number }, change }: Props) {
  const words = useWords(PAYMENTS);
  const [text, setText] = useState(number ?? '');
  const searched = useRef(number);
  useEffect(() => {
    if (searched.current === number) return;
    searched.current = number;
    setText(number ?? '');
  }, [number]);
  return (
    <Input.Search
      className="filter-number"
      aria-label={words.searchHint}
      placeholder={words.searchHint}
      allowClear
      enterButton={words.search}
      value={text}
      onChange={({ target }) => setText(target.value)}
      onSearch={(typed) => {
        searched.current = typed.trim() || undefined;
        change({ number: searched.current });
      }}
    />
  );
}

function MoreFilters({ filters, change }: Props) {
  const words = useWords(PAYMENTS);
  const methods = useWords(METHOD_WORDS);
  return (
    <Flex gap={8} wrap>
      <Choice
        label={words.method}
        anyText={words.anyMethod}
        value={filters.method}
        options={optionsOf(methods)}
        onChoose={(method) => change({ method })}
      />
      <Choice
        label={words.refunded}
        anyText={words.anyRefunded}
        value={filters.refunded}
        options={[
          ['true', words.withRefund],
          ['false', words.withoutRefund],
        ]}
        onChoose={(refunded) => change({ refunded })}
      />
      <AmountBox
        key={`from ${filters.amountFromFen}`}
        label={words.amountFrom}
        amountFen={filters.amountFromFen}
        onAmount={(amountFromFen) => change({ amountFromFen })}
      />
      <AmountBox
        key={`to ${filters.amountToFen}`}
        label={words.amountTo}
        amountFen={filters.amountToFen}
        onAmount={(amountToFen) => change({ amountToFen })}
      />
    </Flex>
  );
}

const DAYS = 'days';

function TimeChoice({ filters, change }: Props) {
  const words = useWords(PAYMENTS);
  const periods = useWords(PERIOD_WORDS);
  const { period, firstDay, lastDay } = filters;
  const [wantsDays, setWantsDays] = useState(firstDay !== undefined || lastDay !== undefined);
  const isByDays = wantsDays && period === undefined;
  return (
    <>
      <Choice
        label={words.period}
        anyText={words.anyTime}
        value={isByDays ? DAYS : period}
        options={[...optionsOf(periods), [DAYS, words.chosenDays]]}
        onChoose={(chosen) => {
          setWantsDays(chosen === DAYS);
          const wanted = chosen === DAYS ? undefined : chosen;
          change({ period: wanted, firstDay: undefined, lastDay: undefined });
        }}
      />
      {isByDays ? (
        <>
          <DayBox
            label={words.firstDay}
            day={firstDay}
            onDay={(day) => change({ firstDay: day })}
          />
          <DayBox label={words.lastDay} day={lastDay} onDay={(day) => change({ lastDay: day })} />
        </>
      ) : null}
    </>
  );
}

function DayBox(props: {
  readonly label: string;
  readonly day: string | undefined;
  readonly onDay: (day: string | undefined) => void;
}) {
  return (
    <Input
      type="date"
      className="filter"
      aria-label={props.label}
      title={props.label}
      value={props.day ?? ''}
      onChange={({ target }) => props.onDay(target.value || undefined)}
    />
  );
}

function StateChoice({ filters, change }: Props) {
  const words = useWords(PAYMENTS);
  const states = useWords(PAYMENT_STATE_WORDS);
  return (
    <Choice
      label={words.state}
      anyText={words.anyState}
      value={filters.state}
      options={optionsOf(states)}
      onChoose={(state) => change({ state })}
    />
  );
}

function AmountBox(props: {
  readonly label: string;
  readonly amountFen: number | undefined;
  readonly onAmount: (amountFen: number | undefined) => void;
}) {
  const words = useWords(PAYMENTS);
  const { label, amountFen, onAmount } = props;
  const [text, setText] = useState(amountFen === undefined ? '' : yuanText(amountFen));
  const read = readYuan(text) || undefined;
  const isBad = text.trim() !== '' && read === undefined;
  const finish = (): void => {
    if (!isBad && read !== amountFen) onAmount(read);
  };
  return (
    <Input
      className="filter"
      aria-label={label}
      aria-invalid={isBad}
      title={isBad ? words.badAmount : label}
      placeholder={label}
      inputMode="decimal"
      status={isBad ? 'error' : ''}
      value={text}
      onChange={({ target }) => setText(target.value)}
      onBlur={finish}
      onPressEnter={finish}
    />
  );
}
