/**
 * `f2f user …`: the people who sign in. An operator can always let somebody in here, also when nobody can sign in any more: with
 * a one-time link, and never with a password that somebody else knows.
 */
import { InvalidArgumentError, type Command } from 'commander';
import { CONTROL_PATTERN, lengthOf, TEXT_LIMITS } from '../core/limits.ts';
import { rfc3339, shanghaiText } from '../core/time.ts';
import { ROLES, signInName, USER_NAME_PATTERN, type Role, type User } from '../core/user.ts';
import { lockedUntil } from '../flows/limit-attempts.ts';
import {
  makeLinkFor,
  makeUser,
  resetTotp,
  resumeUser,
  suspendUser,
  type ChangeResult,
  type UserDeps,
} from '../flows/manage-users.ts';
import { linkPath, type MadeLink } from '../flows/user-links.ts';
import type { Db } from '../store/database.ts';
import { findAnyMerchant, listMerchants } from '../store/merchants.ts';
import { findUserByName, listUsers } from '../store/users.ts';
import { asOperator } from './as-operator.ts';
import { CommandError, printRows, type CommandContext, type FileContext } from './context.ts';

type UserContext = CommandContext &
  Pick<FileContext, 'random'> & {
    /** How browsers reach the gateway, where the settings say it. */
    publicUrl(): string | undefined;
  };

type Json = { json?: boolean };
type AddOptions = Json & { role: Role; merchant?: string; displayName?: string };

export function addUserCommands(program: Command, context: UserContext): void {
  const user = program.command('user').description('people who sign in');
  user
    .command('add <name>')
    .description('invite somebody, and print the one-time link by which the password is chosen')
    .requiredOption('--role <role>', `one of ${ROLES.join(', ')}`, roleOf)
    .option('--merchant <no>', 'for this merchant alone (cpiNo, or its shop number)')
    .option('--display-name <text>', 'what others read')
    .option('--json', 'print JSON')
    .action((name: string, options: AddOptions) => add(context, name, options));
  user
    .command('list')
    .description('all users, oldest first')
    .option('--json', 'print JSON')
    .action(async ({ json }: Json) => {
      const rows = await context.withDatabase((db) => rowsOf(context, db));
      printRows(context, rows, json);
    });
  user
    .command('link <name>')
    .description('print a one-time link for a new password; ends the sessions and older links')
    .option('--json', 'print JSON')
    .action((name: string, { json }: Json) => link(context, name, json));
  for (const [command, text, operation, change] of STEPS) {
    user
      .command(`${command} <name>`)
      .description(text)
      .option('--json', 'print JSON')
      .action((name: string, { json }: Json) => step(context, name, { operation, change }, json));
  }
}

const STEPS: readonly (readonly [
  command: string,
  text: string,
  operation: string,
  change: (deps: UserDeps, userNo: string) => Promise<ChangeResult>,
])[] = [
  ['suspend', 'let somebody in no more, at once', 'suspendUser', suspendUser],
  ['resume', 'let somebody in again, with the password that there was', 'resumeUser', resumeUser],
  ['reset-totp', 'ask for no code any more: the telephone was lost', 'resetUserTotp', resetTotp],
];

function roleOf(text: string): Role {
  const role = ROLES.find((one) => one === text);
  if (role !== undefined) return role;
  throw new InvalidArgumentError(`It must be one of ${ROLES.join(', ')}.`);
}

async function add(
  context: UserContext,
  typed: string,
  { role, merchant: reference, displayName: given, json }: AddOptions,
): Promise<void> {
  const name = signInName(typed);
  if (!USER_NAME_PATTERN.test(name)) {
    throw new CommandError(
      'A name begins with a letter or a digit, and holds at most 64 of these and . _ @ + -',
    );
  }
  const displayName = readDisplayName(given);
  const make = async (db: Db) => {
    const merchant = reference === undefined ? undefined : await findAnyMerchant(db, reference);
    if (reference !== undefined && merchant === undefined) {
      throw new CommandError('No merchant has this number');
    }
    const merchantId = merchant?.merchantId ?? null;
    const user = await makeUser({ ...context, db }, { name, displayName, role, merchantId });
    if (user === undefined) throw new CommandError(`There is a user ${name} already`);
    return user;
  };
  const change = {
    operation: 'createUser',
    request: { name, display_name: displayName, role, merchant: reference },
    made: ({ user }: Awaited<ReturnType<typeof make>>) => `user_${user.userNo}`,
  };
  const made = await context.withDatabase((db) => asOperator(context, db, change, () => make(db)), {
    mayCreate: true,
  });
  printLink(context, name, made.link, json);
}

function readDisplayName(text: string | undefined): string | null {
  if (text === undefined) return null;
  const isFine =
    text !== '' && lengthOf(text) <= TEXT_LIMITS.merchantName && !CONTROL_PATTERN.test(text);
  if (isFine) return text;
  throw new CommandError(
    `A display name has 1 to ${TEXT_LIMITS.merchantName} characters, none of them a control character`,
  );
}

/** The whole address where it is known; else what comes behind that of the gateway. */
function printLink(
  context: UserContext,
  name: string,
  made: MadeLink,
  json: boolean | undefined,
): void {
  const address = `${context.publicUrl() ?? ''}${linkPath(made)}`;
  const expiresAt = rfc3339(made.expiresAtMs);
  context.print(
    json === true ? JSON.stringify({ name, link: address, expires_at: expiresAt }) : address,
  );
}

async function link(context: UserContext, typed: string, json: boolean | undefined): Promise<void> {
  const makeLink = async (db: Db) => {
    const found = await userNamed(db, typed);
    if (found.state === 'suspended') {
      throw new CommandError(`${found.name} is suspended: "f2f user resume ${found.name}" first`);
    }
    return { user: found, made: await makeLinkFor({ ...context, db }, found.userNo) };
  };
  const change = {
    operation: 'createUserLink',
    request: { name: typed },
    made: ({ user: { userNo } }: Awaited<ReturnType<typeof makeLink>>) => `user_${userNo}`,
  };
  const { user, made } = await context.withDatabase((db) =>
    asOperator(context, db, change, () => makeLink(db)),
  );
  printLink(context, user.name, made, json);
}

type Step = {
  readonly operation: string;
  readonly change: (deps: UserDeps, userNo: string) => Promise<ChangeResult>;
};

async function step(
  context: UserContext,
  typed: string,
  { operation, change }: Step,
  json: boolean | undefined,
): Promise<void> {
  const take = async (db: Db): Promise<User> => {
    const result = await change({ ...context, db }, (await userNamed(db, typed)).userNo);
    if (result.kind === 'changed') return result.user;
    throw new CommandError(
      'This is the last administrator: "f2f user add NAME --role administrator" makes another',
    );
  };
  const logged = {
    operation,
    request: { name: typed },
    made: ({ userNo }: User) => `user_${userNo}`,
  };
  const user = await context.withDatabase((db) => asOperator(context, db, logged, () => take(db)));
  const { name, state } = user;
  const totp = user.totpSecret !== null;
  context.print(
    json === true
      ? JSON.stringify({ name, state, totp })
      : `${name} is ${state}; a code at the sign-in: ${totp ? 'yes' : 'no'}`,
  );
}

async function userNamed(db: Db, typed: string): Promise<User> {
  const user = await findUserByName(db, signInName(typed));
  if (user === undefined) throw new CommandError('No user has this name');
  return user;
}

async function rowsOf(
  context: Pick<UserContext, 'clock'>,
  db: Db,
): Promise<Record<string, string | null>[]> {
  const cpiNos = new Map(
    (await listMerchants(db)).map(({ merchantId, cpiNo }) => [merchantId, cpiNo]),
  );
  const rows: Record<string, string | null>[] = [];
  for (const user of await listUsers(db)) {
    const lockedUntilMs = await lockedUntil({ ...context, db }, user.name);
    const { lastSignInAtMs } = user;
    rows.push({
      name: user.name,
      display_name: user.displayName,
      role: user.role,
      merchant: user.merchantId === null ? 'all' : (cpiNos.get(user.merchantId) ?? ''),
      state: lockedUntilMs === null ? user.state : `locked until ${shanghaiText(lockedUntilMs)}`,
      totp: user.totpSecret === null ? 'off' : 'on',
      signed_in: lastSignInAtMs === null ? 'never' : shanghaiText(lastSignInAtMs),
      created: shanghaiText(user.createdAtMs),
    });
  }
  return rows;
}
