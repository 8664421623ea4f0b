/**
 * The routes of refunds, which are made and listed below their payment. What they do is in `refunds.ts`.
 */
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { actorOf, callerOf, paymentOf } from './caller.ts';
import { once } from './idempotency.ts';
import { operation } from './operation.ts';
import {
  beginRefund,
  isRefundOver,
  refundNamed,
  refundsOf,
  resumeRefund,
  searchRefunds,
  waitForRefund,
} from './refunds.ts';
import { PAID, REFUND, lastPage } from './samples.ts';
import {
  IdempotencyHeaders,
  IdParams,
  pageOf,
  RefundCreate,
  RefundQuery,
  refTo,
  WaitQuery,
} from './schemas.ts';
import type { ShapeProvider } from './shape.ts';
import { refundView } from './views.ts';

/** A refund waits for its outcome, as a clerk does, unless the call says otherwise. */
const REFUND_WAIT_S = 10;
const SECOND_MS = 1000;

const create = operation(
  { params: IdParams, body: RefundCreate, querystring: WaitQuery, headers: IdempotencyHeaders },
  {
    operationId: 'createRefund',
    tag: 'Refunds',
    summary: { en: 'Give all or some of a payment back', zh: '退回一笔支付的全部或一部分' },
    scope: 'refund',
    gives: [201, refTo('Refund'), 'The refund; `pending` means that it is on its way.'],
    problems: [
      'payment_not_found',
      'payment_not_refundable',
      'refund_exceeds_payment',
      'payment_in_doubt',
    ],
    examples: {
      part: {
        params: { id: PAID.id },
        headers: { 'idempotency-key': 'refund-1' },
        body: { amount: 800, reason: 'One cup too many' },
        answer: REFUND,
      },
    },
  },
);
const list = operation(
  { params: IdParams },
  {
    operationId: 'listRefunds',
    tag: 'Refunds',
    summary: {
      en: 'List the refunds of a payment, oldest first',
      zh: '列出一笔支付的退款，从旧到新',
    },
    scope: 'read',
    gives: [200, pageOf(refTo('Refund')), 'All of them: a payment has few.'],
    problems: ['payment_not_found'],
    examples: { all: { params: { id: PAID.id }, answer: lastPage(REFUND) } },
  },
);
const search = operation(
  { querystring: RefundQuery },
  {
    operationId: 'searchRefunds',
    tag: 'Refunds',
    summary: {
      en: 'List refunds of all payments, newest first',
      zh: '列出全部支付的退款，从新到旧',
    },
    scope: 'read',
    gives: [
      200,
      pageOf(refTo('Refund')),
      'A page of refunds. For one in a `state`, ten thousand refunds are looked at: it may hold few or none and have a `next_cursor` all the same.',
    ],
    problems: ['merchant_not_found', 'payment_not_found'],
    examples: { succeeded: { query: { state: 'succeeded' }, answer: lastPage(REFUND) } },
  },
);
const get = operation(
  { params: IdParams, querystring: WaitQuery },
  {
    operationId: 'getRefund',
    tag: 'Refunds',
    summary: { en: 'Look at a refund, or wait for its outcome', zh: '查看一笔退款，或等待结果' },
    scope: 'read',
    gives: [200, refTo('Refund'), 'The refund.'],
    problems: ['refund_not_found'],
    examples: { look: { params: { id: REFUND.id }, answer: REFUND } },
  },
);

export async function refundRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();

  app.post('/v2/payments/:id/refunds', create, async (request, reply) => {
    const { body, params, query } = request;
    const payment = await paymentOf(deps, callerOf(request), params.id);
    return once(deps, request, reply, {
      merchantId: payment.merchantId,
      operation: `createRefund ${params.id}`,
      begin: (call) =>
        beginRefund(deps, payment, body, query.wait ?? REFUND_WAIT_S, {
          call,
          by: actorOf(request),
        }),
      resume: (stored) => resumeRefund(deps, stored),
      isOver: (stored) => isRefundOver(deps, stored),
      waitMs: (query.wait ?? REFUND_WAIT_S) * SECOND_MS,
    });
  });

  app.get('/v2/payments/:id/refunds', list, async (request) =>
    refundsOf(deps, await paymentOf(deps, callerOf(request), request.params.id)),
  );

  app.get('/v2/refunds', search, (request) =>
    searchRefunds(deps, callerOf(request), request.query),
  );

  app.get('/v2/refunds/:id', get, async (request) => {
    const refund = await refundNamed(deps, callerOf(request), request.params.id);
    return refundView(await waitForRefund(deps, refund, request.query.wait ?? 0));
  });
}
