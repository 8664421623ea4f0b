/**
 * Changes what is given of a merchant and leaves the rest. A new key pair is the app's, so all of the owner's shops of
 * that app use it; the old pair stays stored, and trades begun under it still resolve. Key-making and the simulator come
 * first, then one transaction with version checks.
 */
import type { QueryOutcome } from '../alipay/outcome.ts';
import type {
  AlipayAppRecord,
  AppKeyRecord,
  Authorization,
  Merchant,
  MerchantState,
  SignType,
} from '../core/merchant.ts';
import { insertAuthorization } from '../store/app-credentials.ts';
import { findApp, findAppKey, insertApp, insertAppKey, saveApp } from '../store/apps.ts';
import { inRace, RaceLost, type Queryable } from '../store/database.ts';
import { saveMerchant } from '../store/merchants.ts';
import type { MerchantDeps, Products } from './add-merchant.ts';
import { announceApp } from './announce-app.ts';
import { sealAuthorization, type AuthorizationInput } from './authorize-app.ts';
import type { Deps } from './deps.ts';
import { signingApp } from './load-app.ts';
import { makeAppKey, MODULUS_BITS } from './make-app-key.ts';
import { readView, type MerchantView } from './merchant-view.ts';
import { askForNoTrade } from './prove-app.ts';

export type MerchantChange = {
  readonly appId: string | undefined;
  readonly sellerId: string | undefined;
  readonly newKeyPair: boolean;
  readonly alipayPublicKey: string | undefined;
  readonly signType: SignType | undefined;
  readonly name: string | undefined;
  readonly state?: MerchantState | undefined;
  readonly products?: Products | undefined;
  /** Null ends the one that the merchant gave. It is an app's: another app id without a new one ends it, too. */
  readonly authorization?: AuthorizationInput | null | undefined;
  /** Back to bare keys, for all merchants of the app. */
  readonly leaveCertificates?: boolean | undefined;
};

export type UpdateMerchantResult =
  | { readonly kind: 'updated'; readonly view: MerchantView }
  /** The key pair is too short for the wanted sign type: a new one must be asked for in the same call. */
  | { readonly kind: 'key_too_short'; readonly signType: SignType }
  /** The app has certificates, which are of its key pair, bring Alipay's key, and go with RSA2 alone. */
  | { readonly kind: 'has_certificates'; readonly forbid: 'key_pair' | 'alipay_key' | 'sign_type' }
  /** The merchant's authorisation is of its account: with another account there must be another, or none. */
  | { readonly kind: 'authorization_needed' }
  /** Alipay did not answer a question that was asked as all would be asked after the change. */
  | { readonly kind: 'not_proven'; readonly proof: QueryOutcome }
  /** It is not what the caller read. */
  | { readonly kind: 'outdated' };

/** Times that a change may lose against another of the same merchant or app: a script may change all shops of an app at once. */
export const RACES_MAX = 50;

type UpdateDeps = MerchantDeps & Pick<Deps, 'keyRing' | 'alipay'>;

export async function updateMerchant(
  deps: UpdateDeps,
  merchantId: number,
  change: MerchantChange,
  isExpected: (before: MerchantView) => boolean = () => true,
): Promise<UpdateMerchantResult> {
  for (let race = 0; race < RACES_MAX; race += 1) {
    const before = await readView(deps, merchantId);
    if (!isExpected(before)) return { kind: 'outdated' };
    const plan = await planApp(deps, before, change);
    if (plan.kind !== 'plan') return plan;
    const unproven = await proveTakeover(deps, before, plan, change);
    if (unproven !== undefined) return { kind: 'not_proven', proof: unproven };
    const { merchant, app, key } = plan;
    // Only what Alipay would have to hear of is announced: a new name needs no simulator.
    const concernsAlipay =
      plan.isNewKey ||
      plan.known === undefined ||
      change.sellerId !== undefined ||
      change.signType !== undefined;
    const announced = concernsAlipay
      ? await announceApp(deps, {
          appId: app.appId,
          sellerId: merchant.sellerId,
          publicKey: key.publicKey,
          signType: app.signType,
        })
      : undefined;
    const alipayPublicKey = app.alipayKeyGiven
      ? app.alipayPublicKey
      : (announced ?? app.alipayPublicKey);
    const view = { merchant, app: changedOnly(plan, { ...app, alipayPublicKey }), key };
    if (await store(deps, plan, view)) return { kind: 'updated', view };
  }
  throw new Error(`Merchant ${merchantId} was changed by others ${RACES_MAX} times in a row`);
}

type Plan = {
  readonly kind: 'plan';
  readonly merchant: Merchant;
  readonly app: AlipayAppRecord;
  readonly key: AppKeyRecord;
  /** The app as it was read; undefined when it is new to this owner, and so is its row. */
  readonly known: AlipayAppRecord | undefined;
  readonly isNewKey: boolean;
  /** To be stored with it. */
  readonly authorization: Authorization | undefined;
};

async function planApp(
  deps: MerchantDeps,
  before: MerchantView,
  change: MerchantChange,
): Promise<Plan | Exclude<UpdateMerchantResult, { kind: 'updated' | 'outdated' }>> {
  if (needsAuthorization(before.merchant, change)) return { kind: 'authorization_needed' };
  const { owner } = before.merchant;
  const appId = change.appId ?? before.merchant.appId;
  const known = await findApp(deps.db, owner, appId);
  // An app id new to the owner takes over the key pair: "both absent keep the old one".
  // Alipay's own key it must be given anew: today each app has its own.
  const ofAnother = { alipayPublicKey: '', alipayKeyGiven: false, nextKeyId: null };
  const base = known ?? { ...before.app, ...ofAnother, certificateId: null, appId, version: 0 };
  const signType = change.signType ?? base.signType;
  const old = base.keyId === before.key.keyId ? before.key : await findAppKey(deps.db, base.keyId);
  if (old === undefined) throw new Error(`The key of app ${appId} is missing`);
  if (!change.newKeyPair && old.modulusBits < MODULUS_BITS[signType]) {
    return { kind: 'key_too_short', signType };
  }
  const certificateId = change.leaveCertificates === true ? null : base.certificateId;
  const forbid = certificateId === null ? undefined : certificatesForbid(base, change, signType);
  if (forbid !== undefined) return { kind: 'has_certificates', forbid };
  const key = change.newKeyPair ? await makeAppKey(deps, { owner, appId, signType }) : old;
  const sellerId = change.sellerId ?? before.merchant.sellerId;
  const { merchantId } = before.merchant;
  const authorization =
    change.authorization &&
    (await sealAuthorization(deps, deps.db, { merchantId, appId, sellerId }, change.authorization));
  return {
    kind: 'plan',
    authorization: authorization ?? undefined,
    known,
    isNewKey: change.newKeyPair,
    key,
    app: {
      ...base,
      signType,
      alipayPublicKey: change.alipayPublicKey ?? base.alipayPublicKey,
      alipayKeyGiven: base.alipayKeyGiven || change.alipayPublicKey !== undefined,
      keyId: key.keyId,
      certificateId,
      version: base.version + 1,
    },
    merchant: {
      ...before.merchant,
      appId,
      sellerId,
      name: change.name ?? before.merchant.name,
      state: change.state ?? before.merchant.state,
      barcodeProduct: change.products?.barcodeProduct ?? before.merchant.barcodeProduct,
      qrProduct: change.products?.qrProduct ?? before.merchant.qrProduct,
      authorizationId:
        authorization?.authorizationId ?? keptAuthorization(before.merchant, appId, change),
      version: before.merchant.version + 1,
    },
  };
}

function needsAuthorization(
  before: Merchant,
  { sellerId, authorization }: MerchantChange,
): boolean {
  const isOfAnother = sellerId !== undefined && sellerId !== before.sellerId;
  return isOfAnother && before.authorizationId !== null && authorization === undefined;
}

function certificatesForbid(
  { alipayPublicKey }: AlipayAppRecord,
  change: MerchantChange,
  signType: SignType,
): Extract<UpdateMerchantResult, { kind: 'has_certificates' }>['forbid'] | undefined {
  if (change.newKeyPair) return 'key_pair';
  if ((change.alipayPublicKey ?? alipayPublicKey) !== alipayPublicKey) return 'alipay_key';
  return signType === 'RSA2' ? undefined : 'sign_type';
}

function keptAuthorization(
  before: Merchant,
  appId: string,
  { authorization }: MerchantChange,
): number | null {
  return authorization === null || appId !== before.appId ? null : before.authorizationId;
}

/**
 * What Alipay said to a question as all would be asked after the change; undefined where it may be made. It is asked where another
 * authorisation, or bare keys, take the place of what works: a typing error, or bare keys that Alipay takes no more, would end it.
 * A first authorisation is not asked about: it may be given before the keys are at Alipay.
 */
async function proveTakeover(
  deps: UpdateDeps,
  { merchant: before }: MerchantView,
  { known, app, key, isNewKey, merchant, authorization: sealed }: Plan,
  { authorization }: MerchantChange,
): Promise<QueryOutcome | undefined> {
  const isRenewed =
    sealed !== undefined && before.authorizationId !== null && before.appId === app.appId;
  const leavesCertificates = app.certificateId !== (known?.certificateId ?? null);
  if (!isRenewed && !leavesCertificates) return undefined;
  if (isNewKey || app.alipayPublicKey === '') return undefined;
  // A new one is not stored yet.
  const stored = sealed === undefined ? merchant.authorizationId : null;
  const signing = await signingApp(deps, app, key.keyId, stored);
  const proof = await askForNoTrade(
    deps,
    authorization
      ? {
          ...signing,
          appAuthToken: authorization.token,
          serviceProviderId: authorization.serviceProviderId ?? undefined,
        }
      : signing,
  );
  return proof.kind === 'absent' ? undefined : proof;
}

/** What an update may change of an app. */
const CHANGEABLE = [
  'signType',
  'alipayPublicKey',
  'alipayKeyGiven',
  'keyId',
  'certificateId',
] as const;

/** The app as it was read where nothing of it changes: an app's merchants would be in each other's way, and in their ETags. */
function changedOnly({ known }: Plan, app: AlipayAppRecord): AlipayAppRecord {
  const isAsKnown = known !== undefined && CHANGEABLE.every((name) => app[name] === known[name]);
  return isAsKnown ? known : app;
}

/** Stores the plan as a whole; false when another change of the merchant or the app came first. */
async function store(deps: MerchantDeps, plan: Plan, view: MerchantView): Promise<boolean> {
  const stored = await inRace(deps.db, async (tx) => {
    if (plan.isNewKey) await insertAppKey(tx, view.key);
    if (plan.authorization !== undefined) await insertAuthorization(tx, plan.authorization);
    if (!(await storeApp(tx, plan, view.app)) || !(await saveMerchant(tx, view.merchant)))
      throw new RaceLost();
    return true;
  });
  return stored ?? false;
}

async function storeApp(tx: Queryable, { known }: Plan, app: AlipayAppRecord): Promise<boolean> {
  if (app === known) return true;
  return known === undefined ? insertApp(tx, app) : saveApp(tx, app);
}
