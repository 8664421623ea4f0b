/**
 * The shapes of merchants and their Alipay application in the v2 API.
 */
import { Type, type Static } from 'typebox';
import { APP_ID_PATTERN, PID_PATTERN, SHOP_NO_PATTERN, TEXT_LIMITS } from '../../core/limits.ts';
import { Closed, nullable, oneOf, pageQuery, text, Time } from './schemas.ts';

/** The longest key that anybody pastes: a PEM of 4096 bits is below 1 KB. */
const KEY_LENGTH_MAX = 4096;

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
const Name = text(TEXT_LIMITS.merchantName, 'For people.');

export const MerchantCreate = Type.Object(
  {
    shop_no: ShopNo,
    name: Type.Optional(Name),
    seller_id: SellerId,
    app_id: AppId,
    sign_type: Type.Optional(SignType),
    alipay_public_key: Type.Optional(AlipayPublicKey),
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
  },
  { ...Closed, minProperties: 1 },
);
export type MerchantChange = Static<typeof MerchantChange>;

export const IfMatchHeaders = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      description: 'The ETag that you read: a change by others since is then refused.',
    }),
  ),
});

export const MerchantResource = Type.Object(
  {
    id: Type.String(),
    object: oneOf(['merchant'], 'Always merchant.'),
    shop_no: Type.String(),
    store_no: Type.String({ description: 'Its number within the account at Alipay.' }),
    name: nullable(Type.String()),
    seller_id: Type.String(),
    app: Type.Object({
      app_id: Type.String(),
      sign_type: SignType,
      public_key: Type.String({ description: 'Ours: give it to Alipay for the application.' }),
      alipay_public_key: nullable(
        Type.String({ description: 'Alipay’s; null while nobody gave it.' }),
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

export const MerchantQuery = Type.Object(pageQuery, Closed);
export type MerchantQuery = Static<typeof MerchantQuery>;
