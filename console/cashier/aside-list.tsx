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
  return (
    <div aria-live="assertive" className="cashier-aside">
      {aside.map(({ charge: { reference, amountFen }, heard }) => (
        <p key={reference} className={`cashier-banner ${heard === undefined ? '' : 'good'}`}>
          {heard === undefined
            ? words.asideWaiting(reference, moneyText(amountFen))
            : words.asidePaid(reference, moneyText(amountFen))}
          {heard === undefined ? null : (
            <button type="button" className="plain" onClick={() => onSeen(reference)}>
              {words.seen}
            </button>
          )}
        </p>
      ))}
    </div>
  );
}
