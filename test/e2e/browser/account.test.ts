/** One's own account in the console, in a real browser: the second factor, the password, and what the audit log keeps of both. */
import { join } from 'node:path';
import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { User } from '../../../client/client.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { findUserByName, saveUser } from '../../../src/store/users.ts';
import { createPasswords } from '../../../src/system/passwords.ts';
import { seriousFindings } from '../../support/axe.ts';
import { openWindow } from '../../support/browser.ts';
import {
  button,
  dialog,
  heading,
  openStage,
  signInByForm,
  type Stage,
} from '../../support/console-stage.ts';
import { PASSWORD, type People } from '../../support/people.ts';
import { qrTextOf } from '../../support/qr-text.ts';

const NEW_PASSWORD = 'seven cranes over the tower';
const PERIOD_MS = 30_000;

let stage: Stage;
let people: People;

beforeAll(async () => {
  stage = await openStage();
  ({ people } = stage);
});
afterEach(() => stage.leavePages());
afterAll(() => stage?.close());

async function userNamed(name: string): Promise<User> {
  const { data } = await people.boss.users.list();
  return data.find((user) => user.name === name)!;
}

test('a second factor: set up by what the picture says, asked for, reset, and turned off', async () => {
  await people.invite({ name: 'chen', role: 'read_only' });
  const { id } = await userNamed('chen');
  const { page, faults } = await stage.at('/console/account', { name: 'chen' });
  const secret = await setUpSecondFactor(page);
  expect((await userNamed('chen')).totp).toBe(true);

  await signOut(page);
  await signInByForm(page, 'chen', PASSWORD);
  await page.getByText('Type the code that your app shows.').waitFor();
  // Each code works once: this is the next one.
  const code = new TOTP({ secret }).generate({ timestamp: Date.now() + PERIOD_MS });
  await page.getByLabel('Code of your authenticator app').fill(code);
  await button(page, 'Sign in').click();
  await heading(page, 'My account').waitFor();

  const boss = await stage.at(`/console/users/${id}`);
  await button(boss.page, 'Reset the second factor').click();
  await button(boss.page, 'Reset it').click();
  await boss.page.getByText('The second factor is reset').waitFor();
  expect((await userNamed('chen')).totp).toBe(false);
  await page.reload();
  await signInByForm(page, 'chen', PASSWORD);
  await heading(page, 'My account').waitFor();

  await setUpSecondFactor(page);
  await button(page, 'Turn it off').click();
  const form = dialog(page, 'Turn the second factor off?');
  await form.getByLabel('Your password now').fill('not my password');
  await button(page, 'Turn it off').last().click();
  await form.getByText(/is not your password/).waitFor();
  expect((await userNamed('chen')).totp).toBe(true);
  await form.getByLabel('Your password now').fill(PASSWORD);
  await button(page, 'Turn it off').last().click();
  await page.getByText('Off: the sign-in asks for the password alone').waitFor();
  expect((await userNamed('chen')).totp).toBe(false);
  await button(page, 'Set up').waitFor();
  const { data } = await people.boss.auditLog.list({ actor: id, limit: 100 });
  const operations = data.map(({ operation }) => operation);
  expect(operations).toEqual(
    expect.arrayContaining(['createSessionTotp', 'confirmSessionTotp', 'deleteSessionTotp']),
  );
  const resets = { target: id, operation: 'resetUserTotp' };
  expect((await people.boss.auditLog.list(resets)).data).toHaveLength(1);
  expect(JSON.stringify(data)).not.toContain(secret);
  expect([...faults, ...boss.faults]).toStrictEqual([]);
});

/** On the account page; its secret, which stood in no address. */
async function setUpSecondFactor(page: Page): Promise<string> {
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(request.url()));
  await button(page, 'Set up').click();
  const form = dialog(page, 'Set up the second factor');
  const picture = form.getByRole('img', { name: 'QR code for the authenticator app' });
  const secret = await form.getByLabel('The secret, to type', { exact: true }).innerText();
  const uri = new URL(await qrTextOf(picture));
  expect([uri.protocol, uri.searchParams.get('secret')]).toStrictEqual(['otpauth:', secret]);
  expect(await seriousFindings(page)).toStrictEqual([]);
  const code = new TOTP({ secret }).generate();
  await form.getByLabel('Code of the app').fill(code === '000000' ? '000001' : '000000');
  await button(page, 'Turn it on').click();
  await form.getByText(/is not what the app shows now/).waitFor();
  // As it stands on the telephone.
  await form.getByLabel('Code of the app').fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await button(page, 'Turn it on').click();
  await page.getByText('On: the next sign-in asks for a code').waitFor();
  expect(addresses.filter((address) => address.includes(secret))).toStrictEqual([]);
  return secret;
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^My account: / }).click();
  await button(page, 'Sign out').click();
}

test('a password that would be refused today is asked to be changed, and the change ends other sessions', async () => {
  await people.invite({ name: 'old.wu', role: 'read_only' });
  const { id } = await userNamed('old.wu');
  const easy = 'password1234';
  await storePassword('old.wu', easy);
  const { page, faults } = await openWindow(stage.browser);
  await page.goto(`${stage.gateway.url()}/console/payments`);
  await signInByForm(page, 'old.wu', easy);
  const notice = page.getByRole('alert').filter({ hasText: 'Your password is too easy to guess' });
  await notice.waitFor();
  const other = await openWindow(stage.browser);
  await other.page.goto(`${stage.gateway.url()}/console/account`);
  await signInByForm(other.page, 'old.wu', easy);
  await heading(other.page, 'My account').waitFor();
  expect(await seriousFindings(page)).toStrictEqual([]);
  await notice.getByRole('link', { name: 'My account' }).click();
  await heading(page, 'My account').waitFor();
  expect(await notice.count()).toBe(1);

  await button(page, 'Change the password').click();
  const form = dialog(page, 'Change your password');
  const send = button(page, 'Change the password').last();
  await form.getByLabel('Your password now').fill(PASSWORD);
  await form.getByLabel('New password').fill(NEW_PASSWORD);
  await form.getByLabel('The password again').fill(`${NEW_PASSWORD}!`);
  await send.click();
  await form.getByText('The two passwords differ').waitFor();
  await form.getByLabel('The password again').fill(NEW_PASSWORD);
  await send.click();
  await form.getByText(/is not your password/).waitFor();
  await form.getByLabel('Your password now').fill(easy);
  await form.getByLabel('New password').fill('123456789012');
  await form.getByLabel('The password again').fill('123456789012');
  await send.click();
  await form.getByText(/is one that everybody tries first/).waitFor();
  expect(await seriousFindings(page)).toStrictEqual([]);
  await form.getByLabel('New password').fill(NEW_PASSWORD);
  await form.getByLabel('The password again').fill(NEW_PASSWORD);
  await send.click();
  await page.getByText('The password is changed').waitFor();
  await notice.waitFor({ state: 'detached' });
  // The session goes on with another token: an act works at once.
  await button(page, 'Set up').click();
  await dialog(page, 'Set up the second factor').waitFor();

  await other.page.reload();
  await signInByForm(other.page, 'old.wu', easy);
  await other.page.getByText('The name, the password or the code is wrong.').waitFor();
  await other.page.getByLabel('Password').fill(NEW_PASSWORD);
  await button(other.page, 'Sign in').click();
  await heading(other.page, 'My account').waitFor();
  const { data } = await people.boss.auditLog.list({
    actor: id,
    operation: 'changeSessionPassword',
  });
  expect(data.map(({ outcome }) => outcome?.status)).toStrictEqual([200, 400, 400]);
  expect(JSON.stringify(data)).not.toContain(NEW_PASSWORD);
  expect([...faults, ...other.faults]).toStrictEqual([]);
});

/** As it was chosen years ago. */
async function storePassword(name: string, password: string): Promise<void> {
  const db = openSqlite(join(stage.gateway.dataDir, 'gateway.sqlite'));
  const user = (await findUserByName(db, name))!;
  const passwordHash = await createPasswords().hash(password);
  await saveUser(db, { ...user, passwordHash, version: user.version + 1 });
  await db.destroy();
}
