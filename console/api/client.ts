/**
 * The client of the v2 API that every page uses, with the session of whoever is signed in, and what keeps its answers. The token that
 * proves that a request comes from the page is told to it when the session is read.
 */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, createClient } from '../../client/client.ts';

/** A person waits: after this long it is better to say what is wrong. */
const RETRY_FOR_MS = 10_000;
/** What another person changed is seen after this long at the latest, where no event tells it. */
const FRESH_FOR_MS = 10_000;

let csrfToken: string | undefined;

export const client = createClient({
  url: location.origin,
  csrfToken: () => csrfToken,
  retryForMs: RETRY_FOR_MS,
});

export function rememberCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

/** Whether the session has ended: signed out elsewhere, suspended, or too old. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'authentication_required';
}

export const SESSION_KEY = ['session'] as const;

/** The session ended, or another one began in another window: who is signed in is asked again. */
function onError(error: unknown): void {
  const isAnother = error instanceof ApiError && error.code === 'csrf_token_invalid';
  if (isAnother || isSignedOut(error)) {
    void queryClient.invalidateQueries({ queryKey: SESSION_KEY });
  }
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    // The client itself sends again what may be sent again.
    // Without a network a read says so instead of waiting, and what a person did is never sent later by itself.
    queries: { staleTime: FRESH_FOR_MS, retry: false, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
});
