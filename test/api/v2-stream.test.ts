/**
 * The stream of a payment over a real connection, to a client that others wrote: it hears the end, is told not to come back, and
 * does not hold up the stop.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, until, type Gateway } from '../support/gateway-process.ts';
import { openPage } from '../support/page.ts';
import { simulatorClient } from '../support/simulator-client.ts';
import { openDesk, type Desk } from '../support/v2-desk.ts';

let gateway: Gateway;
let desk: Desk;
beforeAll(async () => {
  gateway = await startGateway();
  desk = await openDesk(gateway);
});
afterAll(() => gateway.stop());

/** Statuses with which streams were answered. */
const answers = (): readonly number[] =>
  [...gateway.output().matchAll(/"route":"\/v2\/payments\/:id\/stream","status":(\d+)/g)].map(
    ([, status]) => Number(status),
  );

test('a page hears that the guest has paid, comes back once, and then stays away', async () => {
  const payment = await desk.showCode(gateway.url());
  const page = openPage(`${gateway.url()}${payment.stream_url}`);
  await until(() => page.states.length === 1, { what: 'the state' });
  const simulator = simulatorClient(gateway.simulatorUrl());
  await simulator.scan(payment.next_action.qr_code);
  await simulator.pay(payment.alipay.out_trade_no);
  await until(() => page.isOver(), { what: 'the page to be done' });
  expect(page.states).toEqual(['awaiting_buyer', 'paid']);
  await until(() => answers().length === 2, { what: 'the answers in the log' });
  expect(answers()).toEqual([200, 204]);
});

/** Whether a stream of the payment would stay open: without a place it tells the state, and asks to come again later. */
async function hasPlace(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(20_000) });
  const reader = response.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return new TextDecoder().decode(value).startsWith('retry: 2000\n');
}

test('a page that hangs up is forgotten', async () => {
  const url = `${gateway.url()}${(await desk.showCode(gateway.url())).stream_url}`;
  const pages = Array.from({ length: 10 }, () => openPage(url));
  await until(() => pages.every(({ states }) => states.length === 1), { what: 'the states' });
  expect(await hasPlace(url)).toBe(false);
  for (const page of pages) page.close();
  await until(() => hasPlace(url), { what: 'a place' });
});

test('the stop ends every stream, and waits for none', async () => {
  const payment = await desk.showCode(gateway.url());
  const page = openPage(`${gateway.url()}${payment.stream_url}`);
  await until(() => page.states.length === 1, { what: 'the state' });
  expect(await gateway.kill('SIGTERM')).toBe(0);
  expect(gateway.output()).toContain('"msg":"stopped"');
  page.close();
});
