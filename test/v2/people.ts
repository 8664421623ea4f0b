/**
 * People in a test's world: invited, with a password, and signed in, as a browser is that keeps the cookie and sends the token
 * with it.
 */
import { makeUser, type NewUser } from '../../src/flows/manage-users.ts';
import type { World } from '../support/world.ts';
import { clientOf, type V2Client, type V2Reply } from './client.ts';

export const PASSWORD = 'tea at the quiet lake';

/** Somebody who signed in. */
export type Person = V2Client & {
  readonly id: string;
  readonly name: string;
  readonly cookie: string;
  readonly csrf: string;
  readonly userNo: string;
};

type Place = Pick<World, 'app' | 'clock'>;

/** As a browser that has no session, and sends these headers. */
export function visitor(world: Place, headers: Readonly<Record<string, string>> = {}): V2Client {
  return clientOf(world, headers);
}

let people = 0;

/** Invites somebody: an administrator of all merchants, unless told otherwise. */
export async function invite(
  world: Pick<World, 'deps'>,
  wanted: Partial<NewUser> = {},
): Promise<{ readonly userNo: string; readonly name: string; readonly token: string }> {
  people += 1;
  const all = { name: `person-${people}`, displayName: null, merchantId: null, ...wanted };
  const made = await makeUser(world.deps, { role: 'administrator', ...all });
  if (made === undefined) throw new Error(`${all.name} is taken`);
  return { userNo: made.user.userNo, name: made.user.name, token: made.link.token };
}

/** The value of the cookie that an answer sets. */
export function cookieOf({ headers }: V2Reply): string {
  const value = /^f2f_session=(?<value>[^;]*)/.exec(String(headers['set-cookie']))?.groups?.[
    'value'
  ];
  if (value === undefined) throw new Error('the answer sets no cookie');
  return value;
}

/** A browser after an answer that began a session. */
export function browser(world: Place, reply: V2Reply): Pick<Person, 'cookie' | 'csrf'> & V2Client {
  if (reply.status !== 200) throw new Error(`${reply.status}: ${reply.raw}`);
  const [cookie, csrf] = [cookieOf(reply), String(reply.body['csrf_token'])];
  return { ...sameBrowser(world, { cookie, csrf }), cookie, csrf };
}

/** The same browser at another gateway. */
export function sameBrowser(
  world: Place,
  { cookie, csrf }: Pick<Person, 'cookie' | 'csrf'>,
): V2Client {
  return clientOf(world, { cookie: `f2f_session=${cookie}`, 'x-csrf-token': csrf });
}

/** Somebody who was invited, chose the password and is signed in. */
export async function signedIn(world: World, wanted: Partial<NewUser> = {}): Promise<Person> {
  const { userNo, name, token } = await invite(world, wanted);
  const reply = await visitor(world).post('/v2/session/link', { token, password: PASSWORD });
  return { ...browser(world, reply), id: `user_${userNo}`, name, userNo };
}

/** A further session. */
export async function signInAgain(world: World, name: string, password = PASSWORD) {
  return browser(world, await visitor(world).post('/v2/session', { name, password }));
}
