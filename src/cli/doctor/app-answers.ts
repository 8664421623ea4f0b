/**
 * What Alipay's answer to a signed query of a trade that cannot exist says about an app: "no such trade", signed, proves
 * everything. What a code means is `alipay/codes.ts`'s; here is who has to do what about it. Pure.
 */
import type { Proof } from '../../flows/prove-app.ts';
import { finding, type Finding } from './finding.ts';

type Refused = Extract<Proof, { kind: 'refused' }>;
type Unknown = Extract<Proof, { kind: 'unknown' }>;

/** Refusals that name what is wrong, by sub_code without its prefix. What is not here is told as it came. */
const REFUSALS = {
  'invalid-signature': 'app_signature_refused',
  'missing-signature-config': 'app_key_not_at_alipay',
  'missing-signature-key': 'app_key_not_at_alipay',
  'invalid-app-id': 'app_id_unknown',
  'missing-app-id': 'app_id_unknown',
  'invalid-app-auth-token': 'app_token_refused',
  'app-auth-token-time-out': 'app_token_refused',
  'insufficient-isv-permissions': 'app_not_permitted',
  'insufficient-user-permissions': 'app_not_permitted',
  'invalid-app-state': 'app_not_permitted',
  'no-product-reg-by-partner': 'app_not_permitted',
  'forbidden-api': 'app_not_permitted',
} as const;

/** What the transport, or verification, says where no verdict came. The rest is an answer that nobody can read. */
const SILENCES: ReadonlySet<Unknown['reason']> = new Set(['no_response', 'timeout']);
const DOUBTS: ReadonlySet<Unknown['reason']> = new Set(['doubtful_code', 'unsettled']);

/** None for an app that is proven, or whose keys were found wrong before anything was sent. */
export function answerFindings(app: string, proof: Proof): readonly Finding[] {
  switch (proof.kind) {
    case 'refused':
      return [refusalFinding(app, proof)];
    case 'unknown':
      return [unknownFinding(app, proof)];
    case 'absent':
    case 'not_configured':
    // Somebody has made a trade of this very number: it is an answer like another.
    case 'paid':
    case 'waiting':
    case 'closed':
      return [];
    default:
      return proof satisfies never;
  }
}

function refusalFinding(app: string, { cause, answer }: Refused): Finding {
  const { code, subCode = '' } = answer;
  const name = subCode.replace(/^(isv|isp|aop)\./i, '').toLowerCase();
  if (isNamed(name)) return finding(REFUSALS[name], { app, subCode });
  if (cause === 'rate') return finding('app_rate_limited', { app, subCode: subCode || code });
  // 40006 is lack of permission, whatever follows it.
  if (code === '40006') return finding('app_not_permitted', { app, subCode: subCode || code });
  return finding('app_refused', { app, code, subCode });
}

function isNamed(name: string): name is keyof typeof REFUSALS {
  return Object.hasOwn(REFUSALS, name);
}

function unknownFinding(app: string, { reason, detail, code, subCode, answer }: Unknown): Finding {
  if (reason === 'bad_signature') return finding('alipay_key_does_not_verify', { app });
  if (SILENCES.has(reason)) return finding('app_no_answer', { app, why: detail });
  if (DOUBTS.has(reason)) {
    return finding('app_answer_in_doubt', {
      app,
      code: code ?? answer?.code ?? '',
      subCode: subCode ?? answer?.subCode ?? '',
    });
  }
  return finding('app_answer_unreadable', { app, why: detail });
}
