/**
 * A world to run in: hosts with the real gateway on one database, the simulator as Alipay behind its network, the post,
 * guests and tills, all on one timeline. Two kinds of run use it: a swarm from a seed (`simulation.ts`) and a scripted
 * story that dies at a chosen port call (`crash-points.ts`).
 */
import type { HttpSend } from '../../src/system/http.ts';
import type { Cast } from './bills.ts';
import { OTHER_SELLER, SELLER } from './book.ts';
import { createSharedDatabase, type SharedDatabase } from './database.ts';
import { createGuests } from './guests.ts';
import type { Shop } from './ledger.ts';
import { createLiveChecks } from './live-checks.ts';
import { createNetwork, type Network } from './network.ts';
import { createHost, type Fate, type Host } from './node.ts';
import { createPost } from './post.ts';
import type { Prng } from './prng.ts';
import { createRecord, type RunRecord } from './record.ts';
import { createServers, type Servers } from './servers.ts';
import { isExact, NO_FAULTS, type FaultRates, type Swarm } from './swarm.ts';
import { createTill } from './till.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { createReceivers, type Receivers } from './v2/receivers.ts';

export type World = {
  readonly swarm: Swarm;
  readonly timeline: Timeline;
  readonly database: SharedDatabase;
  readonly network: Network;
  readonly hosts: readonly Host[];
  readonly record: RunRecord;
  readonly cast: Cast;
  /** Programs that may be called. */
  readonly receivers: Receivers;
  /** The token of each dongle. */
  readonly tokens: ReadonlyMap<string, string>;
  /** Which node told last that something has changed, by the topic. */
  readonly tellers: Map<string, string>;
  /** How hostile it is now; calm until somebody changes it. */
  readonly weather: Weather;
  /** Ends it: nothing may happen in it any more. */
  close(): void;
};

export type Weather = { rates: FaultRates };

/** What a scripted story decides, instead of chance. */
export type Script = {
  readonly dies: Fate['dies'];
  /** How long a node that died stays down. */
  readonly downMs: number;
  /** Stands between the gateway and the network: what happens at the very moment of a call, and answers of no fault's making. */
  readonly line: (send: HttpSend) => HttpSend;
  /** How often a node looks for rows of another node. */
  readonly pollMs: number;
  readonly opening: Opening;
};

/** A world whose shops are open, kept so that the next one need not open them again. */
export type Opening = {
  readonly nowMs: number;
  readonly database: Uint8Array;
  readonly apps: readonly (readonly [string, App])[];
  readonly tokens: ReadonlyMap<string, string>;
};

type App = Network['book']['app'] extends Map<string, infer T> ? T : never;

const START_MS = Date.UTC(2026, 10, 23, 4, 0, 0);
const MINUTE_MS = 60_000;
/** Keys are kept for a week. */
const KEYS_KEPT_MS = 6 * 24 * 60 * MINUTE_MS;
/** How often a node looks for rows of another node. */
const POLL_MS = 10 * MINUTE_MS;

export const SHOPS: readonly Shop[] = [
  shop('DL0001', 'B996377230C16FEF1BA98F127C1A4570', '2016022901171807', SELLER),
  // Shares the app and the seller with the first.
  shop('DL0002', 'B996377230C16FEF1BA98F127C1A4570', '2016022901171807', SELLER),
  shop('DL0003', 'C996377230C16FEF1BA98F127C1A4570', '2016022901171808', OTHER_SELLER),
];

function shop(cpiNo: string, dongleNo: string, appId: string, sellerId: string): Shop {
  return { cpiNo, dongleNo, appId, sellerId };
}

export async function createWorld(swarm: Swarm, prng: Prng, script?: Script): Promise<World> {
  const timeline = createTimeline(script?.opening.nowMs ?? START_MS);
  const record = createRecord();
  const weather: Weather = { rates: NO_FAULTS };
  const database = await createSharedDatabase((sql, changes) => {
    if (changes === 0) markLostRace(record, sql);
  }, script?.opening.database);
  const network = createNetwork({
    timeline,
    weather,
    prng: prng.fork('network'),
    events: {
      onCall: (call) => {
        record.note(`${timeline.nowMs} call ${call.method} ${call.outTradeNo}`);
        live.onCall(call);
      },
      onArrival: (call) => {
        live.onArrival(call);
        guests.onArrival(call);
      },
      onNotification: (notification) => post(notification),
      onMark: record.mark,
    },
  });
  const live = createLiveChecks({
    timeline,
    book: network.book,
    record,
    checksSpacing: isExact(swarm),
  });
  const guests = createGuests(network, timeline);
  const servers = createServers();
  const receivers = createReceivers({ timeline, weather, record, prng: prng.fork('receivers') });
  const tellers = new Map<string, string>();
  const parts = { timeline, database, network, record, weather, servers, receivers, tellers };
  const hosts = createHosts(swarm, prng, parts, script);
  const post = createPost({ timeline, hosts, prng: prng.fork('post'), weather, network, record });
  const tokens = new Map(script?.opening.tokens);
  const till = createTill({ timeline, hosts, record, weather, tokens });
  for (const [appId, app] of script?.opening.apps ?? []) {
    network.book.app.set(appId, structuredClone(app));
  }
  for (const host of hosts) await host.start(script?.pollMs ?? POLL_MS);
  if (script === undefined) await openShops(timeline, hosts, tokens);
  const { paymentDeadlineS, qrExpiresS } = swarm.settings;
  const cast: Cast = {
    till,
    timeline,
    guests,
    ledger: record.ledger,
    weather,
    paymentDeadlineMs: paymentDeadlineS * 1000,
    qrExpiresMs: qrExpiresS * 1000,
    shops: SHOPS,
  };
  const close = (): void => {
    database.close();
    servers.giveBack();
  };
  const v1 = { swarm, timeline, database, network, hosts, record, cast, weather, tokens, close };
  return { ...v1, receivers, tellers };
}

/** Keeps how the shops of a world that has just begun were opened. */
export function openingOf({ timeline, database, network, tokens }: World): Opening {
  const apps = [...network.book.app].map(([appId, app]) => [appId, structuredClone(app)] as const);
  return { nowMs: timeline.nowMs, database: database.copy(), apps, tokens };
}

type Parts = Omit<World, 'swarm' | 'hosts' | 'cast' | 'tokens' | 'close'> & {
  readonly servers: Servers;
};

function createHosts(
  swarm: Swarm,
  prng: Prng,
  parts: Parts,
  script: Script | undefined,
): readonly Host[] {
  const { timeline, database, network, servers } = parts;
  const fate = createFate(parts, prng, script);
  const send = script?.line(network.send) ?? network.send;
  return swarm.skewsMs.map((skewMs, index) =>
    createHost({
      name: `node ${index + 1}`,
      timeline,
      database,
      servers,
      send,
      webhookSend: parts.receivers.send,
      settings: swarm.settings,
      skewMs,
      prng: prng.fork(`host ${index}`),
      fate,
    }),
  );
}

function createFate(
  { timeline, database, record, weather, tellers }: Parts,
  prng: Prng,
  script: Script | undefined,
): Fate {
  const crashes = prng.fork('crashes');
  const stalls = prng.fork('stalls');
  // `before` one call is `after` another: in a swarm it adds nothing.
  const byChance: Fate['dies'] = (_host, _port, phase) =>
    phase !== 'before' && crashes.chance(weather.rates.crash);
  return {
    dies: (host, port, phase) => {
      const isLast = (script?.dies ?? byChance)(host, port, phase);
      if (isLast) record.mark(`crash: ${phase} ${port.split(' ').slice(0, 2).join(' ')}`);
      return isLast;
    },
    stallMs: () => {
      if (!stalls.chance(weather.rates.stall)) return undefined;
      const isLong = stalls.chance(0.1);
      record.mark(isLong ? 'stall: long' : 'stall: short');
      return isLong ? stalls.between(5_000, 60_000) : stalls.between(1, 1_000);
    },
    onAlarm: (message, { err }) => {
      record.mark(`alarm: ${message}`);
      if (!(err instanceof Error)) return;
      const detail = `${message}: ${err.stack ?? err.message}`;
      record.fail({ rule: 'no fault of ours', detail, paymentNo: undefined });
    },
    onNews: (host, topic) => void tellers.set(topic, host.name),
    onDeath: (host) => {
      for (const paymentNo of database.keyless(timeline.nowMs - KEYS_KEPT_MS)) {
        record.fail({ rule: 'a key is stored with its intent', detail: host.name, paymentNo });
      }
      const downMs = script?.downMs ?? crashes.between(200, 20_000);
      timeline.after(downMs, () => void host.start(script?.pollMs ?? POLL_MS));
    },
  };
}

/** Writes that found no row: somebody else was faster, and the writer has to decide again. */
function markLostRace({ mark }: RunRecord, sql: string): void {
  const [verb, table] = sql.startsWith('update') ? sql.split(' ') : sql.split(' into ');
  if (verb === 'update') {
    const isClaim = sql.includes('set "due_at_ms" = ? where');
    mark(`race lost: ${isClaim ? 'claim of' : 'write of'} ${table?.replaceAll('"', '')}`);
  } else if (verb === 'insert') {
    mark(`race lost: insert of ${table?.split('"')[1]}`);
  }
}

/** Registers the shops and gets each dongle its token, while nothing goes wrong. */
async function openShops(
  timeline: Timeline,
  hosts: readonly Host[],
  tokens: Map<string, string>,
): Promise<void> {
  const ask = async (url: string, payload: object): Promise<{ [name: string]: unknown }> => {
    const asked = hosts[0]?.request({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify(payload),
    });
    await timeline.run(timeline.nowMs + 1000);
    const reply = await asked;
    const body = reply === undefined || reply === 'broken' ? '{}' : reply.body;
    const { err, data } = JSON.parse(body) as { err: string; data: { [name: string]: unknown } };
    if (err !== 'nothing') throw new Error(`${url} was answered ${body}`);
    return data;
  };
  for (const { cpiNo, dongleNo, appId, sellerId } of SHOPS) {
    if (!tokens.has(dongleNo)) {
      const { secretKey } = await ask('/auth/secret', { dogNo: dongleNo });
      const { token } = await ask('/auth/token', { dogNo: dongleNo, secretKey });
      tokens.set(dongleNo, String(token));
    }
    const data = { storeDogNo: cpiNo, cpiPid: sellerId, cpiAppid: appId };
    await ask('/f2f/company/add', { token: tokens.get(dongleNo), data });
  }
}
