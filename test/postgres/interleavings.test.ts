/**
 * What two nodes may do to one row at the same time, forced: one is stopped in the middle of its transaction, the other runs
 * against it. Goal: whoever comes second decides from what the first wrote, and money moves once.
 */
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { addMerchant } from '../../src/flows/add-merchant.ts';
import { applyHint } from '../../src/flows/apply-fact.ts';
import { chargeBarcode } from '../../src/flows/charge-barcode.ts';
import { checkPayment } from '../../src/flows/check-payment.ts';
import { checkRefund } from '../../src/flows/check-refund.ts';
import { createQrPayment } from '../../src/flows/create-qr-payment.ts';
import { makeEndpoint, redeliver } from '../../src/flows/manage-webhooks.ts';
import { queryTrade } from '../../src/flows/query-trade.ts';
import { readHistory } from '../../src/flows/read-history.ts';
import { refundPayment, type RefundResult } from '../../src/flows/refund-payment.ts';
import { updateMerchant, type MerchantChange } from '../../src/flows/update-merchant.ts';
import { inTransaction } from '../../src/store/database.ts';
import { claimDueRefunds } from '../../src/store/due.ts';
import { listEvents } from '../../src/store/events.ts';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { listRefunds } from '../../src/store/refunds.ts';
import { deleteEndedBefore } from '../../src/store/webhook-sweep.ts';
import { insertAttempt } from '../../src/store/webhook-attempts.ts';
import { findDelivery, insertDelivery, saveDelivery } from '../../src/store/webhooks.ts';
import { aBarcode, aRefund, createStage, DONGLE, sell, SHOP, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

/** Before the row is written, and after, before its writer hears of it. */
const MOMENTS = ['before', 'after'] as const;
/** Alone in a transaction, or with its event in one statement. */
const UPDATE_PAYMENT = /\bupdate "payment" set/;
const FROM_REFUND = /from "refund"/;

describe('one localNo at two nodes', () => {
  test.each(MOMENTS)('is one charge, caught %s its row is stored', async (when) => {
    stage = await createStage();
    const { a, b, merchant } = stage;
    const held = a.hold(/\binsert into "payment" /, when);
    const first = chargeBarcode(a.deps, merchant, aBarcode());
    await held.reached;
    const second = chargeBarcode(b.deps, merchant, aBarcode());
    // What is not stored yet is in nobody's way: the second is then the one that charges.
    if (when === 'before') await second;
    held.letGo();
    const answers = [await stage.inTime(first), await stage.inTime(second)];
    expect(answers[0]).toMatchObject({ kind: 'payment', payment: { state: 'paid' } });
    expect(answers[1]).toStrictEqual(answers[0]);
    expect(stage.callsOf('alipay.trade.pay')).toBe(1);
  });

  test('with other payment codes is one charge, and the other is refused', async () => {
    stage = await createStage();
    const { a, b, merchant } = stage;
    const held = a.hold(/\binsert into "payment" /, 'after');
    const first = chargeBarcode(a.deps, merchant, aBarcode('9999'));
    await held.reached;
    const second = chargeBarcode(b.deps, merchant, aBarcode('0001'));
    held.letGo();
    expect(await first).toMatchObject({ payment: { state: 'paid' } });
    expect(await second).toMatchObject({ kind: 'local_no_taken' });
    expect(stage.callsOf('alipay.trade.pay')).toBe(1);
  });

  test('is one QR code', async () => {
    stage = await createStage();
    const { a, b, merchant } = stage;
    const held = a.hold(/\binsert into "payment" /, 'after');
    const first = createQrPayment(a.deps, merchant, aBarcode());
    await held.reached;
    const second = createQrPayment(b.deps, merchant, aBarcode());
    held.letGo();
    const issued = await first;
    expect(issued.kind).toBe('issued');
    expect(await stage.inTime(second)).toStrictEqual(issued);
    expect(stage.callsOf('alipay.trade.precreate')).toBe(1);
  });
});

/** A charge that the buyer neither pays nor declines; its till has gone home. */
async function openCharge(): Promise<{ merchantId: number; paymentNo: string }> {
  const { a, merchant } = stage;
  const result = await stage.inTime(chargeBarcode(a.deps, merchant, aBarcode('0002')));
  if (result.kind !== 'payment') throw new Error(result.kind);
  return { merchantId: merchant.merchantId, paymentNo: result.payment.paymentNo };
}

test('a delivery that is to be sent again while it is being deleted: gone, and not told to be sent', async () => {
  stage = await createStage();
  const { a, b, merchant } = stage;
  const { merchantId } = merchant;
  const { endpoint } =
    (await makeEndpoint(a.deps, { merchantId, url: 'https://x/', types: [], description: null })) ??
    {};
  const endpointNo = endpoint?.endpointNo ?? '';
  await insertDelivery(a.db, { endpointNo }, { merchantId, paymentNo: 'FF1', position: 1 }, 0);
  const owed = await findDelivery(a.db, endpointNo, 1);
  const outcome = { status: 200, headers: null, answer: '' };
  const told = { url: 'https://x/', headers: null, body: '', outcome, durationMs: 1 };
  await insertAttempt(a.db, { merchantId, endpointNo, position: 1, attempt: 1, atMs: 1, ...told });
  await saveDelivery(a.db, { ...owed!, state: 'delivered', dueAtMs: null, version: 2 });
  const held = a.hold(/delete from "webhook_attempt"/, 'before');
  const swept = inTransaction(a.db, (tx) => deleteEndedBefore(tx, 1000, 9));
  await held.reached;
  const again = redeliver(b.deps, endpointNo, 1);
  await stage.someoneWaits();
  held.letGo();
  expect(await swept).toBe(1);
  expect(await again).toBeUndefined();
  expect(await findDelivery(b.db, endpointNo, 1)).toBeUndefined();
});

describe('a notification against a check', () => {
  const hint = { notifyId: 'n1', notice: 'paid', detail: { from: 'notification' } } as const;

  test.each(MOMENTS)('are both told, the check caught %s its write', async (when) => {
    stage = await createStage({ barcodeWaitS: 1 });
    const key = await openCharge();
    const { a, b } = stage;
    const held = a.hold(UPDATE_PAYMENT, when);
    const checked = checkPayment(a.deps, key);
    await held.reached;
    await applyHint(b.deps, key, hint);
    held.letGo();
    await checked;
    const kinds = (await listEvents(a.db, key)).slice(-2).map(({ kind }) => kind);
    expect(kinds).toStrictEqual(when === 'after' ? ['fact', 'hint'] : ['hint', 'fact']);
  });

  test('one notification at both nodes is told once', async () => {
    stage = await createStage({ barcodeWaitS: 1 });
    const key = await openCharge();
    const { a, b } = stage;
    const held = a.hold(UPDATE_PAYMENT, 'after');
    const first = applyHint(a.deps, key, hint);
    await held.reached;
    await applyHint(b.deps, key, hint);
    held.letGo();
    await first;
    const hints = (await listEvents(a.db, key)).filter(({ kind }) => kind === 'hint');
    expect(hints).toHaveLength(1);
  });

  test('a history that is read meanwhile has no faults', async () => {
    stage = await createStage({ barcodeWaitS: 1 });
    const key = await openCharge();
    const { a, b } = stage;
    const held = a.hold(/from "payment"/, 'after');
    const read = readHistory(a.deps, key.paymentNo);
    await held.reached;
    await applyHint(b.deps, key, hint);
    held.letGo();
    expect((await read)?.faults).toStrictEqual([]);
  });
});

describe('a cancel', () => {
  /** Open past its deadline, and asked about since: a cancel is due. */
  const overdue = async (): Promise<{ merchantId: number; paymentNo: string }> => {
    const key = await openCharge();
    await stage.clock.advance(61_000);
    await checkPayment(stage.a.deps, key);
    expect(stage.callsOf('alipay.trade.cancel')).toBe(0);
    return key;
  };

  test('is not sent when another node learns meanwhile that the buyer paid', async () => {
    stage = await createStage({ barcodeWaitS: 1 });
    const key = await overdue();
    const { a, b, merchant } = stage;
    const held = a.hold(UPDATE_PAYMENT);
    const checked = checkPayment(a.deps, key);
    await held.reached;
    stage.control('POST', `/simulator/trades/${key.paymentNo}/pay`);
    await queryTrade(b.deps, merchant, key.paymentNo);
    held.letGo();
    await checked;
    expect(stage.callsOf('alipay.trade.cancel')).toBe(0);
    expect(await findPaymentByNo(b.db, key.paymentNo)).toMatchObject({ state: 'paid' });
    expect(stage.trade(key.paymentNo)?.tradeStatus).toBe('TRADE_SUCCESS');
  });

  test('is sent by one node, though both find it due', async () => {
    stage = await createStage({ barcodeWaitS: 1 });
    const key = await overdue();
    const { a, b } = stage;
    const held = a.hold(UPDATE_PAYMENT, 'after');
    const first = checkPayment(a.deps, key);
    await held.reached;
    await checkPayment(b.deps, key);
    held.letGo();
    await first;
    expect(stage.callsOf('alipay.trade.cancel')).toBe(1);
    expect(await findPaymentByNo(b.db, key.paymentNo)).toMatchObject({ state: 'closed' });
  });
});

describe('two refunds', () => {
  /** What became of both calls once a worker has looked at every refund that is due. */
  const settle = async (paymentNo: string, calls: Promise<RefundResult>[]): Promise<unknown[]> => {
    const { a, merchant, clock } = stage;
    const key = { merchantId: merchant.merchantId, paymentNo };
    const intents = await listRefunds(a.db, key);
    for (const { requestNo, state } of intents) {
      if (state === 'created') await checkRefund(a.deps, { ...key, requestNo });
      await clock.advance(3000);
    }
    const results = await Promise.all(calls.map((call) => stage.inTime(call)));
    return results.map((result) => (result.kind === 'refund' ? result.refund.state : result.kind));
  };

  test.each(MOMENTS)('never take more than was paid, caught %s the sum is kept', async (when) => {
    stage = await createStage();
    const paymentNo = await sell(stage);
    const { a, b, merchant } = stage;
    const held = a.hold(UPDATE_PAYMENT, when);
    const first = refundPayment(a.deps, merchant, aRefund(paymentNo, 'r1', 5000));
    await held.reached;
    const stored = b.hold(/^commit/, 'after');
    const second = refundPayment(b.deps, merchant, aRefund(paymentNo, 'r2', 5000));
    if (when === 'after') await stage.someoneWaits();
    else await stored.reached;
    held.letGo();
    stored.letGo();
    await bothStored(paymentNo, 2);
    const states = await settle(paymentNo, [first, second]);
    expect(states).toStrictEqual(when === 'after' ? ['done', 'refused'] : ['refused', 'done']);
    expect(stage.trade(paymentNo)?.refundedAmount).toBe('50.00');
  });

  test.each(MOMENTS)('of one number are one, the first caught %s it looks for it', async (when) => {
    stage = await createStage();
    const paymentNo = await sell(stage);
    const { a, b, merchant } = stage;
    const refund = aRefund(paymentNo, 'r1', 5000);
    const outside = a.hold(FROM_REFUND);
    const first = refundPayment(a.deps, merchant, refund);
    await outside.reached;
    // The second question for it is the one inside the transaction.
    const inside = a.hold(/^select .* from "refund"/, when);
    outside.letGo();
    await inside.reached;
    const stored = b.hold(/^commit/, 'after');
    const second = refundPayment(b.deps, merchant, refund);
    await stored.reached;
    inside.letGo();
    stored.letGo();
    expect(await settle(paymentNo, [first, second])).toStrictEqual(['done', 'done']);
    expect(stage.callsOf('alipay.trade.refund')).toBe(1);
    expect(stage.trade(paymentNo)?.refundedAmount).toBe('50.00');
  });

  /** Until so many refunds of the payment are stored. */
  const bothStored = async (paymentNo: string, count: number): Promise<void> => {
    const key = { merchantId: stage.merchant.merchantId, paymentNo };
    while ((await listRefunds(stage.a.db, key)).length < count);
  };
});

test('a lease that ends while its holder still works: the refund is carried out once', async () => {
  stage = await createStage();
  const paymentNo = await sell(stage);
  const { a, b, merchant, clock, shared } = stage;
  const key = { merchantId: merchant.merchantId, paymentNo, requestNo: 'r1' };
  const asked = refundPayment(a.deps, merchant, aRefund(paymentNo, 'r1', 5000));
  while ((await listRefunds(a.db, key)).length === 0);
  // The call is on its way for longer than any lease.
  const travels = Promise.withResolvers<void>();
  const sent = Promise.withResolvers<void>();
  shared.hook = (method) => {
    if (method !== 'alipay.trade.refund') return undefined;
    shared.hook = undefined;
    sent.resolve();
    return travels.promise;
  };
  const holder = checkRefund(a.deps, key);
  await sent.promise;
  await clock.advance(60_000);
  const claim = { nowMs: clock.nowMs(), leaseEndMs: clock.nowMs() + 25_000, limit: 10 };
  expect(await claimDueRefunds(b.db, claim)).toHaveLength(1);
  expect(await claimDueRefunds(a.db, claim)).toHaveLength(0);
  await checkRefund(b.deps, key);
  travels.resolve();
  await holder;
  for (let look = 0; look < 4; look += 1) {
    await clock.advance(60_000);
    await checkRefund(b.deps, key);
  }
  await stage.inTime(asked);
  expect(await listRefunds(b.db, key)).toMatchObject([{ state: 'done' }]);
  expect(stage.trade(paymentNo)).toMatchObject({ refundedAmount: '50.00' });
  expect(stage.trade(paymentNo)?.refunds).toHaveLength(1);
});

describe('new keys', () => {
  const NOTHING: MerchantChange = {
    appId: undefined,
    sellerId: undefined,
    newKeyPair: false,
    alipayPublicKey: undefined,
    signType: undefined,
    name: undefined,
  };

  test('while a charge is on its way leave it to end under the old ones', async () => {
    stage = await createStage();
    const { a, b, merchant, shared } = stage;
    const travels = Promise.withResolvers<void>();
    const sent = Promise.withResolvers<void>();
    shared.hook = (method) => {
      if (method !== 'alipay.trade.pay') return undefined;
      sent.resolve();
      return travels.promise;
    };
    const charged = chargeBarcode(a.deps, merchant, aBarcode());
    await sent.promise;
    shared.pair = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const change = { ...NOTHING, newKeyPair: true };
    const updated = await updateMerchant(b.deps, merchant.merchantId, change);
    travels.resolve();
    const result = await charged;
    expect(result).toMatchObject({ payment: { state: 'paid', keyId: 1 } });
    expect(updated).toMatchObject({ view: { key: { keyId: 2 } } });
    // It is asked about under both keys: Alipay may not have been told of the new one yet.
    const payment = result.kind === 'payment' ? result.payment : undefined;
    expect(payment && (await checkPayment(b.deps, payment))).toMatchObject({ dueAtMs: null });
  });

  test('for one shop are kept by a change of another shop of the same app', async () => {
    stage = await createStage();
    const { a, b, merchant } = stage;
    const added = await addMerchant(b.deps, DONGLE, { ...SHOP, shopNo: 'DL0002' });
    const otherId = added.kind === 'added' ? added.view.merchant.merchantId : 0;
    const held = a.hold(/^update "alipay_app"/, 'after');
    const first = updateMerchant(a.deps, merchant.merchantId, { ...NOTHING, newKeyPair: true });
    await held.reached;
    const second = updateMerchant(b.deps, otherId, { ...NOTHING, alipayPublicKey: 'another' });
    await stage.someoneWaits();
    held.letGo();
    await first;
    expect(await second).toMatchObject({
      view: { app: { keyId: 2, alipayPublicKey: 'another' } },
    });
  });

  test('and a name given to one shop at both nodes: neither is lost', async () => {
    stage = await createStage();
    const { a, b, merchant } = stage;
    const held = a.hold(/^update "alipay_app"/, 'after');
    const first = updateMerchant(a.deps, merchant.merchantId, { ...NOTHING, newKeyPair: true });
    await held.reached;
    const given = { name: 'Tea house', alipayPublicKey: 'another' };
    const second = updateMerchant(b.deps, merchant.merchantId, { ...NOTHING, ...given });
    await stage.someoneWaits();
    held.letGo();
    const keyId = 2;
    expect(await first).toMatchObject({ view: { key: { keyId } } });
    expect(await second).toMatchObject({
      view: { key: { keyId }, merchant: { name: 'Tea house' } },
    });
  });
});
