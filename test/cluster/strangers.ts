/**
 * Other clients of the same database that do harm: one takes all connections, another holds rows and does not let go of them.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { CONNECTIONS_MAX } from './database.ts';

/** What they hold; `letGo` never fails. */
export type Held = { letGo(): Promise<void> };

/** Who looks at the database while a stranger holds it; a leak is seldom complete. */
const CONNECTIONS_LEFT = 3;
/** For so long a stranger takes what gateways give back. */
const GRAB_MS = 500;

/** Ends the gateways' connections and takes nearly all that there are, before they can. */
export async function takeConnections(url: string): Promise<Held> {
  const taken = new Set<Client>();
  const grab = async (): Promise<void> => {
    const client = await open(url).catch(() => undefined);
    if (client !== undefined) taken.add(client);
  };
  const first = await open(url);
  await first.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where starts_with(application_name, 'alipay-f2f')",
  );
  const endsAtMs = Date.now() + GRAB_MS;
  while (Date.now() < endsAtMs && taken.size < CONNECTIONS_MAX - CONNECTIONS_LEFT) {
    await Promise.all(Array.from({ length: 20 }, grab));
    await delay(10);
  }
  const some = [...taken].slice(0, CONNECTIONS_LEFT);
  await Promise.all(some.map(close));
  return {
    letGo: async () => {
      await Promise.all([first, ...taken].map(close));
    },
  };
}

/** What gateways write most, from the newest rows to whole tables. */
export const LOCKS = [
  'select 1 from payment order by created_at_ms desc limit 200 for update',
  'select 1 from refund order by created_at_ms desc limit 200 for update',
  'select 1 from counter for update',
  'select 1 from merchant for update',
  'lock table payment in exclusive mode',
  'lock table payment in access exclusive mode',
  'lock table payment_event in access exclusive mode',
] as const;

export async function holdRows(url: string, lock: (typeof LOCKS)[number]): Promise<Held> {
  const client = await open(url);
  await client.query('begin');
  await client.query(lock);
  return { letGo: () => close(client) };
}

async function open(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function close(client: Client): Promise<void> {
  await client.end().catch(() => undefined);
}
