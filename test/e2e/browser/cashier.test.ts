/**
 * The clerk's day at `/cashier`, in a real browser against a real gateway and the simulator. Each story is a clerk of a shop of their
 * own; what is looked at is the screen, and the simulator's book as the witness of the money.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Payment } from '../../../client/client.ts';
import { seriousFindings } from '../../support/axe.ts';
import { openBrowser, openWindow, type Window, type WindowOptions } from '../../support/browser.ts';
import { startGateway, type Gateway } from '../../support/gateway-process.ts';
import { peopleOf, type People } from '../../support/people.ts';
import { fire } from '../../support/scanner-gun.ts';
import { simulatorClient, type SimulatorClient } from '../../support/simulator-client.ts';

type Role = 'clerk' | 'administrator' | 'finance';
type Desk = Window & {
  readonly merchant: string;
  /** Those of the shop, newest first. */
  readonly payments: () => Promise<readonly Payment[]>;
};

let gateway: Gateway;
let browser: Browser;
let people: People;
let simulator: SimulatorClient;
let shops = 0;
let codes = 0;

beforeAll(async () => {
  browser = await openBrowser();
  gateway = await startGateway({ F2F_ALIPAY_TIMEOUT_MS: '1500' });
  people = await peopleOf(gateway);
  simulator = simulatorClient(gateway.simulatorUrl());
});
// What a page of the story before still holds open would be missing to the next.
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

/** A shop with one person, in front of the till. */
async function openDesk(options: WindowOptions & { role?: Role } = {}): Promise<Desk> {
  shops += 1;
  const { id: merchant } = await people.boss.merchants.create({
    shop_no: `TEA-${shops}`,
    name: '清风茶馆',
    seller_id: '2088212612254111',
    app_id: '2016022901171807',
  });
  const name = `person-${shops}`;
  await people.invite({ name, role: options.role ?? 'clerk', merchant });
  const window = await openWindow(browser, options);
  await people.signIn(window.context, name);
  await window.page.goto(`${gateway.url()}/cashier`);
  await window.page.getByRole('main').waitFor();
  return {
    ...window,
    merchant,
    payments: async () => (await people.boss.payments.list({ merchant })).data,
  };
}

const amountOf = (page: Page) => page.locator('.cashier-amount output');
/** The sale on the screen, when it is in this colour. */
const sale = (page: Page, tone: string) => page.locator(`section[data-tone=${tone}]`);
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** As a scanner gun does it: into whatever has the focus. `story`: the last four digits. */
async function scan(page: Page, story = '9999'): Promise<string> {
  codes += 1;
  const code = `2808519${String(codes).padStart(7, '0')}${story}`;
  await fire(page, code);
  return code;
}

/** With the pause that a hand makes before it takes the gun. */
async function type(page: Page, amount: string): Promise<void> {
  for (const key of amount) await page.keyboard.press(key === '.' ? 'Period' : key);
  await expect.poll(() => amountOf(page).textContent()).toBe(`¥${amount}`);
  await page.evaluate(() => new Promise((resolve) => globalThis.setTimeout(resolve, 150)));
}

async function chargesIn(payments: readonly Payment[]): Promise<number[]> {
  const trades = await Promise.all(
    payments.map(({ alipay }) => simulator.trade(alipay.out_trade_no)),
  );
  return trades.map((trade) => trade?.chargeCount ?? 0);
}

async function overflowOf(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}

test('a morning: scanned, refused and scanned again, declined, slow, by QR code, and the shift', async () => {
  const { page, context, payments, faults } = await openDesk();
  await type(page, '88');
  // The gun works wherever the focus is, and what it typed does not stay there.
  const subject = page.getByLabel('For');
  await subject.focus();
  await scan(page);
  await sale(page, 'good').getByText('Paid', { exact: true }).waitFor();
  expect(await sale(page, 'good').textContent()).toContain('¥88.00');
  await page.keyboard.press('Enter');
  await amountOf(page).waitFor();
  expect(await subject.inputValue()).toBe('清风茶馆');

  await type(page, '12.5');
  await scan(page, '0003');
  await sale(page, 'bad').getByText('ACQ.BUYER_BALANCE_NOT_ENOUGH').waitFor();
  await sale(page, 'bad').getByText('The guest has too little money').waitFor();
  await scan(page);
  await sale(page, 'good').waitFor();
  await page.keyboard.press('Enter');

  await type(page, '7');
  await scan(page, '0011');
  await sale(page, 'bad').getByText('Nothing was charged').waitFor();
  await button(page, 'Next sale').click();

  await type(page, '9');
  await scan(page, '0001');
  await sale(page, 'good').waitFor();
  await button(page, 'Next sale').click();

  await type(page, '8');
  await button(page, 'Show a QR code').click();
  await page.getByRole('img', { name: 'QR code of the payment' }).waitFor();
  const wallet = page.getByRole('link', { name: 'Pay it in the guest’s wallet' });
  const [, qrCode = ''] = (await wallet.getAttribute('href'))?.split('/wallet#qr=') ?? [];
  const { outTradeNo } = await simulator.scan(decodeURIComponent(qrCode));
  await simulator.pay(outTradeNo);
  await sale(page, 'good').waitFor();
  expect(await seriousFindings(page)).toStrictEqual([]);
  await button(page, 'Next sale').click();

  const made = await payments();
  expect(made.map(({ state, amount, attempt }) => [state, amount, attempt])).toStrictEqual([
    ['paid', 800, 1],
    ['paid', 900, 1],
    ['closed', 700, 1],
    ['paid', 1250, 2],
    ['declined', 1250, 1],
    ['paid', 8800, 1],
  ]);
  expect(await chargesIn(made)).toStrictEqual([1, 1, 0, 1, 0, 1]);
  expect(made[3]?.merchant_reference).toBe(made[4]?.merchant_reference);

  const rows = page.getByRole('listitem');
  await expect.poll(() => rows.count()).toBe(6);
  await rows.first().getByRole('button', { name: 'Refund' }).click();
  await page.getByRole('alert').getByText('Your role may not refund').waitFor();
  await button(page, 'Close').click();
  // The server refuses it as well.
  const session = await context.request.get(`${gateway.url()}/v2/session`);
  const { csrf_token: token }: { csrf_token: string } = await session.json();
  const refused = await context.request.post(
    `${gateway.url()}/v2/payments/${made[0]?.id}/refunds`,
    {
      data: { amount: 1 },
      headers: { 'x-csrf-token': token, 'idempotency-key': 'not-mine' },
    },
  );
  expect([refused.status(), await refused.json()]).toMatchObject([
    403,
    { code: 'permission_denied' },
  ]);
  await button(page, 'Shift').click();
  await page.locator('.cashier-net').getByText('¥117.50').waitFor();
  await button(page, 'Close the shift').click();
  await button(page, 'Yes, close and begin a new one').click();
  await page.getByRole('dialog').getByText('¥117.50', { exact: true }).waitFor();
  await button(page, 'Close').click();
  await page.locator('.cashier-net').getByText('¥0.00').waitFor();
  expect(faults).toStrictEqual([]);
});

test('the scanner in the wrong moment: never a charge that nobody wanted', async () => {
  const { page, payments } = await openDesk();
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('Type the amount first').waitFor();
  // Goods on the counter.
  await fire(page, '6901234567892');
  await page.getByRole('alert').getByText('no payment code').waitFor();
  expect(await amountOf(page).textContent()).toBe('¥0');
  // The code first, then the amount.
  const code = await scan(page);
  await page.getByRole('alert').getByText('Now type the amount').waitFor();
  expect(await amountOf(page).textContent()).toBe('¥0');
  expect(await payments()).toStrictEqual([]);
  await type(page, '5');
  await page.keyboard.press('Enter');
  await sale(page, 'good').waitFor();
  // The same code once more, over the next amount.
  await page.keyboard.press('Enter');
  await type(page, '5');
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('charged already').waitFor();
  expect(await amountOf(page).textContent()).toBe('¥5');
  // Typed by hand: Enter goes from the amount to the code.
  await page.keyboard.press('Enter');
  const field = page.getByLabel('Payment code');
  await expect.poll(() => field.evaluate((input) => input === document.activeElement)).toBe(true);
  await page.keyboard.type('8.00');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('no payment code').waitFor();
  await field.fill('2808 5193 2108 2700 00');
  await page.keyboard.press('Enter');
  await sale(page, 'good').waitFor();
  expect((await payments()).map(({ state, amount }) => [state, amount])).toStrictEqual([
    ['paid', 500],
    ['paid', 500],
  ]);
});

test('Alipay is silent: nothing is called failed, and the truth comes', async () => {
  const { page, payments } = await openDesk();
  for (const story of ['0007', '0008', '0010']) {
    await type(page, '6');
    await scan(page, story);
    await sale(page, 'good').waitFor();
    await page.keyboard.press('Enter');
    await amountOf(page).waitFor();
  }
  expect(await chargesIn(await payments())).toStrictEqual([1, 1, 1]);
});

test('a guest who never confirms: the cancel says what became of the money', async () => {
  const { page, payments } = await openDesk();
  await type(page, '20');
  await scan(page, '0002');
  await sale(page, 'wait').getByText('has to confirm').waitFor();
  // A code in between is nobody's business.
  await scan(page);
  await page.getByText('This code was not charged').waitFor();
  await button(page, 'Cancel').click();
  await sale(page, 'bad').getByText('Cancelled', { exact: true }).waitFor();
  await sale(page, 'bad').getByText('Nothing was charged').waitFor();
  const [payment] = await payments();
  expect(payment?.state).toBe('closed');
  expect(await chargesIn(await payments())).toStrictEqual([0]);
});

test('the network is lost in the middle, and the page is loaded anew: the same payment goes on', async () => {
  const { page, context, payments } = await openDesk();
  const pay = async (): Promise<void> => {
    const [newest] = await payments();
    await simulator.pay(newest?.alipay.out_trade_no ?? '');
  };
  await type(page, '30');
  await scan(page, '0002');
  await sale(page, 'wait').getByText('has to confirm').waitFor();
  await context.setOffline(true);
  await page.getByText('No connection. Checking again').waitFor();
  await pay();
  expect(await sale(page, 'bad').count()).toBe(0);
  await context.setOffline(false);
  await sale(page, 'good').waitFor();
  await button(page, 'Next sale').click();

  // Begun without a network: that nothing reached the gateway is said only once it has said so.
  await type(page, '31');
  await context.setOffline(true);
  await page.getByText('No connection to the gateway').waitFor();
  await scan(page);
  await sale(page, 'doubt').getByText('The gateway has not answered').waitFor();
  await context.setOffline(false);
  await sale(page, 'bad').getByText('never reached it').waitFor();
  await scan(page);
  await sale(page, 'good').waitFor();
  await button(page, 'Next sale').click();

  await type(page, '32');
  await scan(page, '0002');
  await sale(page, 'wait').getByText('has to confirm').waitFor();
  await page.reload();
  await sale(page, 'wait').getByText('has to confirm').waitFor();
  await pay();
  await sale(page, 'good').getByText('¥32.00').waitFor();
  expect((await payments()).map(({ state, amount }) => [state, amount])).toStrictEqual([
    ['paid', 3200],
    ['paid', 3100],
    ['paid', 3000],
  ]);
  expect(await chargesIn(await payments())).toStrictEqual([1, 1, 1]);
});

test('a QR code taken off the screen and paid all the same is told beside the next sale', async () => {
  const { page, payments } = await openDesk({ role: 'administrator' });
  await type(page, '8');
  await page.keyboard.press('q');
  await page.getByRole('img', { name: 'QR code of the payment' }).waitFor();
  const [shown] = await payments();
  await button(page, 'Cancel').click();
  await sale(page, 'calm').getByText('Code taken off the screen').waitFor();
  await button(page, 'Next sale').click();
  await page.getByText('Still watched').waitFor();
  // The guest had photographed it.
  const { outTradeNo } = await simulator.scan(shown?.next_action?.qr_code ?? '');
  await simulator.pay(outTradeNo);
  await page.getByText('was PAID after all').waitFor();
  await button(page, 'Got it').click();
  await expect.poll(() => page.locator('.cashier-banner').count()).toBe(0);
});

test('a refund without an answer is asked about, also after the page was loaded anew, and goes back once', async () => {
  const { page, context, payments } = await openDesk({ role: 'administrator' });
  await type(page, '9');
  await scan(page);
  await sale(page, 'good').waitFor();
  const openRefund = () =>
    page.getByRole('listitem').getByRole('button', { name: 'Refund' }).click();
  await openRefund();
  await page.getByLabel('Amount to give back').fill('4');
  await button(page, 'Wrong amount').click();
  await context.setOffline(true);
  await button(page, 'Refund ¥4.00').click();
  await page.getByText('is not known yet').waitFor();
  await context.setOffline(false);
  await page.reload();
  await openRefund();
  await page.getByText('is not known yet').waitFor();
  expect(await page.getByLabel('Amount to give back').inputValue()).toBe('4.00');
  await button(page, 'Check again').click();
  await page.getByText('¥4.00 went back').waitFor();
  await button(page, 'Close').click();
  // It is answered: the next one is another refund.
  await openRefund();
  expect(await page.getByLabel('Amount to give back').inputValue()).toBe('5.00');
  const [{ id } = { id: '' }] = await payments();
  const amounts = async () => (await people.boss.refunds.list(id)).data.map(({ amount }) => amount);
  expect(await amounts()).toStrictEqual([400]);

  // This one is heard, and the page is gone before its answer.
  await simulator.fault({ kind: 'drop_response', method: 'alipay.trade.refund' });
  await page.getByLabel('Amount to give back').fill('2');
  await button(page, 'Sold out').click();
  await button(page, 'Refund ¥2.00').click();
  await expect.poll(amounts).toStrictEqual([400, 200]);
  await page.reload();
  await openRefund();
  await button(page, 'Check again').click();
  await page.getByText('¥2.00 went back').waitFor();
  expect(await amounts()).toStrictEqual([400, 200]);
});

test('in Chinese on a phone: read out, refunded with a reason, printed', async () => {
  const { page, payments, faults } = await openDesk({
    role: 'administrator',
    language: 'zh',
    width: 390,
    height: 844,
  });
  await page.evaluate(() => {
    document.body.dataset['spoken'] = '';
    speechSynthesis.speak = ({ text }) => void (document.body.dataset['spoken'] += text);
  });
  await page.getByText('模拟器：不涉及真实资金').waitFor();
  await button(page, '语音播报').click();
  for (const digit of ['8', '8']) await button(page, digit).click();
  expect(await overflowOf(page)).toBe(0);
  expect(await seriousFindings(page)).toStrictEqual([]);
  await scan(page);
  await sale(page, 'good').getByText('收款成功').waitFor();
  expect(await page.locator('body').getAttribute('data-spoken')).toBe('收款88元');
  await button(page, '打印小票').click();
  const receipt = page.getByRole('dialog');
  await receipt.getByText('模拟交易，不作凭证').waitFor();
  await button(page, '80 mm').click();
  await button(page, '打印').click();
  await page.emulateMedia({ media: 'print' });
  const paper = await page.locator('body > .cashier-print').boundingBox();
  // 80 mm at 96 pixels an inch, from the edge, and nothing else.
  expect(Math.round(paper?.width ?? 0)).toBe(302);
  expect([paper?.y, await page.locator('#root').isVisible()]).toStrictEqual([0, false]);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  // In points: 80 mm wide, and as long as what is on it, on one page.
  const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
  expect(boxes).toHaveLength(1);
  const [widthPt = 0, heightPt = 0] = boxes[0]?.slice(1).map(Number) ?? [];
  expect(Math.round(widthPt)).toBe(227);
  expect(heightPt).toBeGreaterThan((paper?.height ?? 0) * 0.75);
  expect(heightPt).toBeLessThan((paper?.height ?? 0) * 0.75 + 40);
  await page.emulateMedia({ media: 'screen' });
  await button(page, '关闭').click();
  await button(page, '下一笔').click();

  await button(page, '今日收款').click();
  await page.getByRole('listitem').getByRole('button', { name: '退款' }).click();
  await page.getByLabel('退款金额').fill('8.8');
  await button(page, '退款 ¥8.80').click();
  await page.getByRole('alert').getByText('请填写原因').waitFor();
  await button(page, '顾客退货').click();
  expect(await overflowOf(page)).toBe(0);
  expect(await seriousFindings(page)).toStrictEqual([]);
  // However fast, it is one refund.
  await button(page, '退款 ¥8.80').evaluate((element: HTMLButtonElement) => {
    for (const _time of [1, 2, 3]) element.click();
  });
  await page.getByText('已退款 ¥8.80').waitFor();
  await button(page, '关闭').click();
  await page.getByText('部分退款').waitFor();
  const [payment] = await payments();
  expect(payment).toMatchObject({ state: 'paid', refunded_amount: 880 });
  const { data } = await people.boss.refunds.list(payment?.id ?? '');
  expect(data).toMatchObject([{ amount: 880, reason: '顾客退货' }]);
  await button(page, '班次').click();
  await page.locator('.cashier-net').getByText('¥79.20').waitFor();
  expect(await overflowOf(page)).toBe(0);
  expect(faults).toStrictEqual([]);
});

test('the first minute: a demonstration shop, which is remembered, and a page that is light to load', async () => {
  const fresh = await startGateway();
  try {
    const { page, context } = await openWindow(browser);
    await (await peopleOf(fresh)).signIn(context, 'boss');
    const scripts = new Map<string, number>();
    page.on('response', (response) => {
      const bytes = Number(response.headers()['content-length'] ?? 0);
      if (response.url().endsWith('.js')) scripts.set(response.url(), bytes);
    });
    await page.goto(`${fresh.url()}/cashier`);
    await button(page, 'Make a demonstration shop').click();
    await amountOf(page).waitFor();
    const scriptBytes = [...scripts.values()].reduce((sum, bytes) => sum + bytes, 0);
    expect(scriptBytes).toBeGreaterThan(50_000);
    expect(scriptBytes).toBeLessThan(300_000);
    await type(page, '1');
    await scan(page);
    await sale(page, 'good').waitFor();
    await page.keyboard.press('Enter');
    // The guest in a second window.
    await type(page, '2');
    await button(page, 'Show a QR code').click();
    const opening = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Pay it in the guest’s wallet' }).click();
    const wallet = await opening;
    await button(wallet, 'Pay').click();
    await sale(page, 'good').getByText('¥2.00').waitFor();
    await page.reload();
    await amountOf(page).waitFor();
    await button(page, 'Other shop').click();
    await page.getByRole('button', { name: 'Demonstration tea house' }).click();
    await amountOf(page).waitFor();
  } finally {
    await fresh.stop();
  }
});

test('whoever may not charge sees what was taken, and a scanned code does nothing', async () => {
  const { page, payments } = await openDesk({ role: 'finance' });
  await page.getByText('Your role does not take payments').waitFor();
  expect(await amountOf(page).count()).toBe(0);
  await page.keyboard.type('5');
  await scan(page);
  await page.keyboard.press('q');
  expect(await sale(page, 'good').count()).toBe(0);
  expect(await payments()).toStrictEqual([]);
});
