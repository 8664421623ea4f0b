/** Changing one's own password. It ends all other sessions; this one goes on as a new one. */
import { Alert, App, Form, Input } from 'antd';
import type { ChangeSessionPasswordBody, Session } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { takeSession } from '../../api/session.ts';
import { useWords } from '../../app/language.tsx';
import { useSession } from '../../app/session.tsx';
import { NewPassword } from '../../sign-in/new-password.tsx';
import { ACCOUNT } from '../../words/account.ts';
import { DialogButton } from '../dialog-button.tsx';
import { FormDialog } from '../form-dialog.tsx';

export function Password() {
  const words = useWords(ACCOUNT);
  const { must_change_password: mustChange } = useSession();
  return (
    <section aria-labelledby="own-password" className="part">
      <h2 id="own-password">{words.password}</h2>
      {mustChange ? <Alert type="warning" showIcon title={words.mustChange} /> : null}
      <p>{words.passwordNote}</p>
      <DialogButton
        type={mustChange ? 'primary' : 'default'}
        whyNot={undefined}
        renderDialog={(close) => <PasswordForm onClose={close} />}
      >
        {words.change}
      </DialogButton>
    </section>
  );
}

type Wanted = ChangeSessionPasswordBody & { readonly again: string };

function PasswordForm({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(ACCOUNT);
  const { message } = App.useApp();
  return (
    <FormDialog<Wanted, Session>
      title={words.changeTitle}
      yes={words.change}
      initial={{}}
      send={({ password, new_password }) =>
        client.session.changePassword({ password, new_password })
      }
      onDone={(session) => {
        takeSession(session);
        message.success(words.changed);
      }}
      onClose={onClose}
    >
      <OwnPassword />
      <NewPassword name="new_password" />
    </FormDialog>
  );
}

/** The password of now, which whoever finds an open page does not know. */
export function OwnPassword() {
  const words = useWords(ACCOUNT);
  return (
    <Form.Item name="password" label={words.ownPassword} rules={[{ required: true }]}>
      <Input.Password autoFocus autoComplete="current-password" maxLength={PASSWORD_MAX} />
    </Form.Item>
  );
}

const PASSWORD_MAX = 256;
