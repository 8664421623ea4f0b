/**
 * Merchants over v2: an operator registers shops and looks at all of them, a merchant at itself. Keys are made by the gateway;
 * no answer holds a private one.
 */
import type { Caller } from '../../core/caller.ts';
import type { MerchantWithApp } from '../../core/merchant.ts';
import { rfc3339 } from '../../core/time.ts';
import { addMerchant } from '../../flows/add-merchant.ts';
import {
  detailsOf,
  viewOf,
  type MerchantDetails,
  type MerchantView,
} from '../../flows/merchant-view.ts';
import type { Products } from '../../flows/add-merchant.ts';
import type { AuthorizationInput } from '../../flows/authorize-app.ts';
import type { NextKeyProof } from '../../flows/change-key.ts';
import type { Deps } from '../../flows/deps.ts';
import { proveApp } from '../../flows/prove-app.ts';
import { readPublicKey } from '../../flows/read-public-key.ts';
import { testMerchant } from '../../flows/test-merchant.ts';
import { updateMerchant } from '../../flows/update-merchant.ts';
import { pageMerchants } from '../../store/merchants.ts';
import { merchantOf } from './caller.ts';
import { fromPlaceCursor, toPlaceCursor } from './cursor.ts';
import { isMatch } from './entity-tag.ts';
import { merchantId } from './ids.ts';
import type {
  MerchantChange,
  MerchantCreate,
  MerchantQuery,
  MerchantResource,
  MerchantTest,
} from './merchant-schemas.ts';
import type { Keep } from './made-once.ts';
import { invalidField, Problem } from './problems.ts';
import { PAGE_DEFAULT } from './schemas.ts';

/** Whose the shops are that an operator registers here; v1's belong to the dongle that registered them. */
const OWNER = 'operator';

export async function createMerchant(
  deps: Deps,
  caller: Caller,
  wanted: MerchantCreate,
  keep: Keep,
): Promise<void> {
  requireOperator(caller);
  const input = {
    shopNo: wanted.shop_no,
    sellerId: wanted.seller_id,
    appId: wanted.app_id,
    alipayPublicKey: keyOf(wanted.alipay_public_key),
    signType: wanted.sign_type,
    name: wanted.name,
    products: productsOf(wanted),
    authorization: authorizationOf(wanted.authorization) ?? undefined,
  };
  const result = await addMerchant(deps, OWNER, input, async (tx, made) => {
    const view = await detailsOf({ db: tx }, made);
    await keep(tx, { status: 201, body: merchantView(view), etag: etagOf(view) });
  });
  if (result.kind === 'shop_no_taken') throw new Problem('shop_no_taken', { field: 'shop_no' });
  if (result.kind === 'other_sign_type') {
    const { signType } = result;
    throw invalidField(
      'sign_type',
      `the application has ${signType} already: change it at one of its merchants`,
      `该应用已使用 ${signType}，请在其商户上修改`,
    );
  }
  if (result.kind === 'has_certificates') {
    throw invalidField(
      'alipay_public_key',
      'the application has certificates, which bring it: leave it out',
      '该应用已使用证书，证书中已有支付宝公钥，请不填写',
    );
  }
  if (result.kind === 'other_alipay_key') {
    throw invalidField(
      'alipay_public_key',
      'the application has another already: leave it out, or change it at one of its merchants',
      '该应用已有另一个：请不填写，或在其商户上修改',
    );
  }
}

function productsOf({ product_codes: codes }: MerchantChange): Products {
  return { barcodeProduct: codes?.barcode, qrProduct: codes?.qr };
}

function authorizationOf(
  wanted: MerchantChange['authorization'],
): AuthorizationInput | null | undefined {
  if (wanted === undefined || wanted === null) return wanted;
  const { app_auth_token: token, service_provider_id: serviceProviderId = null } = wanted;
  return { token, serviceProviderId };
}

/**
 * Applications are shared by the merchants of an operator: whoever changed one, or moved to another's, would sign for others
 * and be believed for them.
 */
export function requireOperator({ merchantId }: Caller): void {
  if (merchantId === null) return;
  throw new Problem('permission_denied', {
    detail: {
      en: 'Only whoever is for all merchants may register merchants, or change more than a name.',
      zh: '只有面向所有商户的密钥或用户可以登记商户，或修改名称以外的内容。',
    },
  });
}

function keyOf(pasted: string | undefined): string | undefined {
  if (pasted === undefined) return undefined;
  const read = readPublicKey(pasted);
  if (read.ok) return read.publicKey;
  throw invalidField(
    'alipay_public_key',
    `must be an RSA public key (${read.detail})`,
    `须为 RSA 公钥（${read.detail}）`,
  );
}

/** The classic mistake: then no answer of Alipay could be verified any more. */
async function requireAlipays(
  deps: Deps,
  merchant: MerchantWithApp,
  publicKey: string | undefined,
): Promise<void> {
  if (publicKey === undefined) return;
  const { key, nextKey } = await detailsOf(deps, await viewOf(deps, merchant));
  if (![key.publicKey, nextKey?.publicKey].includes(publicKey)) return;
  throw invalidField(
    'alipay_public_key',
    'is the application’s own: copy the one that Alipay calls 支付宝公钥',
    '是应用自己的公钥，请复制“支付宝公钥”',
  );
}

/** The merchant with this id, if the key may see it. Throws `merchant_not_found`. */
export async function getMerchant(
  deps: Deps,
  caller: Caller,
  id: string,
): Promise<MerchantDetails> {
  return detailsOf(deps, await viewOf(deps, await merchantOf(deps, caller, id)));
}

/** Oldest first. */
export async function listMerchants(deps: Deps, caller: Caller, query: MerchantQuery) {
  const limit = query.limit ?? PAGE_DEFAULT;
  const found = await pageMerchants(deps.db, {
    merchantId: caller.merchantId,
    shopNo: query.shop_no,
    afterId: query.cursor === undefined ? 0 : fromPlaceCursor(query.cursor),
    // One more tells whether there is a next page.
    limit: limit + 1,
  });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  const views = await Promise.all(
    page.map(async (merchant) => detailsOf(deps, await viewOf(deps, merchant))),
  );
  return {
    object: 'list' as const,
    data: views.map(merchantView),
    next_cursor: last === undefined ? null : toPlaceCursor(last.merchantId),
  };
}

/** What an application's certificates forbid. */
const FORBIDDEN = {
  sign_type: () =>
    invalidField(
      'sign_type',
      'must be RSA2 while the application has certificates',
      '应用使用证书时须为 RSA2',
    ),
  alipay_key: () =>
    invalidField(
      'alipay_public_key',
      'comes with the certificates that the application has; leave_certificates goes back to bare keys',
      '应用使用证书时由证书给出；要回到公钥模式请加 leave_certificates',
    ),
  // No operation of v2 makes a pair that is used at once.
  key_pair: () => new Error('v2 changes a key pair by its next one'),
} as const;

/** `ifMatch`: the version that the caller read; another one is a problem. */
export async function changeMerchant(
  deps: Deps,
  caller: Caller,
  merchant: MerchantWithApp,
  wanted: MerchantChange,
  ifMatch: string | undefined,
): Promise<MerchantDetails> {
  const { name: _, ...ofAlipay } = wanted;
  if (Object.keys(ofAlipay).length > 0) requireOperator(caller);
  const alipayPublicKey = keyOf(wanted.alipay_public_key);
  await requireAlipays(deps, merchant, alipayPublicKey);
  const change = {
    appId: wanted.app_id,
    sellerId: wanted.seller_id,
    newKeyPair: false,
    alipayPublicKey,
    signType: wanted.sign_type,
    name: wanted.name,
    products: productsOf(wanted),
    authorization: authorizationOf(wanted.authorization),
    leaveCertificates: wanted.leave_certificates,
  };
  const isExpected = (before: MerchantView): boolean => isMatch(ifMatch, etagOf(before));
  const result = await updateMerchant(deps, merchant.merchantId, change, isExpected);
  if (result.kind === 'outdated') throw new Problem('precondition_failed');
  if (result.kind === 'has_certificates') throw FORBIDDEN[result.forbid]();
  if (result.kind === 'authorization_needed') {
    throw invalidField(
      'authorization',
      'is of the account that changes here: give the new account’s with it, or null',
      '属于所更改的账户：请一并给出新账户的授权，或 null',
    );
  }
  if (result.kind === 'not_proven') throw notProven(result.proof);
  if (result.kind === 'key_too_short') {
    throw invalidField(
      'sign_type',
      `${result.signType} needs a longer key than the application has: make a new key pair first`,
      `${result.signType} 需要更长的密钥，请先更换密钥对`,
    );
  }
  return detailsOf(deps, result.view);
}

/** Names what was read: another merchant of the application may change that, too. */
export function etagOf({ merchant, app }: MerchantView): string {
  return `"${merchant.version}.${app.version}"`;
}

export function merchantView(details: MerchantDetails): MerchantResource {
  const { merchant, app, key, nextKey, certificates, authorization } = details;
  return {
    id: merchantId(merchant.cpiNo),
    object: 'merchant',
    shop_no: merchant.shopNo,
    store_no: merchant.storeNo,
    name: merchant.name,
    state: merchant.state,
    seller_id: merchant.sellerId,
    product_codes: { barcode: merchant.barcodeProduct, qr: merchant.qrProduct },
    authorization: authorization && {
      hint: authorization.hint,
      service_provider_id: authorization.serviceProviderId,
      given_at: rfc3339(authorization.createdAtMs),
    },
    app: {
      app_id: app.appId,
      sign_type: app.signType,
      public_key: key.publicKey,
      alipay_public_key: app.alipayPublicKey === '' ? null : app.alipayPublicKey,
      next_key: nextKey && {
        public_key: nextKey.publicKey,
        sign_type: nextKey.signType,
        created_at: rfc3339(nextKey.createdAtMs),
      },
      certificates: certificates && {
        app: certificateOf(certificates.appCertSn, certificates.appExpiresAtMs),
        alipay: certificateOf(certificates.alipayCertSn, certificates.alipayExpiresAtMs),
        alipay_root_serial_no: certificates.rootCertSn,
      },
    },
    created_at: rfc3339(merchant.createdAtMs),
  };
}

function certificateOf(serialNo: string, expiresAtMs: number) {
  return { serial_no: serialNo, expires_at: rfc3339(expiresAtMs) };
}

/** Asks Alipay two questions that move nothing: whether it hears the shop, and about a trade that cannot exist. */
export async function tryMerchant(deps: Deps, merchant: MerchantWithApp): Promise<MerchantTest> {
  const [heartbeat, query] = [await testMerchant(deps, merchant), await proveApp(deps, merchant)];
  const isProven = query.kind === 'absent';
  return {
    object: 'merchant_test',
    ok: isProven && heartbeat.kind === 'ok',
    heartbeat: finding(heartbeat, heartbeat.kind === 'ok'),
    query: finding(query, isProven),
  };
}

export type Heard = {
  readonly kind: string;
  readonly answer?:
    | {
        readonly code: string;
        readonly subCode?: string | undefined;
        readonly subMsg?: string | undefined;
      }
    | undefined;
  readonly detail?: string | undefined;
};

export function finding({ kind, answer, detail }: Heard, isOk: boolean): MerchantTest['query'] {
  if (isOk) return { result: 'ok', code: null, message: null };
  if (kind === 'not_configured') return { result: 'not_configured', code: null, message: null };
  return {
    result: kind === 'refused' ? 'refused' : 'no_answer',
    code: answer?.subCode ?? answer?.code ?? null,
    message: answer?.subMsg ?? detail ?? null,
  };
}

/** Why Alipay did not accept what was to take over. */
export function notProven(proof: NextKeyProof): Problem {
  if (proof.kind === 'no_next_key') return new Problem('no_next_key');
  if (proof.kind === 'not_configured') return new Problem('merchant_not_configured');
  const { code, message } = finding(proof, false);
  const answer = 'answer' in proof ? proof.answer : undefined;
  const said = message ?? code;
  return new Problem('credentials_not_proven', {
    ...(answer === undefined
      ? {}
      : { alipay: { code: answer.code, sub_code: answer.subCode ?? null } }),
    ...(said === null
      ? {}
      : {
          detail: {
            en: `Alipay did not accept them (${said}). Nothing was changed.`,
            zh: `支付宝没有接受（${said}）。未作任何更改。`,
          },
        }),
  });
}
