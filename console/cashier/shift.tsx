/** What was taken since the shift began, one's own or the whole shop's; printed for the hand-over, and closed. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Merchant, PaymentTotals } from '../../client/client.ts';
import { client } from '../api/client.ts';
import { errorText } from '../api/error-text.ts';
import { useLanguage, useWords } from '../app/language.tsx';
import { useSession } from '../app/session.tsx';
import { moneyText } from '../money.ts';
import { rfc3339, timeText } from '../time.ts';
import { SHIFT } from '../words/cashier-papers.ts';
import { Dialog } from './dialog.tsx';
import { PaperLine, Printable, type PaperMm } from './print.tsx';
import { journal } from './system.ts';
import { shiftOwner } from './journal.ts';
import { LISTS_KEY } from './use-live.ts';
import { Whose } from './whose.tsx';

/** `toMs`: null while it goes on. */
type Span = { readonly fromMs: number; readonly toMs: number | null };
/** How what is paid was paid. */
type Totals = PaymentTotals & { readonly paid_by_method: PaymentTotals['by_method'] };
type Props = { readonly merchant: Merchant; readonly paperMm: PaperMm };

const AGAIN_MS = 30_000;

export function ShiftPanel({ merchant, paperMm }: Props) {
  const words = useWords(SHIFT);
  const { user } = useSession();
  const owner = shiftOwner(merchant.id, user.id);
  const [shift, setShift] = useState(() => journal.shift(owner, Date.now()));
  const [isOwn, setOwn] = useState(true);
  const [isAsking, setAsking] = useState(false);
  const [printed, setPrinted] = useState<Span>();
  const now: Span = { fromMs: shift.beganAtMs, toMs: null };
  const close = (): void => {
    const toMs = Date.now();
    const next = { beganAtMs: toMs, before: { fromMs: shift.beganAtMs, toMs } };
    journal.keepShift(owner, next);
    setShift(next);
    setAsking(false);
    setPrinted(next.before);
  };
  return (
    <section className="cashier-shift" aria-label={words.title}>
      <header>
        <h2>{words.title}</h2>
        <Whose isOwn={isOwn} onChange={setOwn} />
      </header>
      <p>{words.since(timeText(rfc3339(shift.beganAtMs)))}</p>
      <ShiftTotals merchant={merchant.id} span={now} isOwn={isOwn} />
      <div className="cashier-actions">
        <button type="button" className="plain" onClick={() => setPrinted(now)}>
          {words.print}
        </button>
        {shift.before === undefined ? null : (
          <button type="button" className="plain" onClick={() => setPrinted(shift.before)}>
            {words.last}
          </button>
        )}
        <button type="button" className="primary" onClick={() => setAsking(true)}>
          {words.close}
        </button>
      </div>
      {isAsking ? (
        <Dialog title={words.closeNow} onClose={() => setAsking(false)}>
          <ShiftTotals merchant={merchant.id} span={now} isOwn={isOwn} />
          <div className="cashier-actions">
            <button type="button" className="plain" onClick={() => setAsking(false)}>
              {words.no}
            </button>
            <button type="button" className="primary" onClick={close}>
              {words.yes}
            </button>
          </div>
        </Dialog>
      ) : null}
      {printed === undefined ? null : (
        <Dialog title={words.slip} onClose={() => setPrinted(undefined)}>
          {printed.toMs === null ? null : <p>{words.closed}</p>}
          <Printable paperMm={paperMm}>
            <Slip merchant={merchant} span={printed} isOwn={isOwn} />
          </Printable>
        </Dialog>
      )}
    </section>
  );
}

function useTotals(merchant: string, { fromMs, toMs }: Span, isOwn: boolean) {
  const { user } = useSession();
  return useQuery({
    queryKey: [...LISTS_KEY, 'totals', merchant, fromMs, toMs, isOwn],
    queryFn: async (): Promise<Totals> => {
      const filters = {
        merchant,
        created_from: rfc3339(fromMs),
        ...(toMs === null ? {} : { created_before: rfc3339(toMs) }),
        ...(isOwn ? { created_by: user.id } : {}),
      };
      const [all, paid] = await Promise.all([
        client.payments.getTotals(filters),
        client.payments.getTotals({ ...filters, state: 'paid' }),
      ]);
      return { ...all, paid_by_method: paid.by_method };
    },
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  });
}

type TotalsProps = { readonly merchant: string; readonly span: Span; readonly isOwn: boolean };

function ShiftTotals({ merchant, span, isOwn }: TotalsProps) {
  const words = useWords(SHIFT);
  const { language } = useLanguage();
  const { data, error } = useTotals(merchant, span, isOwn);
  if (error !== null) return <p role="alert">{errorText(error, language)}</p>;
  if (data === undefined) return null;
  const open = openOf(data);
  return (
    <>
      <p className="cashier-net">
        <span>{words.net}</span>
        <strong>{moneyText(data.net_amount)}</strong>
      </p>
      <TotalLines totals={data} />
      {open.count === 0 ? null : (
        <p className="cashier-banner doubt">{words.openWarning(open.count)}</p>
      )}
    </>
  );
}

function TotalLines({ totals }: { readonly totals: Totals }) {
  const words = useWords(SHIFT);
  const { paid_by_method: methods, by_state: states } = totals;
  const text = ({ count, amount }: { readonly count: number; readonly amount: number }): string =>
    `${words.count(count)}  ${moneyText(amount)}`;
  return (
    <dl className="cashier-totals">
      <PaperLine name={words.paid} value={text(totals.paid)} />
      <PaperLine
        name={words.refunded}
        value={text({ count: totals.refunded.count, amount: -totals.refunded.amount })}
      />
      <PaperLine name={words.barcode} value={text(methods.barcode)} />
      <PaperLine name={words.qr} value={text(methods.qr)} />
      <PaperLine name={words.open} value={text(openOf(totals))} />
      <PaperLine
        name={words.unpaid}
        value={text(sumOf([states.declined, states.closed, states.reversed]))}
      />
    </dl>
  );
}

function Slip({ merchant, span, isOwn }: Omit<TotalsProps, 'merchant'> & { merchant: Merchant }) {
  const words = useWords(SHIFT);
  const { user } = useSession();
  const { data } = useTotals(merchant.id, span, isOwn);
  const [nowMs] = useState(() => Date.now());
  const text = (atMs: number): string => timeText(rfc3339(atMs));
  if (data === undefined) return null;
  return (
    <>
      <h3>{merchant.name ?? merchant.shop_no}</h3>
      <p>{words.slip}</p>
      <p>{words.span(text(span.fromMs), text(span.toMs ?? nowMs))}</p>
      {isOwn ? <p>{user.display_name ?? user.name}</p> : null}
      <p className="cashier-paper-sum">
        <span>{words.net}</span> <strong>{moneyText(data.net_amount)}</strong>
      </p>
      <TotalLines totals={data} />
      <p className="cashier-paper-signature">{words.signature}</p>
    </>
  );
}

function openOf({ by_state: states }: PaymentTotals) {
  return sumOf([states.created, states.awaiting_buyer]);
}

function sumOf(sums: readonly { readonly count: number; readonly amount: number }[]) {
  return {
    count: sums.reduce((sum, { count }) => sum + count, 0),
    amount: sums.reduce((sum, { amount }) => sum + amount, 0),
  };
}
