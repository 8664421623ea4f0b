/**
 * Prometheus metrics: what operators alert on. One registry per gateway, so that several can live in one process.
 * Labels come from closed sets (routes, error codes, methods, outcomes); never numbers, names or anything of a request.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Waiting } from '../flows/count-waiting.ts';

type AlipayCall = {
  readonly method: string;
  readonly outcome: string;
  readonly durationMs: number;
};

type HttpRequest = {
  /** The route's pattern; `none` for a path that is no route. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
};

/** Faults of the gateway, under the names that the two APIs give them. */
const V1_FAULT = 'SYSTEM_ERROR';
const V2_FAULT = 'internal_error';

export type Metrics = {
  /** Counts and times a request that was answered. */
  observeHttp(request: HttpRequest): void;
  /** Counts a v1 answer: `err` is its error code, or `nothing`. */
  countV1(call: string, err: string): void;
  /** Counts a problem of the v2 API. */
  countV2Problem(operation: string, code: string): void;
  /**
   * The faults of a call are counted from 0 on, not from the first one: what an alert watches is how a number grows, and of a
   * number that begins with the first fault nothing was ever seen to grow.
   */
  expectV1(call: string): void;
  expectV2(operation: string): void;
  countNotification(result: string): void;
  /** Counts and times a call to Alipay. */
  observeAlipay(call: AlipayCall): void;
  readonly contentType: string;
  text(): Promise<string>;
};

/** `count` is asked each time the metrics are read. */
export function createMetrics(count: () => Promise<Waiting>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const v1 = new Counter({
    name: 'f2f_v1_answers_total',
    help: 'Answers of the v1 API by call and err',
    labelNames: ['call', 'err'],
    registers,
  });
  const v2 = new Counter({
    name: 'f2f_v2_problems_total',
    help: 'Problems that the v2 API answered with, by operation and code',
    labelNames: ['operation', 'code'],
    registers,
  });
  const notifications = new Counter({
    name: 'f2f_notifications_total',
    help: 'Notifications of Alipay by what became of them',
    labelNames: ['result'],
    registers,
  });
  const calls = new Histogram({
    name: 'f2f_alipay_call_seconds',
    help: 'Calls to Alipay by method and outcome; unknown outcomes are silence or doubt',
    labelNames: ['method', 'outcome'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const http = new Histogram({
    name: 'f2f_http_request_seconds',
    help: 'Requests by route and HTTP status; v1 calls that wait for a buyer are among them',
    labelNames: ['route', 'status'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  const show = registerWaiting(registry);
  return {
    observeHttp: ({ route, status, durationMs }) =>
      http.observe({ route, status }, durationMs / 1000),
    countV1: (call, err) => v1.inc({ call, err }),
    expectV1: (call) => v1.inc({ call, err: V1_FAULT }, 0),
    countV2Problem: (operation, code) => v2.inc({ operation, code }),
    expectV2: (operation) => v2.inc({ operation, code: V2_FAULT }, 0),
    countNotification: (result) => notifications.inc({ result }),
    observeAlipay: ({ method, outcome, durationMs }) =>
      calls.observe({ method, outcome }, durationMs / 1000),
    contentType: registry.contentType,
    text: async () => {
      show(await count());
      return registry.metrics();
    },
  };
}

/** Gauges of what is in the database; returns what sets them. */
function registerWaiting(registry: Registry): (waiting: Waiting) => void {
  const gauge = (name: string, help: string, labelNames: string[] = []): Gauge =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const payments = gauge(
    'f2f_due_payments',
    'Payments whose due time has come and that nobody has looked at yet',
  );
  const refunds = gauge(
    'f2f_due_refunds',
    'Refunds whose due time has come and that nobody has looked at yet',
  );
  const overdue = gauge(
    'f2f_longest_overdue_seconds',
    'How long the first due payment or refund has waited for a look; 0 when none is due',
  );
  const incidents = gauge(
    'f2f_open_incidents',
    'Incidents that wait for a person, by reason: see f2f incident list',
    ['reason'],
  );
  return (waiting) => {
    payments.set(waiting.duePayments);
    refunds.set(waiting.dueRefunds);
    overdue.set(waiting.longestOverdueMs / 1000);
    for (const [reason, open] of waiting.openIncidents) incidents.set({ reason }, open);
  };
}
