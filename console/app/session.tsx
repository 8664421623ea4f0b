/**
 * Shows what it holds to whoever is signed in, and the sign-in to everybody else; components ask `useSession` who that is,
 * and `useWhyNot` whether that person may do something.
 */
import { createContext, lazy, Suspense, useContext, type ReactNode } from 'react';
import type { Session } from '../../client/client.ts';
import { useCsrfToken, useSessionQuery, type Scope } from '../api/session.ts';
import { SHELL } from '../words/shell.ts';
import { useWords } from './language.tsx';
import { Failure, Loading } from './states.tsx';

/** Most people who open a page are signed in. */
const SignIn = lazy(() =>
  import('../sign-in/sign-in.tsx').then(({ SignIn: form }) => ({ default: form })),
);
const SignInAgain = lazy(() =>
  import('../sign-in/sign-in.tsx').then(({ SignInAgain: form }) => ({ default: form })),
);

const SessionContext = createContext<Session | undefined>(undefined);

type Props = {
  /** The page stays while its person signs in again: something may have been typed. */
  readonly keepsPage?: boolean;
  readonly children: ReactNode;
};

export function RequireSession({ keepsPage = false, children }: Props) {
  const { data: session, error, refetch } = useSessionQuery();
  useCsrfToken(session);
  if (session === undefined) {
    return error === null ? <Loading /> : <Failure error={error} again={() => void refetch()} />;
  }
  const hasEnded = session?.hasEnded === true;
  if (session === null || (hasEnded && !keepsPage)) {
    return (
      <Suspense fallback={<Loading />}>
        <SignIn />
      </Suspense>
    );
  }
  return (
    // Another person begins anew.
    <SessionContext key={session.user.id} value={session}>
      {children}
      <Suspense>{hasEnded ? <SignInAgain name={session.user.name} /> : null}</Suspense>
    </SessionContext>
  );
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('This part of the page is for whoever is signed in');
  return session;
}

/** Undefined when the person may; else the sentence that says why not, for a button that is disabled. */
export function useWhyNot(scope: Scope): string | undefined {
  const { user } = useSession();
  const words = useWords(SHELL);
  return user.scopes.includes(scope) ? undefined : words.notAllowed(scope);
}

/** The same for what touches more than one merchant, as whoever is of all of them may: Alipay applications are shared. */
export function useWhyNotOperate(): string | undefined {
  const { user } = useSession();
  const words = useWords(SHELL);
  const forbidden = useWhyNot('manage');
  return forbidden ?? (user.merchant === null ? undefined : words.operatorsOnly);
}
