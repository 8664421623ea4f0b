/**
 * What stands around all pages, in a real browser: the sign-in in both languages, the policy, and that nothing comes from elsewhere.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFindings } from '../../support/axe.ts';
import { openBrowser, openWindow } from '../../support/browser.ts';
import { startGateway, type Gateway } from '../../support/gateway-process.ts';

let gateway: Gateway;
let browser: Browser;

beforeAll(async () => {
  [gateway, browser] = await Promise.all([startGateway(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

test('who is not signed in is asked to, in the language of the browser', async () => {
  const { page, faults } = await openWindow(browser, { language: 'zh', width: 390 });
  await page.goto(`${gateway.url()}/console`);
  await page.getByRole('heading', { name: '登录' }).waitFor();
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
