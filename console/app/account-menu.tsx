/** The menu of whoever is signed in: name and role, the own account, the way out. */
import { UserOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { App, Button, Dropdown } from 'antd';
import { useNavigate } from 'react-router';
import { errorText } from '../api/error-text.ts';
import { signOut } from '../api/session.ts';
import { PAGE_NAMES } from '../words/page-names.ts';
import { ROLES, SHELL } from '../words/shell.ts';
import { useLanguage, useWords } from './language.tsx';
import { useSession } from './session.tsx';

export function AccountMenu() {
  const words = useWords(SHELL);
  const names = useWords(PAGE_NAMES);
  const roles = useWords(ROLES);
  const { language } = useLanguage();
  const { message } = App.useApp();
  const { user } = useSession();
  const navigate = useNavigate();
  const leaving = useMutation({
    mutationFn: signOut,
    onError: (error) => message.error(errorText(error, language)),
  });
  const name = user.display_name ?? user.name;
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          {
            key: 'who',
            // What is disabled is paler than anybody can read.
            label: <span className="note">{`${name} · ${roles[user.role]}`}</span>,
            disabled: true,
          },
          {
            key: 'account',
            label: names.account,
            onClick: () => void navigate('/console/account'),
          },
          { key: 'out', label: words.signOut, onClick: () => leaving.mutate() },
        ],
      }}
    >
      <Button type="text" icon={<UserOutlined />} aria-label={`${names.account}: ${name}`} />
    </Dropdown>
  );
}
