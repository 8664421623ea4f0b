/**
 * The routes of figures: totals of payments and statistics. What they do is in `figures.ts`.
 */
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { callerOf } from './caller.ts';
import { statisticsAnswer, totalsAnswer } from './figures.ts';
import { StatisticsQuery } from './figure-schemas.ts';
import { STATISTICS, TOTALS } from './figure-samples.ts';
import { operation } from './operation.ts';
import { PaymentFilters } from './payment-query.ts';
import { refTo } from './schemas.ts';
import type { ShapeProvider } from './shape.ts';

const totals = operation(
  { querystring: PaymentFilters },
  {
    operationId: 'getPaymentTotals',
    tag: 'Figures',
    summary: { en: 'Add payments up', zh: '汇总支付' },
    scope: 'read',
    gives: [
      200,
      refTo('PaymentTotals'),
      'The totals of all payments that the filters mean, right to the last one.',
    ],
    problems: ['merchant_not_found'],
    examples: {
      noon: {
        query: {
          created_from: '2026-11-23T12:00:00+08:00',
          created_before: '2026-11-23T13:00:00+08:00',
        },
        answer: TOTALS,
      },
    },
  },
);
const statistics = operation(
  { querystring: StatisticsQuery },
  {
    operationId: 'getStatistics',
    tag: 'Figures',
    summary: { en: 'Figures of a time, by hour or by day', zh: '按小时或按天统计一段时间' },
    scope: 'read',
    gives: [
      200,
      refTo('Statistics'),
      'The figures. A payment counts when it was begun, and so do its refunds, whenever they were made.',
    ],
    problems: ['merchant_not_found'],
    examples: {
      hour: {
        query: {
          from: '2026-11-23T12:00:00+08:00',
          before: '2026-11-23T13:00:00+08:00',
          by: 'hour',
        },
        answer: STATISTICS,
      },
    },
  },
);

export async function figureRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();

  app.get('/v2/payments/totals', totals, (request) =>
    totalsAnswer(deps, callerOf(request), request.query),
  );

  app.get('/v2/statistics', statistics, (request) =>
    statisticsAnswer(deps, callerOf(request), request.query),
  );
}
