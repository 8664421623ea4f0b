/**
 * A world to run in: hosts with the real gateway on one database, the simulator as Alipay behind its network, the post,
 * guests and tills, all on one timeline. Two kinds of run use it: a swarm from a seed (`simulation.ts`) and a scripted
 * story that dies at a chosen port call (`crash-points.ts`).
 */
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
import { NO_FAULTS, type FaultRates, type Swarm } from './swarm.ts';
import { createTill } from './till.ts';
import { createTimeline, type Timeline } from './timeline.ts';

export type World = {
  readonly swarm: Swarm;
  readonly timeline: Timeline;
  readonly database: SharedDatabase;
  readonly network: Network;
  readonly hosts: readonly Host[];
  readonly record: RunRecord;
  readonly cast: Cast;
  /** How hostile it is now; calm until somebody changes it. */
  readonly weather: Weather;
};

export type Weather = { rates: FaultRates };

/** What decides that a node dies, if not the rates. */
export type Dies = Fate['dies'];

const START_MS = Date.UTC(2026, 10, 23, 4, 0, 0);
const MINUTE_MS = 60_000;
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

export async function createWorld(swarm: Swarm, prng: Prng, dies?: Dies): Promise<World> {
  const timeline = createTimeline(START_MS);
  const record = createRecord();
  const weather: Weather = { rates: NO_FAULTS };
  const database = await createSharedDatabase((sql, changes) => {
    if (changes === 0) markLostRace(record, sql);
  });
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
    checksSpacing: swarm.skewsMs.every((ms) => ms === 0) && swarm.rates.stall === 0,
  });
  const guests = createGuests(network, timeline);
  const hosts = createHosts(swarm, prng, { timeline, database, network, record, weather }, dies);
  const post = createPost({ timeline, hosts, prng: prng.fork('post'), weather, network, record });
  const tokens = new Map<string, string>();
  const till = createTill({ timeline, hosts, record, weather, tokens });
  await openShops(timeline, hosts, tokens);
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
  return { swarm, timeline, database, network, hosts, record, cast, weather };
}

function createHosts(
  swarm: Swarm,
  prng: Prng,
  parts: Pick<World, 'timeline' | 'database' | 'network' | 'record' | 'weather'>,
  dies: Dies | undefined,
): readonly Host[] {
  const { timeline, database, network } = parts;
  const fate = createFate(parts, prng, dies);
  return swarm.skewsMs.map((skewMs, index) =>
    createHost({
      name: `node ${index + 1}`,
      timeline,
      database,
      send: network.send,
      settings: swarm.settings,
      skewMs,
      prng: prng.fork(`host ${index}`),
      fate,
    }),
  );
}

function createFate(
  { timeline, record, weather }: Pick<World, 'timeline' | 'record' | 'weather'>,
  prng: Prng,
  dies: Dies | undefined,
): Fate {
  const crashes = prng.fork('crashes');
  const stalls = prng.fork('stalls');
  // `before` one call is `after` another: in a swarm it adds nothing.
  const byChance: Dies = (_host, _port, phase) =>
    phase !== 'before' && crashes.chance(weather.rates.crash);
  return {
    dies: (host, port, phase) => {
      const isLast = (dies ?? byChance)(host, port, phase);
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
    onDeath: (host) => {
      timeline.after(crashes.between(200, 20_000), () => void host.start(POLL_MS));
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

/** Starts everything, registers the shops and gets each dongle its token, while nothing goes wrong. */
async function openShops(
  timeline: Timeline,
  hosts: readonly Host[],
  tokens: Map<string, string>,
): Promise<void> {
  for (const host of hosts) await host.start(POLL_MS);
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
