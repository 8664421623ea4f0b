/**
 * A commit whose answer is lost: it happened, and nobody was told. Goal: each flow leaves what it was about in doubt, never
 * told as failed; the same call again, or the worker, finds what is stored; and money moves once.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addMerchant } from '../../src/flows/add-merchant.ts';
import { applyHint } from '../../src/flows/apply-fact.ts';
import { chargeBarcode } from '../../src/flows/charge-barcode.ts';
import { checkPayment } from '../../src/flows/check-payment.ts';
import { checkRefund } from '../../src/flows/check-refund.ts';
import { createQrPayment } from '../../src/flows/create-qr-payment.ts';
import { enrolDongle } from '../../src/flows/enrol-dongle.ts';
import { refundPayment } from '../../src/flows/refund-payment.ts';
import { DatabaseUnavailable } from '../../src/store/database.ts';
import { listEvents } from '../../src/store/events.ts';
import { findPaymentByNo, listPayments } from '../../src/store/payments.ts';
import { listRefunds } from '../../src/store/refunds.ts';
import { aBarcode, aRefund, createStage, DONGLE, sell, SHOP, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await createStage({ barcodeWaitS: 1 });
});
afterEach(() => stage.close());

/** Of a transaction, or of a change that is one statement with its event. */
const COMMIT = /^commit$|^with "written"/;

/** Looks at the payment, as the worker does, for some minutes. */
const lookFor = async (paymentNo: string): Promise<void> => {
  const key = { merchantId: stage.merchant.merchantId, paymentNo };
  for (let look = 0; look < 60; look += 1) {
    await stage.clock.advance(5000);
    await checkPayment(stage.a.deps, key);
  }
};

test('of the intent of a charge: nothing is sent, and the same call again finds it', async () => {
  const { a, merchant } = stage;
  a.loseAnswer(COMMIT);
  const lost = chargeBarcode(a.deps, merchant, aBarcode());
  await expect(lost).rejects.toBeInstanceOf(DatabaseUnavailable);
  const again = await stage.inTime(chargeBarcode(a.deps, merchant, aBarcode()));
  // In doubt: only who stored an intent sends it, and he did not.
  expect(again).toMatchObject({ kind: 'payment', payment: { state: 'created' } });
  const { paymentNo } = (again.kind === 'payment' && again.payment) || { paymentNo: '' };
  await lookFor(paymentNo);
  expect(await findPaymentByNo(a.db, paymentNo)).toMatchObject({ state: 'closed' });
  expect(stage.callsOf('alipay.trade.pay')).toBe(0);
  // The bill can be paid under another code.
  const next = await chargeBarcode(a.deps, merchant, {
    ...aBarcode(),
    authCode: '280851932101239999',
  });
  expect(next).toMatchObject({ payment: { state: 'paid', attempt: 2 } });
});

test('of a charge that is paid: in doubt at first, and paid for the same call again', async () => {
  const { a, merchant } = stage;
  const intent = a.hold(COMMIT, 'after');
  const charged = chargeBarcode(a.deps, merchant, aBarcode());
  await intent.reached;
  a.loseAnswer(COMMIT);
  intent.letGo();
  expect(await charged).toMatchObject({ payment: { state: 'created' } });
  const again = await chargeBarcode(a.deps, merchant, aBarcode());
  expect(again).toMatchObject({ payment: { state: 'paid' } });
  expect(stage.callsOf('alipay.trade.pay')).toBe(1);
});

test('of a QR code: the same call again shows it', async () => {
  const { a, merchant } = stage;
  const intent = a.hold(COMMIT, 'after');
  const created = createQrPayment(a.deps, merchant, aBarcode());
  await intent.reached;
  a.loseAnswer(COMMIT);
  intent.letGo();
  await expect(created).rejects.toBeInstanceOf(DatabaseUnavailable);
  const again = await createQrPayment(a.deps, merchant, aBarcode());
  expect(again).toMatchObject({ kind: 'issued' });
  expect(stage.callsOf('alipay.trade.precreate')).toBe(1);
});

test('of a cancel that is about to be sent: it is not, and the next look after its lease does', async () => {
  const { a, merchant } = stage;
  const charged = await stage.inTime(chargeBarcode(a.deps, merchant, aBarcode('0002')));
  const payment = charged.kind === 'payment' ? charged.payment : undefined;
  const key = { merchantId: merchant.merchantId, paymentNo: payment?.paymentNo ?? '' };
  await stage.clock.advance(61_000);
  await checkPayment(a.deps, key);
  a.loseAnswer(COMMIT);
  await expect(checkPayment(a.deps, key)).rejects.toBeInstanceOf(DatabaseUnavailable);
  expect(stage.callsOf('alipay.trade.cancel')).toBe(0);
  await lookFor(key.paymentNo);
  expect(await findPaymentByNo(a.db, key.paymentNo)).toMatchObject({ state: 'closed' });
  expect(stage.callsOf('alipay.trade.cancel')).toBe(1);
});

describe('of a refund', () => {
  test.each([
    ['its intent', 0],
    ['its sending', 1],
    ['its outcome', 2],
  ])('%s: it is carried out once', async (_what, commitsBefore) => {
    const { a, merchant, clock } = stage;
    const paymentNo = await sell(stage);
    const key = { merchantId: merchant.merchantId, paymentNo, requestNo: 'r1' };
    const ask = () => refundPayment(a.deps, merchant, aRefund(paymentNo, 'r1', 5000));
    const errors: unknown[] = [];
    const keep = (error: unknown): void => void errors.push(error);
    if (commitsBefore === 0) a.loseAnswer(COMMIT);
    const asked = ask().catch(keep);
    while ((await listRefunds(a.db, key)).length === 0);
    if (commitsBefore === 1) a.loseAnswer(COMMIT);
    if (commitsBefore === 2) {
      const sent = a.hold(COMMIT, 'after');
      void sent.reached.then(() => {
        a.loseAnswer(COMMIT);
        sent.letGo();
      });
    }
    for (let look = 0; look < 6; look += 1) {
      await checkRefund(a.deps, key).catch(keep);
      await clock.advance(60_000);
    }
    await stage.inTime(asked);
    expect(errors).toStrictEqual([expect.any(DatabaseUnavailable)]);
    expect(await stage.inTime(ask())).toMatchObject({ kind: 'refund', refund: { state: 'done' } });
    expect(stage.trade(paymentNo)?.refunds).toHaveLength(1);
    expect(await findPaymentByNo(a.db, paymentNo)).toMatchObject({
      refundedFen: 5000,
      refundingFen: 0,
    });
  });
});

test('of a notification: Alipay sends it again, and it is told once', async () => {
  const { a, merchant } = stage;
  const key = { merchantId: merchant.merchantId, paymentNo: await sell(stage) };
  const hint = { notifyId: 'n1', notice: 'paid', detail: {} } as const;
  a.loseAnswer(COMMIT);
  await expect(applyHint(a.deps, key, hint)).rejects.toBeInstanceOf(DatabaseUnavailable);
  await applyHint(a.deps, key, hint);
  const kinds = (await listEvents(a.db, key)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'hint')).toHaveLength(1);
});

test('of a shop, or a key: what is stored is found, or made anew', async () => {
  const { a } = stage;
  const shop = { ...SHOP, shopNo: 'DL0002' };
  a.loseAnswer(COMMIT);
  await expect(addMerchant(a.deps, DONGLE, shop)).rejects.toBeInstanceOf(DatabaseUnavailable);
  expect(await addMerchant(a.deps, DONGLE, shop)).toStrictEqual({ kind: 'shop_no_taken' });
  a.loseAnswer(COMMIT);
  await expect(enrolDongle(a.deps, DONGLE)).rejects.toBeInstanceOf(DatabaseUnavailable);
  expect(await enrolDongle(a.deps, DONGLE)).toMatchObject({ kind: 'issued', secretId: 2 });
  expect(await listPayments(a.db, { limit: 1 })).toStrictEqual([]);
});
