/**
 * Makes RSA key pairs, off the event loop (a 2048-bit pair takes a few hundred milliseconds of a core).
 */
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

export type KeyPair = {
  /** SubjectPublicKeyInfo, base64 DER without armour: what is uploaded to Alipay. */
  readonly publicKey: string;
  /** PKCS#8, base64 DER. Secret: goes to the vault and nowhere else. */
  readonly privateKey: string;
};

/** The port. `modulusBits` is 2048 for RSA2 and 1024 for RSA. */
export type MakeKeyPair = (modulusBits: number) => Promise<KeyPair>;

const generate = promisify(generateKeyPair);

export const makeRealKeyPair: MakeKeyPair = async (modulusBits) => {
  const { publicKey, privateKey } = await generate('rsa', { modulusLength: modulusBits });
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
  };
};
