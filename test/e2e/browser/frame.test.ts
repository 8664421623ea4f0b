/**
 * What stands around all pages, in a real browser: the sign-in in both languages, the policy, that nothing comes from elsewhere, and
 * what becomes of an open page when its session ends, the network is away, or no mouse is there.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFindings } from '../../support/axe.ts';
import { openBrowser, openWindow } from '../../support/browser.ts';
import { startGateway, until, type Gateway } from '../../support/gateway-process.ts';
import { PASSWORD, peopleOf, type People } from '../../support/people.ts';

let gateway: Gateway;
let browser: Browser;
let people: People;
let shops = 0;

beforeAll(async () => {
  [gateway, browser] = await Promise.all([startGateway(), openBrowser()]);
  people = await peopleOf(gateway);
});
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

test('who is not signed in is asked to, in the language of the browser', async () => {
  const { page, faults } = await openWindow(browser, { language: 'zh', width: 390 });
  await page.goto(`${gateway.url()}/console`);
  await page.getByRole('heading', { name: '登录' }).waitFor();
  expect(await page.title()).toBe('登录 · 当面付网关');
  expect(await seriousFindings(page)).toStrictEqual([]);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
  expect(faults).toStrictEqual([]);
});

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function paidPayment(amount = 800, name = '清风茶馆'): Promise<string> {
  shops += 1;
  const account = { seller_id: '2088212612254111', app_id: '2016022901171807' };
  const shop = { shop_no: `TEA-${shops}`, name, ...account };
  const { id } = await people.boss.merchants.create(shop);
  const bill = { merchant: id, merchant_reference: 'bill-1', amount, subject: 'Tea' };
  const code = { method: 'barcode', auth_code: `28085190000000${shops}9999` } as const;
  return (await people.boss.payments.create({ ...bill, ...code })).id;
}

/** As a change of the role does, or a long night. */
async function endSessionsOf(name: string): Promise<void> {
  const { data } = await people.boss.users.list();
  const { id } = data.find((user) => user.name === name)!;
  await people.boss.users.suspend(id);
  await people.boss.users.resume(id);
}

test('a session that ends takes nothing along that was typed, and leaves nothing to another person', async () => {
  const payment = await paidPayment();
  for (const name of ['li.na', 'wang']) await people.invite({ name, role: 'finance' });
  const { page, context, faults } = await openWindow(browser);
  await people.signIn(context, 'li.na');
  await page.goto(`${gateway.url()}/console/payments/${payment}`);
  await button(page, 'Refund').click();
  await page.getByLabel('Amount, in yuan').fill('1');
  await page.getByLabel('Reason').fill('one cup broke');
  await endSessionsOf('li.na');
  await button(page, 'Refund ¥1.00').click();
  const again = page.getByRole('dialog', { name: 'Sign in again' });
  await again.getByText('The session of li.na has ended').waitFor();
  expect(await seriousFindings(page)).toStrictEqual([]);
  // Without a mouse, too.
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await again.waitFor({ state: 'detached' });
  await button(page, 'Refund ¥1.00').click();
  await page.getByText('one cup broke').first().waitFor();
  // The page hears again what happens elsewhere.
  await people.boss.refunds.create(payment, { amount: 2, reason: 'told by the stream' });
  await page.getByText('told by the stream').first().waitFor();

  await button(page, 'Refund').click();
  await page.getByLabel('Reason').fill('never sent');
  // Somebody else signs in, in another window of this browser.
  await people.signIn(context, 'wang');
  const send = page.getByRole('button', { name: /^Refund ¥/ });
  await send.evaluateAll((buttons) => buttons.forEach((each) => (each as HTMLElement).click()));
  await page.getByRole('button', { name: 'My account: wang' }).waitFor({ state: 'attached' });
  await page.getByLabel('Reason').waitFor({ state: 'detached' });
  const { data } = await people.boss.refunds.list(payment);
  const asked = data.map(({ amount, created_by: by }) => `${by?.name}: ${amount}`);
  expect(new Set(asked)).toStrictEqual(new Set(['li.na: 100', 'boss: 2']));
  expect(faults).toStrictEqual([]);
});

test('Enter sends a form, and however fast somebody clicks, an act is done once', async () => {
  const { page, context, faults } = await openWindow(browser);
  await people.signIn(context, 'boss');
  await page.goto(`${gateway.url()}/console/users`);
  await button(page, 'Invite').click();
  await page.getByLabel('Name at the sign-in').fill('zhao');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await button(page, 'I have stored it').click();
  await page.getByRole('rowheader', { name: 'zhao' }).getByRole('link').click();
  await button(page, 'Suspend').click();
  await button(page, 'Suspend the user').evaluate((element: HTMLButtonElement) => {
    for (const _time of [1, 2, 3]) element.click();
  });
  await button(page, 'Resume').waitFor();
  const { data } = await people.boss.auditLog.list({ limit: 10 });
  const asked = data.map(({ operation }) => operation);
  expect(asked.slice(0, 3)).toStrictEqual(['suspendUser', 'createUser', 'createSession']);
  expect(faults).toStrictEqual([]);
});

test('a page that cannot be loaded says so beside the menu, and the others go on', async () => {
  const { page, context } = await openWindow(browser);
  await people.signIn(context, 'boss');
  await page.goto(`${gateway.url()}/console/payments`);
  await page.getByRole('heading', { name: 'Payments' }).waitFor();
  await context.setOffline(true);
  const menu = page.getByRole('navigation', { name: 'Menu' });
  await menu.getByRole('link', { name: 'Refunds' }).click();
  await page.getByRole('heading', { name: 'This page could not be loaded' }).waitFor();
  expect(await seriousFindings(page)).toStrictEqual([]);
  expect(await page.title()).toBe('This page could not be loaded · Alipay face-to-face');
  await menu.getByRole('link', { name: 'Payments', exact: true }).click();
  await page.getByRole('heading', { name: 'Payments' }).waitFor();
  await menu.getByRole('link', { name: 'Refunds' }).click();
  await context.setOffline(false);
  await button(page, 'Reload').click();
  await page.getByRole('heading', { name: 'Refunds' }).waitFor();
});

test('without a mouse: what closes gives the focus back, and a page that comes takes it', async () => {
  const { page, context, faults } = await openWindow(browser, { width: 390 });
  await people.signIn(context, 'boss');
  await page.goto(`${gateway.url()}/console/payments`);
  const focused = (name: string) => until(() => hasFocus(page, name), { what: `focus on ${name}` });
  await button(page, 'Menu').press('Enter');
  await page.getByRole('navigation', { name: 'Menu' }).waitFor();
  await page.getByRole('link', { name: 'API keys' }).press('Enter');
  await page.getByRole('heading', { name: 'API keys' }).waitFor();
  await focused('Menu');
  await button(page, 'Make a key').press('Enter');
  await page.getByLabel('Name').fill('till');
  await page.keyboard.press('Enter');
  await button(page, 'I have stored it').press('Enter');
  await focused('Make a key');
  await button(page, 'Revoke').press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await focused('Revoke');
  await page.keyboard.press('Enter');
  await button(page, 'Revoke it').press('Enter');
  // It has gone with its row.
  await until(() => page.evaluate(() => document.activeElement?.id === 'content'), {
    what: 'focus on the page',
  });
  expect(faults).toStrictEqual([]);
});

function hasFocus(page: Page, name: string): Promise<boolean> {
  return button(page, name).evaluateAll((all) => all.some((each) => each.matches(':focus')));
}

test('words of any length, and a hundred million, stay within a phone', async () => {
  const dear = await paidPayment(10_000_000_000, 'W'.repeat(64));
  const reason = 'R'.repeat(200);
  await people.boss.refunds.create(dear, { amount: 1, reason }, { wait: 10 });
  const { page, context, faults } = await openWindow(browser, { width: 390 });
  await people.signIn(context, 'boss');
  await page.goto(`${gateway.url()}/console`);
  await page.getByRole('img', { name: /^Paid over time/ }).waitFor();
  expect(await outside(page, '.card-value, .chart text, .share-table')).toStrictEqual([]);
  await page.goto(`${gateway.url()}/console/payments/${dear}`);
  await page.getByText(reason).first().waitFor();
  expect(await outside(page, '.refunds .note, .facts dd')).toStrictEqual([]);
  await page.goto(`${gateway.url()}/cashier`);
  await page.getByRole('button', { name: /^WWW/ }).waitFor();
  expect(await outside(page, '.cashier-choice button span')).toStrictEqual([]);
  expect(faults).toStrictEqual([]);
});

/** Those whose text reaches beyond what is around them. */
function outside(page: Page, selector: string): Promise<readonly string[]> {
  return page.locator(selector).evaluateAll((elements) =>
    elements
      .filter((element) => {
        const around = element.parentElement?.closest('svg, li, section, dl, div, main');
        const range = document.createRange();
        range.selectNodeContents(element);
        const [own, outer] = [range, around].map((of) => of?.getBoundingClientRect());
        return own!.left < outer!.left - 1 || own!.right > outer!.right + 1;
      })
      .map((element) => `${element.className} ${element.textContent}`),
  );
}
