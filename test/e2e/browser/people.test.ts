/**
 * The people who sign in, in a real browser against a real gateway: invited, changed, suspended and let in again by an administrator,
 * and that the audit log has all of it.
 */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { User } from '../../../client/client.ts';
import { seriousFindings } from '../../support/axe.ts';
import { openWindow, type Window } from '../../support/browser.ts';
import {
  button,
  dialog,
  heading,
  openStage,
  seeWhyNot,
  signInByForm,
  type Stage,
} from '../../support/console-stage.ts';
import { until } from '../../support/gateway-process.ts';
import { PASSWORD, type People } from '../../support/people.ts';

const NEW_PASSWORD = 'seven cranes over the tower';
const WRONG_UNTIL_LOCKED = 5;

let stage: Stage;
let people: People;
let shop: string;

beforeAll(async () => {
  stage = await openStage();
  ({ people } = stage);
  shop = await stage.openShop('清风茶馆');
});
afterEach(() => stage.leavePages());
afterAll(() => stage?.close());

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

const users = (page: Page) => page.getByRole('table', { name: 'Users, oldest first' });
const entries = (page: Page) =>
  page.getByRole('table', { name: 'Audit log, newest first' }).locator('tbody tr');

test('an invitation: a form, a link that is shown once, and a person who may do what the role says', async () => {
  const { page, faults } = await stage.at('/console/users');
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
  expect(link.startsWith(`${stage.gateway.url()}/console/link#`)).toBe(true);
  expect(await seriousFindings(page)).toStrictEqual([]);
  await button(page, 'I have stored it').click();
  await once.waitFor({ state: 'detached' });
  expect(await page.content()).not.toContain(link.split('#')[1]);
  await users(page).getByRole('row').filter({ hasText: 'li.na' }).getByText('Invited').waitFor();
  const { id, ...made } = await userNamed('li.na');
  expect([made.display_name, made.role, made.merchant]).toStrictEqual(['李娜', 'read_only', shop]);

  const guest = await openWindow(stage.browser);
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
    await page.goto(`${stage.gateway.url()}/console/${path}`);
    await page.getByText('This did not work').waitFor();
    expect(await page.getByText('boss').count()).toBe(0);
  }
  await page.goto(`${stage.gateway.url()}/console/users`);
  await seeWhyNot(page, button(page, 'Invite'), 'Your role does not allow this');
  const { csrf_token: csrf } = (await (
    await context.request.get(`${stage.gateway.url()}/v2/session`)
  ).json()) as { csrf_token: string };
  const refused = await context.request.post(`${stage.gateway.url()}/v2/users`, {
    data: { name: 'friend', role: 'administrator' },
    headers: { 'x-csrf-token': csrf },
  });
  expect(refused.status()).toBe(403);
}

test('whoever cannot let others in sees none of this, of all merchants or of one', async () => {
  await people.invite({ name: 'reader', role: 'read_only' });
  await people.invite({ name: 'shopkeeper', role: 'administrator', merchant: shop });
  for (const name of ['reader', 'shopkeeper']) {
    const window = await stage.at('/console', { name });
    await seesNoneOfThese(window);
    expect(window.faults).toStrictEqual([]);
  }
});

test('another role ends the sessions, and what somebody else changed meanwhile is not lost', async () => {
  await people.invite({ name: 'wang.fang', role: 'clerk', merchant: shop });
  const { id } = await userNamed('wang.fang');
  const hers = await stage.at('/console/payments', { name: 'wang.fang' });
  await heading(hers.page, 'Payments').waitFor();
  const { page, faults } = await stage.at('/console/users');
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
  const his = await stage.at('/console/payments', { name: 'zhao.lei' });
  const { page, faults } = await stage.at(`/console/users/${id}`);
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
  await seeWhyNot(page, button(page, 'New link'), 'Suspended people cannot use a link');
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
  const hers = await stage.at('/console/account', { name: 'sun.yu' });
  for (let times = 0; times < WRONG_UNTIL_LOCKED; times += 1) {
    const data = { name: 'sun.yu', password: 'not her password' };
    await hers.context.request.post(`${stage.gateway.url()}/v2/session`, { data });
  }
  const { page, faults } = await stage.at(`/console/users/${id}`);
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

test('the audit log says who did what, finds it by each filter, and shows what was asked', async () => {
  await people.invite({ name: 'audited', role: 'clerk', merchant: shop });
  const made = await userNamed('audited');
  await people.boss.users.suspend((await userNamed('boss')).id).catch(() => undefined);
  const { page, faults } = await stage.at('/console');
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
  const { page, faults } = await stage.at('/console/audit-log?operation=changeUser');
  await until(async () => (await entries(page).count()) === 50, { what: 'a full page' });
  await button(page, 'More').click();
  await page.waitForURL(/cursor=/);
  await until(async () => (await entries(page).count()) < 50, { what: 'the rest' });
  await button(page, 'Back').click();
  await until(async () => (await entries(page).count()) === 50, { what: 'the first page' });
  await page.goto(`${stage.gateway.url()}/console/audit-log?actor=operator_cli`);
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
  const { page, faults } = await stage.at('/console/users', { language: 'zh', width: 390 });
  await page.getByText('用户名').first().waitFor();
  const [newest] = (await people.boss.auditLog.list({ limit: 1 })).data;
  for (const path of ['users', `users/${id}`, 'account', 'audit-log', `audit-log/${newest!.id}`]) {
    await page.goto(`${stage.gateway.url()}/console/${path}`);
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
