/**
 * The routes of payments: what each takes, gives and needs. What they do is in `payments.ts`.
 */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { waitUntilEnded } from '../../flows/wait-for-payment.ts';
import { callerOf, merchantOf, paymentOf } from './caller.ts';
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
import {
  IdempotencyHeaders,
  IdParams,
  pageOf,
  PaymentCreate,
  PaymentQuery,
  refTo,
  WaitQuery,
} from './schemas.ts';

/** A cancel waits for its outcome, as a clerk does, unless the call says otherwise. */
const CANCEL_WAIT_S = 10;
const SECOND_MS = 1000;

const create = operation(
  { body: PaymentCreate, querystring: WaitQuery, headers: IdempotencyHeaders },
  {
    operationId: 'createPayment',
    tag: 'Payments',
    summary: 'Charge a payment code, or make a QR code to show',
    scope: 'charge',
    gives: [201, refTo('Payment'), 'The payment; its `state` tells what became of it.'],
    problems: [
      'merchant_not_found',
      'merchant_reference_taken',
      'merchant_not_configured',
      'merchant_suspended',
      'alipay_silent',
    ],
  },
);
const PAGE =
  'A page of payments. For one in a `state`, ten thousand payments are looked at: it may hold few or none and have a `next_cursor` all the same.';
const list = operation(
  { querystring: PaymentQuery },
  {
    operationId: 'listPayments',
    tag: 'Payments',
    summary: 'List payments, newest first',
    scope: 'read',
    gives: [200, pageOf(refTo('Payment')), PAGE],
    problems: ['merchant_not_found'],
  },
);
const get = operation(
  { params: IdParams, querystring: WaitQuery },
  {
    operationId: 'getPayment',
    tag: 'Payments',
    summary: 'Look at a payment, or wait for its outcome',
    scope: 'read',
    gives: [200, refTo('Payment'), 'The payment.'],
    problems: ['payment_not_found'],
  },
);
const cancel = operation(
  { params: IdParams, querystring: WaitQuery, headers: IdempotencyHeaders },
  {
    operationId: 'cancelPayment',
    tag: 'Payments',
    summary: 'End an open payment before its time',
    scope: 'charge',
    gives: [200, refTo('Payment'), 'The payment as it ended, or as it is being ended.'],
    problems: ['payment_not_found', 'payment_not_cancelable'],
  },
);

export async function paymentRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<TypeBoxTypeProvider>();

  app.post('/v2/payments', create, async (request, reply) => {
    const { body, query } = request;
    const merchant = await merchantOf(deps, callerOf(request), body.merchant);
    return once(deps, request, reply, {
      merchantId: merchant.merchantId,
      operation: 'createPayment',
      begin: (call) => beginPayment(deps, merchant, body, query.wait ?? 0, call),
      resume: (stored) => resumePayment(deps, stored),
      isOver: (stored) => isPaymentOver(deps, stored),
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
    return once(deps, request, reply, {
      merchantId: payment.merchantId,
      operation: `cancelPayment ${params.id}`,
      begin: () => cancelAnswer(deps, payment, query.wait ?? CANCEL_WAIT_S),
      resume: () => cancelAnswer(deps, payment, query.wait ?? CANCEL_WAIT_S),
      isOver: (stored) => isPaymentOver(deps, stored),
    });
  });
}
