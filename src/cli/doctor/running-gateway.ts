/**
 * The gateway that listens where the settings say, if one does: that it is ours, of this version, and ready. Pure.
 */
import type { Probed } from '../../system/probe.ts';
import { finding, type Finding } from './finding.ts';

export type GatewaySeen = {
  /** Its origin; undefined when only the gateway knows its port. */
  readonly url: string | undefined;
  /** `/`, where it says its name and version. */
  readonly name: Probed | undefined;
  /** `/readyz`. */
  readonly ready: Probed | undefined;
};

/** What `api/server.ts` says of itself. */
const NAME = 'alipay-f2f';

export function isRunning({ name }: GatewaySeen): boolean {
  return name?.kind === 'answered' && versionOf(name.body) !== undefined;
}

export function gatewayFindings(seen: GatewaySeen, ours: string): readonly Finding[] {
  const { url, name, ready } = seen;
  if (url === undefined || name === undefined) return [finding('gateway_port_unknown')];
  if (name.kind === 'failed') {
    const isSilent = name.step === 'answer' && name.code === 'TIMEOUT';
    if (isSilent) return [finding('gateway_silent', { url, code: name.code })];
    // Somebody took the connection and does not speak HTTP.
    if (name.step === 'answer') return [finding('gateway_port_taken', { url })];
    return [finding('gateway_not_running', { url })];
  }
  const running = versionOf(name.body);
  if (running === undefined) return [finding('gateway_port_taken', { url })];
  return [
    ...(running === ours ? [] : [finding('gateway_other_version', { url, running, ours })]),
    ...readyFindings(url, ready),
  ];
}

function readyFindings(url: string, ready: Probed | undefined): readonly Finding[] {
  if (ready === undefined) return [];
  if (ready.kind === 'failed') return [finding('gateway_silent', { url, code: ready.code })];
  return ready.status === 200 ? [] : [finding('gateway_not_ready', { url, status: ready.status })];
}

function versionOf(body: string): string | undefined {
  try {
    const said: unknown = JSON.parse(body);
    if (typeof said !== 'object' || said === null) return undefined;
    const { name, version }: { name?: unknown; version?: unknown } = said;
    return name === NAME && typeof version === 'string' ? version : undefined;
  } catch {
    // No JSON: somebody else's page.
    return undefined;
  }
}
