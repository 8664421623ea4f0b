/** How a trade looks to its buyer: the amount, the facts, and the list of those that wait for a word. */
import { useEffect, useState } from 'react';

import { countdown, groupedAmount } from './amounts.ts';
import type { WalletTrade } from '../wallet-calls.ts';
import { useWords } from './language.tsx';
import { every, nowMs } from './system.ts';
import { useWallet } from './wallet-state.tsx';

export function Amount({ yuan, sign = '' }: { readonly yuan: string; readonly sign?: string }) {
  return (
    <span className="amount">
      {sign}
      <span className="yuan">¥</span>
      {groupedAmount(yuan)}
    </span>
  );
}

export function Facts({ trade }: { readonly trade: WalletTrade }) {
  const words = useWords();
  const { state } = useWallet();
  const facts: [string, string | undefined][] = [
    [words.shop, trade.shop],
    [words.store, trade.storeId],
    [words.subject, trade.subject],
    [words.orderNumber, trade.outTradeNo],
    [words.payFrom, state?.account],
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) =>
        value === undefined ? undefined : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** How long a trade stays open, counted down from when the simulator said it. */
function Left({ expiresInMs }: { readonly expiresInMs: number }) {
  const words = useWords();
  const [leftMs, setLeftMs] = useState(expiresInMs);
  useEffect(() => {
    const endsAtMs = nowMs() + expiresInMs;
    return every(1000, () => setLeftMs(endsAtMs - nowMs()));
  }, [expiresInMs]);
  return <small>{words.say('expiresIn', countdown(leftMs))}</small>;
}

export function WaitingList() {
  const words = useWords();
  const { state, ask } = useWallet();
  if (state === undefined || state.waiting.length === 0) return undefined;
  return (
    <section className="card">
      <h2>{words.waiting}</h2>
      <ul className="rows">
        {state.waiting.map((trade) => (
          <li key={trade.tradeNo}>
            <span className="what">
              {trade.subject}
              <Left key={trade.expiresInMs} expiresInMs={trade.expiresInMs ?? 0} />
            </span>
            <Amount yuan={trade.amount} />
            <button
              type="button"
              className="small"
              aria-label={`${words.open}: ${trade.subject}`}
              onClick={() => ask(trade)}
            >
              {words.open}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
