/**
 * The wallet in a real browser: a buyer in front of it, a shop at the simulator's gateway behind it, and the simulator's book as the
 * witness of what happened to the money. Failures come from the simulator's documented inputs and from closing it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSimulator, type RunningSimulator } from '../../../simulator/server.ts';
import { APP_ID, PID, SHAPES, signedParams, type Json } from '../../../simulator/testing/client.ts';
import { APP_KEY, publicKeyOf } from '../../../simulator/testing/keys.ts';
import { seriousFindings } from '../../support/axe.ts';
import { openBrowser, openWindow, type Window, type WindowOptions } from '../../support/browser.ts';
import { CAMERA_REFUSED, filmQrCode } from '../../support/camera.ts';
import { simulatorClient, type SimulatorClient } from '../../support/simulator-client.ts';

let folder: string;
let simulator: RunningSimulator;
let book: SimulatorClient;
let browser: Browser;
/** Of the order that the camera sees. */
const FILMED = 'FILMED';

const start = (port: number): Promise<RunningSimulator> =>
  startSimulator({ host: '0.0.0.0', port, dataDir: folder, controlToken: 'secret' });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wallet-'));
  simulator = await start(0);
  book = simulatorClient(simulator.url);
  await fetch(`${simulator.url}/simulator/apps`, {
    method: 'POST',
    body: JSON.stringify({ appId: APP_ID, pid: PID, appPublicKey: publicKeyOf(APP_KEY) }),
  });
  browser = await openBrowser(filmQrCode(join(folder, 'camera.y4m'), await precreate(FILMED)));
});
afterAll(async () => {
  await browser?.close();
  await simulator?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The shop calls Alipay; the node of the answer. */
async function call(method: string, biz: Json): Promise<Json> {
  const request = SHAPES.official(signedParams(`alipay.trade.${method}`, biz));
  const answer = await fetch(simulator.url + request.url, {
    method: 'POST',
    headers: { 'content-type': request.contentType ?? '' },
    body: request.body.toString(),
  });
  const node = /:(\{.*\}),"sign"/.exec(await answer.text())?.[1];
  return node === undefined ? { status: answer.status } : (JSON.parse(node) as Json);
}

const order = (outTradeNo: string, totalAmount = '5.00'): Json => ({
  out_trade_no: outTradeNo,
  total_amount: totalAmount,
  subject: `Room ${outTradeNo}`,
});

async function precreate(outTradeNo: string, totalAmount?: string): Promise<string> {
  return String((await call('precreate', order(outTradeNo, totalAmount)))['qr_code']);
}

const charge = (outTradeNo: string, authCode: string): Promise<Json> =>
  call('pay', { ...order(outTradeNo), auth_code: authCode });

async function openWallet(
  hash = '',
  { in: where = browser, ...options }: WindowOptions & { in?: Browser } = {},
): Promise<Window> {
  const window = await openWindow(where, { width: 390, height: 844, ...options });
  await window.page.goto(`${simulator.url}/wallet${hash}`);
  return window;
}

const leave = (page: Page): Promise<void> => page.context().close();

/** The link as a till has it, in the page that is open. */
const follow = (page: Page, qrCode: string): Promise<unknown> =>
  page.evaluate((text) => {
    location.hash = `qr=${encodeURIComponent(text)}`;
  }, qrCode);

const sheet = (page: Page, name: string) => page.getByRole('dialog', { name, exact: true });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** The digits on the screen, once they are others than `before`. */
async function digitsOn(page: Page, before = ''): Promise<string> {
  const digits = page.locator(`[data-digits]:not([data-digits="${before}"])`);
  return (await digits.getAttribute('data-digits')) ?? '';
}

test('a shop charges the code on the screen, and there is another at once', async () => {
  const { page, faults } = await openWallet();
  await page.getByRole('img', { name: 'Payment code as bar code' }).waitFor();
  await page.getByRole('img', { name: 'Payment code as QR code' }).waitFor();
  await page.getByText('¥1,000,000.00').waitFor();
  const code = await digitsOn(page);
  expect(code).toMatch(/^28\d{16}$/);
  expect(await charge('CODE1', code)).toMatchObject({ code: '10000' });
  await sheet(page, 'Paid').getByText('Room CODE1').waitFor();
  await page.getByText('¥999,995.00').waitFor();
  await press(page, 'Done');
  expect(await digitsOn(page, code)).toMatch(/^28\d{16}$/);
  expect(await book.trade('CODE1')).toMatchObject({ chargeCount: 1, paidAmount: '5.00' });
  expect(faults).toStrictEqual([]);
  await leave(page);
});

test('a code lives for a minute, by the clock of the page and by that of the simulator', async () => {
  const { page } = await openWindow(browser);
  await page.clock.install();
  await page.goto(`${simulator.url}/wallet/`);
  const first = await digitsOn(page);
  await page.clock.runFor(20_000);
  await page.getByText(/New code in 0:(40|3\d)/).waitFor();
  expect(await digitsOn(page)).toBe(first);
  await page.clock.runFor(41_000);
  const second = await digitsOn(page, first);
  await book.advance(60_000);
  const third = await digitsOn(page, second);
  expect(new Set([first, second, third]).size).toBe(3);
  await leave(page);
});

test('who wants to be asked is asked, and pays by the keyboard', async () => {
  const { page } = await openWallet();
  const before = await digitsOn(page);
  await page.getByRole('switch', { name: /Ask me before paying/ }).press('Space');
  const code = await digitsOn(page, before);
  expect(await charge('ASKED1', code)).toMatchObject({ code: '10003' });
  await sheet(page, 'Confirm payment').waitFor();
  // Escape is no answer: the payment waits, and can be taken up again.
  await page.keyboard.press('Escape');
  await sheet(page, 'Confirm payment').waitFor({ state: 'hidden' });
  expect(await book.trade('ASKED1')).toMatchObject({ tradeStatus: 'WAIT_BUYER_PAY' });
  await page.getByRole('button', { name: 'Show: Room ASKED1' }).press('Enter');
  await page.getByRole('button', { name: 'Pay', exact: true }).press('Enter');
  await sheet(page, 'Paid').waitFor();
  expect(await book.trade('ASKED1')).toMatchObject({
    tradeStatus: 'TRADE_SUCCESS',
    chargeCount: 1,
  });
  await page.reload();
  expect(await page.getByRole('switch').isChecked()).toBe(true);
  await leave(page);
});

test('the camera reads the code, and is dark again', async () => {
  const { page, faults } = await openWallet('#scan');
  await press(page, 'Open the camera');
  await sheet(page, 'Confirm payment').getByText(`Room ${FILMED}`).waitFor();
  expect(await page.locator('video').count()).toBe(0);
  await press(page, 'Decline');
  await sheet(page, 'Declined').waitFor();
  expect(faults).toStrictEqual([]);
  await leave(page);
});

test('a camera that the browser refuses is told, and the text still works', async () => {
  const other = await openBrowser(CAMERA_REFUSED);
  const { page } = await openWallet('#scan', { in: other });
  await press(page, 'Open the camera');
  await page.getByText('The browser may not use the camera.').waitFor();
  await page.getByLabel('Text of the QR code').fill('https://qr.alipay.com/bax0');
  await press(page, 'Continue');
  await sheet(page, 'Unknown code').waitFor();
  expect(await page.locator('video').count()).toBe(0);
  await other.close();
});

test('a link asks, and whatever is decided is told', async () => {
  const qrCode = await precreate('LINK1', '688.00');
  const { page, faults } = await openWallet(`#qr=${encodeURIComponent(qrCode)}`);
  await sheet(page, 'Confirm payment').getByText('Room LINK1').waitFor();
  await sheet(page, 'Confirm payment').getByText('¥688.00').waitFor();
  // It is done once: nothing is left in the address.
  expect(page.url()).toBe(`${simulator.url}/wallet/#code`);
  await press(page, 'Pay');
  await sheet(page, 'Paid').waitFor();
  expect(await book.trade('LINK1')).toMatchObject({ chargeCount: 1, paidAmount: '688.00' });
  await press(page, 'Done');

  await follow(page, qrCode);
  await sheet(page, 'Paid already').waitFor();
  await press(page, 'Done');
  await follow(page, 'https://qr.alipay.com/bax0');
  await sheet(page, 'Unknown code').waitFor();
  await press(page, 'Done');

  await follow(page, await precreate('LATE'));
  await sheet(page, 'Confirm payment').waitFor();
  await book.advance(3 * 60 * 60_000);
  await sheet(page, 'Too late').waitFor();
  await press(page, 'Done');

  await follow(page, await precreate('CANCELLED'));
  await sheet(page, 'Confirm payment').waitFor();
  await call('cancel', { out_trade_no: 'CANCELLED' });
  await sheet(page, 'Cancelled by the shop').waitFor();
  expect(await book.trade('CANCELLED')).toMatchObject({ chargeCount: 0 });
  expect(faults).toStrictEqual([]);
  await leave(page);
});

test('text is pasted: declined by one, and too dear for the other', async () => {
  const { page } = await openWallet('#scan');
  const paste = async (text: string): Promise<void> => {
    await page.getByLabel('Text of the QR code').fill(text);
    await page.keyboard.press('Enter');
  };
  await paste('not a code');
  await page.getByText('has no spaces').waitFor();
  await paste(` ${await precreate('PASTED1')} `);
  await press(page, 'Decline');
  await sheet(page, 'Declined').waitFor();
  expect(await book.trade('PASTED1')).toMatchObject({
    tradeStatus: 'TRADE_CLOSED',
    chargeCount: 0,
  });
  await press(page, 'Done');

  await page.getByRole('radio', { name: 'Poor buyer' }).check();
  await page.getByText('¥0.00').waitFor();
  await paste(await precreate('PASTED2'));
  await press(page, 'Pay');
  await sheet(page, 'Not enough balance').waitFor();
  expect(await book.trade('PASTED2')).toMatchObject({
    tradeStatus: 'WAIT_BUYER_PAY',
    chargeCount: 0,
  });
  await press(page, 'Done');
  // A code of this buyer is refused at the till, and the buyer hears why.
  await page.getByRole('link', { name: 'Pay' }).click();
  expect(await charge('POOR', await digitsOn(page))).toMatchObject({ code: '40004' });
  await sheet(page, 'Not enough balance').waitFor();
  await leave(page);
});

test('the history has what was paid and came back, a page at a time, and grows by itself', async () => {
  for (let number = 1; number <= 24; number += 1) {
    await charge(`OLD${number}`, `281111111111${String(2000 + number)}`);
  }
  const { page } = await openWallet('#history');
  const rows = page.getByRole('main').getByRole('listitem');
  await rows.first().getByText('Room OLD24').waitFor();
  expect(await rows.count()).toBe(20);
  await press(page, 'Show more');
  await page.getByText('Room OLD1', { exact: true }).waitFor();
  const back = { out_trade_no: 'OLD1', refund_amount: '1.50', out_request_no: 'R1' };
  await call('refund', { ...back, refund_reason: 'Minibar' });
  await rows.first().getByText('+¥1.50').waitFor();
  await rows.first().getByText('Minibar').waitFor();
  // What was read before knows it too.
  await rows.filter({ hasText: 'OLD1' }).getByText('¥1.50 refunded').waitFor();
  await rows.filter({ hasText: 'OLD24' }).waitFor();
  await leave(page);
});

test('for demonstrations: a magic code, a fault and the clock', async () => {
  const { page, faults } = await openWallet('#demo');
  await press(page, 'Show 28…0002');
  const digits = await digitsOn(page);
  expect(digits).toMatch(/^28\d{12}0002$/);
  await press(page, 'Renew now');
  const fresh = await digitsOn(page, digits);
  await press(page, 'Close');
  expect(await charge('MAGIC', fresh)).toMatchObject({ code: '10003' });
  await sheet(page, 'Confirm payment').getByText('Room MAGIC').waitFor();
  await press(page, 'Pay');
  await sheet(page, 'Paid').waitFor();
  await press(page, 'Done');

  await page.getByLabel('What happens').selectOption({ label: 'HTTP 502' });
  await page.getByLabel('To which calls').selectOption('alipay.trade.query');
  await page.getByLabel('How often').fill('2');
  await press(page, 'Set fault');
  const set = page.getByRole('list', { name: 'Faults that are set' });
  await set.getByText('2×').waitFor();
  expect(await call('query', order('MAGIC'))).toStrictEqual({ status: 502 });
  await set.getByText('1×').waitFor();
  await press(page, 'End all faults');
  await page.getByText('No faults are set.').waitFor();
  expect(await call('query', order('MAGIC'))).toMatchObject({ code: '10000' });

  const shown = page.locator('.now time');
  const before = Date.parse(`${await shown.textContent()}Z`);
  await press(page, '+ 1 day');
  await expect
    .poll(async () => Date.parse(`${await shown.textContent()}Z`) - before)
    .toBeGreaterThanOrEqual(86_400_000);
  expect(faults).toStrictEqual([]);
  await leave(page);
});

test.each([390, 1440])('in Chinese, %d pixels wide, for everybody', async (width) => {
  const { page, faults } = await openWallet('', { language: 'zh', width });
  // The same at every width, and slow.
  const findings = async () => (width === 390 ? seriousFindings(page) : []);
  for (const [link, heading] of [
    ['扫一扫', '扫描二维码'],
    ['账单', '账单'],
    ['演示', '魔法付款码'],
    ['付款码', '向商家出示付款码'],
  ] as const) {
    await page.getByRole('link', { name: link, exact: true }).press('Enter');
    await page.getByRole('heading', { name: heading }).waitFor();
    expect(await findings()).toStrictEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect([heading, overflow]).toStrictEqual([heading, 0]);
  }
  await follow(page, await precreate(`WIDE${width}`));
  await sheet(page, '确认付款').waitFor();
  expect(await findings()).toStrictEqual([]);
  await press(page, '拒绝付款');
  await sheet(page, '已拒绝付款').waitFor();
  await press(page, '完成');
  await press(page, 'Switch to English');
  await page.getByRole('heading', { name: 'Show this code to the shop' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  expect(faults).toStrictEqual([]);
  await leave(page);
});

const outside = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

test.skipIf(outside === undefined)('from another machine the token is asked for', async () => {
  const { page } = await openWindow(browser);
  const address = `http://${outside}:${simulator.port}/wallet/`;
  const qrCode = await precreate('AFAR');
  await page.goto(`${address}#qr=${encodeURIComponent(qrCode)}`);
  await page.getByLabel('Control token').fill('wrong');
  await press(page, 'Continue');
  await page.getByText('This token is not accepted.').waitFor();
  await page.getByLabel('Control token').fill('secret');
  await press(page, 'Continue');
  await sheet(page, 'Confirm payment').getByText('Room AFAR').waitFor();
  await press(page, 'Decline');
  await sheet(page, 'Declined').waitFor();
  await leave(page);
  const { page: linked } = await openWindow(browser);
  await linked.goto(address);
  await linked.getByLabel('Control token').waitFor();
  // As a link that is followed in the page that is open.
  await linked.goto(`${address}#token=secret`);
  await linked.getByRole('img', { name: 'Payment code as bar code' }).waitFor();
  expect(linked.url()).toBe(`${address}#code`);
  await leave(linked);
});

test('while the simulator is away that is told, and after it all goes on', async () => {
  const qrCode = await precreate('AWAY');
  const { page } = await openWallet(`#qr=${encodeURIComponent(qrCode)}`);
  await sheet(page, 'Confirm payment').waitFor();
  await simulator.close();
  await page.getByText('The simulator does not answer.').waitFor();
  await press(page, 'Pay');
  await sheet(page, 'No answer').waitFor();
  await press(page, 'Done');
  simulator = await start(simulator.port);
  await page.getByText('The simulator does not answer.').waitFor({ state: 'hidden' });
  await press(page, 'Show: Room AWAY');
  await press(page, 'Pay');
  await sheet(page, 'Paid').waitFor();
  expect(await book.trade('AWAY')).toMatchObject({ chargeCount: 1 });
  await leave(page);
});
