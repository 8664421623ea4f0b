/**
 * The keys of each app in the database: whether they can be used, belong together, and whether Alipay's is really Alipay's.
 * The classic mistake is the app's own public key in its place. Pure: keys are opened and read by `flows/examine-apps.ts`.
 */
import type { Merchant } from '../../core/merchant.ts';
import type { ExaminedApp, ExaminedApps } from '../../flows/examine-apps.ts';
import { MODULUS_BITS } from '../../flows/make-app-key.ts';
import { shanghaiText } from '../../core/time.ts';
import { SOON_MS } from './key-files.ts';
import { finding, type Finding } from './finding.ts';

/** Shops that are named beside an app id. */
const SHOPS_MAX = 3;

export function appKeyFindings(
  { apps, appOfPublicKey }: ExaminedApps,
  merchants: readonly Merchant[],
  isSimulator: boolean,
): readonly Finding[] {
  if (apps.length === 0) return [finding('no_apps')];
  return apps.flatMap((app) => {
    const name = appName(app, merchants);
    return [
      ...ownKeyFindings(name, app),
      ...alipayKeyFindings(name, app, appOfPublicKey, isSimulator),
    ];
  });
}

/** When the certificates of apps end: with either, nothing of the app is answered, or believed, any more. */
export function certificateEndFindings(
  { apps }: Pick<ExaminedApps, 'apps'>,
  merchants: readonly Merchant[],
  nowMs: number,
): readonly Finding[] {
  return apps.flatMap((app) => {
    const { certificatesEnd } = app;
    if (certificatesEnd === null) return [];
    const name = appName(app, merchants);
    return [
      ...endFindings(name, 'its own', '应用公钥证书', certificatesEnd.appMs, nowMs),
      ...endFindings(name, "Alipay's", '支付宝公钥证书', certificatesEnd.alipayMs, nowMs),
    ];
  });
}

function endFindings(
  app: string,
  whose: string,
  whoseZh: string,
  endMs: number,
  nowMs: number,
): readonly Finding[] {
  if (endMs > nowMs + SOON_MS) return [];
  const values = { app, whose, whoseZh, at: shanghaiText(endMs) };
  return [
    finding(endMs <= nowMs ? 'app_certificate_expired' : 'app_certificate_ends_soon', values),
  ];
}

/**
 * In whose name an app is asked: its own, if it has merchants that take money by themselves, or none yet; and that of each merchant
 * that authorised it, whose token it takes to be answered.
 */
export function askersOf(
  app: Pick<ExaminedApp, 'owner' | 'appId'>,
  merchants: readonly Merchant[],
): readonly { readonly who: string; readonly authorizationId: number | null }[] {
  const its = merchants.filter(({ owner, appId }) => owner === app.owner && appId === app.appId);
  const authorized = its.filter(({ authorizationId }) => authorizationId !== null);
  const asItself = { who: appName(app, merchants), authorizationId: null };
  return [
    ...(authorized.length < its.length || its.length === 0 ? [asItself] : []),
    ...authorized.map(({ cpiNo, authorizationId }) => ({
      who: `${app.appId} (${cpiNo}, by its token)`,
      authorizationId,
    })),
  ];
}

/** Two owners may have the same app id, so its shops are named, too. */
export function appName(
  app: Pick<ExaminedApp, 'owner' | 'appId'>,
  merchants: readonly Merchant[],
): string {
  const shops = merchants
    .filter(({ owner, appId }) => owner === app.owner && appId === app.appId)
    .map(({ cpiNo }) => cpiNo);
  const more = shops.length > SHOPS_MAX ? ', …' : '';
  return shops.length === 0
    ? app.appId
    : `${app.appId} (${shops.slice(0, SHOPS_MAX).join(', ')}${more})`;
}

function ownKeyFindings(name: string, app: ExaminedApp): readonly Finding[] {
  const { privateKey, signType } = app;
  switch (privateKey.kind) {
    case 'sealed':
      return [finding('app_private_key_sealed', { app: name })];
    // That there is no master key is said once, and not of each app.
    case 'unopened':
      return [];
    case 'absent':
      return [finding('app_private_key_unreadable', { app: name, problem: 'missing' })];
    case 'unreadable':
      return [finding('app_private_key_unreadable', { app: name, problem: privateKey.problem })];
    case 'key': {
      const { bits } = privateKey;
      const needed = MODULUS_BITS[signType];
      return [
        ...(bits < needed
          ? [finding('app_key_too_short', { app: name, bits, signType, needed })]
          : []),
        ...(signType === 'RSA' ? [finding('app_sign_type_old', { app: name, bits })] : []),
        ...(privateKey.publicKey === app.publicKey
          ? []
          : [finding('app_pair_differs', { app: name })]),
      ];
    }
    default:
      return privateKey satisfies never;
  }
}

function alipayKeyFindings(
  name: string,
  app: ExaminedApp,
  appOfPublicKey: ReadonlyMap<string, string>,
  isSimulator: boolean,
): readonly Finding[] {
  const { alipayKey } = app;
  if (alipayKey.kind === 'unreadable') {
    return [finding('alipay_key_unreadable', { app: name, problem: alipayKey.problem })];
  }
  if (alipayKey.kind !== 'key') return [finding('alipay_key_missing', { app: name })];
  if (!app.isAlipayKeyGiven && !isSimulator) {
    return [finding('alipay_key_of_simulator', { app: name })];
  }
  const { publicKey, bits } = alipayKey;
  if (publicKey === app.publicKey) return [finding('alipay_key_is_own', { app: name })];
  const other = appOfPublicKey.get(publicKey);
  // An older key of the same app is the same mistake.
  if (other === app.appId) return [finding('alipay_key_is_own', { app: name })];
  if (other !== undefined) return [finding('alipay_key_is_of_other_app', { app: name, other })];
  const isShort = app.signType === 'RSA2' && bits < MODULUS_BITS.RSA2;
  return isShort ? [finding('alipay_key_short', { app: name, bits })] : [];
}
