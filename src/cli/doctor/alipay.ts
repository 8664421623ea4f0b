/**
 * Alipay's gateway: whether it is reached, speaks as Alipay does, and has the same time as we. Asked without an app, so that
 * what is wrong here is not about keys. Pure: the probe is sent by `examine.ts`.
 */
import type { Probed } from '../../system/probe.ts';
import { finding, type Finding } from './finding.ts';
import { certificateFindings, reachFinding, type Answered } from './reach.ts';

/** What is sent: a method and no app, which every Alipay refuses in its own words. */
export const QUESTION = '?charset=utf-8&method=alipay.trade.query';
/** Its refusal stands in one of these nodes. */
const ANSWER_NODE = /^\s*\{\s*"(alipay_trade_query_response|error_response)"/;
const CLOCK_APART_MS = 30_000;
/** The header has whole seconds: the moment was half a second later on average, and at most half a second off that. */
const HALF_SECOND_MS = 500;

export type AlipaySeen = {
  /** Whether the gateway itself runs the simulator. */
  readonly isBuiltIn: boolean;
  /** Undefined when nobody can know it before the gateway runs. */
  readonly url: string | undefined;
  readonly probed: Probed | undefined;
  readonly nowMs: number;
};

export function alipayFindings(seen: AlipaySeen): readonly Finding[] {
  const { url, probed, isBuiltIn, nowMs } = seen;
  if (url === undefined || probed === undefined) return [finding('simulator_port_unknown')];
  if (probed.kind === 'failed') {
    const isOff = isBuiltIn && probed.step === 'connection' && probed.code === 'ECONNREFUSED';
    return [
      isOff ? finding('simulator_not_running', { url }) : reachFinding('alipay', url, probed),
    ];
  }
  if (probed.status !== 200) {
    return [finding('alipay_http_status', { url, status: probed.status })];
  }
  if (!ANSWER_NODE.test(probed.body)) return [finding('alipay_not_alipay', { url })];
  return [...certificateFindings('alipay', url, probed, nowMs), ...clockFindings(probed)];
}

/** Whether what was seen is an Alipay that answers. */
export function isAnswering({ probed }: AlipaySeen): boolean {
  return probed?.kind === 'answered' && probed.status === 200 && ANSWER_NODE.test(probed.body);
}

function clockFindings(answered: Answered): readonly Finding[] {
  const apart = clockApart(answered);
  if (apart === undefined) return [finding('alipay_tells_no_time')];
  const { aheadMs, toleranceMs } = apart;
  if (Math.abs(aheadMs) - toleranceMs <= CLOCK_APART_MS) return [];
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const isAhead = aheadMs > 0;
  return [
    finding('clock_apart', {
      seconds,
      direction: isAhead ? 'ahead of' : 'behind',
      directionZh: isAhead ? '快' : '慢',
    }),
  ];
}

/** Our clock less Alipay's, and how far that may be off: the answer was written at some moment of the round trip. */
export function clockApart(
  answered: Pick<Answered, 'headers' | 'sentAtMs' | 'headersAtMs'>,
): { readonly aheadMs: number; readonly toleranceMs: number } | undefined {
  const { headers, sentAtMs, headersAtMs } = answered;
  const alipayMs = Date.parse(headers['date'] ?? '');
  if (Number.isNaN(alipayMs)) return undefined;
  return {
    aheadMs: (sentAtMs + headersAtMs) / 2 - (alipayMs + HALF_SECOND_MS),
    toleranceMs: Math.abs(headersAtMs - sentAtMs) / 2 + HALF_SECOND_MS,
  };
}
