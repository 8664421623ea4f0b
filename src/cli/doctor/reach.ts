/**
 * A probe that failed, or a certificate that will, as a finding: the same steps for Alipay's gateway and for our own public
 * URL, each with its own advice. Pure.
 */
import { shanghaiText } from '../../core/time.ts';
import type { Probed, ProbeStep } from '../../system/probe.ts';
import { SOON_MS } from './key-files.ts';
import { finding, type Finding } from './finding.ts';

export type Side = 'alipay' | 'notify';
export type Failed = Extract<Probed, { kind: 'failed' }>;
export type Answered = Extract<Probed, { kind: 'answered' }>;

/** OpenSSL's words (X509_V_ERR_…, as Node spells them) for a chain that ends with nobody we trust. */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
  'UNTRUSTED',
]);

/** In which step it failed, and for TLS in which way. */
type Fault = Exclude<ProbeStep, 'tls'> | 'expired' | 'wrong_name' | 'untrusted' | 'tls';

function faultOf({ step, code }: Failed): Fault {
  if (step !== 'tls') return step;
  if (code === 'CERT_HAS_EXPIRED') return 'expired';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'wrong_name';
  return UNTRUSTED.has(code) ? 'untrusted' : 'tls';
}

const CODES = {
  alipay: {
    name: 'alipay_name_unknown',
    connection: 'alipay_not_reached',
    expired: 'alipay_tls_expired',
    wrong_name: 'alipay_tls_wrong_name',
    untrusted: 'alipay_tls_untrusted',
    tls: 'alipay_tls_fault',
    answer: 'alipay_silent',
  },
  notify: {
    name: 'notify_name_unknown',
    connection: 'notify_not_reached',
    expired: 'notify_tls_expired',
    wrong_name: 'notify_tls_wrong_name',
    untrusted: 'notify_tls_untrusted',
    tls: 'notify_tls_fault',
    answer: 'notify_silent',
  },
} as const satisfies Record<Side, Record<Fault, string>>;

export function reachFinding(side: Side, url: string, failed: Failed): Finding {
  const { host } = new URL(url);
  return finding(CODES[side][faultOf(failed)], { host, url, code: failed.code });
}

/** A certificate that is still good, and not for long. */
export function certificateFindings(
  side: Side,
  url: string,
  { certificateEndsAtMs: endsAtMs }: Answered,
  nowMs: number,
): readonly Finding[] {
  if (endsAtMs === undefined || endsAtMs > nowMs + SOON_MS) return [];
  const code = side === 'alipay' ? 'alipay_tls_ends_soon' : 'notify_tls_ends_soon';
  return [finding(code, { host: new URL(url).host, at: shanghaiText(endsAtMs) })];
}
