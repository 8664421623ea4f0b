/**
 * The operator's day at `/console`, in a real browser against a real gateway and the simulator: a payment in doubt, searching, sums and
 * exports, refunds, a cancel, an incident, and who may do what. What is looked at is the screen, the files that came, and the simulator's book.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import readXlsxFile from 'read-excel-file/node';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Payment } from '../../../client/client.ts';
import { seeConcern } from '../../../src/store/incidents.ts';
import { findPaymentByNo } from '../../../src/store/payments.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { seriousFindings } from '../../support/axe.ts';
import { openWindow } from '../../support/browser.ts';
import { button, openStage, seeWhyNot, type Stage } from '../../support/console-stage.ts';
import { until } from '../../support/gateway-process.ts';
import type { People } from '../../support/people.ts';
import { simulatorClient, type SimulatorClient } from '../../support/simulator-client.ts';

let stage: Stage;
let people: People;
let simulator: SimulatorClient;
let shop: string;
let bills = 0;

beforeAll(async () => {
  stage = await openStage();
  ({ people } = stage);
  simulator = simulatorClient(stage.gateway.simulatorUrl());
  shop = await stage.openShop('清风茶馆');
});
afterEach(() => stage.leavePages());
afterAll(() => stage?.close());

/** A payment by code, whose last four digits say what the guest does. */
async function charge(amount: number, story = '9999', merchant = shop): Promise<Payment> {
  bills += 1;
  return people.boss.payments.create({
    merchant,
    method: 'barcode',
    amount,
    subject: 'Tea',
    merchant_reference: `bill-${bills}`,
    auth_code: `2808519${String(bills).padStart(7, '0')}${story}`,
  });
}

const drawer = (page: Page) => page.getByRole('dialog', { name: 'Payment' });
const rows = (page: Page) =>
  page.getByRole('table', { name: 'Payments, newest first' }).locator('tbody tr');

test('a payment in doubt: found first, explained, asked about, and seen to change everywhere', async () => {
  await simulator.fault({ kind: 'drop_response', method: 'alipay.trade.query', times: 1000 });
  // The money moved, and nobody hears of it.
  const asked = charge(9900, '0007');
  const { page, faults } = await stage.at('/console');
  await page.getByText('Outcome unknown').first().waitFor();
  const list = await stage.at('/console/payments');
  const bill = `bill-${bills}`;
  const row = rows(list.page).filter({ hasText: bill });
  await row.getByText('Outcome unknown').waitFor();
  await page.getByRole('link', { name: bill }).click();
  await drawer(page)
    .getByText(/^The first call to Alipay/)
    .waitFor();
  await drawer(page)
    .getByText(/^Next Alipay is asked/)
    .waitFor();
  await drawer(page).getByText('No answer').first().waitFor();
  expect(await seriousFindings(page)).toStrictEqual([]);
  // It cannot be refunded, and says why to a keyboard too.
  await button(page, 'Refund').focus();
  await page
    .getByRole('tooltip')
    .getByText('It is not known yet whether the guest has paid.')
    .waitFor();
  await simulator.endFaults();
  await button(page, 'Check now').click();
  await page.getByText('Alipay answered. The payment is: Paid.').waitFor();
  await drawer(page).getByText('Nothing is left to happen.').waitFor();
  // In the other window nobody did anything.
  await row.getByText('Paid', { exact: true }).waitFor();
  expect((await asked).amount).toBe(9900);
  expect([...faults, ...list.faults]).toStrictEqual([]);
});

test('one box finds a payment by each of its numbers, and says when there is none', async () => {
  const payment = await charge(1234);
  await charge(1234);
  const refund = await people.boss.refunds.create(payment.id, { amount: 34 }, { wait: 10 });
  const { page, faults } = await stage.at('/console/payments');
  const { alipay, merchant_reference: reference } = payment;
  const box = page.getByRole('searchbox');
  for (const number of [payment.id, alipay.out_trade_no, alipay.trade_no, reference, refund.id]) {
    await box.fill(number!);
    await box.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('number') === number);
    await until(async () => (await rows(page).count()) === 1, { what: `one row for ${number}` });
    expect(await rows(page).innerText()).toContain(payment.id);
  }
  await box.fill('no such number');
  await box.press('Enter');
  await page.getByText('No payment matches these filters.').waitFor();
  await button(page, 'Clear filters').last().click();
  await until(async () => (await rows(page).count()) > 1, { what: 'all of them' });
  expect(faults).toStrictEqual([]);
});

test('filters stand in the address; sums are of what they mean, and so are the files', async () => {
  const other = await stage.openShop('Harbour Café');
  for (const amount of [1000, 2000, 3050]) await charge(amount, '9999', other);
  const [last] = (await people.boss.payments.list({ merchant: other })).data;
  await people.boss.refunds.create(last!.id, { amount: 50 }, { wait: 10 });
  await charge(70_000, '0003', other);
  const { page, faults } = await stage.at(`/console/payments?merchant=${other}`);
  const totals = page.getByRole('region', { name: 'Totals of these payments' });
  await totals.getByText('¥60.00').waitFor();
  await page.getByRole('combobox', { name: 'State' }).click();
  await page.getByTitle('Paid', { exact: true }).click();
  await page.waitForURL(/state=paid/);
  await until(async () => (await rows(page).count()) === 3, { what: 'three rows' });
  await totals.getByText('3 payments').waitFor();
  expect((await totals.innerText()).match(/¥[\d.,]+/g)).toStrictEqual([
    '¥60.50',
    '¥60.50',
    '¥0.50',
    '¥60.00',
  ]);
  const csv = (await exported(page, 'CSV, for programs', 'csv')).toString('utf8');
  const lines = csv.trim().split('\r\n');
  expect(lines.map((line) => line.split(',')[7])).toStrictEqual([
    'Amount (yuan)',
    '10.00',
    '20.00',
    '30.50',
  ]);
  const workbook = await readXlsxFile(await exported(page, 'XLSX, for Excel and WPS', 'xlsx'));
  const sheet: readonly (readonly unknown[])[] = workbook[0]!.data;
  expect(sheet.slice(1).map((row) => row[7])).toStrictEqual([10, 20, 30.5]);
  expect(faults).toStrictEqual([]);
});

async function exported(page: Page, name: string, format: string): Promise<Buffer> {
  await button(page, 'Export').click();
  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toMatch(new RegExp(`^payments-\\d{8}-\\d{6}\\.${format}$`));
  return readFile(await file.path());
}

test('a refund: checked before it is sent, made once, and seen in its payment, the list and the book', async () => {
  const payment = await charge(8800);
  const { page, faults } = await stage.at(`/console/payments/${payment.id}`);
  await button(page, 'Refund').click();
  const form = page.getByRole('dialog', { name: 'Refund this payment' });
  const amount = form.getByLabel('Amount, in yuan');
  await amount.fill('88.01');
  await form.getByText('An amount in yuan from 0.01 to 88.00').waitFor();
  expect(await button(page, 'Refund ¥0.00').isDisabled()).toBe(true);
  await amount.fill('8.8');
  await form.getByLabel('Reason').fill('one cup broke');
  expect(await seriousFindings(page)).toStrictEqual([]);
  await button(page, 'Refund ¥8.80').click();
  await drawer(page).getByText('Partly refunded').waitFor();
  await drawer(page).getByText('one cup broke').first().waitFor();
  const trade = await simulator.trade(payment.alipay.out_trade_no);
  expect(trade?.refunds.map(({ amount: back }) => back)).toStrictEqual(['8.80']);
  await page.goto(`${stage.gateway.url()}/console/refunds`);
  const listed = page.getByRole('row').filter({ hasText: 'one cup broke' });
  await listed.getByText('Refunded').waitFor();
  await listed.getByRole('link').click();
  await page.waitForURL(`**/console/payments/${payment.id}`);
  expect(faults).toStrictEqual([]);
});

test('a cancel asks first, and then ends the payment at Alipay', async () => {
  const asked = charge(4500, '0002');
  const { page, faults } = await stage.at('/console/payments?state=awaiting_buyer');
  await rows(page)
    .filter({ hasText: `bill-${bills}` })
    .click();
  await drawer(page).getByText('Awaiting the guest').waitFor();
  await button(page, 'Cancel').click();
  await page.getByRole('dialog', { name: 'Cancel this payment?' }).waitFor();
  await button(page, 'Leave it open').click();
  await button(page, 'Cancel').click();
  await button(page, 'Cancel the payment').click();
  await drawer(page).getByText('Closed unpaid').waitFor();
  const { id, state } = await asked;
  expect([state, (await people.boss.payments.get(id)).state]).toContain('closed');
  const trade = await simulator.trade((await people.boss.payments.get(id)).alipay.out_trade_no);
  expect(trade?.tradeStatus).toBe('TRADE_CLOSED');
  // What is over cannot be cancelled, and says why not.
  await seeWhyNot(page, button(page, 'Cancel'), 'It is over: nobody paid.');
  expect(faults).toStrictEqual([]);
});

test('an incident comes first, says what to do, and is resolved with a note', async () => {
  const payment = await charge(5000);
  const { page, faults } = await stage.at('/console');
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await seeIncident(payment);
  await page.reload();
  await page.getByRole('link', { name: /^Incidents\s*1/ }).click();
  const incident = page.getByRole('article');
  await incident.getByText('What you can do').waitFor();
  expect(await seriousFindings(page)).toStrictEqual([]);
  await button(page, 'Resolve').click();
  await button(page, 'Resolve with this note').click();
  await page.getByText('Please say what you found').waitFor();
  await page.getByLabel('What you found and did').fill('The guest wanted it after all');
  await button(page, 'Resolve with this note').click();
  await page.getByText('Nothing waits for anybody.').waitFor();
  await page.getByText('Resolved', { exact: true }).click();
  await incident.getByText('The guest wanted it after all').waitFor();
  await incident.getByText(/^Resolved by .*boss/).waitFor();
  const [stored] = (await people.boss.incidents.list({ payment: payment.id })).data;
  expect([stored?.state, stored?.note]).toStrictEqual([
    'resolved',
    'The guest wanted it after all',
  ]);
  expect(faults).toStrictEqual([]);
});

/** No simulated guest makes one within seconds: it is put where the gateway finds it. */
async function seeIncident({ alipay }: Payment): Promise<void> {
  const db = openSqlite(join(stage.gateway.dataDir, 'gateway.sqlite'));
  const payment = await findPaymentByNo(db, alipay.out_trade_no);
  await seeConcern(db, payment!, { reason: 'late_payment', requestNo: null }, Date.now());
  await db.destroy();
}

test('each sees and may do what the role allows, and the server agrees', async () => {
  const other = await stage.openShop('Other');
  const foreign = await charge(777, '9999', other);
  const own = await charge(888);
  await people.invite({ name: 'clerk', role: 'clerk', merchant: shop });
  const { page, context, faults } = await stage.at(`/console/payments/${own.id}`, {
    name: 'clerk',
  });
  await seeWhyNot(page, button(page, 'Refund'), 'Your role does not allow this');
  await page.getByRole('button', { name: 'Close' }).click();
  await until(async () => (await rows(page).count()) > 0, { what: 'the rows of the own shop' });
  const text = await rows(page).allInnerTexts();
  expect(text.some((row) => row.includes(foreign.id))).toBe(false);
  expect(text.some((row) => row.includes(own.id))).toBe(true);
  // A choice among merchants is for whoever is of all.
  expect(await page.getByRole('combobox', { name: 'Merchant' }).count()).toBe(0);
  const session = await context.request.get(`${stage.gateway.url()}/v2/session`);
  const { csrf_token: csrf } = (await session.json()) as { csrf_token: string };
  const refused = await context.request.post(
    `${stage.gateway.url()}/v2/payments/${own.id}/refunds`,
    {
      data: { amount: 1 },
      headers: { 'x-csrf-token': csrf, 'idempotency-key': 'by-hand' },
    },
  );
  expect(refused.status()).toBe(403);
  expect(faults).toStrictEqual([]);
});

test('new payments come in by themselves, and wait while a hand is on the list', async () => {
  for (const amount of [99, 100]) await charge(amount);
  const { page, faults } = await stage.at('/console/payments');
  await until(async () => (await rows(page).count()) > 1, { what: 'rows' });
  const first = await charge(101);
  await rows(page).first().getByText(first.id).waitFor();
  await rows(page).nth(1).hover();
  const second = await charge(102);
  await page.getByRole('button', { name: 'Show 1 new one' }).waitFor();
  await rows(page).first().getByText(first.id).waitFor();
  await page.getByRole('button', { name: 'Show 1 new one' }).click();
  await rows(page).first().getByText(second.id).waitFor();
  expect(faults).toStrictEqual([]);
});

test('whoever opens a payment of the second page comes back to it, and to the first', async () => {
  const busy = await stage.openShop('Busy');
  await Promise.all(
    Array.from({ length: 52 }, (_none, index) => charge(100 + index, '9999', busy)),
  );
  const { page, faults } = await stage.at(`/console/payments?merchant=${busy}`);
  await button(page, 'More').click();
  await until(async () => (await rows(page).count()) === 2, { what: 'the second page' });
  await rows(page).first().click();
  await drawer(page).getByText('¥1.', { exact: false }).first().waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  expect(await rows(page).count()).toBe(2);
  await button(page, 'Back').click();
  await until(async () => (await rows(page).count()) === 50, { what: 'the first page' });
  expect(faults).toStrictEqual([]);
});

test('without a network nothing is lost or done twice: a refund waits for the same click, and lists catch up', async () => {
  const payment = await charge(6000);
  const { page, context } = await stage.at(`/console/payments/${payment.id}`);
  await button(page, 'Refund').click();
  await page.getByLabel('Amount, in yuan').fill('1');
  await context.setOffline(true);
  await button(page, 'Refund ¥1.00').click();
  await page.getByText(/Sending it again is safe/).waitFor();
  await context.setOffline(false);
  const missed = await charge(61);
  expect((await people.boss.refunds.list(payment.id)).data).toStrictEqual([]);
  await button(page, 'Refund ¥1.00').click();
  await drawer(page).getByText('Partly refunded').waitFor();
  const trade = await simulator.trade(payment.alipay.out_trade_no);
  expect(trade?.refunds.map(({ amount }) => amount)).toStrictEqual(['1.00']);
  await page.getByRole('button', { name: 'Close' }).click();
  await rows(page).filter({ hasText: missed.id }).waitFor();
});

test('a refund that a proxy lost stays as it was sent, and is made once', async () => {
  const payment = await charge(7000);
  const { page, faults } = await stage.at(`/console/payments/${payment.id}`);
  // The gateway has it, and the page hears of a gateway that took too long.
  await page.route(
    '**/refunds?*',
    async (route) => {
      await route.fetch();
      await route.fulfill({ status: 524, body: '<html>' });
    },
    { times: 1 },
  );
  await button(page, 'Refund').click();
  await page.getByLabel('Amount, in yuan').fill('1');
  await button(page, 'Refund ¥1.00').click();
  await page.getByText(/Sending it again is safe/).waitFor();
  expect(await page.getByLabel('Amount, in yuan').isDisabled()).toBe(true);
  await button(page, 'Refund ¥1.00').click();
  await page.getByText('¥1.00 went back to the guest.').waitFor();
  const { data } = await people.boss.refunds.list(payment.id);
  expect(data.map(({ amount }) => amount)).toStrictEqual([100]);
  expect(faults).toStrictEqual([]);
});

test('the first view is light, in Chinese and on a phone too', async () => {
  await charge(4321);
  const window = await openWindow(stage.browser, { language: 'zh', width: 390 });
  const { page, context } = window;
  await people.signIn(context, 'boss');
  const sizes: Promise<number>[] = [];
  page.on('response', (response) => {
    if (!response.url().endsWith('.js')) return;
    const headers = response.allHeaders();
    sizes.push(headers.then(({ 'content-length': length = '0' }) => Number(length)));
  });
  await page.goto(`${stage.gateway.url()}/console`);
  await page.getByRole('img', { name: /^收款走势/ }).waitFor();
  const scriptBytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(scriptBytes).toBeGreaterThan(100_000);
  expect(scriptBytes).toBeLessThan(300_000);
  await page.getByText('以表格查看').click();
  await page.getByRole('columnheader', { name: '笔均金额' }).waitFor();
  const simulated = page.getByRole('banner').getByText('模拟器：不涉及真实资金');
  expect(await simulated.evaluate((tag) => tag.scrollWidth - tag.clientWidth)).toBe(0);
  for (const path of ['', '/payments', '/refunds', '/incidents']) {
    await page.goto(`${stage.gateway.url()}/console${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect([path, overflow, await seriousFindings(page)]).toStrictEqual([path, 0, []]);
  }
  expect(window.faults).toStrictEqual([]);
});
