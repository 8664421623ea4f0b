/** Asks whoever has a password that would be refused today to choose another one, wherever in the console. */
import { Alert } from 'antd';
import { Link } from 'react-router';
import { ACCOUNT } from '../words/account.ts';
import { PAGE_NAMES } from '../words/page-names.ts';
import { useWords } from './language.tsx';
import { useSession } from './session.tsx';

export function PasswordNotice() {
  const words = useWords(ACCOUNT);
  const names = useWords(PAGE_NAMES);
  const { must_change_password: mustChange } = useSession();
  if (!mustChange) return null;
  return (
    <Alert
      type="warning"
      showIcon
      className="frame-notice"
      title={words.mustChange}
      action={<Link to="/console/account">{names.account}</Link>}
    />
  );
}
