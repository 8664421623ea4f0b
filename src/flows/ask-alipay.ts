/**
 * Asks Alipay with the app's key of today and, where Alipay does not know that key, once more with the older one.
 * A second attempt is safe because "invalid signature" is Alipay's word that it carried nothing out.
 */
import type { AlipayApp } from '../alipay/client.ts';
import type { LoadedApp } from './load-app.ts';

type Refusable = {
  readonly kind: string;
  readonly answer?: { readonly subCode?: string | undefined };
};

/** Alipay answers so when the key that signed is not among those it has for the app. */
const KEY_UNKNOWN_TO_ALIPAY = new Set(['isv.invalid-signature', 'isv.missing-signature-config']);

export async function askAlipay<Outcome extends Refusable>(
  app: LoadedApp,
  ask: (app: AlipayApp) => Promise<Outcome>,
): Promise<Outcome> {
  let outcome: Outcome | undefined;
  for (const candidate of app.candidates) {
    outcome = await ask(candidate);
    const subCode = outcome.kind === 'refused' ? outcome.answer?.subCode : undefined;
    if (subCode === undefined || !KEY_UNKNOWN_TO_ALIPAY.has(subCode)) return outcome;
  }
  if (outcome === undefined) throw new Error('an app has at least one key');
  return outcome;
}
