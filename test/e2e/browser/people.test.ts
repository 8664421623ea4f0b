/**
 * The people who sign in, in a real browser against a real gateway: invited, changed, suspended and let in again by an administrator;
 * what each does with the own account; and that the audit log has all of it.
 */
import type { Browser, Page } from 'playwright-core';
import { TOTP } from 'otpauth';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { User } from '../../../client/client.ts';
import { findUserByName, saveUser } from '../../../src/store/users.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { createPasswords } from '../../../src/system/passwords.ts';
import { join } from 'node:path';
import { seriousFindings } from '../../support/axe.ts';
import { openBrowser, openWindow, type Window, type WindowOptions } from '../../support/browser.ts';
import { startGateway, until, type Gateway } from '../../support/gateway-process.ts';
import { PASSWORD, peopleOf, type People } from '../../support/people.ts';
import { qrTextOf } from '../../support/qr-text.ts';

const NEW_PASSWORD = 'seven cranes over the tower';
const PERIOD_MS = 30_000;
const WRONG_UNTIL_LOCKED = 5;

let gateway: Gateway;
let browser: Browser;
let people: People;
let shop: string;

beforeAll(async () => {
  [gateway, browser] = await Promise.all([startGateway(), openBrowser()]);
  people = await peopleOf(gateway);
  const account = { seller_id: '2088212612254111', app_id: '2016022901171807' };
  shop = (await people.boss.merchants.create({ shop_no: 'TEA-1', name: '清风茶馆', ...account }))
    .id;
});
afterEach(async () => {
  const pages = browser.contexts().flatMap((context) => context.pages());
  await Promise.all(pages.map((page) => page.goto('about:blank')));
});
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

async function at(path: string, options: WindowOptions & { name?: string } = {}): Promise<Window> {
  const window = await openWindow(browser, options);
  await people.signIn(window.context, options.name ?? 'boss');
  await window.page.goto(`${gateway.url()}${path}`);
  return window;
}

async function userNamed(name: string): Promise<User> {
  const { data } = await people.boss.users.list();
  return data.find((user) => user.name === name)!;
}

/** What the audit log has of a target, oldest first, as far as it was done. */
async function doneTo(target: string): Promise<readonly string[]> {
  const { data } = await people.boss.auditLog.list({ target, limit: 100 });
  const done = data.filter(({ outcome }) => outcome !== null && outcome.status < 400);
  return done.map(({ operation, actor }) => `${actor.name} ${operation}`).toReversed();
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });
const users = (page: Page) => page.getByRole('table', { name: 'Users, oldest first' });
const entries = (page: Page) =>
  page.getByRole('table', { name: 'Audit log, newest first' }).locator('tbody tr');
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 });

async function signInByForm(page: Page, name: string, password: string): Promise<void> {
  await heading(page, 'Sign in').waitFor();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await button(page, 'Sign in').click();
}

test('an invitation: a form, a link that is shown once, and a person who may do what the role says', async () => {
  const { page, faults } = await at('/console/users');
  await button(page, 'Invite').click();
  const form = dialog(page, 'Invite somebody');
  await button(page, 'Invite').last().click();
  await form.getByText('Please fill this in').waitFor();
  await form.getByLabel('Name at the sign-in').fill('Boss');
  await button(page, 'Invite').last().click();
  await form.getByText('Somebody has this name already. Choose another one.').waitFor();
  await form.getByLabel('Name at the sign-in').fill('Li.Na');
  await form.getByLabel('Shown as').fill('李娜');
  await form.getByRole('radio', { name: /^Read only/ }).check();
  await form.getByRole('combobox', { name: 'Merchant' }).click();
  await page.getByTitle('清风茶馆').click();
  expect(await seriousFindings(page)).toStrictEqual([]);
  await button(page, 'Invite').last().click();
  const once = dialog(page, 'The link for 李娜');
  const link = await once.getByLabel('One-time link', { exact: true }).innerText();
  expect(link.startsWith(`${gateway.url()}/console/link#`)).toBe(true);
  expect(await seriousFindings(page)).toStrictEqual([]);
  await button(page, 'I have stored it').click();
  await once.waitFor({ state: 'detached' });
  expect(await page.content()).not.toContain(link.split('#')[1]);
  await users(page).getByRole('row').filter({ hasText: 'li.na' }).getByText('Invited').waitFor();
  const { id, ...made } = await userNamed('li.na');
  expect([made.display_name, made.role, made.merchant]).toStrictEqual(['李娜', 'read_only', shop]);

  const guest = await openWindow(browser);
  await guest.page.goto(link);
  await guest.page.getByLabel('New password').fill(PASSWORD);
  await guest.page.getByLabel('The password again').fill(PASSWORD);
  await button(guest.page, 'Set password and sign in').click();
  await heading(guest.page, 'Overview').waitFor();
  await seesNoneOfThese(guest);
  await page.reload();
  await users(page).getByRole('row').filter({ hasText: 'li.na' }).getByText('Active').waitFor();
  expect(await doneTo(id)).toStrictEqual(['boss createUser', 'li.na redeemSessionLink']);
  expect([...faults, ...guest.faults]).toStrictEqual([]);
});

/** Neither in the menu, nor by the address, nor by a request made by hand. */
async function seesNoneOfThese({ page, context }: Window): Promise<void> {
  const menu = page.getByRole('navigation', { name: 'Menu' });
  await menu.getByRole('link', { name: 'Payments' }).waitFor();
  expect(await menu.getByRole('link', { name: /Users|Audit log/ }).count()).toBe(0);
  for (const path of ['users', 'audit-log']) {
    await page.goto(`${gateway.url()}/console/${path}`);
    await page.getByText('This did not work').waitFor();
    expect(await page.getByText('boss').count()).toBe(0);
  }
  await page.goto(`${gateway.url()}/console/users`);
  await button(page, 'Invite').hover();
  await page.getByRole('tooltip').getByText('Your role does not allow this').waitFor();
  const { csrf_token: csrf } = (await (
    await context.request.get(`${gateway.url()}/v2/session`)
  ).json()) as { csrf_token: string };
  const refused = await context.request.post(`${gateway.url()}/v2/users`, {
    data: { name: 'friend', role: 'administrator' },
    headers: { 'x-csrf-token': csrf },
  });
  expect(refused.status()).toBe(403);
}

test('whoever cannot let others in sees none of this, of all merchants or of one', async () => {
  await people.invite({ name: 'reader', role: 'read_only' });
  await people.invite({ name: 'shopkeeper', role: 'administrator', merchant: shop });
  for (const name of ['reader', 'shopkeeper']) {
    const window = await at('/console', { name });
    await seesNoneOfThese(window);
    expect(window.faults).toStrictEqual([]);
  }
});

test('another role ends the sessions, and what somebody else changed meanwhile is not lost', async () => {
  await people.invite({ name: 'wang.fang', role: 'clerk', merchant: shop });
  const { id } = await userNamed('wang.fang');
  const hers = await at('/console/payments', { name: 'wang.fang' });
  await heading(hers.page, 'Payments').waitFor();
  const { page, faults } = await at('/console/users');
  await page.getByRole('link', { name: 'wang.fang' }).click();
  await button(page, 'Edit').click();
  const form = dialog(page, 'Change the user');
  await form.getByRole('radio', { name: /^Finance/ }).check();
  // Another administrator was faster.
  await people.boss.users.change(id, { display_name: '王芳' });
  await button(page, 'Save').click();
  await form.getByRole('alert').waitFor();
  expect((await userNamed('wang.fang')).role).toBe('clerk');
  await button(page, 'Read it again').click();
  await heading(page, '王芳').waitFor();
  await button(page, 'Edit').click();
  await form.getByRole('radio', { name: /^Finance/ }).check();
  expect(await seriousFindings(page)).toStrictEqual([]);
  await button(page, 'Save').click();
  await page.getByText('The user is changed').waitFor();
  await page.getByText('Sees and exports payments, and refunds.').waitFor();
  const now = await userNamed('wang.fang');
  expect([now.role, now.display_name, now.merchant]).toStrictEqual(['finance', '王芳', shop]);
  await hers.page.reload();
  await heading(hers.page, 'Sign in').waitFor();
  expect((await doneTo(id)).slice(-2)).toStrictEqual(['boss changeUser', 'boss changeUser']);
  expect(faults).toStrictEqual([]);
});

test('suspending ends the sessions and asks first; the last administrator stays', async () => {
  await people.invite({ name: 'zhao.lei', role: 'finance' });
  const { id } = await userNamed('zhao.lei');
  const his = await at('/console/payments', { name: 'zhao.lei' });
  const { page, faults } = await at(`/console/users/${id}`);
  await button(page, 'Suspend').click();
  await dialog(page, 'Suspend this user?').waitFor();
  expect(await seriousFindings(page)).toStrictEqual([]);
  await button(page, 'Cancel').click();
  expect((await userNamed('zhao.lei')).state).toBe('active');
  await button(page, 'Suspend').click();
  await button(page, 'Suspend the user').click();
  await page.getByText('Suspended', { exact: true }).waitFor();
  await his.page.reload();
  await signInByForm(his.page, 'zhao.lei', PASSWORD);
  await his.page.getByText('The name, the password or the code is wrong.').waitFor();
  await button(page, 'New link').hover();
  await page.getByRole('tooltip').getByText('Suspended people cannot use a link').waitFor();
  await button(page, 'Resume').click();
  await button(page, 'Let the user in').click();
  await page.getByText('Active', { exact: true }).waitFor();
  await button(his.page, 'Sign in').click();
  await heading(his.page, 'Payments').waitFor();

  await page.getByRole('link', { name: 'All users' }).click();
  await page.getByRole('link', { name: 'boss' }).click();
  await button(page, 'Suspend').click();
  await page.getByText('This is your own account: you are signed out at once.').waitFor();
  await button(page, 'Suspend the user').click();
  await page.getByText('This is the last administrator: make somebody else one first.').waitFor();
  expect((await userNamed('boss')).state).toBe('active');
  expect((await doneTo(id)).filter((done) => done.startsWith('boss'))).toStrictEqual([
    'boss createUser',
    'boss suspendUser',
    'boss resumeUser',
  ]);
  expect([...faults, ...his.faults]).toStrictEqual([]);
});

test('a new link ends the sessions and a lock; the old password goes on until the link is used', async () => {
  await people.invite({ name: 'sun.yu', role: 'clerk', merchant: shop });
  const { id } = await userNamed('sun.yu');
  const hers = await at('/console/account', { name: 'sun.yu' });
  for (let times = 0; times < WRONG_UNTIL_LOCKED; times += 1) {
    const data = { name: 'sun.yu', password: 'not her password' };
    await hers.context.request.post(`${gateway.url()}/v2/session`, { data });
  }
  const { page, faults } = await at(`/console/users/${id}`);
  await page.getByText(/^Locked until \d/).waitFor();
  await button(page, 'New link').click();
  await button(page, 'Make the link').click();
  const once = dialog(page, 'The link for sun.yu');
  const link = await once.getByLabel('One-time link', { exact: true }).innerText();
  await button(page, 'I have stored it').click();
  await page.getByText(/^Locked until/).waitFor({ state: 'detached' });
  await hers.page.reload();
  await signInByForm(hers.page, 'sun.yu', PASSWORD);
  await heading(hers.page, 'My account').waitFor();
  await hers.page.goto(link);
  await hers.page.getByLabel('New password').fill(NEW_PASSWORD);
  await hers.page.getByLabel('The password again').fill(NEW_PASSWORD);
  await button(hers.page, 'Set password and sign in').click();
  // A clerk works at the till.
  await hers.page.waitForURL('**/cashier');
  expect((await doneTo(id)).includes('boss createUserLink')).toBe(true);
  expect([...faults, ...hers.faults]).toStrictEqual([]);
});

test('a second factor: set up by what the picture says, asked for, reset, and turned off', async () => {
  await people.invite({ name: 'chen', role: 'read_only' });
  const { id } = await userNamed('chen');
  const { page, faults } = await at('/console/account', { name: 'chen' });
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

  const boss = await at(`/console/users/${id}`);
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
  expect(await doneTo(id)).toContain('boss resetUserTotp');
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
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
}

test('a password that would be refused today is asked to be changed, and the change ends other sessions', async () => {
  await people.invite({ name: 'old.wu', role: 'read_only' });
  const { id } = await userNamed('old.wu');
  const easy = 'password1234';
  await storePassword('old.wu', easy);
  const { page, faults } = await openWindow(browser);
  await page.goto(`${gateway.url()}/console/payments`);
  await signInByForm(page, 'old.wu', easy);
  const notice = page.getByRole('alert').filter({ hasText: 'Your password is too easy to guess' });
  await notice.waitFor();
  const other = await openWindow(browser);
  await other.page.goto(`${gateway.url()}/console/account`);
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
  const db = openSqlite(join(gateway.dataDir, 'gateway.sqlite'));
  const user = (await findUserByName(db, name))!;
  const passwordHash = await createPasswords().hash(password);
  await saveUser(db, { ...user, passwordHash, version: user.version + 1 });
  await db.destroy();
}

test('the audit log says who did what, finds it by each filter, and shows what was asked', async () => {
  await people.invite({ name: 'audited', role: 'clerk', merchant: shop });
  const made = await userNamed('audited');
  await people.boss.users.suspend((await userNamed('boss')).id).catch(() => undefined);
  const { page, faults } = await at('/console');
  await page.getByRole('link', { name: 'Audit log' }).click();
  const refused = entries(page).filter({ hasText: 'Suspend a user' }).first();
  await refused.getByText('Refused').waitFor();
  await refused.getByText('last_administrator').waitFor();
  expect(await seriousFindings(page)).toStrictEqual([]);

  await page.getByRole('combobox', { name: 'What' }).click();
  await page.keyboard.type('invite');
  await page.getByTitle('Invite a user').click();
  await page.waitForURL(/operation=createUser(&|$)/);
  await until(
    async () =>
      (await entries(page).count()) ===
      (await entries(page).filter({ hasText: 'Invite a user' }).count()),
    { what: 'invitations alone' },
  );
  await entries(page).filter({ hasText: made.id }).getByRole('link').first().click();
  const entry = dialog(page, 'Invite a user');
  const [logged] = (await people.boss.auditLog.list({ target: made.id, operation: 'createUser' }))
    .data;
  await entry.getByText(logged!.hash).waitFor();
  expect(await entry.getByLabel(/^What was asked/).innerText()).toContain('"name": "audited"');
  expect(await entry.getByRole('link', { name: 'Look at it' }).getAttribute('href')).toBe(
    `/console/users/${made.id}`,
  );
  expect(await seriousFindings(page)).toStrictEqual([]);

  await entry.getByRole('link', { name: 'Everything done to it' }).click();
  await page.waitForURL(`**/console/audit-log?target=${made.id}`);
  await entries(page).getByText('Choose a password by a link').waitFor();
  expect(await entries(page).count()).toBe(2);
  const box = page.getByRole('searchbox');
  expect(await box.inputValue()).toBe(made.id);
  await box.fill('nothing');
  await box.press('Enter');
  await page.getByText('Nothing matches these filters.').waitFor();
  await button(page, 'Clear filters').last().click();

  // Who did it, and what it was done to, lead further by themselves.
  const own = entries(page).filter({ hasText: 'Choose a password by a link' });
  await own.first().waitFor();
  const [, who, what] = await own.first().getByRole('link').all();
  expect(await what!.getAttribute('href')).toBe(`/console/users/${made.id}`);
  await who!.click();
  await page.waitForURL(/\?actor=user_/);
  await until(
    async () =>
      (await entries(page).count()) ===
      (await entries(page).filter({ hasText: 'audited' }).count()),
    { what: 'what one person did alone' },
  );
  expect(faults).toStrictEqual([]);
});

test('the audit log has commands, days, and pages', async () => {
  const { id } = await userNamed('boss');
  for (let times = 0; times < 51; times += 1) {
    await people.boss.users.change(id, { display_name: `Boss ${times}` });
  }
  const { page, faults } = await at('/console/audit-log?operation=changeUser');
  await until(async () => (await entries(page).count()) === 50, { what: 'a full page' });
  await button(page, 'More').click();
  await page.waitForURL(/cursor=/);
  await until(async () => (await entries(page).count()) < 50, { what: 'the rest' });
  await button(page, 'Back').click();
  await until(async () => (await entries(page).count()) === 50, { what: 'the first page' });
  await page.goto(`${gateway.url()}/console/audit-log?actor=operator_cli`);
  await entries(page).getByText('Command on the server').waitFor();
  await entries(page).getByText('Invite a user').waitFor();
  await page.getByRole('combobox', { name: 'When' }).click();
  await page.getByTitle('Yesterday').click();
  await page.getByText('Nothing matches these filters.').waitFor();
  await page.getByRole('combobox', { name: 'When' }).click();
  await page.getByTitle('Today').click();
  await entries(page).getByText('Command on the server').waitFor();
  expect(faults).toStrictEqual([]);
});

test('in Chinese, on a phone', async () => {
  const { id } = await userNamed('boss');
  const { page, faults } = await at('/console/users', { language: 'zh', width: 390 });
  await page.getByText('用户名').first().waitFor();
  const [newest] = (await people.boss.auditLog.list({ limit: 1 })).data;
  for (const path of ['users', `users/${id}`, 'account', 'audit-log', `audit-log/${newest!.id}`]) {
    await page.goto(`${gateway.url()}/console/${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('.facts, .row-cards').first().waitFor();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect([path, overflow, await seriousFindings(page)]).toStrictEqual([path, 0, []]);
  }
  await page.getByRole('dialog').getByText('请求内容').waitFor();
  expect(faults).toStrictEqual([]);
});
