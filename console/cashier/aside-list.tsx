/** Charges that left the screen before their outcome was known. One that was paid after all stays until the clerk has seen it. */
import { useWords } from '../app/language.tsx';
import { moneyText } from '../money.ts';
import { CASHIER } from '../words/cashier.ts';
import type { Aside } from './till-memory.ts';

export function AsideList({
  aside,
  onSeen,
}: {
  readonly aside: readonly Aside[];
  readonly onSeen: (reference: string) => void;
}) {
  const words = useWords(CASHIER);
  const waiting = aside.filter(({ heard }) => heard === undefined);
  const paid = aside.filter(({ heard }) => heard !== undefined);
  return (
    <div aria-live="assertive" className="cashier-aside">
      {paid.map(({ charge: { reference, amountFen } }) => (
        <p key={reference} className="cashier-banner good">
          {words.asidePaid(reference, moneyText(amountFen))}
          <button type="button" className="plain" onClick={() => onSeen(reference)}>
            {words.seen}
          </button>
        </p>
      ))}
      {waiting.length === 0 ? null : (
        <p className="cashier-banner slim">
          {words.asideWaiting(
            waiting
              .map(({ charge: { reference, amountFen } }) => `${reference} ${moneyText(amountFen)}`)
              .join(', '),
          )}
        </p>
      )}
    </div>
  );
}
