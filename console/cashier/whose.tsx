/** The choice between one's own payments and those of the whole shop. */
import { useWords } from '../app/language.tsx';
import { CASHIER } from '../words/cashier.ts';

export function Whose({
  isOwn,
  onChange,
}: {
  readonly isOwn: boolean;
  readonly onChange: (isOwn: boolean) => void;
}) {
  const words = useWords(CASHIER);
  return (
    <fieldset className="cashier-whose" aria-label={words.whose}>
      <button type="button" aria-pressed={isOwn} onClick={() => onChange(true)}>
        {words.own}
      </button>
      <button type="button" aria-pressed={!isOwn} onClick={() => onChange(false)}>
        {words.everybody}
      </button>
    </fieldset>
  );
}
