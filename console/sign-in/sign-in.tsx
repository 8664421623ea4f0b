/**
 * The form that a person without a session sees in place of any page, or over it when the session has ended meanwhile; where that
 * person wanted to go stays in the address. The second factor is asked for once the password was right.
 */
import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Form, Input, Modal, Typography } from 'antd';
import { useState } from 'react';
import { ApiError } from '../../client/client.ts';
import { client } from '../api/client.ts';
import { errorText } from '../api/error-text.ts';
import { dropSession, takeSession } from '../api/session.ts';
import { useLanguage, useWords } from '../app/language.tsx';
import { SIGN_IN } from '../words/sign-in.ts';
import { SignInFrame } from './sign-in-frame.tsx';

type Credentials = {
  readonly name: string;
  readonly password: string;
  readonly totp?: string;
};

export function SignIn() {
  const words = useWords(SIGN_IN);
  return (
    <SignInFrame title={words.title}>
      <SignInForm />
      <Typography.Paragraph type="secondary" className="sign-in-note">
        {words.firstTime}
      </Typography.Paragraph>
      <Typography.Paragraph type="secondary">{words.forgot}</Typography.Paragraph>
    </SignInFrame>
  );
}

/** Above everything that may be open on a page. */
const TOP_Z_INDEX = 2000;

export function SignInAgain({ name }: { readonly name: string }) {
  const words = useWords(SIGN_IN);
  return (
    <Modal
      open
      title={words.again}
      footer={null}
      closable={false}
      keyboard={false}
      mask={{ closable: false, blur: true }}
      zIndex={TOP_Z_INDEX}
    >
      <Typography.Paragraph type="secondary">{words.againNote(name)}</Typography.Paragraph>
      <SignInForm name={name} />
      <Button type="text" block onClick={dropSession}>
        {words.somebodyElse}
      </Button>
    </Modal>
  );
}

/** `name`: whose page it is; nobody else can go on with it. */
function SignInForm({ name }: { readonly name?: string }) {
  const words = useWords(SIGN_IN);
  const { language } = useLanguage();
  const [wantsCode, setWantsCode] = useState(false);
  const signingIn = useMutation({
    mutationFn: (credentials: Credentials) => client.session.create(credentials),
    onSuccess: takeSession,
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'totp_required') setWantsCode(true);
    },
  });
  const required = [{ required: true, message: words.required }];
  return (
    <Form<Credentials>
      // The page below may have fields of the same names.
      name="sign-in"
      layout="vertical"
      requiredMark={false}
      {...(name === undefined ? {} : { initialValues: { name } })}
      onFinish={(credentials) => signingIn.mutate(credentials)}
    >
      <Form.Item name="name" label={words.name} rules={required} hidden={name !== undefined}>
        <Input autoComplete="username" autoFocus size="large" maxLength={64} />
      </Form.Item>
      <Form.Item name="password" label={words.password} rules={required}>
        <Input.Password autoComplete="current-password" size="large" maxLength={256} />
      </Form.Item>
      {wantsCode ? (
        <Form.Item name="totp" label={words.totp} extra={words.totpHint} rules={required}>
          <Input inputMode="numeric" autoComplete="one-time-code" autoFocus size="large" />
        </Form.Item>
      ) : null}
      {signingIn.error === null ? null : (
        <Form.Item>
          <Alert type="error" showIcon title={errorText(signingIn.error, language)} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" size="large" block loading={signingIn.isPending}>
        {words.submit}
      </Button>
    </Form>
  );
}
