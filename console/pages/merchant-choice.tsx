/** The choice of a merchant, for lists that are filtered by one. Whoever is of one merchant sees no others, and is not asked. */
import { useMerchants } from '../api/merchants.ts';
import { useWords } from '../app/language.tsx';
import { useSession } from '../app/session.tsx';
import { PAYMENTS } from '../words/payments.ts';
import { Choice } from './choice.tsx';

type Props = {
  readonly merchant: string | undefined;
  /** What it says while none is chosen, unless that is any. */
  readonly anyText?: string;
  readonly onChoose: (merchant: string | undefined) => void;
};

export function MerchantChoice({ merchant, anyText, onChoose }: Props) {
  const words = useWords(PAYMENTS);
  const merchants = useMerchants();
  const { user } = useSession();
  if (user.merchant !== null) return null;
  return (
    <Choice
      label={words.merchant}
      anyText={anyText ?? words.anyMerchant}
      value={merchant}
      options={merchants.map(({ id, name }) => [id, name])}
      onChoose={onChoose}
      isSearched
    />
  );
}
