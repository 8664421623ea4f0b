/**
 * API keys, dongles and settings at `/console`, in a real browser. Whether what the pages did is true is asked of v1 and v2, and of the
 * audit log.
 */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createClient, type Client } from '../../../client/client.ts';
import { seriousFindings } from '../../support/axe.ts';
import {
  button,
  choose,
  codeOf,
  dialog,
  menuOf,
  openStage,
  seeWhyNot,
  row,
  storeSecret,
  type Stage,
} from '../../support/console-stage.ts';
import { until } from '../../support/gateway-process.ts';
import { aCharge, aDogNo, call, enrol } from '../../support/v1-client.ts';

let stage: Stage;
let boss: Client;
let shop: string;
let other: string;

beforeAll(async () => {
  stage = await openStage({ F2F_ENROLMENT: 'allow-list', F2F_TOKEN_TTL_S: '7201' });
  ({ boss } = stage.people);
  [shop, other] = [await stage.openShop('清风茶馆'), await stage.openShop('Harbour Café')];
  await stage.people.invite({ name: 'owner', role: 'administrator', merchant: shop });
  await stage.people.invite({ name: 'clerk', role: 'clerk', merchant: shop });
});
afterEach(() => stage.leavePages());
afterAll(() => stage?.close());

test('a key made on the page may do what was chosen, for its merchant, until it is revoked', async () => {
  const { page, faults } = await stage.at('/console/api-keys');
  await page.getByText('There is no key yet.').waitFor();
  await button(page, 'Make a key').click();
  const form = dialog(page, 'Make an API key');
  await button(form, 'Make a key').click();
  await form.getByText('Please fill this in').waitFor();
  await form.getByLabel('Name').fill('Till 1');
  await form.getByRole('checkbox', { name: /^Charge/ }).check();
  const administer = form.getByRole('checkbox', { name: /^Administer/ });
  await administer.check();
  expect(await seriousFindings(page)).toStrictEqual([]);
  // No key of one merchant has it: it is taken away where it was chosen already.
  await choose(page, 'Merchant', '清风茶馆');
  await form.getByText('Only for a key of all merchants.').waitFor();
  expect([await administer.isChecked(), await administer.isDisabled()]).toStrictEqual([
    false,
    true,
  ]);
  await button(form, 'Make a key').click();
  const secret = await storeSecret(page, 'API key');
  const till = createClient({ url: stage.gateway.url(), apiKey: secret, retryForMs: 0 });
  const paid = await stage.charge(till, shop);
  expect((await till.payments.list()).data.map(({ id }) => id)).toContain(paid.id);
  expect(await codeOf(till.refunds.create(paid.id, { amount: 1 }))).toBe('permission_denied');
  expect(await codeOf(till.apiKeys.list())).toBe('permission_denied');
  expect(await codeOf(stage.charge(till, other))).toBe('merchant_not_found');
  await page.reload();
  const listed = row(page, 'Till 1');
  await listed.getByText('清风茶馆').waitFor();
  expect(await listed.locator('.tag').allInnerTexts()).toStrictEqual(['Look', 'Charge']);
  expect(await listed.innerText()).toMatch(/\d{4}-\d\d-\d\d .*\d{4}-\d\d-\d\d /s);
  await button(listed, 'Revoke').click();
  await dialog(page, 'Revoke the key “Till 1”?').getByText('stops at once').waitFor();
  await button(page, 'Revoke it').click();
  await page.getByText('The key is revoked').waitFor();
  await page.getByText('No key is active.').waitFor();
  expect(await codeOf(till.payments.list())).toBe('api_key_invalid');
  await page.getByText('With revoked ones').click();
  await listed.getByText(/^Revoked /).waitFor();
  const [key] = (await boss.apiKeys.list()).data;
  expect(key).toMatchObject({ merchant: shop, scopes: ['read', 'charge'] });
  expect(await stage.actsOn(key!.id)).toStrictEqual(['revokeApiKey', 'createApiKey']);
  expect(faults).toStrictEqual([]);
});

test('a dongle: registered, granted a merchant, withdrawn, revoked and reopened, as its till finds out', async () => {
  const { page, faults } = await stage.at('/console/dongles');
  const dogNo = aDogNo();
  const secretOf = async () => (await call(stage.gateway.url(), '/auth/secret', { dogNo })).err;
  expect(await secretOf()).toBe('DOGNO_IS_NOT_REGISTERED');
  await button(page, 'Register a dongle').click();
  const form = dialog(page, 'Register a dongle');
  await form.getByLabel('Number').fill(dogNo.slice(1));
  await button(form, 'Register it').click();
  await form.locator('.ant-form-item-explain-error').waitFor();
  await form.getByLabel('Number').fill(dogNo);
  await button(form, 'Register it').click();
  await page.getByText('The dongle is registered').waitFor();
  await row(page, dogNo).getByText('May ask for its key', { exact: true }).waitFor();
  const { token } = await enrol(stage.gateway.url(), dogNo);
  const sell = async () => {
    const data = aCharge(shop.slice('mch_'.length));
    return (await call(stage.gateway.url(), '/f2f/hb_barcode', { data, token })).err;
  };
  expect(await sell()).not.toBe('nothing');
  await button(row(page, dogNo), 'Grant a merchant').click();
  const granting = dialog(page, 'Let this dongle use a merchant');
  await button(granting, 'Grant it').click();
  await granting.getByText('Please fill this in').waitFor();
  await choose(page, 'Merchant', '清风茶馆');
  await button(granting, 'Grant it').click();
  await row(page, dogNo).getByRole('link', { name: '清风茶馆' }).waitFor();
  await row(page, dogNo).getByText('Has its key').waitFor();
  expect(await seriousFindings(page)).toStrictEqual([]);
  expect(await sell()).toBe('nothing');
  await button(row(page, dogNo), 'Withdraw').click();
  await button(page, 'Withdraw it').click();
  await page.getByText('The dongle may use the merchant no more').waitFor();
  expect(await sell()).not.toBe('nothing');
  await button(row(page, dogNo), 'Revoke').click();
  await dialog(page, 'Revoke this dongle?').getByText(dogNo).waitFor();
  await button(page, 'Revoke it').click();
  await row(page, dogNo).getByText('Revoked', { exact: true }).waitFor();
  expect(await sell()).toBe('TOKEN_IS_INVALID');
  await button(row(page, dogNo), 'Reopen').click();
  await button(page, 'Let it ask').click();
  await page.getByText('The dongle may ask for a new key').waitFor();
  expect(await secretOf()).toBe('nothing');
  expect(await stage.actsOn(dogNo)).toStrictEqual([
    'reopenDongle',
    'revokeDongle',
    'removeDongleMerchant',
    'addDongleMerchant',
    'createDongle',
  ]);
  expect(faults).toStrictEqual([]);
});

test('settings: what was changed comes first, and one box finds the others', async () => {
  const { page, faults } = await stage.at('/console/settings');
  const shown = row(page, 'F2F_');
  await row(page, 'F2F_TOKEN_TTL_S').getByText('7201').waitFor();
  await row(page, 'F2F_TOKEN_TTL_S').getByText('Changed').waitFor();
  const states = (await shown.allInnerTexts()).map((text) => text.includes('Changed'));
  expect(states.toSorted((one, next) => Number(next) - Number(one))).toStrictEqual(states);
  expect(new Set(states).size).toBe(2);
  expect(await seriousFindings(page)).toStrictEqual([]);
  await page.getByRole('searchbox').fill('life token');
  await until(async () => (await shown.count()) === 1, { what: 'one setting' });
  await row(page, 'life of a v1 token').waitFor();
  await page.getByRole('searchbox').fill('no such setting');
  await page.getByText('No setting matches.').waitFor();
  expect(faults).toStrictEqual([]);
});

const HOOK = 'http://127.0.0.1:9/hook';

test('a clerk sees none of it, and whoever is of one merchant its keys and endpoints alone', async () => {
  await boss.apiKeys.create({ name: 'Report of all', scopes: ['read'] });
  await boss.apiKeys.create({ name: 'Till of the shop', merchant: shop, scopes: ['read'] });
  const foreign = await boss.webhookEndpoints.create({ url: HOOK, merchant: other });
  const clerk = await stage.at('/console/api-keys', { name: 'clerk' });
  await clerk.page.getByText('This did not work').waitFor();
  const none = ['Dongles', 'API keys', 'Webhooks', 'Settings'];
  const seenByClerk = await menuOf(clerk.page).allInnerTexts();
  expect(none.filter((name) => seenByClerk.includes(name))).toStrictEqual([]);
  await seeWhyNot(clerk.page, button(clerk.page, 'Make a key'), 'Your role does not allow this');
  const { page, faults } = await stage.at('/console/api-keys', { name: 'owner' });
  await row(page, 'Till of the shop').waitFor();
  expect(await page.getByText('Report of all').count()).toBe(0);
  expect(await page.getByRole('columnheader', { name: 'Merchant' }).count()).toBe(0);
  const seen = await menuOf(page).allInnerTexts();
  expect(none.filter((name) => seen.includes(name))).toStrictEqual(['API keys', 'Webhooks']);
  await button(page, 'Make a key').click();
  const form = dialog(page, 'Make an API key');
  expect(await form.getByRole('checkbox', { name: /^Administer/ }).isDisabled()).toBe(true);
  expect(await form.getByRole('combobox').count()).toBe(0);
  await form.getByLabel('Name').fill('Own till');
  await button(form, 'Make a key').click();
  await storeSecret(page, 'API key');
  const made = (await boss.apiKeys.list()).data.find(({ name }) => name === 'Own till');
  expect(made?.merchant).toBe(shop);
  await page.goto(`${stage.gateway.url()}/console/webhooks`);
  await page.getByText('No program is called yet.').waitFor();
  await page.goto(`${stage.gateway.url()}/console/webhooks/${foreign.id}`);
  await page.getByText('This did not work').waitFor();
  await page.goto(`${stage.gateway.url()}/console/dongles`);
  await page.getByText(/^Dongles are an operator’s/).waitFor();
  await page.goto(`${stage.gateway.url()}/console/settings`);
  await page.getByText('Your role does not allow this').waitFor();
  expect([...faults, ...clerk.faults]).toStrictEqual([]);
});

test('all of it in Chinese and on a phone', async () => {
  const dogNo = aDogNo();
  await boss.dongles.create({ number: dogNo });
  await boss.dongles.addMerchant(dogNo, shop);
  await boss.apiKeys.create({
    name: 'Phone',
    merchant: shop,
    scopes: ['read', 'charge', 'refund'],
  });
  const { id } = await boss.webhookEndpoints.create({ url: HOOK, merchant: shop });
  await stage.charge(boss, shop);
  const { page, faults } = await stage.at('/console/api-keys', { language: 'zh', width: 390 });
  const check = async (what: string): Promise<void> => {
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect([what, overflow, await seriousFindings(page)]).toStrictEqual([what, 0, []]);
  };
  const pages = [
    ['api-keys', 'API 密钥', '创建密钥'],
    ['webhooks', 'Webhook', '添加端点'],
    [`webhooks/${id}`, HOOK, '重发一段时间'],
    ['dongles', '加密狗', '登记加密狗'],
    ['settings', '设置'],
  ] as const;
  for (const [path, heading, act] of pages) {
    await page.goto(`${stage.gateway.url()}/console/${path}`);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    await page.locator('.row-card').first().waitFor();
    await check(path);
    if (act === undefined) continue;
    await button(page, act).first().click();
    await page.getByRole('dialog').waitFor();
    await check(act);
  }
  expect(faults).toStrictEqual([]);
});
