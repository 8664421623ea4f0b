/** Whether somebody can sign in, as words in a colour. */
import type { User } from '../../../client/client.ts';
import { useWords } from '../../app/language.tsx';
import { shortTimeText } from '../../time.ts';
import { USER_STATE_WORDS, USERS } from '../../words/users.ts';
import { Tag, type Tone } from '../state-tag.tsx';

const TONES: Readonly<Record<User['state'], Tone>> = {
  active: 'good',
  invited: 'wait',
  suspended: 'over',
};

export function UserTags({ user }: { readonly user: User }) {
  const words = useWords(USERS);
  const states = useWords(USER_STATE_WORDS);
  const { state, locked_until: lockedUntil } = user;
  return (
    <span className="tags">
      <Tag tone={TONES[state]}>{states[state]}</Tag>
      {lockedUntil === null ? null : (
        <Tag tone="doubt">{words.lockedUntil(shortTimeText(lockedUntil))}</Tag>
      )}
    </span>
  );
}
