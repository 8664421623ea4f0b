/** Invites somebody, and then shows the link to send. */
import { Form, Input } from 'antd';
import { useState } from 'react';
import type { User } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { useWords } from '../../app/language.tsx';
import { useWhyNot } from '../../app/session.tsx';
import { USERS } from '../../words/users.ts';
import { withoutBlanks } from '../blanks.ts';
import { DialogButton } from '../dialog-button.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { takeUser } from './use-user.ts';
import { UserFields, type UserFieldValues } from './user-fields.tsx';
import { UserLinkOnce } from './user-link.tsx';

type Wanted = UserFieldValues & { readonly name: string };

/** As the API has it; it makes capital letters small. */
const NAME = /^\s*[\p{L}\p{N}][\p{L}\p{M}\p{N}._@+-]*\s*$/u;
const NAME_LENGTH_MAX = 64;
const LEAST: UserFieldValues = { display_name: '', role: 'clerk', merchant: '' };

export function InviteButton() {
  const words = useWords(USERS);
  const whyNot = useWhyNot('administer');
  const [invited, setInvited] = useState<User>();
  return (
    <>
      <DialogButton
        type="primary"
        whyNot={whyNot}
        renderDialog={(close) => <InviteForm onClose={close} onDone={setInvited} />}
      >
        {words.invite}
      </DialogButton>
      {invited?.link === undefined ? null : (
        <UserLinkOnce
          name={invited.display_name ?? invited.name}
          link={invited.link}
          onClose={() => setInvited(undefined)}
        />
      )}
    </>
  );
}

function InviteForm(props: {
  readonly onClose: () => void;
  readonly onDone: (user: User) => void;
}) {
  const { onClose, onDone } = props;
  const words = useWords(USERS);
  return (
    <FormDialog<Wanted, User>
      title={words.inviteTitle}
      yes={words.invite}
      initial={LEAST}
      send={(wanted) => client.users.create(withoutBlanks(wanted))}
      onDone={(user) => {
        takeUser(user);
        onDone(user);
      }}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={words.name}
        extra={words.nameHint}
        rules={[{ required: true }, { pattern: NAME, message: words.nameHint }]}
      >
        <Input maxLength={NAME_LENGTH_MAX} autoFocus autoComplete="off" spellCheck={false} />
      </Form.Item>
      <UserFields />
    </FormDialog>
  );
}
