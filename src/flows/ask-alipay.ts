/**
 * Asks Alipay with the app as it signs today and, where Alipay does not know that key, certificate or authorisation, once more
 * with the others that the app has. Another attempt is safe because such a refusal is Alipay's word that it carried nothing out.
 */
import type { AlipayApp } from '../alipay/client.ts';
import type { LoadedApp } from './load-app.ts';

type Refusable = {
  readonly kind: string;
  readonly answer?: { readonly subCode?: string | undefined };
};

/**
 * Alipay answers so when what signed, or authorised, is not what it has for the app. Its gateway looks at these before any
 * business (protocol notes 1.8; Alipay docs, 公共错误码).
 */
const UNKNOWN_TO_ALIPAY = new Set([
  'isv.invalid-signature',
  'isv.missing-signature-config',
  'isv.missing-app-cert-sn',
  'isv.missing-alipay-root-cert-sn',
  'isv.invalid-alipay-root-cert-sn',
  'isv.app-cert-not-exist',
  'isv.app-cert-expired',
  'aop.invalid-app-auth-token',
  'aop.app-auth-token-time-out',
]);

/** `isInTime`: whether another attempt may still begin, where others take it that a call has ended by some time. */
export async function askAlipay<Outcome extends Refusable>(
  { app, others }: LoadedApp,
  ask: (app: AlipayApp) => Promise<Outcome>,
  isInTime: () => boolean = () => true,
): Promise<Outcome> {
  let outcome = await ask(app);
  if (!isUnknownToAlipay(outcome)) return outcome;
  for (const other of await others()) {
    if (!isInTime()) return outcome;
    outcome = await ask(other);
    if (!isUnknownToAlipay(outcome)) return outcome;
  }
  return outcome;
}

function isUnknownToAlipay({ kind, answer }: Refusable): boolean {
  return kind === 'refused' && UNKNOWN_TO_ALIPAY.has(answer?.subCode ?? '');
}
