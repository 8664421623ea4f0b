/**
 * Kills the gateway at every port call of a money path, one world for each: a path is played once to write down its
 * moments, then again and again with a node that dies at one of them (or at two), is started again, and has to settle
 * rightly. Enumerated, not sampled. The paths are in `money-paths.ts`, the clerk who plays them in `clerk.ts`.
 */
import { nextDueMs } from '../../simulator/simulator.ts';
import type { FlowSettings } from '../../src/flows/deps.ts';
import { nextDueAtMs } from '../../src/store/due.ts';
import { nextDeliveryAtMs } from '../../src/store/webhooks.ts';
import type { HttpResponse, HttpSend } from '../../src/system/http.ts';
import { keepsMoney } from './book.ts';
import { BROKEN, ClerkLeft, createClerk, type Clerk, type Patience } from './clerk.ts';
import type { Books } from './check.ts';
import { finalChecks } from './final-checks.ts';
import type { Bill } from './ledger.ts';
import {
  createWatch,
  deathsOf,
  readWireCall,
  type Moment,
  type Watch,
  type WireCall,
} from './moments.ts';
import { createPrng } from './prng.ts';
import { readBooks } from './simulation.ts';
import { NO_FAULTS, PLAIN_SETTINGS, type Swarm } from './swarm.ts';
import { NO_V2, type V2Plan } from './v2/plan.ts';
import type { Keys } from './v2/till.ts';
import { makeKeys, openV2, type V2World } from './v2/world.ts';
import { createWorld, openingOf, SHOPS, type Opening, type World } from './world.ts';

/** One way that money goes, or does not go. */
export type MoneyPath = {
  readonly name: string;
  readonly settings?: Partial<FlowSettings>;
  /** Everything that clerk and guest do. Moments count from `stage.begin()` on. */
  play(stage: Stage): Promise<void>;
  /** Stands between the gateway and the network; `pass` lets the call through, once or not at all. */
  meet?(stage: Stage, call: WireCall, pass: Pass): Promise<HttpResponse>;
  /** How it ends when nobody dies, as `summaryOf` tells it. */
  readonly ends: RegExp;
  /** How it may end besides when the gateway dies on the way. */
  readonly mayEnd?: RegExp;
  /** How it may end besides when then the clerk leaves at the broken connection. */
  readonly endsIfClerkLeft: RegExp;
  /** What Alipay is asked on the way (without `alipay.trade.`). */
  readonly asks: readonly string[];
  /** Ports that it passes besides. */
  readonly ports?: readonly string[];
  /** The clerk speaks v2, and these programs hear of it. */
  readonly v2?: V2Plan;
  /** False when nothing is written on the way. */
  readonly stores?: boolean;
  /** Besides a restart after seconds, play it also with a gateway that stays down for so long. */
  readonly outageMs?: number;
};

export type Stage = {
  readonly world: World;
  readonly bill: Bill;
  readonly clerk: Clerk;
  readonly patience: Patience;
  /** Where v2 is spoken. */
  readonly v2: V2World | undefined;
  /** From here on each port call is a moment to die at; what was before is another path's. */
  begin(): void;
  /** From here on no more. */
  end(): void;
  /** True the first time that it is asked about this name. */
  isFirst(name: string): boolean;
  /** Makes Alipay fail at its next call of this method, as the simulator's control API has it. */
  fault(method: string, kind: string, more?: object): void;
};

export type Pass = () => Promise<HttpResponse>;

export type Playing = {
  readonly path: MoneyPath;
  /** At which of its moments each life ends; a life beyond these does not. */
  readonly deaths?: readonly number[];
  readonly patience?: Patience;
  /** How long a dead node stays down. */
  readonly downMs?: number;
};

export type Played = {
  /** The moments of each life. */
  readonly lives: readonly (readonly Moment[])[];
  readonly summary: string;
  readonly books: Books;
  /** What is not right; empty when all is. */
  readonly problems: readonly string[];
  readonly didConnectionBreak: boolean;
};

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** Long enough for a till to have noticed, too short for anything to have timed out. */
const DOWN_MS = 3 * SECOND_MS;
/** No other node has rows. */
const POLL_MS = 48 * HOUR_MS;
/** But what waits behind a webhook that nobody came back from is looked for. */
const POLL_MS_OF_CALLED = 5 * MINUTE_MS;
/** Whatever guests and couriers still do happens within this time. */
const ACTS_END_WITHIN_MS = 5 * MINUTE_MS;
/** The last look at an absent trade is 30 hours after its end. */
const SETTLES_WITHIN_MS = 48 * HOUR_MS;

/** Nobody waits for long, so that no story is longer than it must be. */
export const BRIEF = {
  barcodeWaitS: 10,
  paymentDeadlineS: 8,
  qrExpiresS: 10,
  alipayTimeoutMs: 3_000,
};

type Opened = Opening & { readonly keys: Keys };

let opening: Promise<Opened> | undefined;

async function openOnce(): Promise<Opened> {
  const prng = createPrng('opening');
  const world = await createWorld(swarmOf({}), prng);
  const keys = await makeKeys({ ...world, shops: SHOPS }, prng.fork('keys'));
  const kept = { ...openingOf(world), keys };
  world.close();
  return kept;
}

function swarmOf(settings: Partial<FlowSettings>): Swarm {
  return {
    nodes: 1,
    bills: 1,
    rushMs: 0,
    skewsMs: [0],
    rates: NO_FAULTS,
    settings: { ...PLAIN_SETTINGS, ...BRIEF, ...settings },
    v2: NO_V2,
  };
}

/** Plays a path in a world of its own. */
export async function playPath(playing: Playing): Promise<Played> {
  const { path, deaths = [], patience = 'stays', downMs = DOWN_MS } = playing;
  opening ??= openOnce();
  let stage: Stage | undefined;
  const watch = createWatch(deaths, () => stage?.world.timeline.steps ?? 0);
  const meet = (call: WireCall | undefined, pass: Pass): Promise<HttpResponse> => {
    if (stage === undefined || call === undefined) return pass();
    return path.meet?.(stage, call, pass) ?? pass();
  };
  const script = {
    dies: watch.dies,
    downMs,
    line:
      (send: HttpSend): HttpSend =>
      (request) => {
        const call = readWireCall(request);
        return watch.send(
          call,
          meet(call, () => send(request)),
        );
      },
    pollMs: path.ports === undefined ? POLL_MS : POLL_MS_OF_CALLED,
    opening: await opening,
  };
  const { keys } = await opening;
  const prng = createPrng(path.name);
  const world = await createWorld(swarmOf(path.settings ?? {}), prng, script);
  try {
    await world.timeline.settle();
    const opened = { ...world, shops: SHOPS, keys };
    const v2 = path.v2 && (await openV2(opened, path.v2, prng.fork('v2')));
    stage = createStage(world, path, patience, watch, v2);
    const isSettled = await playOut(world, path.play(stage));
    watch.end();
    const books = await readBooks(world, isSettled ? await v2?.audit() : undefined);
    const summary = summaryOf(books);
    return {
      lives: watch.lives,
      summary,
      books,
      problems: [...problemsOf(world, books, isSettled), ...endProblems(playing, summary)],
      didConnectionBreak: books.ledger.told.some(({ raw }) => raw === BROKEN),
    };
  } finally {
    world.close();
  }
}

function createStage(
  world: World,
  path: MoneyPath,
  patience: Patience,
  { begin, end }: Watch,
  v2: V2World | undefined,
): Stage {
  const [shop] = SHOPS;
  if (shop === undefined) throw new Error('there is a shop');
  const bill: Bill = { name: path.name, kind: 'barcode', shop, localNo: '1', amountFen: 1000 };
  const known = new Set<string>();
  return {
    world,
    bill,
    clerk: createClerk(world, bill, createPrng(`${path.name}/clerk`), patience),
    patience,
    v2,
    begin,
    end,
    isFirst: (name) => known.size < known.add(name).size,
    fault: (method, kind, more = {}) => {
      const fault = { method: `alipay.trade.${method}`, kind, ...more };
      const { status } = world.network.control('POST', '/simulator/faults', fault);
      if (status !== 200) throw new Error(`no such fault: ${kind}`);
    },
  };
}

/** Lets everything happen until nothing is left to do; false when that does not come. */
async function playOut(world: World, acting: Promise<void>): Promise<boolean> {
  const { timeline, network, database, hosts } = world;
  const endMs = timeline.nowMs + SETTLES_WITHIN_MS;
  let hasEnded = false;
  void acting.then(
    () => (hasEnded = true),
    (error: unknown) => {
      hasEnded = true;
      if (error instanceof ClerkLeft) return;
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      world.record.fail({ rule: 'the story can be told', detail, paymentNo: undefined });
    },
  );
  for (let sliceMs = ACTS_END_WITHIN_MS; timeline.nowMs < endMs; sliceMs *= 2) {
    await timeline.run(Math.min(timeline.nowMs + sliceMs, endMs));
    const isQuiet =
      hasEnded &&
      hosts.every(({ isUp }) => isUp) &&
      nextDueMs(network.book) === undefined &&
      network.book.inFlight.size === 0 &&
      (await nextDueAtMs(database.witness)) === undefined &&
      (await nextDeliveryAtMs(database.witness)) === undefined;
    if (isQuiet) return true;
  }
  return false;
}

function* problemsOf({ record, swarm }: World, books: Books, isSettled: boolean): Iterable<string> {
  if (!isSettled) yield 'nothing comes to an end';
  for (const { rule, detail } of [...record.violations, ...finalChecks(books)]) {
    yield `${rule}: ${detail}`;
  }
  if (swarm.settings.notifyUrl === undefined) return;
  for (const { payment, trade, events } of books.stories) {
    const isTold = events.some(({ kind }) => kind === 'hint');
    const isNews = trade?.paidAtMs !== undefined && payment.localNo !== null;
    if (isNews && !isTold) yield 'the notification got lost';
  }
}

function* endProblems({ path, deaths = [], patience }: Playing, summary: string): Iterable<string> {
  const mayEnd = [path.ends];
  if (deaths.length > 0) mayEnd.push(path.mayEnd ?? path.ends);
  if (deaths.length > 0 && patience === 'leaves') mayEnd.push(path.endsIfClerkLeft);
  if (!mayEnd.some((end) => end.test(summary))) yield `ends as: ${summary}`;
}

/** What became of a bill: the state of each of its payments, and what the shop keeps by Alipay's book. */
function summaryOf({ stories, trades }: Books): string {
  const states = stories
    .map(({ payment, incidents }) => {
      const open = incidents.filter((incident) => incident.state === 'open');
      return [
        payment.state,
        ...(payment.isLate ? ['late'] : []),
        ...open.map(({ reason }) => reason),
      ].join(' ');
    })
    .toSorted();
  const keptFen = trades
    .filter(keepsMoney)
    .reduce((sum, { totalFen, refundedFen }) => sum + totalFen - refundedFen, 0);
  return `${states.join(', ') || 'nothing'}: keeps ${keptFen}`;
}

/** What came of killing the gateway at each moment of a path. */
export type Killed = {
  /** All moments of the path, when nobody dies. */
  readonly moments: readonly Moment[];
  /** How often the path was played with a death. */
  readonly runs: number;
  /** What to repeat, and what went wrong. */
  readonly failures: readonly string[];
};

const PATIENCES: readonly Patience[] = ['stays', 'leaves'];

/** Kills the gateway once at each moment of the path; with a clerk who stays, and with one who leaves where it matters. */
export async function killAtEach(path: MoneyPath): Promise<Killed> {
  const calm = await playPath({ path });
  const [moments = []] = calm.lives;
  const failures = calm.problems.map((problem) => `${path.name}: ${problem}`);
  let runs = 0;
  const outages = path.outageMs === undefined ? [DOWN_MS] : [DOWN_MS, path.outageMs];
  for (const downMs of outages) {
    for (const at of deathsOf(moments)) {
      for (const patience of PATIENCES) {
        const playing = { path, deaths: [at], patience, downMs };
        const played = await playPath(playing);
        runs += 1;
        failures.push(...failuresOf(playing, played, moments));
        if (!played.didConnectionBreak) break;
      }
    }
  }
  return { moments, runs, failures };
}

/** Kills the gateway at each moment of the path, and the node that follows at each of its first moments. */
export async function killTwice(path: MoneyPath, secondDeathsMax: number): Promise<Killed> {
  const [moments = []] = (await playPath({ path })).lives;
  const failures: string[] = [];
  let runs = 0;
  // What is done for a clerk who left is done for one who stays, too.
  for (const at of deathsOf(moments)) {
    const once = await playPath({ path, deaths: [at] });
    for (const second of deathsOf(once.lives[1] ?? []).slice(0, secondDeathsMax)) {
      const playing = { path, deaths: [at, second] };
      failures.push(...failuresOf(playing, await playPath(playing), moments));
      runs += 1;
    }
  }
  return { moments, runs, failures };
}

function failuresOf(
  { path, deaths = [], patience, downMs = DOWN_MS }: Playing,
  { lives, problems }: Played,
  moments: readonly Moment[],
): readonly string[] {
  const at = deaths[0] ?? -1;
  const [first, last] = [lives[0] ?? [], lives[0]?.[at]];
  const isRepeated = first.length === at + 1 && last?.remains === moments[at]?.remains;
  const wrong = isRepeated ? problems : ['it went another way before the death', ...problems];
  const died = deaths.map((moment, life) => {
    const { phase, port } = (life === 0 ? moments : lives[life])?.[moment] ?? {};
    return `${phase} ${port} (moment ${moment})`;
  });
  return wrong.map(
    (problem) =>
      `${path.name}: died ${died.join(', then ')}, down for ${downMs} ms, clerk ${patience}: ${problem}`,
  );
}
