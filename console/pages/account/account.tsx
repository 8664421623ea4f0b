/** The account of whoever is signed in: what the gateway knows of it, its password, and its second factor. */
import { Fragment } from 'react';
import { Link } from 'react-router';
import { useWords } from '../../app/language.tsx';
import { useSession } from '../../app/session.tsx';
import { timeText } from '../../time.ts';
import { ACCOUNT } from '../../words/account.ts';
import { ROLES } from '../../words/shell.ts';
import { ROLE_DOES } from '../../words/users.ts';
import { useMerchant } from '../merchants/use-merchant.ts';
import { Facts, type Fact } from '../facts.tsx';
import { PageHead } from '../page-head.tsx';
import { Password } from './password.tsx';
import { SecondFactor } from './second-factor.tsx';

export function Component() {
  return (
    <>
      <PageHead name="account" />
      <AccountFacts />
      <Password />
      <SecondFactor />
    </>
  );
}

function AccountFacts() {
  const words = useWords(ACCOUNT);
  const roles = useWords(ROLES);
  const does = useWords(ROLE_DOES);
  const { user } = useSession();
  const { role, merchant, last_sign_in_at: lastSignIn } = user;
  const facts: readonly Fact[] = [
    [words.name, user.name],
    [words.displayName, user.display_name ?? '—'],
    [
      words.role,
      <Fragment key="role">
        {roles[role]} <span className="note">{does[role]}</span>
      </Fragment>,
    ],
    [
      words.merchant,
      merchant === null ? words.allMerchants : <OwnMerchant key={merchant} id={merchant} />,
    ],
    [words.lastSignIn, lastSignIn === null ? '—' : timeText(lastSignIn)],
  ];
  return (
    <section aria-labelledby="facts" className="part">
      <h2 id="facts">{words.facts}</h2>
      <Facts facts={facts} />
      <p className="note">{words.changedByOthers}</p>
    </section>
  );
}

function OwnMerchant({ id }: { readonly id: string }) {
  const merchant = useMerchant(id).data?.merchant;
  return <Link to={`/console/merchants/${id}`}>{merchant?.name ?? merchant?.shop_no ?? id}</Link>;
}
