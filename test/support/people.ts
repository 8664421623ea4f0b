/**
 * People who sign in to the pages of a gateway that runs as a process: the first administrator comes by the command line, all others
 * are invited over v2, as they are in a shop. A browser's window is signed in as one of them.
 */
import type { BrowserContext } from 'playwright-core';
import { createClient, type Client, type CreateUserBody } from '../../client/client.ts';
import { runCommand, type Gateway } from './gateway-process.ts';

/** Of everybody. */
export const PASSWORD = 'a boat on the quiet lake';

export type People = {
  /** v2 as the first administrator, who is of all merchants. */
  readonly boss: Client;
  readonly invite: (user: CreateUserBody) => Promise<void>;
  /** Signs a window in, without the form. */
  readonly signIn: (context: BrowserContext, name: string) => Promise<void>;
};

export async function peopleOf(gateway: Gateway): Promise<People> {
  const { stdout, stderr } = await runCommand(
    ['user', 'add', 'boss', '--role', 'administrator', '--json'],
    { F2F_DATA_DIR: gateway.dataDir },
  );
  if (stdout === '') throw new Error(stderr);
  const { link }: { link: string } = JSON.parse(stdout);
  let cookie = '';
  const signedIn: { csrfToken?: string } = {};
  const boss = createClient({
    url: gateway.url(),
    csrfToken: () => signedIn.csrfToken,
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set('cookie', cookie);
      const response = await fetch(input, { ...init, headers });
      cookie ||= response.headers.get('set-cookie')?.split(';')[0] ?? '';
      return response;
    },
  });
  const token = tokenIn(link);
  const session = await boss.session.redeemLink({ token, password: PASSWORD });
  signedIn.csrfToken = session.csrf_token;
  return {
    boss,
    invite: async (user) => {
      const made = await boss.users.create(user);
      const guest = createClient({ url: gateway.url(), csrfToken: () => undefined });
      await guest.session.redeemLink({
        token: tokenIn(made.link?.url_path ?? ''),
        password: PASSWORD,
      });
    },
    signIn: async (context, name) => {
      const answer = await context.request.post(`${gateway.url()}/v2/session`, {
        data: { name, password: PASSWORD },
      });
      if (!answer.ok()) throw new Error(await answer.text());
    },
  };
}

/** It stands behind the `#`. */
function tokenIn(link: string): string {
  return link.slice(link.indexOf('#') + 1);
}
