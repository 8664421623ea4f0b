/**
 * The code of an app that is asked for at the sign-in beside the password: set up by a QR code that the page draws itself, so that the
 * secret is in no address; taken away with the password.
 */
import { useMutation } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import type { Session, TotpSecret } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { errorText } from '../../api/error-text.ts';
import { takeSession } from '../../api/session.ts';
import { useLanguage, useWords } from '../../app/language.tsx';
import { useSession } from '../../app/session.tsx';
import { QrPicture } from '../../qr-picture.tsx';
import { ACCOUNT } from '../../words/account.ts';
import { CopiedText } from '../copied.tsx';
import { DialogButton } from '../dialog-button.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { Tag } from '../state-tag.tsx';
import { OwnPassword } from './password.tsx';

export function SecondFactor() {
  const words = useWords(ACCOUNT);
  const { totp } = useSession().user;
  return (
    <section aria-labelledby="second-factor" className="part">
      <h2 id="second-factor">{words.secondFactor}</h2>{' '}
      <Tag tone={totp ? 'good' : 'over'}>{totp ? words.on : words.off}</Tag>
      <p>{totp ? words.onNote : words.offNote}</p>
      {totp ? <RemoveButton /> : <SetUpButton />}
    </section>
  );
}

function SetUpButton() {
  const words = useWords(ACCOUNT);
  const { language } = useLanguage();
  const { message } = App.useApp();
  const making = useMutation({
    mutationFn: () => client.session.createTotp(),
    onError: (error) => message.error(errorText(error, language)),
  });
  return (
    <>
      <Button loading={making.isPending} onClick={() => making.mutate()}>
        {words.setUp}
      </Button>
      {making.data === undefined ? null : (
        <SetUpForm secret={making.data} onClose={() => making.reset()} />
      )}
    </>
  );
}

/** What an app shows: six digits, in two groups with many. */
const CODE = /^\s*\d{3}\s?\d{3}\s*$/;

type SetUpProps = { readonly secret: TotpSecret; readonly onClose: () => void };

function SetUpForm({ secret: { secret, uri }, onClose }: SetUpProps) {
  const words = useWords(ACCOUNT);
  const { message } = App.useApp();
  return (
    <FormDialog<{ readonly code: string }, Session>
      title={words.setUpTitle}
      yes={words.setUpYes}
      initial={{}}
      send={({ code }) => client.session.confirmTotp({ code: code.replaceAll(/\s/g, '') })}
      onDone={(session) => {
        takeSession(session);
        message.success(words.isOn);
      }}
      onClose={onClose}
    >
      <p>{words.scan}</p>
      <div className="totp-qr">
        <QrPicture text={uri} label={words.qr} />
      </div>
      <Form.Item>
        <CopiedText name={words.secret} value={secret} />
      </Form.Item>
      <Form.Item
        name="code"
        label={words.code}
        rules={[{ required: true }, { pattern: CODE, message: words.codeHint }]}
        extra={words.codeHint}
      >
        <Input autoFocus inputMode="numeric" autoComplete="one-time-code" maxLength={10} />
      </Form.Item>
    </FormDialog>
  );
}

function RemoveButton() {
  const words = useWords(ACCOUNT);
  return (
    <DialogButton
      danger
      whyNot={undefined}
      renderDialog={(close) => <RemoveForm onClose={close} />}
    >
      {words.remove}
    </DialogButton>
  );
}

function RemoveForm({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(ACCOUNT);
  const { message } = App.useApp();
  return (
    <FormDialog<{ readonly password: string }, Session>
      title={words.removeTitle}
      yes={words.removeYes}
      initial={{}}
      send={(proof) => client.session.deleteTotp(proof)}
      onDone={(session) => {
        takeSession(session);
        message.success(words.isOff);
      }}
      onClose={onClose}
    >
      <p>{words.removeDoes}</p>
      <OwnPassword />
    </FormDialog>
  );
}
