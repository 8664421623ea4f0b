/**
 * What v2 adds to a world: keys, tills, programs that read the feed and programs that are called; and what all of them know at
 * the end. A run of v1 alone has none of it.
 */
import { SCOPES } from '../../../src/core/api-key.ts';
import { makeApiKey } from '../../../src/flows/manage-api-keys.ts';
import type { Cast } from '../bills.ts';
import type { Shop } from '../ledger.ts';
import type { Host } from '../node.ts';
import type { Prng } from '../prng.ts';
import type { RunRecord } from '../record.ts';
import type { Timeline } from '../timeline.ts';
import type { Weather } from '../world.ts';
import { follow, type FeedEvent, type Follower } from './follower.ts';
import { createLine, fieldsOf, withQuery, type Line } from './line.ts';
import { createOwner, type Endpoint, type Owner } from './owner.ts';
import { lastsMs, type V2Plan } from './plan.ts';
import type { Receivers } from './receivers.ts';
import { createV2Till, type Keys, type V2Cast, type V2Shop } from './till.ts';

export type V2World = {
  readonly cast: V2Cast;
  /** How long after the first bill everybody who was to come back has come back. */
  readonly lastsMs: number;
  /** Whoever has a program that was given up looks after it. */
  repair(): Promise<void>;
  /** What everybody knows who spoke v2, when all is over. */
  audit(): Promise<V2Books>;
};

/** What is known of v2 at the end. */
export type V2Books = {
  /** The feed as it is read from its beginning. */
  readonly feed: readonly FeedEvent[];
  /** All payments as they are listed, by their number. */
  readonly listed: readonly Readonly<Record<string, unknown>>[];
  readonly followers: readonly Follower[];
  readonly endpoints: readonly Endpoint[];
};

export type V2Options = {
  readonly timeline: Timeline;
  readonly hosts: readonly Host[];
  readonly weather: Weather;
  readonly record: RunRecord;
  readonly receivers: Receivers;
  readonly tellers: ReadonlyMap<string, string>;
  readonly cast: Cast;
  readonly shops: readonly Shop[];
  /** Where they were made before. */
  readonly keys?: Keys;
};

const SECOND_MS = 1000;
const PAGE_MAX = 100;

/** Opens v2 while nothing goes wrong. */
export async function openV2(options: V2Options, plan: V2Plan, prng: Prng): Promise<V2World> {
  const { timeline, hosts, weather, record, receivers, tellers, cast } = options;
  const line = createLine({ timeline, hosts, weather });
  const keys = options.keys ?? (await makeKeys(options, prng.fork('keys')));
  const parts = { timeline, weather, record, line, keys, tellers };
  const owner = await drive(
    timeline,
    createOwner({ ...parts, receivers, prng: prng.fork('owner') }, plan.endpoints),
  );
  const followers = plan.followers.map((wanted, index) =>
    follow(parts, wanted, prng.fork(`follower ${index + 1}`)),
  );
  return {
    cast: { ...cast, v2: createV2Till(parts) },
    lastsMs: lastsMs(plan),
    repair: () => drive(timeline, owner.repair()),
    audit: () => drive(timeline, audit(line, keys, owner, followers, prng.fork('audit'))),
  };
}

/** Lets time go on until something is done. */
async function drive<T>(timeline: Timeline, work: Promise<T>): Promise<T> {
  const state = { isOver: false };
  const done = work.finally(() => (state.isOver = true));
  while (!state.isOver) await timeline.run(timeline.nowMs + SECOND_MS, () => state.isOver);
  return done;
}

export function makeKeys(options: Omit<V2Options, 'keys'>, prng: Prng): Promise<Keys> {
  return drive(options.timeline, askForKeys(options, createLine(options), prng));
}

/** The operator's first key is made on the command line; the shops' keys are made with it. */
async function askForKeys({ hosts, shops }: V2Options, line: Line, prng: Prng): Promise<Keys> {
  const [host] = hosts;
  if (host === undefined) throw new Error('there is a gateway');
  const wanted = { name: 'operator', merchantId: null, scopes: SCOPES };
  const { secret: operator } = await makeApiKey(host.deps, wanted);
  const ask = async (method: 'GET' | 'POST', path: string, body?: object) =>
    fieldsOf(await line.insist(prng, () => ({ method, path, secret: operator, body })));
  const { data } = await ask('GET', '/v2/merchants');
  const merchants = data as readonly { readonly id: string; readonly shop_no: string }[];
  const known: V2Shop[] = [];
  for (const shop of shops) {
    const id = merchants.find(({ shop_no }) => shop_no === shop.cpiNo)?.id;
    if (id === undefined) throw new Error(`${shop.cpiNo} is not registered`);
    const made = { name: shop.cpiNo, merchant: id, scopes: ['read', 'charge', 'refund', 'manage'] };
    const { secret } = await ask('POST', '/v2/api_keys', made);
    known.push({ shop, id, secret: String(secret) });
  }
  return { operator, shops: known };
}

async function audit(
  line: Line,
  { operator }: Keys,
  owner: Owner,
  followers: readonly Follower[],
  prng: Prng,
): Promise<V2Books> {
  for (const follower of followers) await follower.catchUp();
  await owner.takeStock();
  const readAll = async (path: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const all: Readonly<Record<string, unknown>>[] = [];
    for (let cursor: string | undefined; ;) {
      const asked = withQuery(path, { limit: PAGE_MAX, cursor });
      const request = { method: 'GET', path: asked, secret: operator } as const;
      const page = fieldsOf(await line.insist(prng, () => request)) as {
        readonly data: typeof all;
        readonly next_cursor: string | null;
      };
      if (page.data === undefined) throw new Error(JSON.stringify([asked, page]));
      all.push(...page.data);
      if (page.next_cursor === null || page.data.length === 0) return all;
      cursor = page.next_cursor;
    }
  };
  return {
    feed: (await readAll('/v2/events')) as readonly FeedEvent[],
    listed: await readAll('/v2/payments'),
    followers,
    endpoints: owner.endpoints,
  };
}
