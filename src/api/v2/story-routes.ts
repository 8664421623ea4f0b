/**
 * The routes of what people are told of a payment. What they do is in `stories.ts`.
 */
import type { FastifyInstance } from 'fastify';
import { createCheckNow } from '../../flows/check-now.ts';
import type { Deps } from '../../flows/deps.ts';
import { callerOf, paymentOf } from './caller.ts';
import { operation } from './operation.ts';
import { PAID } from './samples.ts';
import { IdParams, refTo } from './schemas.ts';
import type { ShapeProvider } from './shape.ts';
import { checkAnswer, getTimeline } from './stories.ts';
import { TIMELINE } from './story-samples.ts';

const timeline = operation(
  { params: IdParams },
  {
    operationId: 'getPaymentTimeline',
    tag: 'Payments',
    summary: {
      en: 'All that happened to a payment, why it is in its state, and what comes next',
      zh: '一笔支付的全部经过、为何处于当前状态、接下来会怎样',
    },
    scope: 'read',
    gives: [
      200,
      refTo('Timeline'),
      'Every request, answer, silence, notification, refund and incident, oldest first; `next` is null when nothing is left to happen.',
    ],
    problems: ['payment_not_found'],
    examples: { paid: { params: { id: PAID.id }, answer: TIMELINE } },
  },
);
const check = operation(
  { params: IdParams },
  {
    operationId: 'checkPayment',
    tag: 'Payments',
    summary: { en: 'Ask Alipay about a payment now', zh: '立即向支付宝询问一笔支付' },
    scope: 'read',
    gives: [
      200,
      refTo('Payment'),
      'The payment as Alipay’s answer left it. Asked again within three seconds, the same answer does.',
    ],
    problems: ['payment_not_found', 'merchant_not_configured', 'alipay_silent'],
    examples: { now: { params: { id: PAID.id }, answer: PAID } },
  },
);

export async function storyRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();
  const checkNow = createCheckNow(deps);

  app.get('/v2/payments/:id/timeline', timeline, (request) =>
    getTimeline(deps, callerOf(request), request.params.id),
  );
  app.post('/v2/payments/:id/check', check, async (request, reply) => {
    const find = () => paymentOf(deps, callerOf(request), request.params.id);
    const body = await checkAnswer(deps, checkNow, await find(), find);
    return reply.type('application/json; charset=utf-8').send(body);
  });
}
