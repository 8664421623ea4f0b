/**
 * Redeems a one-time link: the first administrator's, an invitation, or a reset. The token stands behind the `#` of the address, which
 * browsers send to nobody; it is taken out of the address as soon as the page has it. Whoever has a second factor needs it here, too.
 */
import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Form, Input, Typography } from 'antd';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { ApiError } from '../../client/client.ts';
import { client } from '../api/client.ts';
import { errorText } from '../api/error-text.ts';
import { dropSession, takeSession } from '../api/session.ts';
import { useLanguage, useWords } from '../app/language.tsx';
import { LINK, SIGN_IN } from '../words/sign-in.ts';
import { NewPassword } from './new-password.tsx';
import { SignInFrame } from './sign-in-frame.tsx';

type Wanted = {
  readonly name?: string;
  readonly password: string;
  readonly again: string;
  readonly totp?: string;
};

export function Component() {
  const words = useWords(LINK);
  const [token] = useState(() => location.hash.slice(1));
  useEffect(() => history.replaceState(history.state, '', location.pathname), []);
  return (
    <SignInFrame title={words.title}>
      {token === '' ? (
        <Alert type="error" showIcon title={words.missing} />
      ) : (
        <>
          <Typography.Paragraph type="secondary">{words.explain}</Typography.Paragraph>
          <PasswordForm token={token} />
        </>
      )}
    </SignInFrame>
  );
}

function useRedeem(token: string) {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ name, password, totp }: Wanted) =>
      client.session.redeemLink({
        token,
        password,
        ...(name ? { name } : {}),
        ...(totp ? { totp } : {}),
      }),
    onSuccess: async (session) => {
      dropSession();
      takeSession(session);
      await navigate(session.user.role === 'clerk' ? '/cashier' : '/console', { replace: true });
    },
  });
}

function PasswordForm({ token }: { readonly token: string }) {
  const words = useWords(LINK);
  const signInWords = useWords(SIGN_IN);
  const { language } = useLanguage();
  const redeem = useRedeem(token);
  const [wantsCode, setWantsCode] = useState(false);
  const submit = (wanted: Wanted): void =>
    redeem.mutate(wanted, {
      onError: (error) => {
        if (error instanceof ApiError && error.code === 'totp_required') setWantsCode(true);
      },
    });
  return (
    <Form<Wanted> layout="vertical" requiredMark={false} onFinish={submit}>
      <Form.Item name="name" label={words.name}>
        <Input autoComplete="username" autoFocus size="large" maxLength={64} />
      </Form.Item>
      <NewPassword name="password" size="large" />
      {wantsCode ? (
        <Form.Item name="totp" label={signInWords.totp} extra={signInWords.totpHint}>
          <Input inputMode="numeric" autoComplete="one-time-code" autoFocus size="large" />
        </Form.Item>
      ) : null}
      {redeem.error === null ? null : (
        <Form.Item>
          <Alert type="error" showIcon title={errorText(redeem.error, language)} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" size="large" block loading={redeem.isPending}>
        {words.submit}
      </Button>
    </Form>
  );
}
