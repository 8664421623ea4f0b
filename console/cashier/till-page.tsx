/** The whole page of one till: sale on one side, what was taken today and the shift on the other; on a phone one of them at a time. */
import { useEffect, useRef, useState } from 'react';
import type { Merchant, Payment } from '../../client/client.ts';
import { useLanguage, useWords } from '../app/language.tsx';
import { useSession } from '../app/session.tsx';
import { CASHIER } from '../words/cashier.ts';
import { OUTCOME } from '../words/cashier-outcome.ts';
import { AsideList } from './aside-list.tsx';
import { paymentOf, type Sale } from './charge.ts';
import { EntryPanel } from './entry-panel.tsx';
import { shiftOwner, type Choices } from './journal.ts';
import { ReceiptDialog } from './receipt.tsx';
import { RecentPanel } from './recent.tsx';
import { RefundDialog } from './refund.tsx';
import { SalePanel } from './sale-panel.tsx';
import { ShiftPanel } from './shift.tsx';
import { play, say } from './sound.ts';
import { spokenYuan } from './spoken.ts';
import { journal } from './system.ts';
import { TillHeader } from './till-header.tsx';
import { refreshLists, useLive } from './use-live.ts';
import { useScanner } from './use-scanner.ts';
import { useIsOnline, useTill } from './use-till.ts';

const TABS = ['sale', 'recent', 'shift'] as const;
type Tab = (typeof TABS)[number];

export type Opened = { readonly kind: 'receipt' | 'refund'; readonly payment: Payment };

export function TillPage({
  merchant,
  chooseOther,
}: {
  readonly merchant: Merchant;
  readonly chooseOther: (() => void) | undefined;
}) {
  const words = useWords(CASHIER);
  const { user } = useSession();
  const [subject, setSubject] = useState(() => journal.subject(merchant.id) ?? merchant.name ?? '');
  const [till, state] = useTill(merchant.id, subject.trim() || words.defaultSubject);
  const [choices, setChoices] = useState(() => journal.choices());
  const [tab, setTab] = useState<Tab>('sale');
  const [opened, setOpened] = useState<Opened>();
  const codeField = useRef<HTMLInputElement>(null);
  // It begins when its person first opens the till.
  useState(() => journal.shift(shiftOwner(merchant.id, user.id), Date.now()));
  const isOnline = useIsOnline();
  const mayCharge = user.scopes.includes('charge');
  const { sale } = state;
  useLive(merchant.id);
  useOutcome(sale, choices);
  useNotice(state.notice, choices);
  const showSale = (): void => {
    setTab('sale');
    setOpened(undefined);
  };
  const takeCode = (code: string): void => {
    showSale();
    till.takeCode(code);
  };
  useScanner({
    entry: () => till.state().entry,
    onHeard: (heard, entryBefore) => {
      if (!mayCharge) return;
      if (till.state().sale === undefined) till.restoreEntry(entryBefore);
      if (heard.kind === 'code') takeCode(heard.code);
      else till.notify('no_code');
    },
    onKey: (key) => {
      if (mayCharge) till.press(key);
    },
    onEnter: () => {
      if (mayCharge && till.enter()) codeField.current?.focus();
    },
    onQr: () => {
      if (mayCharge) till.showQr();
    },
  });
  return (
    <div className="cashier" data-tab={tab}>
      <TillHeader
        merchant={merchant}
        chooseOther={chooseOther}
        choices={choices}
        onChoices={(changed) => {
          journal.keepChoices(changed);
          setChoices(changed);
        }}
      />
      {isOnline ? null : (
        <p className="cashier-banner bad" role="alert">
          {words.offline}
        </p>
      )}
      <AsideList aside={state.aside} onSeen={till.dropAside} />
      <div className="cashier-columns">
        <main className="cashier-sale" aria-label={words.sale}>
          {mayCharge ? null : <p className="cashier-banner">{words.mayNotCharge}</p>}
          {sale === undefined ? (
            mayCharge && (
              <EntryPanel
                till={till}
                state={state}
                subject={subject}
                codeField={codeField}
                onCode={takeCode}
                onSubject={(changed) => {
                  journal.keepSubject(merchant.id, changed);
                  setSubject(changed);
                }}
              />
            )
          ) : (
            <SalePanel till={till} sale={sale} state={state} onOpen={setOpened} />
          )}
        </main>
        <nav className="cashier-tabs" aria-label={words.title}>
          {TABS.map((name) => (
            <button
              key={name}
              type="button"
              aria-current={tab === name ? 'page' : undefined}
              onClick={() => setTab(name)}
            >
              {words[name]}
            </button>
          ))}
        </nav>
        <aside className="cashier-side">
          {tab === 'shift' ? (
            <ShiftPanel merchant={merchant} paperMm={choices.paperMm} />
          ) : (
            <RecentPanel merchant={merchant.id} onOpen={setOpened} />
          )}
        </aside>
      </div>
      {opened === undefined ? null : (
        <OpenedDialog
          opened={opened}
          merchant={merchant}
          choices={choices}
          onClose={() => setOpened(undefined)}
        />
      )}
    </div>
  );
}

function OpenedDialog({
  opened: { kind, payment },
  merchant,
  choices,
  onClose,
}: {
  readonly opened: Opened;
  readonly merchant: Merchant;
  readonly choices: Choices;
  readonly onClose: () => void;
}) {
  return kind === 'refund' ? (
    <RefundDialog payment={payment} onClose={onClose} />
  ) : (
    <ReceiptDialog
      payment={payment}
      merchant={merchant}
      paperMm={choices.paperMm}
      onClose={onClose}
    />
  );
}

/** Says the outcome of a sale as soon as it is there, once. */
function useOutcome(sale: Sale | undefined, { isMuted, isSpeaking }: Choices): void {
  const outcomes = useWords(OUTCOME);
  const { language } = useLanguage();
  const told = useRef('');
  useEffect(() => {
    const kind = sale?.step.kind;
    if (sale === undefined || (kind !== 'over' && kind !== 'refused' && kind !== 'absent')) return;
    const outcome = `${sale.charge.key} ${kind}`;
    if (told.current === outcome) return;
    told.current = outcome;
    const isPaid = paymentOf(sale)?.state === 'paid';
    if (!isMuted) play(isPaid ? 'good' : 'bad');
    if (isSpeaking) {
      const yuan = spokenYuan(sale.charge.amountFen);
      say(isPaid ? outcomes.spokenPaid(yuan) : outcomes.spokenUnpaid, language);
    }
    refreshLists();
  }, [sale, isMuted, isSpeaking, outcomes, language]);
}

function useNotice(notice: { readonly count: number } | undefined, { isMuted }: Choices): void {
  const count = notice?.count;
  const isSilent = useRef(isMuted);
  useEffect(() => {
    isSilent.current = isMuted;
  });
  useEffect(() => {
    if (count !== undefined && !isSilent.current) play('notice');
  }, [count]);
}
