/**
 * Merchants in the console, in a real browser: from the form to the first payment, as against the real Alipay. The gateway believes that
 * it is; the simulator is told nothing but what a person types at Alipay, and shows what Alipay shows a person.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Merchant } from '../../../client/client.ts';
import { seriousFindings } from '../../support/axe.ts';
import { button, openStage, seeWhyNot, type Stage } from '../../support/console-stage.ts';
import { startSimulator, until } from '../../support/gateway-process.ts';
import type { People } from '../../support/people.ts';

const PID = '2088212612254111';

let alipay: Awaited<ReturnType<typeof startSimulator>>;
let stage: Stage;
let people: People;
let folder: string;
let shops = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shops-'));
  const masterKeyFile = join(folder, 'master.key');
  writeFileSync(masterKeyFile, Buffer.alloc(32, 1), { mode: 0o600 });
  alipay = await startSimulator();
  stage = await openStage({
    F2F_ALIPAY: 'sandbox',
    F2F_ALIPAY_GATEWAY: `${alipay.url}/gateway.do`,
    F2F_MASTER_KEY_FILE: masterKeyFile,
  });
  ({ people } = stage);
});
afterEach(() => stage.leavePages());
afterAll(async () => {
  await stage?.close();
  await alipay?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What a person does at Alipay's console. */
async function atAlipay<Answer>(path: string, body: object): Promise<Answer> {
  const answer = await fetch(`${alipay.url}/simulator/apps${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return JSON.parse(text) as Answer;
}

/** Saves our key at Alipay, and reads Alipay's. */
async function exchange(appId: string, publicKey: string): Promise<string> {
  const app = { appId, pid: PID, appPublicKey: publicKey, signType: 'RSA2' };
  return (await atAlipay<{ alipayPublicKey: string }>('', app)).alipayPublicKey;
}

/** A shop with an application of its own, ready for payments. */
async function openShop(name: string): Promise<Merchant> {
  shops += 1;
  const appId = `20160229011${String(shops).padStart(5, '0')}`;
  const account = { shop_no: `TEA-${shops}`, name, seller_id: PID, app_id: appId };
  const { id, app } = await people.boss.merchants.create(account);
  const alipayKey = await exchange(appId, app.public_key);
  return people.boss.merchants.change(id, { alipay_public_key: alipayKey });
}

const dialog = (page: Page) => page.getByRole('dialog');
const field = (page: Page, name: string) => dialog(page).getByLabel(name);
/** What is said at a field. */
const wrong = (page: Page) => dialog(page).locator('.ant-form-item-explain-error');
const part = (page: Page, name: string) => page.getByRole('region', { name });

/** What somebody did to this one, newest first. */
async function deedsAt(target: string): Promise<readonly string[]> {
  const { data } = await people.boss.auditLog.list({ target });
  return data.map(({ operation, actor }) => `${operation} by ${actor.name}`);
}

test('a shop goes live: registered, keys exchanged, proven, and paid', async () => {
  const { page, faults } = await stage.at('/console/merchants');
  await page.getByText('No merchant is registered yet.').waitFor();
  await button(page, 'Add a merchant').first().click();
  await button(page, 'Add a merchant').last().click();
  await dialog(page).getByText('Please fill this in').first().waitFor();
  await field(page, 'Shop number').fill('LIVE-1');
  await field(page, 'Name').fill('Harbour Café');
  await field(page, 'Alipay account (PID)').fill('2088');
  await field(page, 'Alipay application').fill('2016022901190001');
  await wrong(page).getByText('Receives the money: 2088 and twelve more digits').waitFor();
  await field(page, 'Alipay account (PID)').fill(PID);
  expect(await seriousFindings(page)).toStrictEqual([]);
  await button(page, 'Add a merchant').last().click();
  await page.getByRole('heading', { level: 1, name: 'Harbour Café' }).waitFor();
  const id = page.url().split('/').at(-1)!;
  // Nothing can be verified yet, and the page says what is next.
  await page.getByText('Alipay’s key is missing').waitFor();
  await page.getByText('Our key to Alipay').waitFor();
  expect(await seriousFindings(page)).toStrictEqual([]);
  await button(page, 'Test at Alipay').first().click();
  await page.getByText('Enter Alipay’s public key first.').first().waitFor();
  const ours = await part(page, 'Keys').locator('pre').first().innerText();
  const alipays = await exchange('2016022901190001', ours);
  await button(page, 'Enter Alipay’s key').click();
  await dialog(page).getByRole('textbox').fill('MIIBnonsense');
  await button(page, 'Save').click();
  await dialog(page)
    .getByText(/must be an RSA public key/)
    .waitFor();
  // As it comes out of a mail.
  await dialog(page)
    .getByRole('textbox')
    .fill(`${alipays.slice(0, 64)}\r\n${alipays.slice(64)}`);
  await button(page, 'Save').click();
  await page.getByText('Takes payments', { exact: true }).waitFor();
  await button(page, 'Test at Alipay').first().click();
  await page.getByText('Keys, contract and network are proven. No money moved.').waitFor();
  expect((await page.title()).startsWith('Harbour Café')).toBe(true);
  const paid = await people.boss.payments.create({
    merchant: id,
    method: 'barcode',
    amount: 1,
    subject: 'One fen',
    merchant_reference: 'live-1',
    auth_code: '2808519000000019999',
  });
  expect(paid.state).toBe('paid');
  expect(await deedsAt(id)).toStrictEqual([
    'testMerchant by boss',
    'changeMerchant by boss',
    'changeMerchant by boss',
    'testMerchant by boss',
    'createMerchant by boss',
  ]);
  expect(faults).toStrictEqual([]);
});

test('a shop number that is taken is told at its field, and nothing that was typed is lost', async () => {
  const { shop_no: taken } = await openShop('First');
  const { page, faults } = await stage.at('/console/merchants');
  await button(page, 'Add a merchant').click();
  await field(page, 'Shop number').fill(taken);
  await field(page, 'Alipay account (PID)').fill(PID);
  await field(page, 'Alipay application').fill('2016022901190002');
  await button(page, 'Add a merchant').last().click();
  await wrong(page).getByText(/shop/).waitFor();
  await field(page, 'Shop number').fill(`${taken}-2`);
  await button(page, 'Add a merchant').last().click();
  await page.getByRole('heading', { level: 1, name: `${taken}-2` }).waitFor();
  expect(faults).toStrictEqual([]);
});

test('a change by somebody else meanwhile is not written over', async () => {
  const { id } = await openShop('Old name');
  const { page, faults } = await stage.at(`/console/merchants/${id}`);
  await button(page, 'Edit').click();
  await people.boss.merchants.change(id, { name: 'Their name' });
  await field(page, 'Name').fill('My name');
  await button(page, 'Save').click();
  await dialog(page).getByText('Somebody changed this since you read it.').waitFor();
  await button(page, 'Read it again').click();
  await page.getByRole('heading', { level: 1, name: 'Their name' }).waitFor();
  expect((await people.boss.merchants.get(id)).name).toBe('Their name');
  await button(page, 'Edit').click();
  await field(page, 'Name').fill('My name');
  await field(page, 'Product code for QR codes').fill('QR_CODE_OFFLINE');
  await button(page, 'Save').click();
  await page.getByRole('heading', { level: 1, name: 'My name' }).waitFor();
  const { name, product_codes: codes } = await people.boss.merchants.get(id);
  expect([name, codes]).toStrictEqual([
    'My name',
    { barcode: 'FACE_TO_FACE_PAYMENT', qr: 'QR_CODE_OFFLINE' },
  ]);
  expect(faults).toStrictEqual([]);
});

test('a key pair is changed without a gap', async () => {
  const { id, app } = await openShop('Keys');
  const { page, faults } = await stage.at(`/console/merchants/${id}`);
  await button(page, 'Make a new key pair').click();
  await page.getByText('The next public key').waitFor();
  const next = (await people.boss.merchants.get(id)).app.next_key!.public_key;
  expect(await part(page, 'Keys').locator('pre').last().innerText()).toBe(next);
  // Alipay has not heard of it, and what is in use stays in use.
  await button(page, 'Test it').click();
  await page.getByText(/Alipay has another public key for this application/).waitFor();
  await button(page, 'Let it take over').click();
  await button(page, 'Let it take over').last().click();
  await dialog(page)
    .getByText(/isv.invalid-signature/)
    .waitFor();
  await button(page, 'Cancel').click();
  expect((await people.boss.merchants.get(id)).app.public_key).toBe(app.public_key);
  await exchange(app.app_id, next);
  await button(page, 'Test it').click();
  await page.getByText('Alipay accepts the new key.').waitFor();
  await button(page, 'Let it take over').click();
  await dialog(page).getByText('Sign with the new key pair?').waitFor();
  expect(await seriousFindings(page)).toStrictEqual([]);
  await button(page, 'Let it take over').last().click();
  await button(page, 'Make a new key pair').waitFor();
  expect((await people.boss.merchants.get(id)).app.public_key).toBe(next);
  await button(page, 'Make a new key pair').click();
  await button(page, 'Give it up').click();
  await button(page, 'Give it up').last().click();
  await button(page, 'Make a new key pair').waitFor();
  expect((await people.boss.merchants.get(id)).app.next_key).toBeNull();
  expect((await deedsAt(id)).slice(0, 7)).toStrictEqual([
    'deleteNextKey by boss',
    'createNextKey by boss',
    'activateNextKey by boss',
    'testNextKey by boss',
    'activateNextKey by boss',
    'testNextKey by boss',
    'createNextKey by boss',
  ]);
  expect(faults).toStrictEqual([]);
});

test('over to certificates and back: the request, the three files, when they end', async () => {
  const { id, app } = await openShop('Certified');
  const { page, faults } = await stage.at(`/console/merchants/${id}`);
  await button(page, 'Make a request (CSR)').click();
  await field(page, 'Name of the company').fill('Tea House Ltd.');
  await button(page, 'Make it').click();
  await dialog(page).locator('pre').waitFor();
  const csr = await dialog(page).locator('pre').innerText();
  const coming = page.waitForEvent('download');
  await dialog(page).getByRole('link', { name: 'Save as a file' }).click();
  expect((await coming).suggestedFilename()).toBe(`${app.app_id}.csr`);
  await dialog(page).getByRole('button', { name: 'Close' }).last().click();
  const issued = await atAlipay<Record<string, string>>(`/${app.app_id}/certificates`, { csr });
  const file = (name: string, pem = '') => ({
    name,
    mimeType: 'application/x-x509-ca-cert',
    buffer: Buffer.from(pem),
  });
  await button(page, 'Bring the three files').click();
  const choose = (label: string, name: string, pem: string | undefined): Promise<void> =>
    dialog(page).getByLabel(label, { exact: true }).setInputFiles(file(name, pem));
  await choose('Application certificate', 'a.crt', issued['alipayCertificate']);
  await choose('Alipay’s certificate', 'b.crt', issued['alipayCertificate']);
  await choose('Alipay’s root certificates', 'c.crt', issued['alipayRootCertificate']);
  await button(page, 'Go over to certificates').click();
  await dialog(page)
    .getByText(/is not for a key pair of this application/)
    .waitFor();
  await choose('Application certificate', 'a.crt', issued['appCertificate']);
  expect(await seriousFindings(page)).toStrictEqual([]);
  await button(page, 'Go over to certificates').click();
  await part(page, 'Certificates')
    .getByText(/^until 20/)
    .first()
    .waitFor();
  const { certificates } = (await people.boss.merchants.get(id)).app;
  await part(page, 'Certificates').getByText(certificates!.app.serial_no).waitFor();
  await button(page, 'Test at Alipay').first().click();
  await page.getByText('Keys, contract and network are proven. No money moved.').waitFor();
  await button(page, 'Back to bare keys').click();
  await dialog(page)
    .getByRole('textbox')
    .fill(app.alipay_public_key ?? '');
  await button(page, 'Back to bare keys').last().click();
  await part(page, 'Certificates')
    .getByText(/^The application signs with bare keys/)
    .waitFor();
  expect((await people.boss.merchants.get(id)).app.certificates).toBeNull();
  expect(faults).toStrictEqual([]);
});

test('a service provider gives the token of a merchant, of which only the end is shown', async () => {
  const { id, app } = await openShop('Inn');
  const given = await atAlipay<{ appAuthToken: string }>(`/${app.app_id}/authorizations`, {
    pid: PID,
  });
  const { page, faults } = await stage.at(`/console/merchants/${id}`);
  await button(page, 'Give a token').click();
  await field(page, 'Token (app_auth_token)').fill('short');
  await button(page, 'Save').click();
  await wrong(page).waitFor();
  await field(page, 'Token (app_auth_token)').fill(given.appAuthToken);
  await button(page, 'Save').click();
  await part(page, 'Service provider')
    .getByText(/ends in/)
    .waitFor();
  const { authorization } = await people.boss.merchants.get(id);
  expect(given.appAuthToken.endsWith(authorization?.hint ?? '?')).toBe(true);
  await part(page, 'Service provider').getByText(`ends in ${authorization?.hint},`).waitFor();
  expect(await page.content()).not.toContain(given.appAuthToken);
  await button(page, 'End it').click();
  await button(page, 'End it').last().click();
  await button(page, 'Give a token').waitFor();
  expect((await people.boss.merchants.get(id)).authorization).toBeNull();
  const log = JSON.stringify((await people.boss.auditLog.list({ target: id })).data);
  expect(log).not.toContain(given.appAuthToken);
  expect(faults).toStrictEqual([]);
});

test('a suspended shop takes no payment, over v1 neither, until it is resumed', async () => {
  const { id } = await openShop('Closed');
  const { page, faults } = await stage.at(`/console/merchants/${id}`);
  await button(page, 'Suspend').click();
  await dialog(page)
    .getByText(/New payments are refused at once/)
    .waitFor();
  await button(page, 'Cancel').click();
  expect((await people.boss.merchants.get(id)).state).toBe('active');
  await button(page, 'Suspend').click();
  await button(page, 'Suspend it').click();
  await page.getByText('Suspended', { exact: true }).waitFor();
  const bill = { merchant: id, amount: 100, subject: 'Tea', merchant_reference: 'b-1' };
  await expect(people.boss.payments.create({ ...bill, method: 'qr' })).rejects.toThrow(
    /merchant_suspended/,
  );
  await button(page, 'Resume').click();
  await button(page, 'Take payments').click();
  await page.getByText('Takes payments', { exact: true }).waitFor();
  expect((await people.boss.payments.create({ ...bill, method: 'qr' })).state).toBe(
    'awaiting_buyer',
  );
  expect(faults).toStrictEqual([]);
});

test('whoever is of one merchant sees that one, and may change its name alone', async () => {
  const own = await openShop('Own shop');
  const other = await openShop('Foreign shop');
  await people.invite({ name: 'host', role: 'administrator', merchant: own.id });
  await people.invite({ name: 'reader', role: 'read_only' });
  const { page, faults } = await stage.at('/console/merchants', { name: 'host' });
  await page.getByRole('link', { name: 'Own shop' }).click();
  await seeWhyNot(page, button(page, 'Suspend'), 'Only whoever is of all merchants');
  await button(page, 'Edit').click();
  await field(page, 'Name').fill('Our shop');
  await button(page, 'Save').click();
  await page.getByRole('heading', { level: 1, name: 'Our shop' }).waitFor();
  await button(page, 'Edit').click();
  await field(page, 'Alipay account (PID)').fill('2088212612254999');
  await button(page, 'Save').click();
  await dialog(page)
    .getByText(/Only whoever is for all merchants/)
    .waitFor();
  await page.goto(`${stage.gateway.url()}/console/merchants/${other.id}`);
  await page.getByText('This did not work').waitFor();
  const reader = await stage.at(`/console/merchants/${own.id}`, { name: 'reader' });
  await seeWhyNot(
    reader.page,
    button(reader.page, 'Test at Alipay').first(),
    'Your role does not allow this',
  );
  expect([...faults, ...reader.faults]).toStrictEqual([]);
});

test('in Chinese and on a phone nothing is cut off', async () => {
  const { id } = await openShop('清风茶馆');
  const { page, faults } = await stage.at('/console/merchants', { language: 'zh', width: 390 });
  for (const path of ['', `/${id}`]) {
    await page.goto(`${stage.gateway.url()}/console/merchants${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByText('清风茶馆').first().waitFor();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect([path, overflow, await seriousFindings(page)]).toStrictEqual([path, 0, []]);
  }
  await button(page, '编辑').click();
  await page.getByRole('dialog', { name: '修改商户' }).waitFor();
  await until(async () => (await seriousFindings(page)).length === 0, {
    what: 'a dialog as it is',
  });
  expect(faults).toStrictEqual([]);
});
