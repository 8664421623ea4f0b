/**
 * What a merchant, its Alipay app and its credentials are. Types only: they are made by flows and kept by `store/`.
 * Times in epoch milliseconds.
 */

/** `RSA2` is SHA256withRSA, today's rule; `RSA` is SHA1withRSA, for applications of before 2018. */
export type SignType = 'RSA2' | 'RSA';

/** A shop registered with the gateway (v1: company). */
export type Merchant = {
  readonly merchantId: number;
  /** v1 `cpiNo`, e.g. `DL20160328000001`. */
  readonly cpiNo: string;
  /** The number its vendor gave it (v1 `storeDogNo`), unique in the gateway. */
  readonly shopNo: string;
  /** Its number within the account at Alipay, e.g. `001`. */
  readonly storeNo: string;
  /** The dongle that registered it. */
  readonly owner: string;
  readonly appId: string;
  /** The account at Alipay that receives the money (PID). */
  readonly sellerId: string;
  readonly name: string | null;
  readonly createdAtMs: number;
  readonly version: number;
};

/** An Alipay application as one owner uses it; shared by the owner's merchants of this app id. */
export type AlipayAppRecord = {
  readonly owner: string;
  readonly appId: string;
  readonly signType: SignType;
  /** Base64 DER; empty while nobody gave one: then nothing can be verified and nothing is sent. */
  readonly alipayPublicKey: string;
  /** True when a person gave that key: then nothing overwrites it. */
  readonly alipayKeyGiven: boolean;
  readonly keyId: number;
  readonly version: number;
};

/** A merchant with the app that its new charges use. */
export type MerchantWithApp = Merchant & { readonly app: AlipayAppRecord };

/** A key pair of an app; the private key stays sealed until it signs. */
export type AppKeyRecord = {
  readonly keyId: number;
  readonly owner: string;
  readonly appId: string;
  readonly signType: SignType;
  readonly modulusBits: number;
  /** SubjectPublicKeyInfo, base64 DER without armour. */
  readonly publicKey: string;
  readonly sealedPrivateKey: string;
  readonly createdAtMs: number;
};

/** A credential holder of the v1 API (加密狗). */
export type Dongle = {
  readonly dongleNo: string;
  readonly state: 'registered' | 'issued' | 'revoked';
  readonly secretHash: string | null;
  /** An operator registered it. Under the allow-list nothing else counts, also not a key from an open trial. */
  readonly isRegistered: boolean;
  readonly createdAtMs: number;
  readonly version: number;
};
