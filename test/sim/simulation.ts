/**
 * One run of the whole system from a seed. First everything that can go wrong does, then all is healed and everything
 * must settle in bounded time; then what the tills were told, the gateway's rows and the simulator's book are compared.
 * The same seed does the same in every process.
 */
import type { Payment } from '../../src/core/payment.ts';
import { verifyAudit } from '../../src/flows/verify-audit.ts';
import { readAuditEntries } from '../../src/store/audit.ts';
import type { Db } from '../../src/store/database.ts';
import { listEvents } from '../../src/store/events.ts';
import { listIncidentsOf } from '../../src/store/incidents.ts';
import { listPayments } from '../../src/store/payments.ts';
import { listRefunds } from '../../src/store/refunds.ts';
import { play } from './bills.ts';
import { allTrades, tradeNamed } from './book.ts';
import type { Books, Story } from './check.ts';
import { finalChecks } from './final-checks.ts';
import type { Bill, Told } from './ledger.ts';
import { markHistories } from './marks.ts';
import { createPrng, type Prng } from './prng.ts';
import type { Violation } from './record.ts';
import { drawSwarm, isExact, NO_FAULTS, type Swarm } from './swarm.ts';
import { playV2 } from './v2/bills.ts';
import { markV2 } from './v2/marks.ts';
import { NO_V2, type V2Plan } from './v2/plan.ts';
import { openV2, type V2Books, type V2World } from './v2/world.ts';
import { createWorld, SHOPS, type World } from './world.ts';

export type RunOptions = {
  readonly seed: string;
  readonly bills: number;
  /** Plays only the bills with these numbers, to find the shortest story of a failure. */
  readonly only?: ReadonlySet<number> | undefined;
};

export type Verdict = 'pass' | 'fail' | 'inconclusive';

export type Run = {
  readonly seed: string;
  readonly verdict: Verdict;
  readonly violations: readonly Violation[];
  /** Over everything that happened. */
  readonly digest: string;
  readonly swarm: Swarm;
  readonly payments: number;
  readonly steps: number;
  readonly marks: ReadonlyMap<string, number>;
  readonly books: Books;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The world stays hostile for so long after the last bill was begun. */
const HOSTILE_MS = 3 * MINUTE_MS;
/** Once healed, everything but the watch over absent trades settles within this time. */
const SETTLES_WITHIN_MS = 3 * HOUR_MS;
/** The last look at an absent trade is 30 hours after its end. */
const WATCH_ENDS_MS = 36 * HOUR_MS;
/** In the days of the watch, nodes need not look at each other's rows; but for what programs are owed. */
const WATCH_POLL_MS = 12 * HOUR_MS;
const WATCH_POLL_MS_OF_V2 = HOUR_MS;
/** Whoever comes back after days hears everything within this time. */
const HEARS_WITHIN_MS = 12 * HOUR_MS;
/** A run that takes more is going in a circle. */
const STEPS_MAX_PER_BILL = 5000;

export async function runSeed(options: RunOptions): Promise<Run> {
  const prng = createPrng(options.seed);
  const swarm = drawSwarm(prng.fork('swarm'), options.bills);
  const world = await createWorld(swarm, prng);
  const { record, timeline, database } = world;
  try {
    const v2 =
      swarm.v2 === NO_V2
        ? undefined
        : await openV2({ ...world, shops: SHOPS }, swarm.v2, prng.fork('v2'));
    for (const { bill, stream, afterMs } of drawBills(swarm, prng)) {
      if (options.only !== undefined && !options.only.has(Number(bill.localNo))) continue;
      timeline.after(afterMs, begin(world, v2, bill, stream, prng));
    }
    const isSettled = await live(world, v2);
    const audited = isSettled ? await v2?.audit() : undefined;
    const books = await readBooks(world, audited);
    if (isSettled) finalChecks(books).forEach(record.fail);
    markHistories(record, books);
    if (audited !== undefined) markV2(record, audited);
    for (const line of finalLines(books)) record.note(line);
    const isBroken = record.violations.length > 0;
    return {
      seed: options.seed,
      verdict: isBroken ? 'fail' : isSettled ? 'pass' : 'inconclusive',
      violations: record.violations,
      digest: record.digest(),
      swarm,
      payments: books.stories.length,
      steps: timeline.steps,
      marks: record.marks,
      books,
    };
  } finally {
    database.close();
  }
}

type Begun = { readonly bill: Bill; readonly stream: Prng; readonly afterMs: number };

function* drawBills(swarm: Swarm, prng: Prng): Iterable<Begun> {
  for (let index = 1; index <= swarm.bills; index += 1) {
    const stream = prng.fork(`bill ${index}`);
    const bill: Bill = {
      name: `bill ${index}`,
      // A QR code is asked about until it runs out: two in ten take half of all the time.
      kind: stream.weighted({ barcode: 10, qr: 1.2, older: 0.4 }),
      shop: stream.pick(SHOPS),
      localNo: String(index),
      amountFen: stream.between(100, 99_999),
    };
    yield { bill, stream, afterMs: stream.below(swarm.rushMs) };
  }
}

/** Plays a bill over v1, over v2, or over both at once. */
function begin(
  { cast, swarm }: World,
  v2: V2World | undefined,
  bill: Bill,
  stream: Prng,
  prng: Prng,
): () => void {
  const playV1 = (): void => void play(cast, bill, stream);
  if (v2 === undefined || bill.kind === 'older') return playV1;
  const ofV2 = prng.fork(`v2 ${bill.name}`);
  const apis = apisOf(swarm.v2, ofV2);
  return () => {
    if (apis !== 'v2') playV1();
    if (apis !== 'v1') void playV2(v2.cast, bill, ofV2);
  };
}

function apisOf({ share, bothShare }: V2Plan, prng: Prng): 'v1' | 'v2' | 'both' {
  if (!prng.chance(share)) return 'v1';
  return prng.chance(bothShare) ? 'both' : 'v2';
}

/** Lets everything happen; false when it did not come to an end in so many steps. */
async function live(
  { timeline, weather, swarm, hosts }: World,
  v2: V2World | undefined,
): Promise<boolean> {
  const beganAtMs = timeline.nowMs;
  const stepsMax = STEPS_MAX_PER_BILL * (swarm.bills + 20);
  const isStuck = (): boolean => timeline.steps > stepsMax;
  const runFor = (ms: number): Promise<void> => timeline.run(timeline.nowMs + ms, isStuck);
  weather.rates = swarm.rates;
  await runFor(swarm.rushMs + HOSTILE_MS);
  weather.rates = NO_FAULTS;
  await runFor(SETTLES_WITHIN_MS);
  for (const host of hosts) {
    await host.restart(v2 === undefined ? WATCH_POLL_MS : WATCH_POLL_MS_OF_V2);
  }
  await runFor(WATCH_ENDS_MS);
  if (v2 === undefined) return !isStuck();
  await runFor(beganAtMs + v2.lastsMs - timeline.nowMs);
  await v2.repair();
  if (v2.lastsMs > 0) await runFor(HEARS_WITHIN_MS);
  return !isStuck();
}

const PAYMENTS_MAX = 100_000;
const ENTRIES_MAX = 1_000_000;

export async function readBooks(world: World, v2?: V2Books): Promise<Books> {
  const { database, network, record, swarm } = world;
  const { ledger } = record;
  const db = database.witness;
  const toldOf = Map.groupBy(ledger.told, ({ paymentNo }: Told) => paymentNo);
  const stories: Story[] = [];
  for (const payment of await listPayments(db, { limit: PAYMENTS_MAX })) {
    stories.push({
      payment,
      events: await listEvents(db, payment),
      refunds: await listRefunds(db, payment),
      incidents: await listIncidentsOf(db, payment),
      trade: tradeNamed(network.book, payment.paymentNo),
      told: toldOf.get(payment.paymentNo) ?? [],
      feed: await feedOf(db, payment),
    });
  }
  return {
    stories,
    trades: allTrades(network.book),
    ledger,
    latePayment: swarm.settings.latePayment,
    skewMs: Math.max(...swarm.skewsMs.map(Math.abs)),
    isExact: isExact(swarm),
    v2,
    audit: {
      verdict: await verifyAudit(db),
      entries: await readAuditEntries(db, 0, ENTRIES_MAX),
    },
    isForeign: (outTradeNo) => outTradeNo.startsWith('OLD'),
  };
}

/** In the order of the feed; what has no place comes first. */
async function feedOf(db: Db, { merchantId, paymentNo }: Payment): Promise<Story['feed']> {
  const rows = await db
    .selectFrom('event')
    .select(['type', 'position'])
    .where('merchant_id', '=', merchantId)
    .where('payment_no', '=', paymentNo)
    .orderBy('position')
    .execute();
  return rows.map(({ type, position }) => ({ type, place: position }));
}

function* finalLines({ stories, trades }: Books): Iterable<string> {
  for (const { payment, events, refunds } of stories) {
    yield JSON.stringify([payment, events, refunds]);
  }
  yield JSON.stringify(trades);
}
