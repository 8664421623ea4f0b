/**
 * The way of Alipay's notifications: whether the URL that Alipay is told leads to this gateway, seen from this host. What is
 * sent is a notification without a signature, to which the gateway answers `fail` and stores nothing. Pure.
 */
import type { Probed } from '../../system/probe.ts';
import { finding, type Finding } from './finding.ts';
import { certificateFindings, reachFinding } from './reach.ts';

/** What `api/notifications.ts` answers to whoever is not Alipay. */
const OUR_REFUSAL = 'fail';
/** What proxies answer for a server behind them that is not there. */
const NOBODY_BEHIND = new Set([502, 503, 504]);

export function notificationFindings(seen: {
  readonly isSimulator: boolean;
  /** Undefined when none is sent, or when its port is known to the gateway alone. */
  readonly url: string | undefined;
  readonly probed: Probed | undefined;
  readonly isGatewayRunning: boolean;
  readonly nowMs: number;
}): readonly Finding[] {
  const { url, probed, isGatewayRunning, nowMs, isSimulator } = seen;
  if (url === undefined || probed === undefined) {
    return [finding(isSimulator ? 'notify_port_unknown' : 'notify_not_sent')];
  }
  if (probed.kind === 'failed') {
    const isUnheard = probed.step === 'connection' && !isGatewayRunning;
    return [
      isUnheard ? finding('notify_gateway_stopped', { url }) : reachFinding('notify', url, probed),
    ];
  }
  const { status, body } = probed;
  const certificate = certificateFindings('notify', url, probed, nowMs);
  if (NOBODY_BEHIND.has(status) && !isGatewayRunning) {
    return [...certificate, finding('notify_gateway_stopped', { url })];
  }
  if (status >= 300 && status < 400) {
    return [...certificate, finding('notify_redirected', { url, status })];
  }
  if (status !== 200) return [...certificate, finding('notify_http_status', { url, status })];
  if (body !== OUR_REFUSAL) return [...certificate, finding('notify_not_ours', { url })];
  return isSimulator ? certificate : [...certificate, finding('notify_seen_from_here', { url })];
}
