/**
 * One run of the cluster: tills sell, refund and repeat while a storm of faults goes over gateways, database and Alipay; then
 * everything is healed, must settle, and the books are held against each other. What the processes say of themselves counts
 * too: none may die by itself, stay unready, or name a fault of ours in its log.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { findViolations, type Books, type Violation } from '../e2e/books.ts';
import { salesOf } from '../e2e/plan.ts';
import { createTills, type Sale, type Tills } from '../e2e/tills.ts';
import { createPrng } from '../sim/prng.ts';
import { until } from '../support/gateway-process.ts';
import { exchange } from '../support/v1-client.ts';
import { readBooks, settle } from './books-of.ts';
import { faultsOfOurs } from './log-faults.ts';
import { startScene, type Node, type Scene } from './scene.ts';
import { storm, type Struck } from './storm.ts';

export type RunOptions = {
  readonly seed: string;
  readonly gateways: number;
  readonly tills: number;
  readonly seconds: number;
  readonly hasStandby: boolean;
  readonly everyMs: readonly [min: number, max: number];
  /** Hears every few seconds how far things are. */
  readonly onProgress?: (progress: Progress) => void;
};

export type Progress = {
  readonly seconds: number;
  readonly bills: number;
  readonly paid: number;
  /** Tills that have not been told anything of their bill yet. */
  readonly waiting: number;
  readonly struck: readonly Struck[];
};

export type Run = {
  readonly books: Books;
  readonly violations: readonly Violation[];
  readonly struck: readonly Struck[];
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly settledAtMs: number;
};

const PROGRESS_EVERY_MS = 5000;
const SETTLE_MS_MAX = 180_000;
const READY_MS_MAX = 20_000;
/** A till does not wait for ever: there are others. */
const ANSWER_MS_MAX = 5000;
const BETWEEN_GUESTS_MS = 200;

export async function runCluster(options: RunOptions): Promise<Run> {
  const scene = await startScene(options);
  try {
    return await runScene(scene, options);
  } finally {
    await scene.close();
  }
}

async function runScene(scene: Scene, options: RunOptions): Promise<Run> {
  const { nodes, simulator, token, cpiNo } = scene;
  const urls = nodes.map(({ gateway }) => gateway.url());
  const tills = createTills({ urls, token, cpiNo, simulator, answerMsMax: ANSWER_MS_MAX });
  const beganAtMs = Date.now();
  const endsAtMs = beganAtMs + options.seconds * 1000;
  const selling = sellUntil(tills, endsAtMs, options.tills);
  const struck: Struck[] = [];
  const reporting = new AbortController();
  const progress = reportProgress(tills, { beganAtMs, struck, options, signal: reporting.signal });
  await storm(scene, {
    draw: createPrng(options.seed),
    endsAtMs,
    hasStandby: options.hasStandby,
    everyMs: options.everyMs,
    onStruck: (one) => struck.push(one),
  });
  const endedAtMs = Date.now();
  await simulator.endFaults();
  const found: Violation[] = [];
  for (const node of nodes) found.push(...(await findTrouble(node)));
  await selling;
  reporting.abort();
  await progress;
  const settledAtMs = await settle({ url: scene.url(), simulator, settleMsMax: SETTLE_MS_MAX });
  await tills.repeatAll();
  for (const node of nodes) found.push(...(await stopInOrder(node)));
  const books = await readBooks({ url: scene.url(), simulator }, tills.bills, settledAtMs);
  const broken = struck.flatMap(({ kind, name, failure }) =>
    failure === undefined ? [] : [trouble('a fault ends', `${kind} ${name ?? ''}: ${failure}`)],
  );
  const violations = [...broken, ...found, ...findViolations(books)];
  return { books, violations, struck, beganAtMs, endedAtMs, settledAtMs };
}

/**
 * Each till sells one bill after the other. Half of them meet every kind of guest; the others only those who are served at
 * once, so that a time without a payment is the cluster's doing and not the guests'.
 */
async function sellUntil(tills: Tills, endsAtMs: number, count: number): Promise<void> {
  const lists = [salesForEver('mixed'), salesForEver('quick')];
  const till = async (sales: Generator<Sale, never>): Promise<void> => {
    while (Date.now() < endsAtMs) {
      await tills.sell(sales.next().value);
      await delay(BETWEEN_GUESTS_MS);
    }
  };
  await Promise.all(Array.from({ length: count }, (_, number) => till(lists[number % 2]!)));
}

function* salesForEver(kind: 'mixed' | 'quick'): Generator<Sale, never> {
  for (let round = 0; ; round += 1) {
    for (const sale of salesOf(round, kind === 'quick')) {
      yield { ...sale, localNo: `${kind} ${sale.localNo}` };
    }
  }
}

async function reportProgress(
  tills: Tills,
  about: { beganAtMs: number; struck: readonly Struck[]; options: RunOptions; signal: AbortSignal },
): Promise<void> {
  const { beganAtMs, struck, options, signal } = about;
  while (!signal.aborted) {
    await delay(PROGRESS_EVERY_MS, undefined, { signal }).catch(() => undefined);
    options.onProgress?.({
      seconds: Math.round((Date.now() - beganAtMs) / 1000),
      bills: tills.bills.length,
      paid: tills.count('paid'),
      waiting: tills.countUnheard(),
      struck,
    });
  }
}

/** After the storm every gateway runs and is ready, and none has died meanwhile without being killed. */
async function findTrouble({ name, gateway }: Node): Promise<readonly Violation[]> {
  if (!gateway.isAlive()) {
    return [
      trouble('a gateway lives', `${name} ended by itself: ${gateway.output().slice(-4000)}`),
    ];
  }
  try {
    await until(
      async () => (await exchange(gateway.url(), { path: '/readyz' })).httpStatus === 200,
      { what: 'it to be ready', withinMs: READY_MS_MAX },
    );
    return [];
  } catch (error) {
    return [trouble('a gateway becomes ready again', `${name}: ${String(error)}`)];
  }
}

async function stopInOrder({ name, gateway }: Node): Promise<readonly Violation[]> {
  if (!gateway.isAlive()) return [];
  const exitCode = await gateway.kill('SIGTERM');
  const stops = exitCode === 0 ? [] : [trouble('a gateway stops', `${name}: code ${exitCode}`)];
  const logged = faultsOfOurs(gateway.output());
  return [...stops, ...logged.map((line) => trouble('no fault of ours', `${name}: ${line}`))];
}

function trouble(rule: string, detail: string): Violation {
  return { rule, detail, localNo: undefined, paymentNo: undefined };
}
