/** What this buyer paid and got back, newest first, a page at a time. What is new comes in at the top while the list is open. */
import { useEffect, useState } from 'react';

import type { History, HistoryEntry } from '../wallet-calls.ts';
import { isApiError, readHistory } from './api.ts';
import { groupedAmount } from './amounts.ts';
import { useWords } from './language.tsx';
import { Amount } from './trades.tsx';
import { useWallet } from './wallet-state.tsx';

type Listed = { buyer: string; entries: readonly HistoryEntry[]; hasMore: boolean };

/** One page in front of another; an entry of both, and a trade of both, are as `last` has them. */
function joined(
  front: readonly HistoryEntry[],
  behind: readonly HistoryEntry[],
  last: readonly HistoryEntry[],
): HistoryEntry[] {
  const trades = new Map(last.map(({ trade }) => [trade.tradeNo, trade]));
  const known = new Set(front.map(({ cursor }) => cursor));
  return [...front, ...behind.filter(({ cursor }) => !known.has(cursor))].map((entry) => ({
    ...entry,
    trade: trades.get(entry.trade.tradeNo) ?? entry.trade,
  }));
}

/** All that was read so far; undefined until the first page is there. */
function useHistory(): { list: Listed | undefined; more: () => void } {
  const { buyer, bell } = useWallet();
  const [listed, setListed] = useState<Listed>();
  const list = listed?.buyer === buyer ? listed : undefined;
  useEffect(() => {
    let isOver = false;
    const stop = bell.follow(() => {
      readHistory(buyer).then((page) => {
        if (!isOver) setListed((known) => withNewest(buyer, page, known));
      }, unlessSilent);
    });
    return () => {
      isOver = true;
      stop();
    };
  }, [buyer, bell]);
  const more = (): void => {
    readHistory(buyer, list?.entries.at(-1)?.cursor).then(({ entries, hasMore }) => {
      setListed((known) =>
        known?.buyer === buyer
          ? { buyer, entries: joined(known.entries, entries, entries), hasMore }
          : known,
      );
    }, unlessSilent);
  };
  return { list, more };
}

/** A gap between the newest page and what is known is closed by beginning anew. */
function withNewest(
  buyer: string,
  { entries, hasMore }: History,
  known: Listed | undefined,
): Listed {
  const before = known?.buyer === buyer ? known : undefined;
  const meets = entries.some(({ cursor }) => cursor === before?.entries[0]?.cursor);
  return before !== undefined && meets
    ? { buyer, entries: joined(entries, before.entries, entries), hasMore: before.hasMore }
    : { buyer, entries, hasMore };
}

/** The page says that the simulator is silent, and reads again when it is back. */
function unlessSilent(error: unknown): void {
  if (!isApiError(error)) throw error;
}

function Row({ entry: { kind, at, amount, reason, trade } }: { readonly entry: HistoryEntry }) {
  const words = useWords();
  const isRefund = kind === 'refund';
  const note =
    isRefund || trade.refundedAmount === '0.00'
      ? reason
      : trade.refundedAmount === trade.amount
        ? words.fullyRefunded
        : words.say('refunded', `¥${groupedAmount(trade.refundedAmount)}`);
  return (
    <li>
      <span className="what">
        <span>
          {isRefund ? <span className="tag">{words.refundOf}</span> : undefined}
          {trade.subject}
        </span>
        <small>
          <time>{at.slice(0, 16)}</time>
        </small>
        <small className="number">{trade.outTradeNo}</small>
        {note === undefined ? undefined : <small>{note}</small>}
      </span>
      <span className={isRefund ? 'in' : 'out'}>
        <Amount yuan={amount} sign={isRefund ? '+' : '−'} />
      </span>
    </li>
  );
}

export function HistoryView() {
  const words = useWords();
  const { list, more } = useHistory();
  return (
    <section className="card">
      <h2>{words.history}</h2>
      {list === undefined ? (
        <output className="loading">{words.loading}</output>
      ) : list.entries.length === 0 ? (
        <p className="empty">{words.historyEmpty}</p>
      ) : (
        <ul className="rows">
          {list.entries.map((entry) => (
            <Row key={entry.cursor} entry={entry} />
          ))}
        </ul>
      )}
      {list?.hasMore === true ? (
        <button type="button" className="secondary" onClick={more}>
          {words.more}
        </button>
      ) : undefined}
    </section>
  );
}
