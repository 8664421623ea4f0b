/** What monitoring is told: work that waits and since when, incidents by reason, and requests. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { INCIDENT_REASONS } from '../../src/core/incident.ts';
import { runRaw } from '../../src/store/store.fixtures.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

async function metrics(): Promise<ReadonlyMap<string, number>> {
  const { body, statusCode } = await world.app.inject({ method: 'GET', url: '/metrics' });
  expect(statusCode).toBe(200);
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

const charge = {
  cpiNo: 'DL0001',
  localNo: '1',
  totalAmount: '88.00',
  authCode: '280851932108279999',
  subject: 'Tea',
};

test('what is due and since when, of payments and refunds', async () => {
  const idle = await metrics();
  const names = ['f2f_due_payments', 'f2f_due_refunds', 'f2f_longest_overdue_seconds'];
  expect(names.map((name) => idle.get(name))).toStrictEqual([0, 0, 0]);
  const { re } = await world.ask('/f2f/hb_barcode', charge);
  const no = String(re['out_trade_no']);
  await world.ask('/f2f/refund', {
    cpiNo: 'DL0001',
    outTradeNo: no,
    outRequestNo: '1',
    refundAmount: '1.00',
  });
  // As if nobody worked: the worker of this world looks at nothing while the clock stands.
  const nowMs = world.clock.nowMs();
  await runRaw(world.db, `update payment set due_at_ms = ${nowMs - 3000}`);
  await runRaw(world.db, `update refund set due_at_ms = ${nowMs - 90_500}`);
  const busy = await metrics();
  expect(names.map((name) => busy.get(name))).toStrictEqual([1, 1, 90.5]);
  await runRaw(world.db, 'update refund set due_at_ms = null');
});

test('open incidents of each reason, of which most have none', async () => {
  const quiet = await metrics();
  const of = (reason: string): string => `f2f_open_incidents{reason="${reason}"}`;
  expect(INCIDENT_REASONS.map((reason) => quiet.get(of(reason)))).toStrictEqual(
    INCIDENT_REASONS.map(() => 0),
  );
  const { re } = await world.ask('/f2f/hb_barcode', charge);
  const paymentNo = String(re['out_trade_no']);
  const open = `insert into incident select merchant_id, 1, payment_no, null, 'late_payment', 'open', 1, 1, 1, null, null, null, 1
    from payment where payment_no = '${paymentNo}'`;
  await runRaw(world.db, open);
  expect((await metrics()).get(of('late_payment'))).toBe(1);
  await runRaw(world.db, 'delete from incident');
  expect((await metrics()).get(of('late_payment'))).toBe(0);
});

test('requests by route and status, never by what they name', async () => {
  await world.app.inject({ method: 'GET', url: '/healthz' });
  await world.app.inject({ method: 'GET', url: '/no/such/path?token=of-nobody' });
  const told = await metrics();
  expect(told.get('f2f_http_request_seconds_count{route="/healthz",status="200"}')).toBe(1);
  expect(told.get('f2f_http_request_seconds_count{route="none",status="404"}')).toBe(1);
  expect([...told.keys()].join('\n')).not.toMatch(/nobody|such/);
});

test('how long a request took, in seconds', async () => {
  world.onRequest((method) =>
    method === 'alipay.trade.pay' ? world.clock.sleep(4000) : undefined,
  );
  await world.ask('/f2f/hb_barcode', charge);
  const told = await metrics();
  const request = 'f2f_http_request_seconds_bucket{';
  const at = (le: string): number | undefined =>
    told.get(`${request}le="${le}",route="/f2f/hb_barcode",status="200"}`);
  expect([at('2.5'), at('5')]).toStrictEqual([0, 1]);
});
