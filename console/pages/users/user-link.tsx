/** The one-time link by which somebody chooses a password: shown once, to be sent to that person. */
import type { UserLink } from '../../../client/client.ts';
import { useWords } from '../../app/language.tsx';
import { timeText } from '../../time.ts';
import { USERS } from '../../words/users.ts';
import { SecretOnce } from '../secret-once.tsx';

type Props = { readonly name: string; readonly link: UserLink; readonly onClose: () => void };

export function UserLinkOnce({ name, link, onClose }: Props) {
  const words = useWords(USERS);
  return (
    <SecretOnce
      title={words.linkTitle(name)}
      name={words.link}
      secret={`${location.origin}${link.url_path}`}
      onClose={onClose}
    >
      <span>{words.linkNote(timeText(link.expires_at))}</span>
    </SecretOnce>
  );
}
