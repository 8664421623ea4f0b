/**
 * `monitor.heartbeat.syn`, also called `alipay.monitor.heartbeat.syn` (protocol 2.9): proof that
 * app id, keys and network work. What a terminal reports in it is not looked at; the answer names
 * the shop.
 */
import { success } from './call.ts';
import type { Call, MethodAnswer } from './call.ts';

export function heartbeat(call: Call): MethodAnswer {
  return success({ pid: call.app.pid });
}
