/**
 * Tells the built-in simulator of an app and its public key, as an operator uploads them to the real Alipay, and takes
 * over the simulator's own public key where nobody gave one. Runs when a merchant is added or re-keyed, and for all apps
 * at each start. With the real Alipay it does nothing.
 */
import { parsePublicKey, publicKeyText } from '../alipay/sign.ts';
import type { AlipayAppRecord, AppKeyRecord, SignType } from '../core/merchant.ts';
import { findApp, listApps, listAppKeys, saveApp } from '../store/apps.ts';
import { listMerchants } from '../store/merchants.ts';
import type { Deps } from './deps.ts';

export type Announcement = {
  readonly appId: string;
  readonly sellerId: string;
  readonly publicKey: string;
  readonly signType: SignType;
};

const ANSWER_BYTES_MAX = 65_536;

/**
 * Announces one app. Returns the simulator's public key (base64 DER); undefined with the real Alipay. Throws when the
 * simulator does not answer: the caller has stored nothing yet.
 */
export async function announceApp(
  deps: Pick<Deps, 'send' | 'settings'>,
  app: Announcement,
): Promise<string | undefined> {
  const { simulator, alipayTimeoutMs } = deps.settings;
  if (simulator === undefined) return undefined;
  const response = await deps.send({
    method: 'POST',
    url: `${simulator.url}/simulator/apps`,
    headers: {
      'content-type': 'application/json',
      ...(simulator.token === undefined ? {} : { authorization: `Bearer ${simulator.token}` }),
    },
    body: JSON.stringify({
      appId: app.appId,
      pid: app.sellerId,
      appPublicKey: app.publicKey,
      signType: app.signType,
    }),
    timeoutMs: alipayTimeoutMs,
    maxBytes: ANSWER_BYTES_MAX,
  });
  const text = Buffer.from(response.body).toString('utf8');
  if (response.status !== 200) {
    throw new Error(
      `The simulator refused app ${app.appId}: HTTP ${response.status} ${text.slice(0, 200)}`,
    );
  }
  const { alipayPublicKey }: { alipayPublicKey: string } = JSON.parse(text);
  const parsed = parsePublicKey(alipayPublicKey);
  if (!parsed.ok) throw new Error(`The simulator gave no usable public key: ${parsed.detail}`);
  return publicKeyText(parsed.key);
}

/** Announces every app with every key it ever had, so that trades begun under any of them resolve. */
export async function announceAllApps(
  deps: Pick<Deps, 'db' | 'send' | 'settings'>,
): Promise<number> {
  if (deps.settings.simulator === undefined) return 0;
  const sellers = new Map<string, string>();
  for (const { owner, appId, sellerId } of await listMerchants(deps.db)) {
    sellers.set(`${owner} ${appId}`, sellerId);
  }
  const keys = await listAppKeys(deps.db);
  const apps = await listApps(deps.db);
  for (const app of apps) {
    const sellerId = sellers.get(`${app.owner} ${app.appId}`);
    if (sellerId === undefined) continue;
    const ofApp = keys.filter((key) => isKeyOf(key, app));
    for (const { publicKey, signType } of ofApp) {
      const announcement = { appId: app.appId, sellerId, publicKey, signType };
      const alipayPublicKey = await announceApp(deps, announcement);
      if (alipayPublicKey !== undefined) await takeOverKey(deps, app, alipayPublicKey);
    }
  }
  return apps.length;
}

function isKeyOf(key: AppKeyRecord, app: AlipayAppRecord): boolean {
  return key.keyId === app.keyId || (key.owner === app.owner && key.appId === app.appId);
}

async function takeOverKey(
  deps: Pick<Deps, 'db'>,
  announced: AlipayAppRecord,
  alipayPublicKey: string,
): Promise<void> {
  const app = await findApp(deps.db, announced.owner, announced.appId);
  if (app === undefined || app.alipayKeyGiven || app.alipayPublicKey === alipayPublicKey) return;
  // Lost against somebody who changed the app just now: that change announced the app itself.
  await saveApp(deps.db, { ...app, alipayPublicKey, version: app.version + 1 });
}
