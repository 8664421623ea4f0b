/** What an administrator can do with one of those who sign in. What is one's own is done under one's own account. */
import { App, Form } from 'antd';
import { useState } from 'react';
import type { User, UserLink } from '../../../client/client.ts';
import { client, queryClient } from '../../api/client.ts';
import { useWords } from '../../app/language.tsx';
import { useSession, useWhyNot } from '../../app/session.tsx';
import { ACTS } from '../../words/acts.ts';
import { USERS } from '../../words/users.ts';
import { DialogButton } from '../dialog-button.tsx';
import { AskedAct } from '../asked-act.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { useAsOpened } from '../use-as-opened.ts';
import { readUserAgain, takeUser, type ReadUser } from './use-user.ts';
import { changeOf, fieldsOf } from './user-change.ts';
import { UserFields, type UserFieldValues } from './user-fields.tsx';
import { UserLinkOnce } from './user-link.tsx';

type ReadProps = { readonly read: ReadUser };
type UserProps = { readonly user: User };

export function UserActs({ read }: ReadProps) {
  const { user } = read;
  return (
    <>
      <ChangeButton read={read} />
      <LinkButton user={user} />
      <ResetTotpButton user={user} />
      {user.state === 'suspended' ? <ResumeButton user={user} /> : <SuspendButton user={user} />}
    </>
  );
}

/** After an act: what was done. An act on oneself may have ended the session. */
function useDone() {
  const { message } = App.useApp();
  const { user: own } = useSession();
  return (user: User, text: string): void => {
    takeUser(user);
    message.success(text);
    if (user.id === own.id) void queryClient.invalidateQueries({ queryKey: ['session'] });
  };
}

function useIsOwn({ id }: User): boolean {
  return useSession().user.id === id;
}

function ChangeButton({ read }: ReadProps) {
  const words = useWords(ACTS);
  const whyNot = useWhyNot('administer');
  return (
    <DialogButton
      whyNot={whyNot}
      renderDialog={(close) => <ChangeForm read={read} onClose={close} />}
    >
      {words.edit}
    </DialogButton>
  );
}

function ChangeForm({ read, onClose }: ReadProps & { readonly onClose: () => void }) {
  const { user, etag } = useAsOpened(read);
  const words = useWords(USERS);
  const done = useDone();
  const isOwn = useIsOwn(user);
  const before = fieldsOf(user);
  const send = async (wanted: UserFieldValues): Promise<User> => {
    const change = changeOf(before, wanted);
    if (Object.keys(change).length === 0) return user;
    return client.users.change(user.id, change, { ifMatch: etag });
  };
  return (
    <FormDialog<UserFieldValues, User>
      title={words.changeTitle}
      initial={before}
      send={send}
      onDone={(now) => {
        if (now !== user) done(now, words.changed);
      }}
      onOutdated={() => readUserAgain(user.id)}
      onClose={onClose}
    >
      <UserFields />
      <Form.Item>
        <span className="note">{isOwn ? words.changeOwnNote : words.changeNote}</span>
      </Form.Item>
    </FormDialog>
  );
}

function LinkButton({ user }: UserProps) {
  const words = useWords(USERS);
  const isOwn = useIsOwn(user);
  const forbidden = useWhyNot('administer');
  const [link, setLink] = useState<UserLink>();
  const { id, name, display_name: displayName, state } = user;
  const sentence = isOwn ? words.ownAccount : words.resumeFirst;
  return (
    <>
      <AskedAct
        whyNot={forbidden ?? (isOwn || state === 'suspended' ? sentence : undefined)}
        title={words.newLinkTitle}
        does={<p>{state === 'invited' ? words.inviteAgainDoes : words.newLinkDoes}</p>}
        yes={words.newLinkYes}
        act={() => client.users.createLink(id)}
        onDone={(made) => {
          setLink(made);
          readUserAgain(id);
        }}
      >
        {words.newLink}
      </AskedAct>
      {link === undefined ? null : (
        <UserLinkOnce name={displayName ?? name} link={link} onClose={() => setLink(undefined)} />
      )}
    </>
  );
}

function ResetTotpButton({ user }: UserProps) {
  const words = useWords(USERS);
  const done = useDone();
  const isOwn = useIsOwn(user);
  const forbidden = useWhyNot('administer');
  const sentence = isOwn ? words.ownAccount : words.noTotp;
  return (
    <AskedAct
      danger
      whyNot={forbidden ?? (isOwn || !user.totp ? sentence : undefined)}
      title={words.resetTotpTitle}
      does={<p>{words.resetTotpDoes}</p>}
      yes={words.resetTotpYes}
      act={() => client.users.resetTotp(user.id)}
      onDone={(now) => done(now, words.totpReset)}
    >
      {words.resetTotp}
    </AskedAct>
  );
}

function SuspendButton({ user }: UserProps) {
  const words = useWords(USERS);
  const done = useDone();
  const isOwn = useIsOwn(user);
  const whyNot = useWhyNot('administer');
  return (
    <AskedAct
      danger
      whyNot={whyNot}
      title={words.suspendTitle}
      does={
        <>
          <p>{words.suspendDoes}</p>
          {isOwn ? <p>{words.ownEnds}</p> : null}
        </>
      }
      yes={words.suspendYes}
      act={() => client.users.suspend(user.id)}
      onDone={(now) => done(now, words.suspended)}
    >
      {words.suspend}
    </AskedAct>
  );
}

function ResumeButton({ user }: UserProps) {
  const words = useWords(USERS);
  const done = useDone();
  const whyNot = useWhyNot('administer');
  return (
    <AskedAct
      whyNot={whyNot}
      title={words.resumeTitle}
      does={<p>{words.resumeDoes}</p>}
      yes={words.resumeYes}
      act={() => client.users.resume(user.id)}
      onDone={(now) => done(now, words.resumed)}
    >
      {words.resume}
    </AskedAct>
  );
}
