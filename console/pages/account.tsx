/** What the gateway knows of whoever is signed in. */
import { Descriptions, Typography } from 'antd';
import { useWords } from '../app/language.tsx';
import { useSession } from '../app/session.tsx';
import { timeText } from '../time.ts';
import { ACCOUNT } from '../words/account.ts';
import { ROLES, SHELL } from '../words/shell.ts';

export function Component() {
  const words = useWords(ACCOUNT);
  const shell = useWords(SHELL);
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
      <Typography.Title level={1} className="page-title">
        {shell.account}
      </Typography.Title>
      <Descriptions
        bordered
        column={1}
        items={rows.map(([label, children]) => ({ key: label, label, children }))}
      />
    </>
  );
}
