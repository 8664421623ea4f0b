/**
 * Puts the peer beside a gateway: on the same PostgreSQL server (a database of its own) and the same simulator, with as many
 * shops, each with an app of its own. The key pairs are shared by many apps, as on the gateway's stage.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { makeRealKeyPair } from '../../src/system/key-pairs.ts';
import { urlOf, withClient } from '../../test/support/postgres-setup.ts';
import { anAppId } from '../../test/support/v1-client.ts';
import type { Seller, Stage } from '../stage.ts';
import { hashOf, SCHEMA, type PeerPlan } from './express-sdk.ts';

const KEY_PAIRS = 24;
const TOKEN = 'a-token-of-the-peer';
/** As many as the gateway has by default. */
const CONNECTIONS = 16;

export type Peer = Seller & { close(): Promise<void> };

export async function openPeer(
  stage: Pick<Stage, 'simulator' | 'simulatorUrl'>,
  databaseUrl: string,
  shops: number,
): Promise<Peer> {
  const names = Array.from({ length: shops }, (_, index) => `peer-${index}`);
  const url = await makeDatabase(databaseUrl);
  await addShops(url, stage.simulatorUrl, names);
  const plan: PeerPlan = {
    databaseUrl: url,
    alipayGateway: `${stage.simulatorUrl}/gateway.do`,
    connectionsMax: CONNECTIONS,
  };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'express-sdk.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  child.stdin.end(JSON.stringify(plan));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const listening = JSON.parse(line.toString('utf8')) as { url: string };
  return {
    gateway: { url: () => listening.url, pid: () => child.pid ?? 0 },
    simulator: stage.simulator,
    token: TOKEN,
    shops: names,
    close: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function makeDatabase(databaseUrl: string): Promise<string> {
  await withClient(databaseUrl, (client) => client.query('create database peer'));
  const url = urlOf(databaseUrl, 'peer');
  await withClient(url, async (client) => {
    for (const statement of SCHEMA) await client.query(statement);
    await client.query('insert into token values ($1, $2)', [hashOf(TOKEN), 'peer']);
  });
  return url;
}

async function addShops(
  databaseUrl: string,
  simulatorUrl: string,
  names: readonly string[],
): Promise<void> {
  const pairs = await Promise.all(Array.from({ length: KEY_PAIRS }, () => makeRealKeyPair(2048)));
  await withClient(databaseUrl, async (client) => {
    for (const [index, name] of names.entries()) {
      const pair = pairs[index % KEY_PAIRS];
      if (pair === undefined) throw new Error('there is a pair for each place');
      const appId = anAppId();
      const answer = await fetch(`${simulatorUrl}/simulator/apps`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ appId, appPublicKey: pair.publicKey }),
      });
      const { alipayPublicKey } = (await answer.json()) as { alipayPublicKey: string };
      await client.query('insert into shop values ($1, $2, $3, $4)', [
        name,
        appId,
        pair.privateKey,
        alipayPublicKey,
      ]);
    }
  });
}
