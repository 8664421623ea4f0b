/**
 * The routes of payments: what each takes, gives and needs. What they do is in `payments.ts`.
 */
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { waitUntilEnded } from '../../flows/wait-for-payment.ts';
import { actorOf, callerOf, merchantOf, paymentOf } from './caller.ts';
import { once } from './idempotency.ts';
import { operation } from './operation.ts';
import {
  answerPayment,
  beginPayment,
  cancelAnswer,
  isPaymentOver,
  listPayments,
  resumePayment,
} from './payments.ts';
import { PaymentQuery } from './payment-query.ts';
import { CANCELLED, CONFIRMING, DECLINED, MERCHANT, PAID, SHOWN, lastPage } from './samples.ts';
import {
  IdempotencyHeaders,
  IdParams,
  pageOf,
  PaymentCreate,
  refTo,
  WaitQuery,
} from './schemas.ts';
import type { ShapeProvider } from './shape.ts';

/** A cancel waits for its outcome, as a clerk does, unless the call says otherwise. */
const CANCEL_WAIT_S = 10;
const SECOND_MS = 1000;

const create = operation(
  { body: PaymentCreate, querystring: WaitQuery, headers: IdempotencyHeaders },
  {
    operationId: 'createPayment',
    tag: 'Payments',
    summary: {
      en: 'Charge a payment code, or make a QR code to show',
      zh: '扫付款码收款，或生成供展示的二维码',
    },
    scope: 'charge',
    logged: 'for_users',
    gives: [201, refTo('Payment'), 'The payment; its `state` tells what became of it.'],
    problems: [
      'merchant_not_found',
      'merchant_reference_taken',
      'merchant_not_configured',
      'merchant_suspended',
      'alipay_silent',
    ],
    examples: {
      barcode: {
        summary: { en: 'The guest shows a payment code', zh: '顾客出示付款码' },
        headers: { 'idempotency-key': 'bill-1' },
        body: {
          merchant: MERCHANT.id,
          method: 'barcode',
          auth_code: '280851932108279999',
          amount: 8800,
          merchant_reference: '1',
          subject: 'Tea',
          metadata: { room: '1203' },
        },
        answer: PAID,
      },
      qr: {
        summary: { en: 'The guest scans a QR code', zh: '顾客扫二维码' },
        headers: { 'idempotency-key': 'bill-2' },
        body: {
          merchant: MERCHANT.id,
          method: 'qr',
          amount: 800,
          merchant_reference: '2',
          subject: 'Tea',
        },
        answer: SHOWN,
      },
      confirming: {
        summary: { en: 'The guest has to confirm on the phone', zh: '顾客需要在手机上确认' },
        headers: { 'idempotency-key': 'bill-3' },
        body: {
          merchant: MERCHANT.id,
          method: 'barcode',
          auth_code: '280851932108270002',
          amount: 8800,
          merchant_reference: '3',
          subject: 'Tea',
        },
        answer: CONFIRMING,
      },
      declined: {
        summary: {
          en: 'Alipay refuses: that is an answer, and no error',
          zh: '支付宝拒绝：这是应答，不是错误',
        },
        headers: { 'idempotency-key': 'bill-4' },
        body: {
          merchant: MERCHANT.id,
          method: 'barcode',
          auth_code: '280851932108270003',
          amount: 8800,
          merchant_reference: '4',
          subject: 'Tea',
        },
        answer: DECLINED,
      },
    },
  },
);
const PAGE =
  'A page of payments. For a filter other than `merchant`, a time or a number, ten thousand payments are looked at for a page: it may hold few or none and have a `next_cursor` all the same.';
const list = operation(
  { querystring: PaymentQuery },
  {
    operationId: 'listPayments',
    tag: 'Payments',
    summary: { en: 'List payments, newest first', zh: '列出支付，从新到旧' },
    scope: 'read',
    gives: [200, pageOf(refTo('Payment')), PAGE],
    problems: ['merchant_not_found'],
    examples: { paid: { query: { state: 'paid', limit: 10 }, answer: lastPage(PAID) } },
  },
);
const get = operation(
  { params: IdParams, querystring: WaitQuery },
  {
    operationId: 'getPayment',
    tag: 'Payments',
    summary: { en: 'Look at a payment, or wait for its outcome', zh: '查看一笔支付，或等待结果' },
    scope: 'read',
    gives: [200, refTo('Payment'), 'The payment.'],
    problems: ['payment_not_found'],
    examples: { wait: { params: { id: PAID.id }, query: { wait: 30 }, answer: PAID } },
  },
);
const cancel = operation(
  { params: IdParams, querystring: WaitQuery, headers: IdempotencyHeaders },
  {
    operationId: 'cancelPayment',
    tag: 'Payments',
    summary: { en: 'End an open payment before its time', zh: '取消：提前结束一笔未完成的支付' },
    scope: 'charge',
    gives: [200, refTo('Payment'), 'The payment as it ended, or as it is being ended.'],
    problems: ['payment_not_found', 'payment_not_cancelable'],
    examples: {
      cancel: {
        params: { id: CONFIRMING.id },
        headers: { 'idempotency-key': 'cancel-3' },
        answer: CANCELLED,
      },
    },
  },
);

export async function paymentRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();

  app.post('/v2/payments', create, async (request, reply) => {
    const { body, query } = request;
    const merchant = await merchantOf(deps, callerOf(request), body.merchant);
    return once(deps, request, reply, {
      merchantId: merchant.merchantId,
      operation: 'createPayment',
      begin: (call) =>
        beginPayment(deps, merchant, body, query.wait ?? 0, { call, by: actorOf(request) }),
      resume: (stored) => resumePayment(deps, stored),
      isOver: (stored) => isPaymentOver(deps, stored),
      waitMs: (query.wait ?? 0) * SECOND_MS,
    });
  });

  app.get('/v2/payments', list, (request) => listPayments(deps, callerOf(request), request.query));

  app.get('/v2/payments/:id', get, async (request, reply) => {
    const found = await paymentOf(deps, callerOf(request), request.params.id);
    const payment = await waitUntilEnded(deps, found, (request.query.wait ?? 0) * SECOND_MS);
    const { body } = await answerPayment(deps, payment, 200);
    return reply.type('application/json; charset=utf-8').send(body);
  });

  app.post('/v2/payments/:id/cancel', cancel, async (request, reply) => {
    const { params, query } = request;
    const payment = await paymentOf(deps, callerOf(request), params.id);
    const waitS = query.wait ?? CANCEL_WAIT_S;
    return once(deps, request, reply, {
      merchantId: payment.merchantId,
      operation: `cancelPayment ${params.id}`,
      begin: (call) => cancelAnswer(deps, payment, waitS, call),
      // A repetition has waited by then.
      resume: () => cancelAnswer(deps, payment, 0),
      isOver: (stored) => isPaymentOver(deps, stored),
      waitMs: waitS * SECOND_MS,
    });
  });
}
