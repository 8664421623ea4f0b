/**
 * What must hold whatever the code does: raw SQL, past every function of the store, against the constraints of the
 * tables. The columns are also those that `schema.ts` and the store know, or a write would fail.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aPayment, aRefund } from '../../core/payment.fixtures.ts';
import type { Db } from '../database.ts';
import { insertPayment } from '../payments.ts';
import { insertRefund } from '../refunds.ts';
import { openShop, runRaw, REFUSALS, type Refusal } from '../store.fixtures.ts';

let db: Db;
beforeEach(async () => {
  db = await openShop();
  // 88 yuan, two of them given back and one asked for.
  await insertPayment(db, aPayment({ refundedFen: 200, refundingFen: 100 }));
  await insertPayment(db, aPayment({ paymentNo: 'FF2', localNo: 'other' }));
  await insertRefund(db, aRefund());
});
afterEach(() => db.destroy());

const PAYMENT_1 = `where payment_no = '${aPayment().paymentNo}'`;

describe('the database refuses', () => {
  test.each<[string, string, Refusal]>([
    ['refunds above the amount', `update payment set refunded_fen = 8701 ${PAYMENT_1}`, 'CHECK'],
    [
      'refunds asked for above the rest',
      `update payment set refunding_fen = 8601 ${PAYMENT_1}`,
      'CHECK',
    ],
    ['an amount below the refunds', `update payment set amount_fen = 299 ${PAYMENT_1}`, 'CHECK'],
    ['an amount of nothing', "update payment set amount_fen = 0 where payment_no = 'FF2'", 'CHECK'],
    ['a negative amount', "update payment set amount_fen = -1 where payment_no = 'FF2'", 'CHECK'],
    ['negative refunds', `update payment set refunded_fen = -1 ${PAYMENT_1}`, 'CHECK'],
    ['negative refunds asked for', `update payment set refunding_fen = -1 ${PAYMENT_1}`, 'CHECK'],
    ['a state that is none', `update payment set state = 'failed' ${PAYMENT_1}`, 'CHECK'],
    ['no state', `update payment set state = null ${PAYMENT_1}`, 'NOT NULL'],
    ['a method that is none', `update payment set method = 'nfc' ${PAYMENT_1}`, 'CHECK'],
    ['an attempt before the first', `update payment set attempt = 0 ${PAYMENT_1}`, 'CHECK'],
    ['a version before the first', `update payment set version = 0 ${PAYMENT_1}`, 'CHECK'],
    ['an answer of no method', `update payment set answer_method = 'x' ${PAYMENT_1}`, 'CHECK'],
    ['a trade seen otherwise', `update payment set trade_seen = 'x' ${PAYMENT_1}`, 'CHECK'],
    ['a half truth', `update payment set first_call_ended = 2 ${PAYMENT_1}`, 'CHECK'],
    [
      'the number of another payment',
      `update payment set payment_no = 'FF2' ${PAYMENT_1}`,
      'UNIQUE',
    ],
    [
      'the same number at another merchant',
      `update payment set merchant_id = 2, payment_no = 'FF2', local_no = 'third' ${PAYMENT_1}`,
      'UNIQUE',
    ],
    [
      'the attempt of another charge',
      `update payment set local_no = 'other' ${PAYMENT_1}`,
      'UNIQUE',
    ],
    [
      'a merchant that is not there',
      "update payment set merchant_id = 9 where payment_no = 'FF2'",
      'FOREIGN KEY',
    ],
    ['a key that is not there', `update payment set key_id = 9 ${PAYMENT_1}`, 'FOREIGN KEY'],
    ['to forget a payment with a refund', `delete from payment ${PAYMENT_1}`, 'FOREIGN KEY'],
    [
      'to forget a merchant with payments',
      'delete from merchant where merchant_id = 1',
      'FOREIGN KEY',
    ],
    ['to forget a key that is used', 'delete from app_key', 'FOREIGN KEY'],
    ['to forget an app that is used', 'delete from alipay_app', 'FOREIGN KEY'],
    ['a refund of nothing', 'update refund set amount_fen = 0', 'CHECK'],
    ['a refund in no state', "update refund set state = 'lost'", 'CHECK'],
    ['a refund of no payment', "update refund set payment_no = 'FF9'", 'FOREIGN KEY'],
    ['an answer to a refund that is none', "update refund set answer_fact = 'x'", 'CHECK'],
    ['a dongle in no state', "insert into dongle values ('D', 'x', null, 1, 1, 1)", 'CHECK'],
    ['a sign type that is none', "update alipay_app set sign_type = 'MD5'", 'CHECK'],
    ['a key of a sign type that is none', "update app_key set sign_type = 'MD5'", 'CHECK'],
    ['a key given by half', 'update alipay_app set alipay_key_given = 2', 'CHECK'],
  ])('%s', async (_what, statement, refusal) => {
    await expect(runRaw(db, statement)).rejects.toThrow(REFUSALS[refusal]);
  });
});

describe('the database takes', () => {
  test.each<[string, string]>([
    ['refunds of the whole amount', `update payment set refunded_fen = 8700 ${PAYMENT_1}`],
    ['many trades without a number of the till', 'update payment set local_no = null'],
    [
      'the next attempt',
      "update payment set local_no = '00259', attempt = 2 where payment_no = 'FF2'",
    ],
    ['an answer of each method', "update payment set answer_method = 'precreate'"],
    ['no answer', 'update payment set answer_method = null, answer = null'],
  ])('%s', async (_what, statement) => {
    await expect(runRaw(db, statement)).resolves.toBeDefined();
  });
});
