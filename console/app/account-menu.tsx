/** The menu of whoever is signed in: name and role, the own account, the way out. */
import { UserOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { Link } from 'react-router';
import { errorText } from '../api/error-text.ts';
import { signOut } from '../api/session.ts';
import { PAGE_NAMES } from '../words/page-names.ts';
import { ROLES, SHELL } from '../words/shell.ts';
import { useLanguage, useWords } from './language.tsx';
import { closePopMenu, PopMenu } from './pop-menu.tsx';
import { useSession } from './session.tsx';

export function AccountMenu() {
  const words = useWords(SHELL);
  const names = useWords(PAGE_NAMES);
  const roles = useWords(ROLES);
  const { language } = useLanguage();
  const { message } = App.useApp();
  const { user } = useSession();
  const leaving = useMutation({
    mutationFn: signOut,
    onError: (error) => message.error(errorText(error, language)),
  });
  const name = user.display_name ?? user.name;
  return (
    <PopMenu
      type="text"
      icon={<UserOutlined />}
      aria-label={`${names.account}: ${name}`}
      menu={
        <>
          <p className="note">{`${name} · ${roles[user.role]}`}</p>
          <Link to="/console/account" onClick={closePopMenu}>
            {names.account}
          </Link>
          <Button type="link" loading={leaving.isPending} onClick={() => leaving.mutate()}>
            {words.signOut}
          </Button>
        </>
      }
    />
  );
}
