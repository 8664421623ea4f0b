/**
 * The settings: what stops the start, and what is well formed by itself and unwise together, above all what a trial leaves
 * behind when the real Alipay takes the simulator's place. Pure.
 */
import type { Config, ExaminedConfig } from '../../config.ts';
import { finding, type Finding } from './finding.ts';

/** Only the simulator has any use for these. */
const SIMULATOR_ONLY = ['F2F_SIMULATOR_PORT', 'F2F_SIMULATOR_TOKEN', 'F2F_SIMULATOR_URL'];
/** Alipay's sandbox of before, whose certificate has expired. */
const RETIRED_SANDBOX = 'openapi.alipaydev.com';

export function settingsFindings({ config, problems, given }: ExaminedConfig): readonly Finding[] {
  const refused = problems.map((sentence) => finding('setting_refused', { sentence }));
  const rest = [...timeoutFindings(config), ...alipayUrlFindings(config)];
  if (config.alipay !== 'simulator') rest.push(...realAlipayFindings(config, given));
  if (refused.length > 0) refused.push(finding('settings_taken_as_default'));
  return [...refused, ...rest];
}

function timeoutFindings(config: Config): readonly Finding[] {
  const { alipayTimeoutMs: timeoutMs, paymentDeadlineS, barcodeWaitS } = config;
  if (timeoutMs >= paymentDeadlineS * 1000) {
    return [finding('timeout_reaches_deadline', { timeoutMs, deadlineS: paymentDeadlineS })];
  }
  if (timeoutMs >= barcodeWaitS * 1000) {
    return [finding('timeout_reaches_wait', { timeoutMs, waitS: barcodeWaitS })];
  }
  return [];
}

function alipayUrlFindings({ alipay: mode, alipayGateway }: Config): readonly Finding[] {
  if (alipayGateway === undefined) return [];
  const { hostname: host } = new URL(alipayGateway);
  if (host === RETIRED_SANDBOX) return [finding('gateway_url_retired', { host })];
  const isSandbox = host.endsWith('.alipaydev.com');
  const isProduction = host.endsWith('.alipay.com');
  const isOther = (isSandbox && mode !== 'sandbox') || (isProduction && mode !== 'production');
  return isOther ? [finding('gateway_url_of_other_mode', { mode, host })] : [];
}

function realAlipayFindings(config: Config, given: readonly string[]): readonly Finding[] {
  const found: Finding[] = [];
  const { publicUrl, host } = config;
  if (publicUrl === undefined) found.push(finding('no_public_url'));
  else if (isPrivate(new URL(publicUrl).hostname)) {
    found.push(finding('public_url_not_public', { host: new URL(publicUrl).hostname }));
  }
  const left = SIMULATOR_ONLY.filter((name) => given.includes(name));
  if (left.length > 0) found.push(finding('simulator_settings_left', { names: left.join(', ') }));
  if (config.enrolment === 'open') found.push(finding('enrolment_open'));
  if (config.rateLimit === 'off') found.push(finding('rate_limit_off'));
  if (host === '0.0.0.0' || host === '::') found.push(finding('listens_on_all', { host }));
  return found;
}

/** Hosts that nobody on the internet reaches: this one, and private networks (RFC 1918, 3927, 4193). */
function isPrivate(host: string): boolean {
  if (/^\d+(\.\d+){3}$/.test(host)) {
    return /^(0|127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(host);
  }
  if (host.startsWith('[')) return /^\[(::1?\]|f[cd]|fe[89ab])/.test(host);
  return /^(localhost|.+\.(localhost|local|internal|lan))$/.test(host);
}
