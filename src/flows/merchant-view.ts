/**
 * A merchant as its owner sees it: with its app, the app's keys and certificates, and the authorisation it gave. Reads only.
 */
import type {
  AlipayAppRecord,
  AppCertificates,
  AppKeyRecord,
  Authorization,
  Merchant,
} from '../core/merchant.ts';
import { findAuthorization, findCertificates } from '../store/app-credentials.ts';
import { findApp, findAppKey } from '../store/apps.ts';
import { findMerchantById } from '../store/merchants.ts';
import type { Deps } from './deps.ts';

/** A merchant with its app and the app's key pair. */
export type MerchantView = {
  readonly merchant: Merchant;
  readonly app: AlipayAppRecord;
  readonly key: AppKeyRecord;
};

/** And with what else its app signs with, or is allowed by. */
export type MerchantDetails = MerchantView & {
  readonly nextKey: AppKeyRecord | null;
  readonly certificates: AppCertificates | null;
  readonly authorization: Authorization | null;
};

type ViewDeps = Pick<Deps, 'db'>;

export async function readView(deps: ViewDeps, merchantId: number): Promise<MerchantView> {
  const merchant = await findMerchantById(deps.db, merchantId);
  if (merchant === undefined) throw new Error(`Merchant ${merchantId} is missing`);
  return viewOf(deps, merchant);
}

/** A merchant that was read just now, with the app and key it has today. */
export async function viewOf(deps: ViewDeps, merchant: Merchant): Promise<MerchantView> {
  const app = await findApp(deps.db, merchant.owner, merchant.appId);
  const key = app && (await findAppKey(deps.db, app.keyId));
  if (app === undefined || key === undefined) {
    throw new Error(`App ${merchant.appId} of merchant ${merchant.merchantId} is missing`);
  }
  return { merchant, app, key };
}

export async function detailsOf({ db }: ViewDeps, view: MerchantView): Promise<MerchantDetails> {
  const { nextKeyId, certificateId } = view.app;
  const { authorizationId } = view.merchant;
  return {
    ...view,
    nextKey: await found(nextKeyId, (id) => findAppKey(db, id)),
    certificates: await found(certificateId, (id) => findCertificates(db, id)),
    authorization: await found(authorizationId, (id) => findAuthorization(db, id)),
  };
}

/** None of these rows is ever deleted. */
async function found<Row>(
  id: number | null,
  find: (id: number) => Promise<Row | undefined>,
): Promise<Row | null> {
  return id === null ? null : ((await find(id)) ?? null);
}
