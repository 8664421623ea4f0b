/**
 * News between nodes, by PostgreSQL's NOTIFY: which rows changed, so that a till that waits at one node hears at once of what
 * another settled. Only a hint: whoever waits looks again by himself, and lost news cost a second and nothing else. Sent
 * in bundles, beside the transactions, so that a payment costs no statement more.
 */
import { sql } from 'kysely';
import { Client } from 'pg';
import type { Db } from './database.ts';

export type NodeNews = {
  /** Tells the other nodes, soon. */
  publish(topic: string): void;
  /** No more news in either direction. */
  close(): Promise<void>;
};

export type NodeNewsOptions = {
  readonly url: string;
  readonly db: Db;
  /** This node among the others: it does not hear itself. */
  readonly node: string;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly hear: (topic: string) => void;
  readonly onTrouble: (error: unknown) => void;
};

const CHANNEL = 'f2f_news';
/** How long news are gathered before they go out together. */
const GATHER_MS = 20;
/** PostgreSQL takes less than 8,000 bytes in one notification; topics are ASCII. */
const PAYLOAD_MAX = 7500;
/** How long to wait before listening again on a new connection. */
const RECONNECT_MS = 1000;
/** A server that says nothing for so long is gone: another attempt may find one that answers. */
const ANSWER_MS_MAX = 5000;
const KEEPALIVE_AFTER_MS = 10_000;

export function startNodeNews(options: NodeNewsOptions): NodeNews {
  const closing = new AbortController();
  const sending = createSender(options, closing.signal);
  const listening = listenForEver(options, closing.signal);
  return {
    publish: sending.publish,
    close: async () => {
      closing.abort();
      await Promise.all([sending.ended(), listening]);
    },
  };
}

function createSender(
  { db, node, sleep, onTrouble }: NodeNewsOptions,
  closing: AbortSignal,
): { publish(this: void, topic: string): void; ended(): Promise<void> } {
  const topics = new Set<string>();
  let running: Promise<void> | undefined;
  const send = async (): Promise<void> => {
    try {
      while (topics.size > 0) {
        await sleep(GATHER_MS, closing);
        const payloads = bundle(node, topics);
        topics.clear();
        for (const payload of payloads) {
          await sql`select pg_notify(${CHANNEL}, ${payload})`.execute(db);
        }
      }
    } catch (error) {
      onTrouble(error);
    } finally {
      running = undefined;
    }
  };
  return {
    publish: (topic) => {
      if (closing.aborted) return;
      topics.add(topic);
      running ??= send();
    },
    ended: async () => {
      await running;
    },
  };
}

/** Topics in as few payloads as they fit into, each under the node's name. */
function bundle(node: string, topics: Iterable<string>): string[] {
  const payloads: string[] = [];
  let last = '';
  for (const topic of topics) {
    if (last === '' || last.length + topic.length + 1 > PAYLOAD_MAX) {
      payloads.push((last = node));
    }
    last = `${last}\n${topic}`;
    payloads[payloads.length - 1] = last;
  }
  return payloads;
}

async function listenForEver(options: NodeNewsOptions, closing: AbortSignal): Promise<void> {
  while (!closing.aborted) {
    try {
      await listenOnce(options, closing);
    } catch (error) {
      if (!closing.aborted) options.onTrouble(error);
    }
    await options.sleep(RECONNECT_MS, closing);
  }
}

/** Listens until the connection ends. */
async function listenOnce(
  { url, node, hear }: NodeNewsOptions,
  closing: AbortSignal,
): Promise<void> {
  const client = new Client({
    connectionString: url,
    application_name: 'alipay-f2f news',
    connectionTimeoutMillis: ANSWER_MS_MAX,
    query_timeout: ANSWER_MS_MAX,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_AFTER_MS,
  });
  const ended = Promise.withResolvers<void>();
  // It may break before anybody waits for it to end.
  ended.promise.catch(() => undefined);
  client.on('error', ended.reject);
  client.on('end', ended.resolve);
  client.on('notification', ({ payload = '' }) => {
    const [from, ...topics] = payload.split('\n');
    if (from !== node) topics.forEach(hear);
  });
  const end = (): void => void client.end();
  try {
    await client.connect();
    closing.addEventListener('abort', end, { once: true });
    if (closing.aborted) end();
    await client.query(`listen ${CHANNEL}`);
    await ended.promise;
  } finally {
    closing.removeEventListener('abort', end);
    await client.end();
  }
}
