/**
 * A whole round of the doctor without a file or a socket: a host on which a gateway with one shop once ran and is stopped, and
 * everything about it that a test wants otherwise.
 */
import { createAlipayClient } from '../../alipay/client.ts';
import { examineConfig } from '../../config.ts';
import { createKeyRing, vaultContext } from '../../flows/key-ring.ts';
import { insertApp, insertAppKey } from '../../store/apps.ts';
import type { Db } from '../../store/database.ts';
import { insertMerchant } from '../../store/merchants.ts';
import { migrateToLatest } from '../../store/migrate.ts';
import { openSqlite } from '../../store/sqlite.ts';
import { aMerchant, anApp, anAppKey } from '../../store/store.fixtures.ts';
import type { Place } from '../../system/places.ts';
import type { Probe } from '../../system/probe.ts';
import { createVault } from '../../system/vault.ts';
import { examine } from './examine.ts';
import type { Finding } from './finding.ts';
import type { DoctorPorts } from './ports.ts';
import type { CheckResult } from './report.ts';

/** The one that sealed what is in the database. */
const MASTER_KEY = Buffer.alloc(32, 1);

export type Host = {
  readonly env: Readonly<Record<string, string>>;
  readonly masterKey: Uint8Array;
  readonly database: 'there' | 'missing';
  readonly look: (path: string) => Place;
  readonly probe: Probe;
  readonly openToRead: () => Db;
};

export async function roundResults(changes: Partial<Host> = {}): Promise<readonly CheckResult[]> {
  const db = await aDatabase();
  const host: Host = {
    env: {},
    masterKey: MASTER_KEY,
    database: 'there',
    look: (path) => lookAt(path, host),
    probe: () => Promise.resolve({ kind: 'failed', step: 'connection', code: 'ECONNREFUSED' }),
    openToRead: () => db,
    ...changes,
  };
  const told: CheckResult[] = [];
  const results = await examine(portsOf(host), (result) => told.push(result));
  if (told.length !== results.length) throw new Error('each result is told as it comes');
  return results;
}

/** Everything that was found. */
export async function round(changes: Partial<Host> = {}): Promise<readonly Finding[]> {
  return (await roundResults(changes)).flatMap(({ findings }) => findings);
}

function portsOf(host: Host): DoctorPorts {
  return {
    clock: { nowMs: () => 1_000_000, monotonicMs: () => 0, sleep: () => Promise.resolve() },
    places: {
      look: host.look,
      read: () => ({ ok: true, bytes: host.masterKey }),
      freeBytes: () => 2 ** 40,
    },
    probe: host.probe,
    version: '1.2.1',
    settings: () => examineConfig(host.env),
    urlsOf: () => ({
      gateway: 'http://gateway.test',
      alipay: 'http://alipay.test/gateway.do',
      notify: 'http://gateway.test/alipay/notify',
    }),
    databaseFile: () => 'data/gateway.sqlite',
    openToRead: host.openToRead,
    createVault,
    openProver: (_config, _url, vault) => ({
      keyRing: createKeyRing(vault),
      alipay: createAlipayClient({
        send: () => Promise.reject(new Error('no test asks')),
        clock: { nowMs: () => 0 },
        gatewayUrl: 'http://alipay.test/gateway.do',
        timeoutMs: 1,
      }),
      settings: { simulator: { url: 'http://alipay.test', token: undefined } },
      close: () => Promise.resolve(),
    }),
  };
}

function lookAt(path: string, { database, masterKey }: Host): Place {
  const usual = { isReadable: true, isWritable: true } as const;
  if (path.endsWith('.key')) {
    return { kind: 'file', mode: 0o600, bytes: masterKey.length, ...usual };
  }
  if (path.endsWith('-wal')) return { kind: 'missing' };
  if (!path.endsWith('.sqlite')) return { kind: 'folder', mode: 0o700, bytes: 0, ...usual };
  if (database === 'missing') return { kind: 'missing' };
  return { kind: 'file', mode: 0o600, bytes: 4096, ...usual };
}

async function aDatabase(): Promise<Db> {
  const db = openSqlite(':memory:');
  await migrateToLatest(db);
  const sealedPrivateKey = createVault(MASTER_KEY).seal('no key', vaultContext(1));
  await insertAppKey(db, anAppKey({ sealedPrivateKey }));
  await insertApp(db, anApp());
  await insertMerchant(db, aMerchant());
  return db;
}
