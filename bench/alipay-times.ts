/**
 * Loaded into the simulator's process before it begins (`node --import`): writes down what Alipay itself took for each charge,
 * from the request's arrival to its answer, so that the rest of a sale's time is the gateway's own. One line each, the
 * payment number and milliseconds, into the file that `BENCH_ALIPAY_TIMES` names.
 */
import { subscribe } from 'node:diagnostics_channel';
import { createWriteStream, readFileSync } from 'node:fs';
import { ServerResponse } from 'node:http';

export const TIMES_FILE = 'BENCH_ALIPAY_TIMES';

/** What `alipay.trade.pay` took by payment number, in milliseconds. */
export function readTimes(path: string): ReadonlyMap<string, number> {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return new Map(
    lines.map((line) => {
      const [paymentNo = '', ms = ''] = line.split(' ');
      return [paymentNo, Number(ms)];
    }),
  );
}

function writeTimes(path: string): void {
  const file = createWriteStream(path);
  const startedAtMs = new WeakMap<object, number>();
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as {
      request: { url?: string };
      response: ServerResponse;
    };
    if (request.url?.includes('method=alipay.trade.pay') === true)
      startedAtMs.set(response, performance.now());
  });
  // The channel for the end of a response comes too late, and has no body.
  const prototype = ServerResponse.prototype as { end: (...args: unknown[]) => unknown };
  const { end } = prototype;
  prototype.end = function endAndNote(this: ServerResponse, ...args: unknown[]) {
    const startMs = startedAtMs.get(this);
    const body = startMs === undefined ? '' : String(args[0]);
    const [, paymentNo] = /"out_trade_no":"([^"]+)"/.exec(body) ?? [];
    if (startMs !== undefined && paymentNo !== undefined)
      file.write(`${paymentNo} ${(performance.now() - startMs).toFixed(2)}\n`);
    return end.apply(this, args);
  };
}

const path = process.env[TIMES_FILE];
if (path !== undefined) writeTimes(path);
