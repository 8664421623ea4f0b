/**
 * Prometheus metrics: what operators alert on. One registry per gateway, so that several can live in one process.
 * Labels come from closed sets (routes, error codes, methods, outcomes); never numbers, names or anything of a request.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

type AlipayCall = {
  readonly method: string;
  readonly outcome: string;
  readonly durationMs: number;
};

export type Metrics = {
  /** Counts a v1 answer: `err` is its error code, or `nothing`. */
  countV1(call: string, err: string): void;
  countNotification(result: string): void;
  /** Counts and times a call to Alipay. */
  observeAlipay(call: AlipayCall): void;
  readonly contentType: string;
  text(): Promise<string>;
};

/** What is read from the database when the metrics are read. */
export type Counts = {
  /** Rows that wait for a look. */
  due(): Promise<number>;
  /** Incidents that wait for a person. */
  openIncidents(): Promise<number>;
};

export function createMetrics(counts: Counts): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const v1 = new Counter({
    name: 'f2f_v1_answers_total',
    help: 'Answers of the v1 API by call and err',
    labelNames: ['call', 'err'],
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
  const due = new Gauge({
    name: 'f2f_due_payments',
    help: 'Payments whose due time has come and that nobody has looked at yet',
    registers,
    async collect() {
      this.set(await counts.due());
    },
  });
  const incidents = new Gauge({
    name: 'f2f_open_incidents',
    help: 'Incidents that wait for a person: see f2f incident list',
    registers,
    async collect() {
      this.set(await counts.openIncidents());
    },
  });
  registry.registerMetric(due);
  registry.registerMetric(incidents);
  return {
    countV1: (call, err) => v1.inc({ call, err }),
    countNotification: (result) => notifications.inc({ result }),
    observeAlipay: ({ method, outcome, durationMs }) =>
      calls.observe({ method, outcome }, durationMs / 1000),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
