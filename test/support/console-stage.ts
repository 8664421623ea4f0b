/**
 * A gateway with people and shops, and a browser in front of its console: what tests of the pages on which things are set up begin with,
 * and what they do again and again.
 */
import type { Browser, Locator, Page } from 'playwright-core';
import type { Client, Payment } from '../../client/client.ts';
import { openBrowser, openWindow, type Window, type WindowOptions } from './browser.ts';
import { startGateway, until, type Gateway } from './gateway-process.ts';
import { peopleOf, type People } from './people.ts';

export type Stage = {
  readonly gateway: Gateway;
  readonly browser: Browser;
  readonly people: People;
  /** A window of somebody who is signed in (`boss`, unless named), at a page. */
  readonly at: (path: string, options?: WindowOptions & { name?: string }) => Promise<Window>;
  readonly openShop: (name: string) => Promise<string>;
  /** A payment that is paid at once. */
  readonly charge: (by: Client, merchant: string) => Promise<Payment>;
  /** Which operations on this the boss did, newest first. Throws if somebody else did one. */
  readonly actsOn: (target: string) => Promise<readonly string[]>;
  /** After each test: a page that nobody looks at any more follows no stream. */
  readonly leavePages: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function openStage(settings: Record<string, string> = {}): Promise<Stage> {
  const [gateway, browser] = await Promise.all([startGateway(settings), openBrowser()]);
  const people = await peopleOf(gateway);
  const { boss } = people;
  let bills = 0;
  return {
    gateway,
    browser,
    people,
    at: async (path, options = {}) => {
      const window = await openWindow(browser, options);
      await people.signIn(window.context, options.name ?? 'boss');
      await window.page.goto(`${gateway.url()}${path}`);
      return window;
    },
    openShop: async (name) => {
      bills += 1;
      const account = { seller_id: '2088212612254111', app_id: '2016022901171807' };
      return (await boss.merchants.create({ shop_no: `TEA-${bills}`, name, ...account })).id;
    },
    charge: (by, merchant) => {
      bills += 1;
      return by.payments.create({
        merchant,
        method: 'barcode',
        amount: 8800,
        subject: 'Tea',
        merchant_reference: `bill-${bills}`,
        auth_code: `2808519${String(bills).padStart(7, '0')}9999`,
      });
    },
    actsOn: async (target) => {
      const { data } = await boss.auditLog.list({ target });
      const others = data.filter(({ actor }) => actor.name !== 'boss');
      if (others.length > 0) throw new Error(`also by ${others[0]?.actor.name}`);
      return data.map(({ operation }) => operation);
    },
    leavePages: () => leavePages(browser),
    close: async () => {
      await browser.close();
      await gateway.stop();
    },
  };
}

async function leavePages(browser: Browser): Promise<void> {
  const pages = browser.contexts().flatMap((context) => context.pages());
  await Promise.all(pages.map((page) => page.goto('about:blank')));
}

export const button = (within: Page | Locator, name: string) =>
  within.getByRole('button', { name, exact: true });

/** The rows of the table with this text in them. */
export const row = (page: Page, hasText: string) =>
  page.getByRole('table').locator('tbody tr').filter({ hasText });

export const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });

export const menuOf = (page: Page) =>
  page.getByRole('navigation', { name: 'Menu' }).getByRole('link');

const REASON_MS_MAX = 1000;

/** Why a button cannot be used: shown to a mouse that comes to it, and not to one that was there before. */
export async function seeWhyNot(page: Page, action: Locator, reason: string): Promise<void> {
  const shown = page.getByRole('tooltip').getByText(reason);
  const look = async (): Promise<boolean> => {
    await page.mouse.move(0, 0);
    await action.hover();
    return shown.waitFor({ timeout: REASON_MS_MAX }).then(
      () => true,
      () => false,
    );
  };
  await until(look, { what: `the reason ${reason}` });
}

export const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 });

export async function signInByForm(page: Page, name: string, password: string): Promise<void> {
  await heading(page, 'Sign in').waitFor();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await button(page, 'Sign in').click();
}

export async function choose(page: Page, box: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: box }).click();
  await page.getByTitle(option, { exact: true }).click();
}

/** What is shown once, and then no more. */
export async function storeSecret(page: Page, name: string): Promise<string> {
  const secret = await page.getByLabel(name, { exact: true }).innerText();
  await button(page, 'I have stored it').click();
  await page.getByText(secret).waitFor({ state: 'detached' });
  return secret;
}

/** The problem that a call meets, or that it is done. */
export async function codeOf(calling: Promise<unknown>): Promise<unknown> {
  try {
    await calling;
    return 'done';
  } catch (error) {
    return (error as { readonly code?: string }).code;
  }
}
