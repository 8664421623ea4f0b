/** `f2f user …` as an operator types it, on a world's database: what is printed lets somebody in, or no more. */
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addUserCommands } from '../../src/cli/user.ts';
import { createWorld, type World } from '../support/world.ts';
import { PASSWORD, signedIn, visitor, type Person } from './people.ts';

let world: World;
let printed: string[];
let publicUrl: string | undefined;
beforeEach(async () => {
  world = await createWorld();
  [printed, publicUrl] = [[], undefined];
});
afterEach(() => world.close());

/** What a command printed, or the sentence that it ended with. */
async function run(...args: string[]): Promise<string> {
  printed = [];
  const program = new Command('f2f');
  addUserCommands(program, {
    clock: world.clock,
    random: world.deps.random,
    withDatabase: (work) => work(world.db),
    print: (line) => printed.push(line),
    publicUrl: () => publicUrl,
  });
  for (const command of [program, ...program.commands.flatMap((one) => [one, ...one.commands])]) {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  }
  try {
    await program.parseAsync(['user', ...args], { from: 'user' });
  } catch (error) {
    return (error as Error).message;
  }
  return printed.join('\n');
}

const open = (link: string, password = PASSWORD) =>
  visitor(world).post('/v2/session/link', { token: link.split('#')[1] ?? '', password });
const enter = ({ name }: Person) =>
  visitor(world).post('/v2/session', { name, password: PASSWORD });

test('add prints a link by which the password is chosen, with the whole address where it is known', async () => {
  const link = await run('add', 'Anna', '--role', 'administrator');
  expect(link).toMatch(/^\/console\/link#[0-9a-f]{64}$/);
  expect((await open(link)).body['user']).toMatchObject({ name: 'anna', role: 'administrator' });
  publicUrl = 'https://pay.example';
  const args = ['--role', 'clerk', '--merchant', 'DL0001', '--display-name', '王芳', '--json'];
  const told = JSON.parse(await run('add', 'wang.fang', ...args)) as Record<string, string>;
  expect(told).toEqual({
    name: 'wang.fang',
    link: expect.stringMatching(/^https:\/\/pay\.example\/console\/link#[0-9a-f]{64}$/),
    expires_at: '2026-11-24T12:00:00.000+08:00',
  });
  expect((await open(told['link'] ?? '')).body['user']).toMatchObject({
    merchant: expect.stringMatching(/^mch_DL/),
    display_name: '王芳',
  });
});

test.each([
  ['There is a user anna already', ['add', 'ANNA', '--role', 'clerk']],
  ['A name begins with a letter', ['add', 'an na', '--role', 'clerk']],
  ['No merchant has this number', ['add', 'bob', '--role', 'clerk', '--merchant', 'XX']],
  ['one of administrator, finance, clerk', ['add', 'bob', '--role', 'boss']],
  ['A display name has 1 to 64', ['add', 'bob', '--role', 'clerk', '--display-name', '']],
  ['No user has this name', ['suspend', 'bob']],
  ['No user has this name', ['link', 'bob']],
  ['This is the last administrator', ['suspend', 'anna']],
])('%s', async (sentence, args) => {
  await signedIn(world, { name: 'anna' });
  expect(await run(...args)).toContain(sentence);
  expect(await world.db.selectFrom('user_account').selectAll().execute()).toHaveLength(1);
});

test('suspend, resume and link end sessions and let in again', async () => {
  const [anna] = [await signedIn(world, { name: 'anna' }), await signedIn(world)];
  expect(await run('suspend', 'Anna')).toBe('anna is suspended; a code at the sign-in: no');
  expect((await anna.get('/v2/session')).status).toBe(401);
  expect((await enter(anna)).status).toBe(401);
  expect(await run('link', 'anna')).toContain('is suspended: "f2f user resume anna" first');
  expect(JSON.parse(await run('resume', 'anna', '--json'))).toEqual({
    name: 'anna',
    state: 'active',
    totp: false,
  });
  expect((await enter(anna)).status).toBe(200);
  expect((await open(await run('link', 'anna'), 'a boat on the quiet lake')).status).toBe(200);
});

test('reset-totp lets somebody in who lost the telephone', async () => {
  const anna = await signedIn(world, { name: 'anna' });
  await world.db
    .updateTable('user_account')
    .set({ totp_secret: world.deps.vault.seal('GEZDGNBVGY3TQOJQ', `totp:${anna.userNo}`) })
    .execute();
  expect((await enter(anna)).body['code']).toBe('totp_required');
  expect(await run('reset-totp', 'anna')).toBe('anna is active; a code at the sign-in: no');
  expect((await enter(anna)).status).toBe(200);
});

test('list tells who there is, and who is locked', async () => {
  await signedIn(world, { name: 'anna' });
  for (let times = 0; times < 5; times += 1) {
    await visitor(world).post('/v2/session', { name: 'anna', password: 'coffee at the lake' });
  }
  await run('add', 'bob', '--role', 'clerk', '--merchant', 'DL0001');
  expect(JSON.parse(await run('list', '--json'))).toMatchObject([
    {
      name: 'anna',
      role: 'administrator',
      merchant: 'all',
      state: 'locked until 2026-11-23 12:01:00',
      totp: 'off',
      signed_in: '2026-11-23 12:00:00',
    },
    { name: 'bob', merchant: 'DL20261123000001', state: 'invited', signed_in: 'never' },
  ]);
});
