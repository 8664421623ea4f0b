/**
 * Which pictures there are: a page, what is done on it before, and where the gateway is by then. Each is taken in both languages and
 * at the width of a desk and of a phone.
 */
import type { Page } from 'playwright-core';

export type Stage = {
  readonly url: string;
  readonly walletUrl: string;
  /** The one whose story is shown. */
  readonly paymentId: string;
  /** The one that is looked at by itself. */
  readonly merchantId: string;
  /** Of a program that does not hear what it is sent. */
  readonly endpointId: string;
};

export type Picture = {
  readonly name: string;
  /** Who looks: nobody is signed in without it. */
  readonly as?: 'boss' | 'clerk';
  /** Before the shop has anything, with everything, or while nothing answers. */
  readonly when: 'empty' | 'full' | 'failing';
  readonly open: (page: Page, stage: Stage) => Promise<void>;
};

/** Nothing loads any more. Requests tell nothing: each page holds one open, in which it hears what happens. */
async function settled(page: Page): Promise<void> {
  for (const sign of ['.ant-spin-spinning', '.ant-skeleton-active', 'output.state']) {
    await page.locator(sign).first().waitFor({ state: 'detached' });
  }
}

const at =
  (path: string) =>
  async (page: Page, { url }: Stage): Promise<void> => {
    await page.goto(url + path);
    await page.getByRole('main').waitFor();
    await settled(page);
  };

const ofConsole = (name: string, path: string, when: Picture['when'] = 'full'): Picture => ({
  name: when === 'full' ? name : `${name}-${when}`,
  as: 'boss',
  when,
  open: at(path),
});

/** With the dialog that a button opens: the first that is called so, or that the selector finds. */
const opened = (name: string, path: string, button: RegExp | string): Picture => ({
  name,
  as: 'boss',
  when: 'full',
  open: async (page, stage) => {
    await at(path)(page, stage);
    const found =
      typeof button === 'string'
        ? page.locator(button)
        : page.getByRole('button', { name: button });
    await found.first().click();
    await page.getByRole('dialog').last().waitFor();
    await page.locator('.ant-zoom-appear, .ant-zoom-enter').waitFor({ state: 'detached' });
  },
});

async function openWallet(page: Page, { walletUrl }: Stage): Promise<void> {
  await page.goto(walletUrl);
  await page.getByRole('dialog').first().waitFor();
}

async function ring(page: Page, stage: Stage, amount: string): Promise<void> {
  await at('/cashier')(page, stage);
  await page.keyboard.type(amount, { delay: HAND_MS });
}

/** What tells a hand from a scanner gun. */
const HAND_MS = 150;
let codes = 0;

function ofSale(name: string, story: string, tone: string): Picture {
  return {
    name: `cashier-${name}`,
    as: 'clerk',
    when: 'full',
    open: async (page, stage) => {
      await ring(page, stage, '88.5');
      codes += 1;
      await page.keyboard.type(`2809519${String(codes).padStart(7, '0')}${story}`);
      await page.keyboard.press('Enter');
      await page.locator(`section[data-tone=${tone}]`).waitFor();
    },
  };
}

export const PICTURES: readonly Picture[] = [
  {
    name: 'wallet',
    // Later somebody has to confirm, and is asked at once.
    when: 'empty',
    open: async (page, { walletUrl }) => {
      await page.goto(walletUrl);
      await page.locator('svg').first().waitFor();
      await settled(page);
    },
  },
  { name: 'sign-in', when: 'empty', open: at('/console') },
  ...['empty', 'full', 'failing'].flatMap((when) => [
    ofConsole('overview', '/console', when as Picture['when']),
    ofConsole('payments', '/console/payments', when as Picture['when']),
    ofConsole('refunds', '/console/refunds', when as Picture['when']),
    ofConsole('incidents', '/console/incidents', when as Picture['when']),
    ofConsole('merchants', '/console/merchants', when as Picture['when']),
    ofConsole('dongles', '/console/dongles', when as Picture['when']),
    ofConsole('api-keys', '/console/api-keys', when as Picture['when']),
    ofConsole('webhooks', '/console/webhooks', when as Picture['when']),
    ofConsole('users', '/console/users', when as Picture['when']),
    ofConsole('audit-log', '/console/audit-log', when as Picture['when']),
  ]),
  {
    name: 'payment',
    as: 'boss',
    when: 'full',
    open: (page, stage) => at(`/console/payments/${stage.paymentId}`)(page, stage),
  },
  {
    name: 'merchant',
    as: 'boss',
    when: 'full',
    open: async (page, stage) => {
      await at(`/console/merchants/${stage.merchantId}`)(page, stage);
      await page.locator('.page-head button').first().click();
      await page.locator('.findings').waitFor();
    },
  },
  {
    name: 'merchant-edit',
    as: 'boss',
    when: 'full',
    open: async (page, stage) => {
      await at(`/console/merchants/${stage.merchantId}`)(page, stage);
      await page.locator('.page-head button').nth(1).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'audit-entry',
    as: 'boss',
    when: 'full',
    open: async (page, stage) => {
      await at('/console/audit-log?operation=createRefund')(page, stage);
      const path = await page.locator('.list a').first().getAttribute('href');
      await at(path ?? '')(page, stage);
      await page.getByRole('dialog').locator('.facts').waitFor();
    },
  },
  ofConsole('audit-log-none', '/console/audit-log?target=nothing'),
  {
    name: 'user',
    as: 'boss',
    when: 'full',
    open: async (page, stage) => {
      await at('/console/users')(page, stage);
      await page.getByRole('link', { name: 'clerk' }).click();
      await page.locator('.facts').waitFor();
    },
  },
  opened('user-invite', '/console/users', '.page-head button'),
  {
    name: 'user-link',
    as: 'boss',
    when: 'full',
    open: async (page, stage) => {
      await at('/console/users')(page, stage);
      await page.getByRole('link', { name: 'clerk' }).click();
      await page.getByRole('button', { name: /^(New link|生成新链接)$/ }).click();
      await page.getByRole('button', { name: /^(Make the link|确认生成)$/ }).click();
      await page.locator('.copied-text').waitFor();
    },
  },
  opened('dongles-revoke', '/console/dongles', /^(Revoke|吊销)$/),
  opened('api-keys-make', '/console/api-keys', /^(Make a key|创建密钥)$/),
  opened('webhooks-add', '/console/webhooks', /^(Add an endpoint|添加端点)$/),
  {
    name: 'webhook',
    as: 'boss',
    when: 'full',
    open: async (page, stage) => {
      await at(`/console/webhooks/${stage.endpointId}`)(page, stage);
      await page.getByRole('button', { name: /^(Send a test|发送测试)$/ }).click();
      await page.getByText('The database of the shop is away').waitFor();
      await page.locator('.ant-btn-loading').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'webhook-again',
    as: 'boss',
    when: 'full',
    open: (page, stage) =>
      opened(
        'webhook-again',
        `/console/webhooks/${stage.endpointId}`,
        /^(Resend a period|重发一段时间)$/,
      ).open(page, stage),
  },
  {
    name: 'webhook-delivery',
    as: 'boss',
    when: 'full',
    open: async (page, stage) => {
      await at(`/console/webhooks/${stage.endpointId}`)(page, stage);
      await page.getByRole('link', { name: /evt_/ }).last().click();
      await page.getByRole('dialog').getByText(/503/).first().waitFor();
    },
  },
  ofConsole('settings', '/console/settings'),
  ofConsole('account', '/console/account'),
  opened('account-second-factor', '/console/account', 'section:has(#second-factor) button'),
  { name: 'cashier', as: 'clerk', when: 'full', open: at('/cashier') },
  {
    name: 'cashier-qr',
    as: 'clerk',
    when: 'full',
    open: async (page, stage) => {
      await ring(page, stage, '128');
      await page.keyboard.press('q');
      await page.locator('section[data-tone=wait] svg').first().waitFor();
    },
  },
  // The last four digits tell the story (docs/simulator.md).
  ofSale('paid', '9999', 'good'),
  ofSale('confirm', '0002', 'wait'),
  ofSale('declined', '0003', 'bad'),
  { name: 'wallet-confirm', when: 'full', open: openWallet },
];
