/**
 * The shapes of merchants and their Alipay application in the v2 API.
 */
import {
  APP_AUTH_TOKEN_PATTERN,
  APP_ID_PATTERN,
  PID_PATTERN,
  PRODUCT_CODE_PATTERN,
  SHOP_NO_PATTERN,
  TEXT_LIMITS,
} from '../../core/limits.ts';
import { Closed, nullable, oneOf, pageQuery, text, Time } from './schemas.ts';
import { Type, type Static } from './shape.ts';

/** The longest key that anybody pastes: a PEM of 4096 bits is below 1 KB. */
const KEY_LENGTH_MAX = 4096;
/** Alipay's root file is 7 KB. */
const PEM_LENGTH_MAX = 65_536;

const ShopNo = Type.String({
  pattern: SHOP_NO_PATTERN.source,
  description: 'The number that you give the shop, unique in the gateway. v1 calls it storeDogNo.',
});
const SellerId = Type.String({
  pattern: PID_PATTERN.source,
  description: 'The account at Alipay that receives the money (PID).',
});
const AppId = Type.String({
  pattern: APP_ID_PATTERN.source,
  description: 'The Alipay application.',
});
const AlipayPublicKey = Type.String({
  maxLength: KEY_LENGTH_MAX,
  description: 'Alipay’s public key for the application, as PEM or base64. Not your own.',
});
const SignType = oneOf(['RSA2', 'RSA'], 'RSA2, but for applications of before 2018.');
const ProductCode = Type.String({
  pattern: PRODUCT_CODE_PATTERN.source,
  description: 'FACE_TO_FACE_PAYMENT, unless the contract with Alipay has another.',
});
const ProductCodes = Type.Object(
  { barcode: Type.Optional(ProductCode), qr: Type.Optional(ProductCode) },
  {
    ...Closed,
    minProperties: 1,
    description: 'What Alipay calls the product (product_code), by method.',
  },
);
const Authorization = Type.Object(
  {
    app_auth_token: Type.String({
      pattern: APP_AUTH_TOKEN_PATTERN.source,
      description: 'Shown by Alipay when the merchant authorised your application. Kept sealed.',
    }),
    service_provider_id: Type.Optional(
      Type.String({
        pattern: PID_PATTERN.source,
        description: 'Your account at Alipay (PID), for your commission.',
      }),
    ),
  },
  {
    ...Closed,
    description: 'For a service provider (ISV), whose application acts for the merchant.',
  },
);
const Name = text(TEXT_LIMITS.merchantName, 'For people.');

export const MerchantCreate = Type.Object(
  {
    shop_no: ShopNo,
    name: Type.Optional(Name),
    seller_id: SellerId,
    app_id: AppId,
    sign_type: Type.Optional(SignType),
    alipay_public_key: Type.Optional(AlipayPublicKey),
    product_codes: Type.Optional(ProductCodes),
    authorization: Type.Optional(Authorization),
  },
  Closed,
);
export type MerchantCreate = Static<typeof MerchantCreate>;

export const MerchantChange = Type.Object(
  {
    name: Type.Optional(Name),
    seller_id: Type.Optional(SellerId),
    app_id: Type.Optional(AppId),
    sign_type: Type.Optional(SignType),
    alipay_public_key: Type.Optional(AlipayPublicKey),
    product_codes: Type.Optional(ProductCodes),
    authorization: Type.Optional(nullable(Authorization)),
    leave_certificates: Type.Optional(
      Type.Boolean({
        description:
          'True goes back to bare keys, for all merchants of the application; give Alipay’s bare key with it.',
      }),
    ),
  },
  { ...Closed, minProperties: 1 },
);
export type MerchantChange = Static<typeof MerchantChange>;

const Certificate = Type.Object({
  serial_no: Type.String({ description: 'As Alipay computes it (SN).' }),
  expires_at: Time,
});

export const NextKeyCreate = Type.Object({ sign_type: Type.Optional(SignType) }, Closed);
export type NextKeyCreate = Static<typeof NextKeyCreate>;

export const CertificateRequestCreate = Type.Object(
  {
    organization: text(
      TEXT_LIMITS.merchantName,
      'The company’s name exactly as Alipay has it: it refuses another.',
    ),
    common_name: Type.Optional(text(TEXT_LIMITS.merchantName, 'The app id, unless you say.')),
  },
  Closed,
);
export type CertificateRequestCreate = Static<typeof CertificateRequestCreate>;

export const CertificateRequestResource = Type.Object(
  {
    object: oneOf(['certificate_request'], 'Always certificate_request.'),
    pem: Type.String({ description: 'The CSR, to be uploaded to Alipay.' }),
  },
  { $id: 'CertificateRequest' },
);
export type CertificateRequestResource = Static<typeof CertificateRequestResource>;

function Pem(description: string) {
  return Type.String({ maxLength: PEM_LENGTH_MAX, description });
}

export const CertificatesUpload = Type.Object(
  {
    app_certificate: Pem('appCertPublicKey_….crt, which Alipay issued for the request.'),
    alipay_certificate: Pem('alipayCertPublicKey_RSA2.crt.'),
    alipay_root_certificate: Pem('alipayRootCert.crt.'),
  },
  Closed,
);
export type CertificatesUpload = Static<typeof CertificatesUpload>;

export const MerchantResource = Type.Object(
  {
    id: Type.String(),
    object: oneOf(['merchant'], 'Always merchant.'),
    shop_no: Type.String(),
    store_no: Type.String({ description: 'Its number within the account at Alipay.' }),
    name: nullable(Type.String()),
    state: oneOf(['active', 'suspended'], '`suspended`: begins no payment.'),
    seller_id: Type.String(),
    product_codes: Type.Object({ barcode: Type.String(), qr: Type.String() }),
    authorization: nullable(
      Type.Object({
        hint: Type.String({ description: 'How the token ends.' }),
        service_provider_id: nullable(Type.String()),
        given_at: Time,
      }),
    ),
    app: Type.Object({
      app_id: Type.String(),
      sign_type: SignType,
      public_key: Type.String({ description: 'Ours: give it to Alipay for the application.' }),
      alipay_public_key: nullable(
        Type.String({ description: 'Alipay’s; null while nobody gave it.' }),
      ),
      next_key: nullable(
        Type.Object({
          public_key: Type.String({ description: 'Ours, that is to take over.' }),
          sign_type: SignType,
          created_at: Time,
        }),
      ),
      certificates: nullable(
        Type.Object({
          app: Certificate,
          alipay: Certificate,
          alipay_root_serial_no: Type.String(),
        }),
      ),
    }),
    created_at: Time,
  },
  { $id: 'Merchant' },
);
export type MerchantResource = Static<typeof MerchantResource>;

const Finding = Type.Object({
  result: oneOf(
    ['ok', 'refused', 'no_answer', 'not_configured'],
    '`refused`: Alipay said no, under its signature; `code` tells why. `no_answer`: nothing that could be verified.',
  ),
  code: nullable(Type.String()),
  message: nullable(Type.String()),
});

export const MerchantTest = Type.Object(
  {
    object: oneOf(['merchant_test'], 'Always merchant_test.'),
    ok: Type.Boolean({ description: 'Keys, contract and network are proven.' }),
    heartbeat: Finding,
    query: Finding,
  },
  { $id: 'MerchantTest' },
);
export type MerchantTest = Static<typeof MerchantTest>;

export const KeyTest = Type.Object(
  {
    object: oneOf(['key_test'], 'Always key_test.'),
    ok: Type.Boolean({ description: 'Alipay accepts what the next key pair signs.' }),
    query: Finding,
  },
  { $id: 'KeyTest' },
);
export type KeyTest = Static<typeof KeyTest>;

export const MerchantQuery = Type.Object({ shop_no: Type.Optional(ShopNo), ...pageQuery }, Closed);
export type MerchantQuery = Static<typeof MerchantQuery>;
