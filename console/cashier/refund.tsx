/**
 * Gives money back, with a reason. A refund is written down with its idempotency key before it is asked for, and until it is answered:
 * whoever comes back to it, after a crash too, asks about that very refund. Who may not sees why.
 */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Payment, Refund } from '../../client/client.ts';
import { client } from '../api/client.ts';
import { useLanguage, useWords } from '../app/language.tsx';
import { useSession } from '../app/session.tsx';
import { moneyText, readYuan, yuanText } from '../money.ts';
import { REFUND } from '../words/cashier-papers.ts';
import { Dialog } from './dialog.tsx';
import type { WantedRefund } from './journal.ts';
import { journal, newKey } from './system.ts';
import { refreshLists } from './use-live.ts';
import { verdictOf } from './verdict.ts';

const REASON_LENGTH_MAX = 120;
/** After that the person is told that nothing is known. */
const RESEND_FOR_MS = 2000;

export function RefundDialog({
  payment,
  onClose,
}: {
  readonly payment: Payment;
  readonly onClose: () => void;
}) {
  const words = useWords(REFUND);
  const { user } = useSession();
  const left = payment.amount - payment.refunded_amount - payment.refunding_amount;
  const mayNot = user.scopes.includes('refund')
    ? left > 0 && payment.state === 'paid'
      ? undefined
      : words.nothingLeft
    : words.notAllowed;
  return (
    <Dialog title={words.title} onClose={onClose}>
      <p>{words.of(payment.merchant_reference ?? payment.id, moneyText(payment.amount))}</p>
      {mayNot === undefined ? (
        <RefundForm payment={payment} left={left} />
      ) : (
        <p className="cashier-banner bad" role="alert">
          {mayNot}
        </p>
      )}
    </Dialog>
  );
}

function RefundForm({ payment, left }: { readonly payment: Payment; readonly left: number }) {
  const words = useWords(REFUND);
  const [unanswered, setUnanswered] = useState(() => journal.refund(payment.id));
  const [amountText, setAmountText] = useState(() => yuanText(unanswered?.amount ?? left));
  const [reason, setReason] = useState(unanswered?.reason ?? '');
  const [isTried, setTried] = useState(false);
  const amount = readYuan(amountText);
  const isAmount = amount !== undefined && amount > 0 && amount <= left;
  const refunding = useMutation({
    // Nothing waits for the network to go back later, when nobody looks any more.
    networkMode: 'always',
    mutationFn: ({ key, ...wanted }: WantedRefund) => {
      const options = { idempotencyKey: key, retryForMs: RESEND_FOR_MS };
      return client.refunds.create(payment.id, wanted, options);
    },
    onSuccess: () => journal.keepRefund(payment.id, undefined),
    // After a clear no the next try is another intention.
    onError: (failure, wanted) => {
      const isRefused = verdictOf(failure).kind === 'refused';
      if (isRefused) journal.keepRefund(payment.id, undefined);
      setUnanswered(isRefused ? undefined : wanted);
    },
    onSettled: refreshLists,
  });
  const { data, error, isPending } = refunding;
  const isInDoubt = unanswered !== undefined;
  if (data !== undefined) return <Refunded refund={data} />;
  return (
    <form
      className="cashier-form"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        // One that is written down goes on, also where a hand was faster than the page.
        const written = journal.refund(payment.id);
        if (written !== undefined) refunding.mutate(written);
        else if (isAmount && reason.trim() !== '') {
          const wanted = { key: newKey(), amount, reason: reason.trim() };
          journal.keepRefund(payment.id, wanted);
          refunding.mutate(wanted);
        }
      }}
    >
      <label className="cashier-field">
        <span>{words.amount}</span>
        <input
          inputMode="decimal"
          value={amountText}
          disabled={isPending || isInDoubt}
          aria-invalid={!isAmount}
          onChange={({ target }) => setAmountText(target.value)}
        />
      </label>
      <p className="cashier-field-note" data-bad={!isAmount}>
        {isAmount ? words.atMost(moneyText(left)) : words.badAmount(yuanText(left))}
      </p>
      <Reason
        reason={reason}
        isMissing={isTried && reason.trim() === ''}
        isFixed={isPending || isInDoubt}
        onChange={setReason}
      />
      <Doubt error={error} isInDoubt={isInDoubt} />
      <button type="submit" className="primary danger" disabled={isPending || !isAmount}>
        {isInDoubt ? words.checkAgain : words.submit(moneyText(isAmount ? amount : 0))}
      </button>
    </form>
  );
}

function Reason({
  reason,
  isMissing,
  isFixed,
  onChange,
}: {
  readonly reason: string;
  readonly isMissing: boolean;
  readonly isFixed: boolean;
  readonly onChange: (reason: string) => void;
}) {
  const words = useWords(REFUND);
  const usual = [words.returned, words.wrongAmount, words.twice, words.soldOut];
  return (
    <>
      <label className="cashier-field">
        <span>{words.reason}</span>
        <input
          value={reason}
          maxLength={REASON_LENGTH_MAX}
          disabled={isFixed}
          aria-invalid={isMissing}
          onChange={({ target }) => onChange(target.value)}
        />
      </label>
      {isMissing ? (
        <p className="cashier-field-note" data-bad="true" role="alert">
          {words.reasonMissing}
        </p>
      ) : null}
      <span className="cashier-usual">
        {usual.map((text) => (
          <button
            key={text}
            type="button"
            className="plain"
            disabled={isFixed}
            onClick={() => onChange(text)}
          >
            {text}
          </button>
        ))}
      </span>
    </>
  );
}

function Doubt({ error, isInDoubt }: { readonly error: unknown; readonly isInDoubt: boolean }) {
  const words = useWords(REFUND);
  const { language } = useLanguage();
  const verdict = error === null ? undefined : verdictOf(error);
  if (verdict === undefined && !isInDoubt) return null;
  return (
    <p className={`cashier-banner ${isInDoubt ? 'doubt' : 'bad'}`} role="alert">
      {verdict?.kind === 'refused' ? verdict.why[language] : words.unknown}
    </p>
  );
}

const TONES = { pending: 'doubt', succeeded: 'good', failed: 'bad' } as const;

function Refunded({ refund: { state, amount, failure } }: { readonly refund: Refund }) {
  const words = useWords(REFUND);
  const texts = {
    pending: words.pending,
    succeeded: words.done(moneyText(amount)),
    failed: words.failed,
  };
  return (
    <p className={`cashier-banner ${TONES[state]}`} role="alert">
      {texts[state]}
      {failure === null ? null : ` ${failure.message} (${failure.code})`}
    </p>
  );
}
