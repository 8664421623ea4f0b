/**
 * The sheet in front of everything: a payment to confirm, or what became of one. A dialog of the browser's own, which keeps the
 * keyboard inside and closes by Escape; closing it without a word leaves the payment waiting.
 */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';

import { declineTrade, isApiError, payTrade } from './api.ts';
import type { Acted, WalletTrade } from '../wallet-calls.ts';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';
import { useWords } from './language.tsx';
import { noticeOfAct } from './outcomes.ts';
import type { Notice, NoticeKind } from './outcomes.ts';
import { Amount, Facts } from './trades.tsx';
import { useWallet } from './wallet-state.tsx';
import { NOTICES } from './words.ts';

export function SheetFrame({
  title,
  onClose,
  children,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="sheet"
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {children}
    </dialog>
  );
}

function AskSheet({ trade }: { readonly trade: WalletTrade }) {
  const words = useWords();
  const { tell, closeSheet, bell } = useWallet();
  const [isBusy, setIsBusy] = useState(false);
  const act = (done: Promise<Acted>): void => {
    setIsBusy(true);
    done
      .then(noticeOfAct, (error: unknown): Notice => {
        // It may have been carried out: nothing is claimed.
        if (isApiError(error)) return { kind: 'in_doubt', trade };
        throw error;
      })
      .then(tell)
      .finally(bell.ring)
      .catch((error: unknown) => reportError(error));
  };
  return (
    <SheetFrame title={words.confirmTitle} onClose={closeSheet}>
      <h2>{words.confirmTitle}</h2>
      <p className="big">
        <Amount yuan={trade.amount} />
      </p>
      <Facts trade={trade} />
      <button
        type="button"
        className="primary"
        disabled={isBusy}
        onClick={() => act(payTrade(trade.tradeNo))}
      >
        {words.pay}
      </button>
      <div className="pair">
        <button
          type="button"
          className="danger"
          disabled={isBusy}
          onClick={() => act(declineTrade(trade.tradeNo))}
        >
          {words.decline}
        </button>
        <button type="button" className="quiet" onClick={closeSheet}>
          {words.later}
        </button>
      </div>
    </SheetFrame>
  );
}

const LOOKS: Record<NoticeKind, { icon: IconName; tone: 'good' | 'bad' | 'plain' }> = {
  paid: { icon: 'good', tone: 'good' },
  already_paid: { icon: 'good', tone: 'plain' },
  declined: { icon: 'bad', tone: 'plain' },
  too_late: { icon: 'clock', tone: 'bad' },
  closed_by_shop: { icon: 'bad', tone: 'plain' },
  returned: { icon: 'back', tone: 'plain' },
  no_balance: { icon: 'bad', tone: 'bad' },
  unknown_code: { icon: 'doubt', tone: 'bad' },
  expired_code: { icon: 'clock', tone: 'bad' },
  taken_code: { icon: 'bad', tone: 'bad' },
  in_doubt: { icon: 'doubt', tone: 'bad' },
};

function ToldSheet({ notice: { kind, trade } }: { readonly notice: Notice }) {
  const words = useWords();
  const { closeSheet } = useWallet();
  const { icon, tone } = LOOKS[kind];
  const title = words.of(NOTICES[kind].title);
  return (
    <SheetFrame title={title} onClose={closeSheet}>
      <div className={`told ${tone}`}>
        <span className="mark">
          <Icon name={icon} />
        </span>
        <h2>{title}</h2>
        {trade === undefined ? undefined : (
          <p className="big">
            <Amount yuan={trade.amount} />
          </p>
        )}
        <p>{words.of(NOTICES[kind].text)}</p>
      </div>
      {trade === undefined ? undefined : <Facts trade={trade} />}
      <button type="button" className="primary" onClick={closeSheet}>
        {words.done}
      </button>
    </SheetFrame>
  );
}

export function Sheets() {
  const { sheet } = useWallet();
  if (sheet === undefined) return undefined;
  return sheet.kind === 'ask' ? (
    <AskSheet key={`ask-${sheet.trade.tradeNo}`} trade={sheet.trade} />
  ) : (
    <ToldSheet key={`told-${sheet.notice.kind}`} notice={sheet.notice} />
  );
}
