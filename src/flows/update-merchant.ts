/**
 * Changes what is given of a merchant and leaves the rest. A new key pair is the app's, so all of the owner's shops of
 * that app use it; the old pair stays stored, and trades begun under it still resolve. Key-making and the simulator come
 * first, then one transaction with version checks.
 */
import type { AlipayAppRecord, AppKeyRecord, Merchant, SignType } from '../core/merchant.ts';
import { findApp, findAppKey, insertApp, insertAppKey, saveApp } from '../store/apps.ts';
import { inRace, RaceLost } from '../store/database.ts';
import { findMerchantById, saveMerchant } from '../store/merchants.ts';
import type { MerchantDeps, MerchantView } from './add-merchant.ts';
import { announceApp } from './announce-app.ts';
import { makeAppKey, MODULUS_BITS } from './make-app-key.ts';

export type MerchantChange = {
  readonly appId: string | undefined;
  readonly sellerId: string | undefined;
  readonly newKeyPair: boolean;
  readonly alipayPublicKey: string | undefined;
  readonly signType: SignType | undefined;
  readonly name: string | undefined;
};

export type UpdateMerchantResult =
  | { readonly kind: 'updated'; readonly view: MerchantView }
  /** The key pair is too short for the wanted sign type: a new one must be asked for in the same call. */
  | { readonly kind: 'key_too_short'; readonly signType: SignType }
  /** It is not what the caller read. */
  | { readonly kind: 'outdated' };

/** Times that a change may lose against another of the same merchant or app. */
const RACES_MAX = 5;

export async function updateMerchant(
  deps: MerchantDeps,
  merchantId: number,
  change: MerchantChange,
  isExpected: (before: MerchantView) => boolean = () => true,
): Promise<UpdateMerchantResult> {
  for (let race = 0; race < RACES_MAX; race += 1) {
    const before = await readView(deps, merchantId);
    if (!isExpected(before)) return { kind: 'outdated' };
    const plan = await planApp(deps, before, change);
    if (plan.kind === 'key_too_short') return plan;
    const { merchant, app, key } = plan;
    // Only what Alipay would have to hear of is announced: a new name needs no simulator.
    const concernsAlipay =
      plan.isNewKey ||
      plan.isNewApp ||
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
    const view: MerchantView = { merchant, app: { ...app, alipayPublicKey }, key };
    if (await store(deps, plan, view)) return { kind: 'updated', view };
  }
  throw new Error(`Merchant ${merchantId} was changed by others ${RACES_MAX} times in a row`);
}

async function readView(deps: MerchantDeps, merchantId: number): Promise<MerchantView> {
  const merchant = await findMerchantById(deps.db, merchantId);
  if (merchant === undefined) throw new Error(`Merchant ${merchantId} is missing`);
  return viewOf(deps, merchant);
}

/** A merchant with the app and key it has today. */
export async function viewOf(
  deps: Pick<MerchantDeps, 'db'>,
  merchant: Merchant,
): Promise<MerchantView> {
  const app = await findApp(deps.db, merchant.owner, merchant.appId);
  const key = app && (await findAppKey(deps.db, app.keyId));
  if (app === undefined || key === undefined) {
    throw new Error(`App ${merchant.appId} of merchant ${merchant.merchantId} is missing`);
  }
  return { merchant, app, key };
}

type Plan = {
  readonly kind: 'plan';
  readonly merchant: Merchant;
  readonly app: AlipayAppRecord;
  readonly key: AppKeyRecord;
  /** The app is new to this owner, and so is its row. */
  readonly isNewApp: boolean;
  readonly isNewKey: boolean;
};

async function planApp(
  deps: MerchantDeps,
  before: MerchantView,
  change: MerchantChange,
): Promise<Plan | Extract<UpdateMerchantResult, { kind: 'key_too_short' }>> {
  const { owner } = before.merchant;
  const appId = change.appId ?? before.merchant.appId;
  const known = await findApp(deps.db, owner, appId);
  // An app id new to the owner takes over the key pair: "both absent keep the old one".
  // Alipay's own key it must be given anew: today each app has its own.
  const noAlipayKey = { alipayPublicKey: '', alipayKeyGiven: false };
  const base = known ?? { ...before.app, ...noAlipayKey, appId, version: 0 };
  const signType = change.signType ?? base.signType;
  const old = base.keyId === before.key.keyId ? before.key : await findAppKey(deps.db, base.keyId);
  if (old === undefined) throw new Error(`The key of app ${appId} is missing`);
  if (!change.newKeyPair && old.modulusBits < MODULUS_BITS[signType]) {
    return { kind: 'key_too_short', signType };
  }
  const key = change.newKeyPair ? await makeAppKey(deps, { owner, appId, signType }) : old;
  return {
    kind: 'plan',
    isNewApp: known === undefined,
    isNewKey: change.newKeyPair,
    key,
    app: {
      ...base,
      signType,
      alipayPublicKey: change.alipayPublicKey ?? base.alipayPublicKey,
      alipayKeyGiven: base.alipayKeyGiven || change.alipayPublicKey !== undefined,
      keyId: key.keyId,
      version: base.version + 1,
    },
    merchant: {
      ...before.merchant,
      appId,
      sellerId: change.sellerId ?? before.merchant.sellerId,
      name: change.name ?? before.merchant.name,
      version: before.merchant.version + 1,
    },
  };
}

/** Stores the plan as a whole; false when another change of the merchant or the app came first. */
async function store(deps: MerchantDeps, plan: Plan, view: MerchantView): Promise<boolean> {
  const stored = await inRace(deps.db, async (tx) => {
    if (plan.isNewKey) await insertAppKey(tx, view.key);
    const wroteApp = plan.isNewApp ? await insertApp(tx, view.app) : await saveApp(tx, view.app);
    if (!wroteApp || !(await saveMerchant(tx, view.merchant))) throw new RaceLost();
    return true;
  });
  return stored ?? false;
}
