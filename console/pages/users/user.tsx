/** One of those who sign in: what the gateway knows, and what an administrator can do. */
import { Fragment } from 'react';
import { Link } from 'react-router';
import type { User } from '../../../client/client.ts';
import { useMerchantName } from '../../api/merchants.ts';
import { useWords } from '../../app/language.tsx';
import { timeText } from '../../time.ts';
import { ROLES } from '../../words/shell.ts';
import { ROLE_DOES, USERS } from '../../words/users.ts';
import { Facts, type Fact } from '../facts.tsx';
import { PageHead } from '../page-head.tsx';
import { QueryState } from '../query-state.tsx';
import { useUser } from './use-user.ts';
import { UserActs } from './user-acts.tsx';
import { UserTags } from './user-tag.tsx';

export function UserPage({ id }: { readonly id: string }) {
  const words = useWords(USERS);
  return (
    <>
      <p className="way-back">
        <Link to="/console/users">← {words.all}</Link>
      </p>
      <QueryState query={useUser(id)}>
        {(read) => (
          <>
            <PageHead name="users" one={read.user.display_name ?? read.user.name}>
              <UserActs read={read} />
            </PageHead>
            <p>
              <UserTags user={read.user} />
            </p>
            <UserFacts user={read.user} />
          </>
        )}
      </QueryState>
    </>
  );
}

function UserFacts({ user }: { readonly user: User }) {
  const words = useWords(USERS);
  const roles = useWords(ROLES);
  const does = useWords(ROLE_DOES);
  const nameOf = useMerchantName();
  const { id, name, role, merchant, totp } = user;
  const facts: readonly Fact[] = [
    [words.name, name],
    [words.displayName, user.display_name ?? '—'],
    [
      words.role,
      <Fragment key="role">
        {roles[role]} <span className="note">{does[role]}</span>
      </Fragment>,
    ],
    [words.merchant, merchant === null ? words.allMerchants : nameOf(merchant)],
    [words.secondFactor, totp ? words.on : words.off],
    [
      words.lastSignIn,
      user.last_sign_in_at === null ? words.never : timeText(user.last_sign_in_at),
    ],
    [words.created, timeText(user.created_at)],
    [words.id, id, 'copied'],
  ];
  return (
    <section aria-labelledby="facts" className="part">
      <h2 id="facts">{words.facts}</h2>
      <Facts facts={facts} />
      <p className="ways">
        <Link to={`/console/audit-log?actor=${id}`}>{words.did}</Link>
        <Link to={`/console/payments?created_by=${id}`}>{words.began}</Link>
      </p>
    </section>
  );
}
