/**
 * Registers a shop. Its app's key pair is made on first sight of the app and shared by the owner's shops of that app.
 * Everything slow (making keys, telling the simulator) comes first; one transaction then stores all of it or nothing.
 */
import {
  FACE_TO_FACE_PRODUCT,
  type AlipayAppRecord,
  type AppKeyRecord,
  type Merchant,
  type SignType,
} from '../core/merchant.ts';
import { formatCpiNo, formatStoreNo } from '../core/numbers.ts';
import { shanghaiDay } from '../core/time.ts';
import { insertAuthorization } from '../store/app-credentials.ts';
import { findApp, findAppKey, insertApp, insertAppKey, saveApp } from '../store/apps.ts';
import { takeNumbers } from '../store/counters.ts';
import { inRace, RaceLost, type Queryable } from '../store/database.ts';
import { insertMerchant, isShopNoTaken } from '../store/merchants.ts';
import { announceApp } from './announce-app.ts';
import { sealAuthorization, type AuthorizationInput } from './authorize-app.ts';
import { nothingBeside, type Beside } from './beside.ts';
import type { Deps } from './deps.ts';
import { makeAppKey } from './make-app-key.ts';
import type { MerchantView } from './merchant-view.ts';

export type MerchantInput = {
  readonly shopNo: string;
  readonly sellerId: string;
  readonly appId: string;
  /** Alipay's public key for the app, base64 DER, checked; undefined when the caller gives none. */
  readonly alipayPublicKey: string | undefined;
  /** Whether it may take the place of another that somebody gave, for all of the owner's shops of the app. */
  readonly mayReplaceAlipayKey?: boolean | undefined;
  readonly signType: SignType | undefined;
  readonly name: string | undefined;
  readonly products?: Products | undefined;
  readonly authorization?: AuthorizationInput | undefined;
};

/** Alipay's product codes. */
export type Products = {
  readonly barcodeProduct: string | undefined;
  readonly qrProduct: string | undefined;
};

export type AddMerchantResult =
  | { readonly kind: 'added'; readonly view: MerchantView }
  | { readonly kind: 'shop_no_taken' }
  /** The owner's app has this other sign type already; changing it is an update. */
  | { readonly kind: 'other_sign_type'; readonly signType: SignType }
  /** The owner's app has certificates, which bring Alipay's key: another one would be believed instead of it. */
  | { readonly kind: 'has_certificates' }
  /** Somebody gave the owner's app another one; changing it is an update. */
  | { readonly kind: 'other_alipay_key' };

export type MerchantDeps = Pick<
  Deps,
  'db' | 'clock' | 'vault' | 'makeKeyPair' | 'send' | 'settings'
>;

export async function addMerchant(
  deps: MerchantDeps,
  owner: string,
  input: MerchantInput,
  beside: Beside<MerchantView> = nothingBeside,
): Promise<AddMerchantResult> {
  if (await isShopNoTaken(deps.db, input.shopNo)) return { kind: 'shop_no_taken' };
  const known = await findApp(deps.db, owner, input.appId);
  if (known && input.signType !== undefined && input.signType !== known.signType) {
    return { kind: 'other_sign_type', signType: known.signType };
  }
  const signType = known?.signType ?? input.signType ?? 'RSA2';
  const madeKey = known
    ? undefined
    : await makeAppKey(deps, { owner, appId: input.appId, signType });
  const key = madeKey ?? (known && (await findAppKey(deps.db, known.keyId)));
  if (key === undefined) throw new Error(`The key of app ${input.appId} is missing`);
  const announced = await announceApp(deps, {
    appId: input.appId,
    sellerId: input.sellerId,
    publicKey: key.publicKey,
    signType,
  });
  for (;;) {
    const added = await inRace(deps.db, async (tx) => {
      const result = await store(deps, tx, owner, { input, key, announced });
      if (result.kind === 'added') await beside(tx, result.view);
      return result;
    });
    // Another node stored the shop, or the app, in between: look again, at what it wrote.
    if (added !== undefined) return added;
  }
}

type Prepared = {
  readonly input: MerchantInput;
  readonly key: AppKeyRecord;
  /** Alipay's key, as the simulator tells it. */
  readonly announced: string | undefined;
};

async function store(
  deps: MerchantDeps,
  tx: Queryable,
  owner: string,
  prepared: Prepared,
): Promise<AddMerchantResult> {
  const nowMs = deps.clock.nowMs();
  const { shopNo, sellerId, appId, name, products } = prepared.input;
  if (await isShopNoTaken(tx, shopNo)) return { kind: 'shop_no_taken' };
  const app = await storeApp(tx, owner, prepared);
  if (typeof app === 'string') return { kind: app };
  const merchantId = await takeNumbers(tx, 'merchant', 1);
  const merchant: Merchant = {
    merchantId,
    cpiNo: formatCpiNo(shanghaiDay(nowMs), await takeNumbers(tx, 'cpi_no', 1)),
    shopNo,
    storeNo: formatStoreNo(await takeNumbers(tx, `store_no:${sellerId}`, 1)),
    owner,
    appId,
    sellerId,
    name: name ?? null,
    state: 'active',
    barcodeProduct: products?.barcodeProduct ?? FACE_TO_FACE_PRODUCT,
    qrProduct: products?.qrProduct ?? FACE_TO_FACE_PRODUCT,
    authorizationId: await storeAuthorization(deps, tx, merchantId, prepared.input),
    createdAtMs: nowMs,
    version: 1,
  };
  if (!(await insertMerchant(tx, merchant))) throw new RaceLost();
  const isOurs = app.keyId === prepared.key.keyId;
  const key = isOurs ? prepared.key : await findAppKey(tx, app.keyId);
  if (key === undefined) throw new Error(`The key of app ${appId} is missing`);
  return { kind: 'added', view: { merchant, app, key } };
}

async function storeAuthorization(
  deps: MerchantDeps,
  tx: Queryable,
  merchantId: number,
  { appId, sellerId, authorization }: MerchantInput,
): Promise<number | null> {
  if (authorization === undefined) return null;
  const merchant = { merchantId, appId, sellerId };
  const sealed = await sealAuthorization(deps, tx, merchant, authorization);
  await insertAuthorization(tx, sealed);
  return sealed.authorizationId;
}

/** Stores the app on first sight, or takes what the owner's other shops have, with a newly given key of Alipay if that may be. */
async function storeApp(
  tx: Queryable,
  owner: string,
  { input, key, announced }: Prepared,
): Promise<AlipayAppRecord | 'has_certificates' | 'other_alipay_key'> {
  const current = await findApp(tx, owner, input.appId);
  if (current === undefined) {
    const app: AlipayAppRecord = {
      owner,
      appId: input.appId,
      signType: key.signType,
      alipayPublicKey: input.alipayPublicKey ?? announced ?? '',
      alipayKeyGiven: input.alipayPublicKey !== undefined,
      keyId: key.keyId,
      nextKeyId: null,
      certificateId: null,
      version: 1,
    };
    await insertAppKey(tx, key);
    if (!(await insertApp(tx, app))) throw new RaceLost();
    return app;
  }
  // Another call made the app while this one made keys: its key is the app's, ours was never used.
  const alipayPublicKey = input.alipayPublicKey ?? (current.alipayKeyGiven ? undefined : announced);
  if (alipayPublicKey === undefined || alipayPublicKey === current.alipayPublicKey) return current;
  if (current.certificateId !== null) return 'has_certificates';
  if (current.alipayKeyGiven && input.mayReplaceAlipayKey !== true) return 'other_alipay_key';
  const app: AlipayAppRecord = {
    ...current,
    alipayPublicKey,
    alipayKeyGiven: current.alipayKeyGiven || input.alipayPublicKey !== undefined,
    version: current.version + 1,
  };
  if (!(await saveApp(tx, app))) throw new RaceLost();
  return app;
}
