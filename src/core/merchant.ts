/**
 * What a merchant, its Alipay app and its credentials are. Types only: they are made by flows and kept by `store/`.
 * Times in epoch milliseconds.
 */

/** `RSA2` is SHA256withRSA, today's rule; `RSA` is SHA1withRSA, for applications of before 2018. */
export type SignType = 'RSA2' | 'RSA';

/** A suspended merchant begins no payment; what it began is settled, cancelled and refunded as ever. */
export type MerchantState = 'active' | 'suspended';

/** The product of face-to-face payments at Alipay; `QR_CODE_OFFLINE` and `OFFLINE_PAYMENT` exist in other contracts. */
export const FACE_TO_FACE_PRODUCT = 'FACE_TO_FACE_PAYMENT';

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
  readonly state: MerchantState;
  /** Alipay's product codes (product_code), which follow from the merchant's contract. */
  readonly barcodeProduct: string;
  readonly qrProduct: string;
  /** What lets a service provider's app act for the merchant; null for a merchant with an app of its own. */
  readonly authorizationId: number | null;
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
  /** The key pair that is to take over; null while none is being changed. */
  readonly nextKeyId: number | null;
  /** The certificates that go with the key pair; null in key mode. */
  readonly certificateId: number | null;
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

/**
 * The certificates of an app in certificate mode, as they were uploaded; never changed. Serial numbers are Alipay's (SN): the
 * MD5 of issuer and number.
 */
export type AppCertificates = {
  readonly certificateId: number;
  readonly owner: string;
  readonly appId: string;
  /** The key pair that the app's certificate is for. */
  readonly keyId: number;
  /** PEM; Alipay's and the root's may be several, one after the other. */
  readonly appCertificate: string;
  readonly alipayCertificate: string;
  readonly rootCertificates: string;
  readonly appCertSn: string;
  readonly alipayCertSn: string;
  readonly rootCertSn: string;
  readonly appExpiresAtMs: number;
  readonly alipayExpiresAtMs: number;
  readonly createdAtMs: number;
};

/** A merchant's word that a service provider's app may act for it (app_auth_token). The token stays sealed until it is sent. */
export type Authorization = {
  readonly authorizationId: number;
  readonly merchantId: number;
  readonly appId: string;
  /** The account at Alipay that the merchant had then. */
  readonly sellerId: string;
  readonly sealedToken: string;
  /** How the token ends; its beginning is the same for many. */
  readonly hint: string;
  /** The service provider's account at Alipay (sys_service_provider_id), for its commission. */
  readonly serviceProviderId: string | null;
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
