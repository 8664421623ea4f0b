/** Faults of the control API: which are set, setting one, and ending all. What each does is the simulator's business. */
import { useEffect, useState } from 'react';

import { FAULT_KINDS } from '../book/entities.ts';
import type { FaultKind } from '../book/entities.ts';
import { endFaults, isApiError, readFaults, setFault } from './api.ts';
import type { FaultWish, SetFault } from './api.ts';
import { useWords } from './language.tsx';
import { useWallet } from './wallet-state.tsx';
import { FAULTS } from './words.ts';

const METHODS = [
  'alipay.trade.precreate',
  'alipay.trade.pay',
  'alipay.trade.query',
  'alipay.trade.cancel',
  'alipay.trade.close',
  'alipay.trade.refund',
  'alipay.trade.fastpay.refund.query',
  'alipay.data.dataservice.bill.downloadurl.query',
];
const TIMES_MAX = 1_000_000;
const DELAY_S_MAX = 600;
/** Of these the simulator decides itself whether the call is carried out. */
const EXECUTED_BY_KIND: readonly FaultKind[] = ['drop_request', 'duplicate_request'];

/** The faults that wait, and what went wrong when they were last changed. */
function useFaults(): {
  faults: readonly SetFault[];
  problem: string | undefined;
  change: (call: Promise<unknown>) => void;
} {
  const { bell } = useWallet();
  const [faults, setFaults] = useState<readonly SetFault[]>([]);
  const [problem, setProblem] = useState<string>();
  useEffect(
    () =>
      bell.follow(() => {
        readFaults().then(
          (read) => setFaults(read.faults),
          (error: unknown) => {
            // The page says that the simulator is silent.
            if (!isApiError(error)) throw error;
          },
        );
      }),
    [bell],
  );
  const change = (call: Promise<unknown>): void => {
    call
      .then(
        () => setProblem(undefined),
        (error: unknown) => {
          if (!isApiError(error)) throw error;
          setProblem(error.message);
        },
      )
      .finally(bell.ring);
  };
  return { faults, problem, change };
}

function Choice({
  id,
  label,
  value,
  options,
  onChoose,
}: {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChoose: (value: string) => void;
}) {
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChoose(event.target.value)}>
        {options.map(([known, text]) => (
          <option key={known} value={known}>
            {text}
          </option>
        ))}
      </select>
    </>
  );
}

function Count({
  id,
  label,
  value,
  min,
  max,
  onCount,
}: {
  readonly id: string;
  readonly label: string;
  readonly value: number | undefined;
  readonly min: number;
  readonly max: number;
  /** Undefined while there is no number in the field, which the browser does not let through. */
  readonly onCount: (value: number | undefined) => void;
}) {
  return (
    <span>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        required
        min={min}
        max={max}
        value={value ?? ''}
        onChange={({ target: { valueAsNumber } }) =>
          onCount(Number.isNaN(valueAsNumber) ? undefined : valueAsNumber)
        }
      />
    </span>
  );
}

function Executed({
  isExecuted,
  onChange,
}: {
  readonly isExecuted: boolean;
  readonly onChange: (isExecuted: boolean) => void;
}) {
  const words = useWords();
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={isExecuted}
        onChange={(event) => onChange(event.target.checked)}
      />
      {words.faultExecuted}
    </label>
  );
}

function FaultForm({ onWish }: { readonly onWish: (wish: FaultWish) => void }) {
  const words = useWords();
  const [kind, setKind] = useState<FaultKind>('drop_response');
  const [method, setMethod] = useState('');
  const [times, setTimes] = useState<number | undefined>(1);
  const [delayS, setDelayS] = useState<number | undefined>(10);
  const [isExecuted, setIsExecuted] = useState(true);
  const hasChoice = !EXECUTED_BY_KIND.includes(kind);
  const wish: FaultWish = {
    kind,
    times: times ?? 1,
    ...(method === '' ? {} : { method }),
    ...(kind === 'delay' ? { ms: (delayS ?? 0) * 1000 } : {}),
    ...(hasChoice && !isExecuted ? { executed: false } : {}),
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onWish(wish);
      }}
    >
      <Choice
        id="fault-kind"
        label={words.faultKind}
        value={kind}
        options={FAULT_KINDS.map((known) => [known, words.of(FAULTS[known])])}
        onChoose={(chosen) => setKind(FAULT_KINDS.find((known) => known === chosen) ?? kind)}
      />
      <Choice
        id="fault-method"
        label={words.faultMethod}
        value={method}
        options={[['', words.anyMethod], ...METHODS.map((known) => [known, known] as const)]}
        onChoose={setMethod}
      />
      <div className="pair">
        <Count
          id="fault-times"
          label={words.faultTimes}
          value={times}
          min={1}
          max={TIMES_MAX}
          onCount={setTimes}
        />
        {kind === 'delay' ? (
          <Count
            id="fault-delay"
            label={words.faultDelay}
            value={delayS}
            min={0}
            max={DELAY_S_MAX}
            onCount={setDelayS}
          />
        ) : undefined}
      </div>
      {hasChoice ? <Executed isExecuted={isExecuted} onChange={setIsExecuted} /> : undefined}
      <button type="submit" className="primary">
        {words.setFault}
      </button>
    </form>
  );
}

export function Faults() {
  const words = useWords();
  const { faults, problem, change } = useFaults();
  return (
    <section className="card">
      <h2>{words.faultsTitle}</h2>
      <p className="hint">{words.faultsHint}</p>
      <FaultForm onWish={(wish) => change(setFault(wish))} />
      {problem === undefined ? undefined : (
        <p className="problem" role="alert">
          {words.failed}: {problem}
        </p>
      )}
      {faults.length === 0 ? (
        <p className="empty">{words.noFaults}</p>
      ) : (
        <>
          <ul className="rows" aria-label={words.setFaults}>
            {faults.map(({ id, kind, method, outTradeNo, times, ms, executed }) => (
              <li key={id}>
                <span className="what">
                  {words.of(FAULTS[kind])}
                  <small>
                    {[
                      method ?? words.anyMethod,
                      outTradeNo,
                      ms === undefined ? undefined : words.say('seconds', String(ms / 1000)),
                      executed ? undefined : words.notExecuted,
                    ]
                      .filter((part) => part !== undefined)
                      .join(' · ')}
                  </small>
                </span>
                <span className="tag">{words.say('times', String(times))}</span>
              </li>
            ))}
          </ul>
          <button type="button" className="secondary" onClick={() => change(endFaults())}>
            {words.endFaults}
          </button>
        </>
      )}
    </section>
  );
}
