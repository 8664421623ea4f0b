/**
 * Webhooks at `/console`, in a real browser, with a program that hears them: what it heard and verified, what v2 says afterwards, and the
 * audit log tell whether the page did what it says.
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { verifyWebhook, type Client, type Payment } from '../../../client/client.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { findEndpoint, saveEndpoint } from '../../../src/store/webhook-endpoints.ts';
import { seriousFindings } from '../../support/axe.ts';
import {
  button,
  choose,
  codeOf,
  dialog,
  openStage,
  row,
  storeSecret,
  type Stage,
} from '../../support/console-stage.ts';
import { until } from '../../support/gateway-process.ts';
import { startReceiver, type Receiver } from '../../support/webhook-receiver.ts';

let stage: Stage;
let boss: Client;
let shop: string;
let receiver: Receiver;

beforeAll(async () => {
  stage = await openStage();
  ({ boss } = stage.people);
  shop = await stage.openShop('清风茶馆');
  receiver = await startReceiver();
});
afterEach(() => stage.leavePages());
afterAll(async () => {
  receiver?.close();
  await stage?.close();
});

const typeOf = ({ body }: { readonly body: string }): unknown => JSON.parse(body).type;
const heard = (payment: Payment) =>
  receiver.calls.filter(({ body }) => JSON.parse(body).data?.id === payment.id);

async function hear(payment: Payment, times = 1) {
  const what = `${times} calls about ${payment.id}`;
  return until(() => heard(payment).length >= times && heard(payment), { what });
}

/** A program that failed just now is left alone for half a minute. */
const REST_MS_MAX = 45_000;

/** Adds an endpoint for the receiver, and returns its id and its secret. */
async function addEndpoint(page: Page, ...types: readonly string[]) {
  await button(page, 'Add an endpoint').first().click();
  const form = dialog(page, 'Add a webhook endpoint');
  await form.getByLabel('Address').fill(receiver.url);
  await form.getByLabel('Description').fill('Orders');
  if (types.length > 0) await form.getByLabel('Only these').check();
  for (const type of types) await form.getByRole('checkbox', { name: type }).check();
  await button(form, 'Add an endpoint').click();
  const secret = await storeSecret(page, 'Secret');
  await page.waitForURL('**/console/webhooks/whe_*');
  await page.getByRole('heading', { name: 'Orders' }).waitFor();
  return { id: new URL(page.url()).pathname.split('/').at(-1)!, secret };
}

test('an endpoint hears what it wants, signed by the secret that was shown and by the next one', async () => {
  const { page, faults } = await stage.at('/console/webhooks');
  await page.getByText('No program is called yet.').waitFor();
  await button(page, 'Add an endpoint').click();
  await page.getByLabel('Address').fill('ftp://tea.example');
  await button(dialog(page, 'Add a webhook endpoint'), 'Add an endpoint').click();
  await page.getByText('must begin with https:// or http://').waitFor();
  expect(await seriousFindings(page)).toStrictEqual([]);
  await button(page, 'Cancel').click();
  const { id, secret } = await addEndpoint(page, 'payment.paid');
  await button(page, 'Send a test').click();
  await page.getByText('The program took the test').waitFor();
  await page.getByText(/^Answered 204 · \d+ ms$/).waitFor();
  const [tested] = receiver.calls;
  expect((await verifyWebhook(tested!.headers, tested!.body, secret)).type).toBe('test');
  const paid = await stage.charge(boss, shop);
  const [first] = await hear(paid);
  expect(await verifyWebhook(first!.headers, first!.body, secret)).toMatchObject({
    type: 'payment.paid',
    data: { id: paid.id, state: 'paid' },
  });
  await button(page, 'New secret').click();
  await dialog(page, 'Make a new secret?')
    .getByText(/^The new secret signs at once/)
    .waitFor();
  await button(page, 'Make a new secret').click();
  const next = await storeSecret(page, 'Secret');
  expect(next).not.toBe(secret);
  await page.getByText(/^The older secret signs until/).waitFor();
  const [second] = await hear(await stage.charge(boss, shop));
  for (const key of [secret, next]) await verifyWebhook(second!.headers, second!.body, key);
  await page.reload();
  await row(page, 'evt_').getByText('Taken').nth(1).waitFor();
  expect(receiver.calls.map(typeOf)).toStrictEqual(['test', 'payment.paid', 'payment.paid']);
  expect(await seriousFindings(page)).toStrictEqual([]);
  expect(await stage.actsOn(id)).toStrictEqual([
    'rotateWebhookSecret',
    'testWebhookEndpoint',
    'createWebhookEndpoint',
  ]);
  await boss.webhookEndpoints.delete(id);
  expect(faults).toStrictEqual([]);
});

test('what somebody else changed while the form was open is not written over', async () => {
  const { id } = await boss.webhookEndpoints.create({ url: receiver.url, description: 'Orders' });
  const { page } = await stage.at('/console/webhooks');
  await page.clock.install();
  await row(page, 'Orders').click();
  await button(page, 'Edit').click();
  const form = dialog(page, 'Change the endpoint');
  await form.getByLabel('Description').fill('Front desk');
  const types = ['payment.paid'] as const;
  await boss.webhookEndpoints.change(id, { description: 'Night desk', types: [...types] });
  // The page behind it is read again.
  await page.clock.runFor(20_000);
  await page.getByRole('heading', { name: 'Night desk', includeHidden: true }).waitFor();
  await button(form, 'Save').click();
  await form.getByText('Somebody changed this since you read it').waitFor();
  expect(await boss.webhookEndpoints.get(id)).toMatchObject({ description: 'Night desk', types });
  await button(form, 'Read it again').click();
  await button(page, 'Edit').click();
  expect(await form.getByLabel('Description').inputValue()).toBe('Night desk');
  await boss.webhookEndpoints.delete(id);
});

test('an endpoint is changed, disabled, told what it missed, and deleted', async () => {
  const { page, faults } = await stage.at('/console/webhooks');
  const { id } = await addEndpoint(page, 'payment.paid', 'refund.failed');
  await button(page, 'Edit').click();
  const form = dialog(page, 'Change the endpoint');
  await form.getByLabel('Description').fill('');
  await form.getByRole('checkbox', { name: 'refund.failed' }).uncheck();
  await button(form, 'Save').click();
  await page.getByText('The endpoint is changed').waitFor();
  await page.getByRole('heading', { name: receiver.url }).waitFor();
  expect(await boss.webhookEndpoints.get(id)).toMatchObject({
    url: receiver.url,
    description: null,
    types: ['payment.paid'],
  });
  await button(page, 'Disable').click();
  await button(page, 'Disable it').click();
  await page.getByText('The endpoint is disabled').waitFor();
  const missed = await stage.charge(boss, shop);
  await button(page, 'Enable').click();
  await button(page, 'Enable it').click();
  await page.getByText('The endpoint is enabled').waitFor();
  await hear(await stage.charge(boss, shop));
  expect(heard(missed)).toHaveLength(0);
  // More than the API takes in one call.
  for (let index = 0; index < 101; index += 1) await stage.charge(boss, shop);
  const paidCount = (await boss.payments.list({ state: 'paid', limit: 100 })).data.length;
  expect(paidCount).toBe(100);
  await button(page, 'Resend a period').click();
  const range = dialog(page, 'Resend the events of a period');
  const until = range.getByLabel('Until (not included)');
  const from = await range.getByLabel('From').inputValue();
  await until.fill(from);
  await button(range, 'Send them again').click();
  await range.getByText('The end comes after the beginning').waitFor();
  await until.fill(`${from.slice(0, 10)}T23:59:59`);
  expect(await seriousFindings(page)).toStrictEqual([]);
  await button(range, 'Send them again').click();
  const total = (await boss.payments.getTotals({})).paid.count;
  await page.getByText(`${total} events are sent again`).waitFor();
  await hear(missed);
  await button(page, 'Delete').click();
  await button(page, 'Delete it').click();
  await page.getByText('The endpoint is deleted').waitFor();
  await page.waitForURL('**/console/webhooks');
  await page.getByText('No program is called yet.').waitFor();
  expect(await codeOf(boss.webhookEndpoints.get(id))).toBe('webhook_endpoint_not_found');
  expect(await stage.actsOn(id)).toStrictEqual([
    'deleteWebhookEndpoint',
    'redeliverWebhooks',
    'redeliverWebhooks',
    'changeWebhookEndpoint',
    'changeWebhookEndpoint',
    'changeWebhookEndpoint',
    'createWebhookEndpoint',
  ]);
  expect(faults).toStrictEqual([]);
});

test('a program that fails is shown with what it answered, and hears it again when it is well', async () => {
  const { page, faults } = await stage.at('/console/webhooks');
  receiver.answer(500, 'The shelf is full');
  const { id } = await addEndpoint(page, 'payment.paid');
  const paid = await stage.charge(boss, shop);
  await hear(paid);
  await page.reload();
  await page.getByText(/^It is tried again by itself/).waitFor();
  await choose(page, 'State', 'To be sent');
  await row(page, 'To be sent').getByRole('link').click();
  const drawer = dialog(page, 'Delivery');
  await drawer
    .getByText(/^Answered 500/)
    .first()
    .waitFor();
  await drawer.getByText('The shelf is full').first().waitFor();
  const [sent] = heard(paid);
  expect(await drawer.getByLabel('Headers sent', { exact: true }).first().innerText()).toContain(
    'webhook-signature: v1,',
  );
  expect(await drawer.getByLabel('What was sent', { exact: true }).first().innerText()).toBe(
    sent!.body,
  );
  expect(await seriousFindings(page)).toStrictEqual([]);
  receiver.answer(204);
  await button(drawer, 'Send again').click();
  await drawer.getByText(/^Answered 204/).waitFor({ timeout: REST_MS_MAX });
  await drawer.getByText('Taken').waitFor();
  const { data: deliveries } = await boss.webhookDeliveries.list({ endpoint: id });
  expect(deliveries.map(({ state }) => state)).toStrictEqual(['delivered']);
  expect(await stage.actsOn(deliveries[0]!.id)).toStrictEqual(['redeliverWebhook']);
  await button(drawer, 'Close').click();
  await page.getByText('No delivery is in this state.').waitFor();
  receiver.answer(302, 'It has moved');
  await button(page, 'Send a test').click();
  await page.getByText('The program did not take the test').waitFor();
  await page.getByText(/^Answered 302/).waitFor();
  await page.getByText('It has moved').waitFor();
  await boss.webhookEndpoints.change(id, { url: 'http://127.0.0.1:9/nobody' });
  await button(page, 'Send a test').click();
  await page.getByText(/^No answer/).waitFor();
  await page.getByText(/^Fault: .*127.0.0.1:9/).waitFor();
  await setFailing(id);
  await page.reload();
  await page.getByText(/^Nothing is sent any more/).waitFor();
  await page.getByText(/put the program or the address right/).waitFor();
  await button(page, 'Enable').click();
  await button(page, 'Enable it').click();
  await page.getByText(/^Nothing is sent any more/).waitFor({ state: 'detached' });
  expect((await boss.webhookEndpoints.get(id)).state).toBe('enabled');
  await boss.webhookEndpoints.delete(id);
  expect(faults).toStrictEqual([]);
});

/** It takes three days: it is put where the gateway finds it. */
async function setFailing(id: string): Promise<void> {
  const db = openSqlite(join(stage.gateway.dataDir, 'gateway.sqlite'));
  const endpoint = (await findEndpoint(db, id.slice('whe_'.length)))!;
  const version = endpoint.version + 1;
  await saveEndpoint(db, { ...endpoint, state: 'failing', failingSinceMs: Date.now(), version });
  await db.destroy();
}
