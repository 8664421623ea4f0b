/**
 * The shop in the pictures: a hotel and a tea house with a morning's payments of every kind, made over v2 and paid at the simulator, so
 * that each page has something of everything it can show.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client, Payment } from '../../client/client.ts';
import type { SimulatorClient } from '../../test/support/simulator-client.ts';

const SHOPS = [
  { shop_no: 'DL0001', name: '望江酒店' },
  { shop_no: 'DL0002', name: '清风茶馆' },
];
const SUBJECTS = ['Room 1203', '龙井茶', '早餐', 'Minibar', '停车费'];
const SALES = 36;

/** The hotel, a payment with a story to tell, and a program that does not hear. */
export type OpenShop = {
  readonly merchant: string;
  readonly paymentId: string;
  readonly endpointId: string;
};

export async function openShop(boss: Client, simulator: SimulatorClient): Promise<OpenShop> {
  const shops: string[] = [];
  for (const shop of SHOPS) {
    const { id } = await boss.merchants.create({
      ...shop,
      seller_id: '2088212612254111',
      app_id: '2016022901171807',
    });
    shops.push(id);
  }
  const endpointId = await openEndpoints(boss, shops[0] ?? '');
  const codes = numbers();
  const sell = (index: number, story: string): Promise<Payment> =>
    boss.payments.create({
      merchant: shops[index % shops.length],
      method: 'barcode',
      auth_code: `2808519${String(codes.next().value).padStart(7, '0')}${story}`,
      amount: 800 + ((index * 7919) % 64_000),
      merchant_reference: `1201-${String(index + 1).padStart(3, '0')}`,
      subject: SUBJECTS[index % SUBJECTS.length] ?? 'Tea',
    });
  const paid: Payment[] = [];
  for (let index = 0; index < SALES; index += 1) paid.push(await sell(index, '9999'));
  await refundSome(boss, paid);
  await sell(SALES, '0003');
  await sell(SALES + 1, '0002');
  await showQr(boss, simulator, shops[0] ?? '');
  await connect(boss, shops);
  await simulator.fault({ kind: 'drop_request', times: 50, method: 'alipay.trade.query' });
  await sell(SALES + 2, '0007').catch(() => undefined);
  await hireSome(boss, shops[1] ?? '');
  return { merchant: shops[0] ?? '', paymentId: paid.at(-1)?.id ?? '', endpointId };
}

/** One who has not opened the link yet, and one who left. */
async function hireSome(boss: Client, merchant: string): Promise<void> {
  await boss.users.create({ name: 'li.na', display_name: '李娜', role: 'finance' });
  const left = await boss.users.create({ name: 'zhao.lei', role: 'read_only', merchant });
  await boss.users.suspend(left.id);
}

/** One whole, one in part; the last so that the shop's day has one. */
async function refundSome(boss: Client, paid: readonly Payment[]): Promise<void> {
  const [first, second] = [paid.at(-1), paid.at(-4)];
  if (first === undefined || second === undefined) return;
  await boss.refunds.create(first.id, { amount: first.amount, reason: '退房' }, { wait: 10 });
  await boss.refunds.create(second.id, { amount: 300, reason: 'Tea was cold' }, { wait: 10 });
}

/** What others call the gateway with. */
async function connect(
  boss: Client,
  [merchant = '', other = '']: readonly string[],
): Promise<void> {
  const [till, lobby, stolen] = ['1', '2', '3'].map((digit) => `2026091200A7F4C${digit}`.repeat(2));
  for (const number of [till, lobby, stolen]) await boss.dongles.create({ number: number ?? '' });
  await boss.dongles.addMerchant(till ?? '', merchant);
  await boss.dongles.addMerchant(till ?? '', other);
  await boss.dongles.revoke(stolen ?? '');
  await boss.apiKeys.create({ name: '月度报表', scopes: ['read'] });
  await boss.apiKeys.create({ name: 'Till 1', merchant, scopes: ['read', 'charge', 'refund'] });
  const lost = await boss.apiKeys.create({ name: '旧收银台', merchant, scopes: ['charge'] });
  await boss.apiKeys.revoke(lost.id);
}

/** One program that takes what it is sent, and one that does not. */
async function openEndpoints(boss: Client, merchant: string): Promise<string> {
  const receiver = createServer((request, response) => {
    request.resume();
    const isWell = request.url === '/orders';
    response.statusCode = isWell ? 204 : 503;
    response.end(isWell ? '' : 'The database of the shop is away');
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  receiver.unref();
  const { port } = receiver.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  await boss.webhookEndpoints.create({ url: `${url}/orders`, description: '点单系统', merchant });
  const { id } = await boss.webhookEndpoints.create({
    url: `${url}/reports`,
    types: ['payment.paid', 'refund.succeeded'],
  });
  await boss.webhookEndpoints.rotateSecret(id);
  return id;
}

async function showQr(boss: Client, simulator: SimulatorClient, merchant: string): Promise<void> {
  for (const [index, pays] of [true, false].entries()) {
    const made = await boss.payments.create({
      merchant,
      method: 'qr',
      amount: 12_800,
      merchant_reference: `1201-Q${index + 1}`,
      subject: '押金',
    });
    const code = made.next_action?.type === 'show_qr_code' ? made.next_action.qr_code : undefined;
    if (!pays || code === undefined) continue;
    const { outTradeNo } = await simulator.scan(code);
    await simulator.pay(outTradeNo);
  }
}

function* numbers(): Generator<number, never> {
  for (let number = 1; ; number += 1) yield number;
}
