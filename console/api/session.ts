/**
 * Who is signed in. Read once when the page opens, and again when a call is told that nobody is; what a person may do stands in the
 * session's scopes, and the server checks it again.
 */
import { useQuery, type QueryKey, type UseQueryResult } from '@tanstack/react-query';
import type { Session } from '../../client/client.ts';
import { client, isSignedOut, queryClient, rememberCsrfToken } from './client.ts';

export type Scope = Session['user']['scopes'][number];

const SESSION_KEY = ['session'] as const;

/** Null when nobody is signed in. */
export function useSessionQuery(): UseQueryResult<Session | null> {
  return useQuery({ queryKey: SESSION_KEY, queryFn: readSession, staleTime: Infinity });
}

async function readSession(): Promise<Session | null> {
  try {
    return remembered(await client.session.get());
  } catch (error) {
    if (isSignedOut(error)) return null;
    throw error;
  }
}

function remembered(session: Session): Session {
  rememberCsrfToken(session.csrf_token);
  return session;
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
  // The session itself stays: who waits for it hears that nobody is signed in.
  queryClient.setQueryData(SESSION_KEY, null);
  const isKept = ([first]: QueryKey): boolean => first === SESSION_KEY[0];
  queryClient.removeQueries({ predicate: ({ queryKey }) => !isKept(queryKey) });
  queryClient.getMutationCache().clear();
}
