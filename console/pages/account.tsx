/** What the gateway knows of whoever is signed in. */
import { Descriptions } from 'antd';
import { useWords } from '../app/language.tsx';
import { useSession } from '../app/session.tsx';
import { timeText } from '../time.ts';
import { ACCOUNT } from '../words/account.ts';
import { ROLES } from '../words/shell.ts';
import { PageHead } from './page-head.tsx';

export function Component() {
  const words = useWords(ACCOUNT);
  const roles = useWords(ROLES);
  const { user } = useSession();
  const rows: readonly (readonly [label: string, text: string])[] = [
    [words.name, user.name],
    [words.displayName, user.display_name ?? '—'],
    [words.role, roles[user.role]],
    [words.merchant, user.merchant ?? words.allMerchants],
    [words.lastSignIn, user.last_sign_in_at === null ? '—' : timeText(user.last_sign_in_at)],
  ];
  return (
    <>
      <PageHead name="account" />
      <Descriptions
        bordered
        column={1}
        items={rows.map(([label, children]) => ({ key: label, label, children }))}
      />
    </>
  );
}
