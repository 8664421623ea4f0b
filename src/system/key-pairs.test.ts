/** Key pairs as Alipay takes them: what the private half signs, the public half verifies, at the size asked for. */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeRealKeyPair } from './key-pairs.ts';

test.each([1024, 2048])('a pair of %i bits', async (modulusBits) => {
  const pair = await makeRealKeyPair(modulusBits);
  const publicKey = createPublicKey({
    key: Buffer.from(pair.publicKey, 'base64'),
    format: 'der',
    type: 'spki',
  });
  const privateKey = createPrivateKey({
    key: Buffer.from(pair.privateKey, 'base64'),
    format: 'der',
    type: 'pkcs8',
  });
  expect(publicKey.asymmetricKeyDetails).toMatchObject({
    modulusLength: modulusBits,
    publicExponent: 65_537n,
  });
  const text = Buffer.from('支付宝');
  expect(verify('sha256', text, publicKey, sign('sha256', text, privateKey))).toBe(true);
  expect(`${pair.publicKey}${pair.privateKey}`).toMatch(/^[A-Za-z0-9+/=]+$/);
});

test('two pairs are different', async () => {
  const [one, other] = await Promise.all([makeRealKeyPair(1024), makeRealKeyPair(1024)]);
  expect(one.publicKey).not.toBe(other.publicKey);
});
