/**
 * Changes an app's key pair without a gap: the next one is made and shown, a person uploads it to Alipay, and it takes over
 * once Alipay has answered a question that it signed. In between Alipay may know either: `ask-alipay.ts` tries both. The pair
 * that was replaced stays stored, and trades begun under it still resolve.
 */
import type { QueryOutcome } from '../alipay/outcome.ts';
import type { AlipayAppRecord, SignType } from '../core/merchant.ts';
import { findCertificatesOfKey } from '../store/app-credentials.ts';
import { findAppKey, insertAppKey, saveApp } from '../store/apps.ts';
import { inRace, RaceLost } from '../store/database.ts';
import type { MerchantDeps } from './add-merchant.ts';
import { announceApp } from './announce-app.ts';
import type { Deps } from './deps.ts';
import { signingApp } from './load-app.ts';
import { makeAppKey } from './make-app-key.ts';
import { readView, type MerchantView } from './merchant-view.ts';
import { askForNoTrade } from './prove-app.ts';
import { RACES_MAX } from './update-merchant.ts';

/** Makes the pair that is to take over, or gives the one that was made before and has not. */
export async function makeNextKey(
  deps: MerchantDeps,
  merchantId: number,
  signType: SignType | undefined,
): Promise<MerchantView> {
  return changeApp(deps, merchantId, async ({ merchant, app }) => {
    const wanted = signType ?? app.signType;
    const made = app.nextKeyId === null ? undefined : await findAppKey(deps.db, app.nextKeyId);
    if (made?.signType === wanted) return { kind: 'kept' };
    const { owner, appId } = app;
    const key = await makeAppKey(deps, { owner, appId, signType: wanted });
    await announceApp(deps, {
      appId,
      sellerId: merchant.sellerId,
      publicKey: key.publicKey,
      signType: wanted,
    });
    return { kind: 'changed', app: { ...app, nextKeyId: key.keyId }, key };
  });
}

/** Gives up the pair that was to take over. */
export async function dropNextKey(deps: MerchantDeps, merchantId: number): Promise<MerchantView> {
  return changeApp(deps, merchantId, async ({ app }) =>
    app.nextKeyId === null
      ? { kind: 'kept' }
      : { kind: 'changed', app: { ...app, nextKeyId: null } },
  );
}

export type NextKeyProof = QueryOutcome | { readonly kind: 'no_next_key' | 'not_configured' };

/** Asks Alipay about a trade that cannot exist, signed by the next pair. It is proven when that answers `absent`. */
export async function proveNextKey(
  deps: Pick<Deps, 'db' | 'keyRing' | 'alipay'>,
  { merchant, app }: MerchantView,
): Promise<NextKeyProof> {
  if (app.nextKeyId === null) return { kind: 'no_next_key' };
  if (app.alipayPublicKey === '') return { kind: 'not_configured' };
  const next = await signingApp(deps, app, app.nextKeyId, merchant.authorizationId);
  return askForNoTrade(deps, next);
}

export type TakeOverResult =
  | { readonly kind: 'taken_over'; readonly view: MerchantView }
  | { readonly kind: 'not_proven'; readonly proof: NextKeyProof };

/** Proves the next pair, and signs with it from now on. Nothing is changed when Alipay does not accept it, or is silent. */
export async function takeOverNextKey(
  deps: MerchantDeps & Pick<Deps, 'keyRing' | 'alipay'>,
  merchantId: number,
): Promise<TakeOverResult> {
  let failed: NextKeyProof | undefined;
  const view = await changeApp(deps, merchantId, async (before) => {
    const proof = await proveNextKey(deps, before);
    failed = proof.kind === 'absent' ? undefined : proof;
    const { nextKeyId } = before.app;
    const next = nextKeyId === null ? undefined : await findAppKey(deps.db, nextKeyId);
    if (failed !== undefined || next === undefined) return { kind: 'kept' };
    const certificates = await findCertificatesOfKey(deps.db, next.keyId);
    const app = {
      ...before.app,
      keyId: next.keyId,
      signType: next.signType,
      nextKeyId: null,
      certificateId: certificates?.certificateId ?? null,
    };
    return { kind: 'changed', app };
  });
  return failed === undefined
    ? { kind: 'taken_over', view }
    : { kind: 'not_proven', proof: failed };
}

type Change =
  | { readonly kind: 'kept' }
  | {
      readonly kind: 'changed';
      readonly app: AlipayAppRecord;
      /** To be stored with it. */
      readonly key?: Parameters<typeof insertAppKey>[1];
    };

/** Decides on the app as it is, and stores that unless somebody else changed it meanwhile; then it decides anew. */
async function changeApp(
  deps: Pick<Deps, 'db'>,
  merchantId: number,
  decide: (before: MerchantView) => Promise<Change>,
): Promise<MerchantView> {
  for (let race = 0; race < RACES_MAX; race += 1) {
    const before = await readView(deps, merchantId);
    const change = await decide(before);
    if (change.kind === 'kept') return before;
    const { key } = change;
    const app = { ...change.app, version: before.app.version + 1 };
    const stored = await inRace(deps.db, async (tx) => {
      if (key !== undefined) await insertAppKey(tx, key);
      if (!(await saveApp(tx, app))) throw new RaceLost();
      return true;
    });
    if (stored === true) return readView(deps, merchantId);
  }
  throw new Error(`The app of merchant ${merchantId} was changed by others ${RACES_MAX} times`);
}
