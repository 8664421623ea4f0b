/** The list of those who sign in, and one of them where the address names it. */
import { useParams } from 'react-router';
import type { User } from '../../../client/client.ts';
import { useMerchantName } from '../../api/merchants.ts';
import { useWords } from '../../app/language.tsx';
import { useSession } from '../../app/session.tsx';
import { shortTimeText } from '../../time.ts';
import { ROLES } from '../../words/shell.ts';
import { USERS } from '../../words/users.ts';
import { PageHead } from '../page-head.tsx';
import { Nothing, QueryState } from '../query-state.tsx';
import { Rows, type Column } from '../rows.tsx';
import { Tag } from '../state-tag.tsx';
import { InviteButton } from './invite.tsx';
import { useUsers } from './use-user.ts';
import { UserPage } from './user.tsx';
import { UserTags } from './user-tag.tsx';

export function Component() {
  const { id } = useParams();
  return id === undefined ? <UserList /> : <UserPage key={id} id={id} />;
}

function UserList() {
  const words = useWords(USERS);
  const columns = useColumns();
  return (
    <>
      <PageHead name="users">
        <InviteButton />
      </PageHead>
      <div className="list">
        <QueryState query={useUsers()}>
          {(users) =>
            users.length === 0 ? (
              <Nothing text={words.none} />
            ) : (
              <Rows
                label={words.tableOf}
                rows={users}
                columns={columns}
                pathOf={({ id }) => `/console/users/${id}`}
              />
            )
          }
        </QueryState>
      </div>
    </>
  );
}

function useColumns(): readonly Column<User>[] {
  const words = useWords(USERS);
  const roles = useWords(ROLES);
  const nameOf = useMerchantName();
  const { user: own } = useSession();
  return [
    {
      key: 'name',
      title: words.name,
      cell: ({ id, name }) => (
        <span className="tags">
          {name}
          {id === own.id ? <Tag tone="wait">{words.you}</Tag> : null}
        </span>
      ),
    },
    { key: 'shown', title: words.displayName, cell: ({ display_name: name }) => name ?? '—' },
    { key: 'role', title: words.role, cell: ({ role }) => roles[role] },
    {
      key: 'merchant',
      title: words.merchant,
      cell: ({ merchant }) => (merchant === null ? words.allMerchants : nameOf(merchant)),
    },
    { key: 'state', title: words.state, cell: (user) => <UserTags user={user} /> },
    { key: 'totp', title: words.secondFactor, cell: ({ totp }) => (totp ? words.on : words.off) },
    {
      key: 'signed-in',
      title: words.lastSignIn,
      cell: ({ last_sign_in_at: at }) => (at === null ? words.never : shortTimeText(at)),
    },
  ];
}
