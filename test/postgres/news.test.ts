/**
 * News between nodes by LISTEN and NOTIFY: what one tells the others hear, and what is lost costs time only. The connection
 * that listens may break at any moment, or say nothing at all.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Db } from '../../src/store/database.ts';
import {
  startNodeNews,
  type NodeNews,
  type NodeNewsOptions,
} from '../../src/store/postgres-news.ts';
import { createTestPostgres, openTestPostgres } from '../support/test-database.ts';
import { withClient } from '../support/postgres-setup.ts';

let url: string;
let db: Db;
const nodes: NodeNews[] = [];
beforeEach(async () => {
  url = await createTestPostgres();
  db = openTestPostgres(url);
});
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()));
  await db.destroy();
});

type Ear = { readonly node: NodeNews; readonly heard: string[]; readonly troubles: unknown[] };

function start(name: string, more: Partial<NodeNewsOptions> = {}): Ear {
  const heard: string[] = [];
  const troubles: unknown[] = [];
  const node = startNodeNews({
    url,
    db,
    node: name,
    // Nobody waits for the sake of waiting here.
    sleep: () => nextTurn(),
    hear: (topic) => heard.push(topic),
    onTrouble: (error) => troubles.push(error),
    ...more,
  });
  nodes.push(node);
  return { node, heard, troubles };
}

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await withClient(url, (client) => client.query('select 1'));
};
/** Tells until it was heard: a listener that is not there yet, or not again, hears nothing. */
const tellUntilHeard = (from: Ear, to: Ear, topic: string): Promise<void> =>
  until(() => {
    from.node.publish(topic);
    return to.heard.includes(topic);
  });
const LISTENERS = `select pg_terminate_backend(pid, 5000) from pg_stat_activity
  where datname = current_database() and application_name = 'alipay-f2f news'`;

test('what one node tells, the others hear, and not itself', async () => {
  const [one, other] = [start('one'), start('other')];
  await tellUntilHeard(one, other, 'FF1');
  await tellUntilHeard(other, one, 'FF2');
  expect(one.heard).not.toContain('FF1');
  expect(other.heard).not.toContain('FF2');
});

test('topics that do not fit into one notification come in several', async () => {
  const [one, other] = [start('one'), start('other')];
  await tellUntilHeard(one, other, 'FF1');
  const topics = Array.from({ length: 1000 }, (_, index) => `refund:FF${index}:${'9'.repeat(20)}`);
  topics.forEach((topic) => one.node.publish(topic));
  await until(() => other.heard.includes(topics.at(-1) ?? ''));
  expect(other.heard).toStrictEqual(expect.arrayContaining(topics));
});

test('a connection that the server ends is made again, and the process lives', async () => {
  const [one, other] = [start('one'), start('other')];
  // Both listen: a connection that comes after those that are ended would have no trouble.
  await tellUntilHeard(one, other, 'FF1');
  await tellUntilHeard(other, one, 'FF0');
  await withClient(url, (client) => client.query(LISTENERS));
  await until(() => one.troubles.length > 0 && other.troubles.length > 0);
  await tellUntilHeard(one, other, 'FF2');
  expect(one.heard).not.toContain('FF2');
});

/** "You are let in" and "ask" of PostgreSQL's protocol. */
const WELCOME = Buffer.from('5200000008000000005a0000000549', 'hex');

test('a connection that breaks before it listens is made again, and the process lives', async () => {
  let connections = 0;
  const hasty = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(WELCOME);
      socket.once('data', () => socket.resetAndDestroy());
    });
  });
  const { troubles } = start('one', { url: await listen(hasty) });
  await until(() => connections > 2);
  expect(troubles.length).toBeGreaterThan(0);
  hasty.close();
});

async function listen(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `postgres://postgres@127.0.0.1:${port}/none`;
}

test('a server that says nothing does not hold up the stop', async () => {
  const silent = createServer(() => undefined);
  const url = await listen(silent);
  const connected = once(silent, 'connection');
  const { node, troubles } = start('one', { url });
  await connected;
  nodes.length = 0;
  await node.close();
  expect(troubles).toStrictEqual([]);
  silent.close();
});
