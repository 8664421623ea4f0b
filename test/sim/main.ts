/**
 * `npm run sim`: runs seeds, prints one JSON line for each and one for all of them. On a violation it prints the command
 * that repeats the run and the shortest story it can find, and ends with 1. A long run also fails when a rare branch that
 * it should have been through was never reached. Seeds are shared out among processes, one for each core.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { missingMarks } from './marks.ts';
import { runSeed, type Run } from './simulation.ts';
import { shorten, tell } from './story.ts';

type Options = {
  seeds: number;
  from: number;
  seed?: string;
  minutes?: number;
  bills: number;
  /** Plays these bills of each run, and no others. */
  only?: ReadonlySet<number>;
  jobs: number;
  /** Ends with the first seed that does not pass. */
  stop?: boolean;
  story: boolean;
  /** Of a process that was started by another: which share of the seeds is its own. */
  share?: number;
};

/** What a process tells the one that started it, and what all of them come to. */
type Totals = {
  runs: number;
  payments: number;
  failed: number;
  inconclusive: number;
  cpuMs: number;
  marks: [string, number][];
};

const MS_PER_MINUTE = 60_000;
const US_PER_MS = 1000;

function whole(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('It must be a whole number of at least 1.');
}

function minutes(text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

function numbers(text: string): ReadonlySet<number> {
  return new Set(text.split(',').map(whole));
}

const program = new Command('sim')
  .description('the deterministic simulation of the whole gateway')
  .option('--seeds <n>', 'how many seeds to run', whole, 100)
  .option('--from <n>', 'the first of them', whole, 1)
  .option('--seed <s>', 'run this seed alone')
  .option('--minutes <m>', 'run seeds for so long, however many', minutes)
  .option('--bills <n>', 'bills in a run', whole, 150)
  .option('--only <list>', 'of those, play these alone: 3,17', numbers)
  .option('--jobs <n>', 'processes to share the seeds', whole, availableParallelism())
  .option('--stop', 'end with the first seed that does not pass')
  .option('--no-story', 'do not look for the shortest story of a failure')
  .option('--share <n>', 'the share of one of them', Number)
  .action(main);

async function main(options: Options): Promise<void> {
  const startedAtMs = Date.now();
  const isAlone = options.seed !== undefined || options.jobs === 1;
  const totals =
    isAlone || options.share !== undefined ? await runShare(options) : await runAll(options);
  if (options.share !== undefined) {
    process.send?.(totals);
    return;
  }
  const { marks, ...counts } = totals;
  const missing = missingMarks(new Map(marks), totals.payments);
  const seconds = Math.round((Date.now() - startedAtMs) / US_PER_MS);
  const perCpuSecond = Math.round(totals.payments / (totals.cpuMs / US_PER_MS));
  const isOk = totals.failed === 0 && totals.inconclusive === 0 && missing.length === 0;
  const summary = { summary: isOk ? 'pass' : 'fail', ...counts, seconds, perCpuSecond, missing };
  process.stdout.write(`${JSON.stringify({ ...summary, marks: Object.fromEntries(marks) })}\n`);
  if (!isOk) process.exitCode = 1;
}

function* seedsOf({
  seed,
  seeds,
  from,
  jobs,
  share = 0,
  minutes: limit,
}: Options): Iterable<string> {
  if (seed !== undefined) {
    yield seed;
    return;
  }
  const step = jobs;
  const endAtMs = limit === undefined ? Infinity : Date.now() + limit * MS_PER_MINUTE;
  for (let at = share; limit === undefined ? at < seeds : Date.now() < endAtMs; at += step) {
    yield String(from + at);
  }
}

async function runShare(options: Options): Promise<Totals> {
  const { bills, only } = options;
  const marks = new Map<string, number>();
  const totals = { runs: 0, payments: 0, failed: 0, inconclusive: 0, cpuMs: 0 };
  const shared = options.share === undefined ? { ...options, jobs: 1 } : options;
  for (const seed of seedsOf(shared)) {
    const before = process.cpuUsage();
    const run = await runSeed({ seed, bills, only });
    const { user, system } = process.cpuUsage(before);
    const cpuMs = Math.round((user + system) / US_PER_MS);
    print(run, cpuMs);
    totals.runs += 1;
    totals.payments += run.payments;
    totals.cpuMs += cpuMs;
    if (run.verdict === 'inconclusive') totals.inconclusive += 1;
    for (const [mark, count] of run.marks) marks.set(mark, (marks.get(mark) ?? 0) + count);
    if (run.verdict === 'fail') totals.failed += 1;
    if (run.verdict === 'fail' && options.story && only === undefined) await explain(run, bills);
    if (run.verdict !== 'pass' && options.stop === true) break;
  }
  return { ...totals, marks: sorted(marks) };
}

function print(
  { seed, verdict, payments, steps, digest, swarm, violations }: Run,
  cpuMs: number,
): void {
  const { rates, nodes, skewsMs, settings, v2 } = swarm;
  const { barcodeWaitS, paymentDeadlineS, qrExpiresS, alipayTimeoutMs, confirm, latePayment } =
    settings;
  const drawn = {
    barcodeWaitS,
    paymentDeadlineS,
    qrExpiresS,
    alipayTimeoutMs,
    confirm,
    latePayment,
  };
  const line = {
    seed,
    verdict,
    payments,
    steps,
    digest,
    cpuMs,
    nodes,
    skewsMs,
    rates,
    settings: drawn,
    v2,
  };
  const broken = violations.length > 0 ? { violations } : {};
  process.stdout.write(`${JSON.stringify({ ...line, ...broken })}\n`);
}

function sorted(marks: ReadonlyMap<string, number>): [string, number][] {
  return [...marks].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

async function explain(run: Run, bills: number): Promise<void> {
  const shortest = await shorten({ seed: run.seed, bills }, run);
  const [first] = shortest.run.violations;
  const only = shortest.bills.length < bills ? ` --only ${shortest.bills.join(',')}` : '';
  const story = shortest.run.books.stories.find(
    ({ payment }) => payment.paymentNo === first?.paymentNo,
  );
  const lines = [
    '',
    `${first?.rule}: ${first?.detail}`,
    ...(story === undefined ? [] : tell(story)),
    `  again: npm run sim -- --seed ${run.seed} --bills ${bills}${only}`,
    '',
  ];
  process.stderr.write(lines.join('\n'));
}

async function runAll(options: Options): Promise<Totals> {
  const shares = Array.from({ length: options.jobs }, (_, share) => runChild(options, share));
  const all = await Promise.all(shares);
  const marks = new Map<string, number>();
  const totals = { runs: 0, payments: 0, failed: 0, inconclusive: 0, cpuMs: 0 };
  for (const share of all) {
    totals.runs += share.runs;
    totals.payments += share.payments;
    totals.failed += share.failed;
    totals.inconclusive += share.inconclusive;
    totals.cpuMs += share.cpuMs;
    for (const [mark, count] of share.marks) marks.set(mark, (marks.get(mark) ?? 0) + count);
  }
  return { ...totals, marks: sorted(marks) };
}

function runChild(options: Options, share: number): Promise<Totals> {
  const { seeds, from, bills, jobs } = options;
  const flags = [
    ...(options.minutes === undefined ? [] : ['--minutes', String(options.minutes)]),
    ...(options.stop === true ? ['--stop'] : []),
    ...(options.story ? [] : ['--no-story']),
    ...(options.only === undefined ? [] : ['--only', [...options.only].join(',')]),
  ];
  const words = { seeds, from, bills, jobs, share };
  const args = Object.entries(words).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, [...args, ...flags]);
    let totals: Totals | undefined;
    child.on('message', (message) => {
      // Our own process sent it.
      totals = message as Totals;
    });
    child.on('exit', (code) => {
      if (totals === undefined) reject(new Error(`a process of the simulation ended with ${code}`));
      else resolve(totals);
    });
  });
}

await program.parseAsync();
