/** The people who sign in: all of them, and one with what names that reading, so that a change by somebody else since is refused. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { headersOf, type User } from '../../../client/client.ts';
import { client, queryClient } from '../../api/client.ts';

export type ReadUser = { readonly user: User; readonly etag: string | undefined };

const ALL = ['users'] as const;
const keyOf = (id: string) => ['user', id] as const;

export function useUsers(): UseQueryResult<readonly User[]> {
  return useQuery({ queryKey: ALL, queryFn: async () => (await client.users.list()).data });
}

export function useUser(id: string): UseQueryResult<ReadUser> {
  return useQuery({ queryKey: keyOf(id), queryFn: async () => readOf(await client.users.get(id)) });
}

/** As an answer brought it: what is kept of an answer is copied, and its headers are lost then. */
function readOf(user: User): ReadUser {
  return { user, etag: headersOf(user).get('etag') ?? undefined };
}

/** After a change, as it answered. */
export function takeUser(user: User): void {
  queryClient.setQueryData(keyOf(user.id), readOf(user));
  void queryClient.invalidateQueries({ queryKey: ALL });
}

export function readUserAgain(id: string): void {
  for (const queryKey of [keyOf(id), ALL]) void queryClient.invalidateQueries({ queryKey });
}
