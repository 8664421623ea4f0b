/**
 * Who is signed in. Read once when the page opens, and again when a call is told that nobody is, or that it is somebody else by now;
 * what a person may do stands in the session's scopes, and the server checks it again.
 */
import { useQuery, type QueryKey, type UseQueryResult } from '@tanstack/react-query';
import { useLayoutEffect } from 'react';
import type { Session } from '../../client/client.ts';
import { client, isSignedOut, queryClient, rememberCsrfToken, SESSION_KEY } from './client.ts';

export type Scope = Session['user']['scopes'][number];

/** `hasEnded`: this person has to sign in again, and the page is still open. */
export type PageSession = Session & { readonly hasEnded?: true };

/** Null when nobody is signed in. */
export function useSessionQuery(): UseQueryResult<PageSession | null> {
  return useQuery({ queryKey: SESSION_KEY, queryFn: readSession, staleTime: Infinity });
}

async function readSession(): Promise<PageSession | null> {
  try {
    return remembered(await client.session.get());
  } catch (error) {
    if (!isSignedOut(error)) throw error;
    const known = knownSession();
    return known === undefined ? null : { ...known, hasEnded: true };
  }
}

function knownSession(): PageSession | undefined {
  return queryClient.getQueryData<PageSession | null>(SESSION_KEY) ?? undefined;
}

/** All but the session itself: who waits for that hears what became of it. */
const OTHERS = {
  predicate: ({ queryKey: [first] }: { readonly queryKey: QueryKey }) => first !== SESSION_KEY[0],
};

function remembered(session: Session): Session {
  const known = knownSession();
  if (known === undefined) return session;
  if (known.user.id !== session.user.id) {
    queryClient.removeQueries(OTHERS);
    return session;
  }
  rememberCsrfToken(session.csrf_token);
  if (known.hasEnded === true) void queryClient.invalidateQueries(OTHERS);
  return session;
}

/** What is sent is sent as whoever the page shows: a form of somebody else's that is still on it must not be. */
export function useCsrfToken(session: Session | null | undefined): void {
  const token = session?.csrf_token;
  useLayoutEffect(() => rememberCsrfToken(token), [token]);
}

/** After signing in, or a change of one's own account. */
export function takeSession(session: Session): void {
  queryClient.setQueryData(SESSION_KEY, remembered(session));
}

/** What the last person read is not for the next. */
export async function signOut(): Promise<void> {
  await client.session.delete();
  dropSession();
}

export function dropSession(): void {
  rememberCsrfToken(undefined);
  queryClient.setQueryData(SESSION_KEY, null);
  queryClient.removeQueries(OTHERS);
  queryClient.getMutationCache().clear();
}
