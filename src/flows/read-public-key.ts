/**
 * Reads Alipay's public key as people paste it (PEM or bare base64, any white space) into the one form we keep.
 */
import { parsePublicKey, publicKeyText } from '../alipay/sign.ts';

export type ReadKey =
  | { readonly ok: true; readonly publicKey: string }
  /** What is wrong, as a sentence without any part of the key. */
  | { readonly ok: false; readonly detail: string };

export function readPublicKey(text: string): ReadKey {
  const parsed = parsePublicKey(text);
  if (!parsed.ok) return { ok: false, detail: parsed.detail };
  return { ok: true, publicKey: publicKeyText(parsed.key) };
}
