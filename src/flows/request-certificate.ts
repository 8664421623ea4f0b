/**
 * Makes the request (CSR) that Alipay issues an app's certificate for: for the next key pair if there is one, else for the one
 * in use. The private key leaves the vault for the signature and goes nowhere else; nothing is stored.
 */
import { assert } from '../core/assert.ts';
import { findAppKey } from '../store/apps.ts';
import type { CertificateSubject } from '../system/certificate-request.ts';
import type { Deps } from './deps.ts';
import { vaultContext } from './key-ring.ts';
import { MODULUS_BITS } from './make-app-key.ts';
import type { MerchantView } from './merchant-view.ts';

export type CertificateRequest =
  | { readonly kind: 'made'; readonly pem: string }
  | { readonly kind: 'key_too_short' };

export async function requestCertificate(
  { db, vault, makeCertificateRequest }: Pick<Deps, 'db' | 'vault' | 'makeCertificateRequest'>,
  { app, key }: MerchantView,
  subject: CertificateSubject,
): Promise<CertificateRequest> {
  const pair = app.nextKeyId === null ? key : await findAppKey(db, app.nextKeyId);
  assert(pair !== undefined, 'an app key is never deleted');
  // Certificates go with RSA2 alone.
  if (pair.modulusBits < MODULUS_BITS.RSA2) return { kind: 'key_too_short' };
  const privateKey = vault.open(pair.sealedPrivateKey, vaultContext(pair.keyId));
  return { kind: 'made', pem: await makeCertificateRequest(privateKey, subject) };
}
