/**
 * What the examples of a merchant's later life show: the shop of `samples.ts`, suspended and resumed, with another key pair, and
 * on certificates.
 */
import type {
  CertificateRequestResource,
  CertificatesUpload,
  KeyTest,
  MerchantResource,
} from './merchant-schemas.ts';
import { MERCHANT } from './samples.ts';

export const RENAMED: MerchantResource = { ...MERCHANT, name: 'Tea house at the lake' };

export const SUSPENDED: MerchantResource = { ...RENAMED, state: 'suspended' };

const NEXT_KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuY2nQf7qkYp0eXoQ1mKQJ3Zkz0xw4lS3nq8i1dYJ0q7o' +
  'k3Jm5rT2vW8xA6cE9gH1jL4nP7sU0yB3dF6hK9mQ2tV5xZ8bD1fG4jM7pS0vY3cE6hJ9lN2qT5wX8zB1dG4kM7pR' +
  '0uW3yA6cF9hL2nQ5sV8xZ1bE4gJ7mP0rU3wY6aD9fH2kN5qS8vX1zC4eG7jM0oR3tV6yB9dF2hK5nP8sU1wZ4bE7' +
  'gL0mQ3tV6xA9cF2hJ5kN8pS1uX4zB7dG0jM3oR6tW9yC2eH5kL8nQ1sV4xZ7bD0fG3jM6pS9uX2zB5dF8hK1nQ4t' +
  'W7yA0cE3gJ6lN9pR2uX5zB8dG1jM4oQIDAQAB';

export const WITH_NEXT_KEY: MerchantResource = {
  ...RENAMED,
  app: {
    ...MERCHANT.app,
    next_key: {
      public_key: NEXT_KEY,
      sign_type: 'RSA2',
      created_at: '2026-11-30T12:00:00.000+08:00',
    },
  },
};

export const KEY_TEST: KeyTest = {
  object: 'key_test',
  ok: true,
  query: { result: 'ok', code: null, message: null },
};

export const RE_KEYED: MerchantResource = {
  ...RENAMED,
  app: { ...MERCHANT.app, public_key: NEXT_KEY },
};

/** Shortened: a whole one has some twenty lines. */
const pem = (what: string): string => `-----BEGIN ${what}-----\nMIID…\n-----END ${what}-----\n`;

export const REQUEST: CertificateRequestResource = {
  object: 'certificate_request',
  pem: pem('CERTIFICATE REQUEST'),
};

export const CERTIFICATES: CertificatesUpload = {
  app_certificate: `appCertPublicKey_2016022901171807.crt:\n${pem('CERTIFICATE')}`,
  alipay_certificate: `alipayCertPublicKey_RSA2.crt:\n${pem('CERTIFICATE')}`,
  alipay_root_certificate: `alipayRootCert.crt:\n${pem('CERTIFICATE')}`,
};

export const CERTIFIED: MerchantResource = {
  ...RE_KEYED,
  app: {
    ...RE_KEYED.app,
    certificates: {
      app: {
        serial_no: '283f000c55f56a87db6c0597944e00cc',
        expires_at: '2031-11-29T12:00:00.000+08:00',
      },
      alipay: {
        serial_no: '7a1c1e7a6f0a4b7e9d0c5f3b2a1e8d4c',
        expires_at: '2031-11-29T12:00:00.000+08:00',
      },
      alipay_root_serial_no: '687b59193f3f462dd5336e5abf83c5d8_02941eef3187dddf3d3b83462e1dfcf6',
    },
  },
};
