/**
 * `npm run test:cluster`: gateways as processes on one PostgreSQL with a synchronous standby, and a fault every few seconds.
 * Prints a line every few seconds, a table at the end and a line of JSON; ends with 1, and the stories of the payments, when
 * the books do not agree.
 */
import { Command, InvalidArgumentError } from 'commander';
import { report } from '../e2e/report.ts';
import { summarize, tableOf } from './outcome.ts';
import { runCluster, type Progress } from './run.ts';

type Options = {
  minutes: number;
  seed: string;
  gateways: number;
  tills: number;
  standby: boolean;
};

const SECONDS_PER_MINUTE = 60;
const EVERY_MS = [2000, 5000] as const;
/** Faults that a line of progress names. */
const NAMED = 2;

function minutes(text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

function several(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 2 && value <= 8) return value;
  throw new InvalidArgumentError('It must be a whole number from 2 to 8.');
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('It must be a whole number of at least 1.');
}

function tell({ seconds, bills, paid, waiting, struck }: Progress): void {
  const last = struck.slice(-NAMED).map(({ kind, name, endedAtMs }) => {
    const where = name === undefined ? kind : `${kind} (${name})`;
    return endedAtMs === undefined ? `${where}, not over` : where;
  });
  const line = `${seconds} s: ${bills} bills, told paid ${paid} times, ${waiting} waiting; ${last.join('; ')}`;
  process.stdout.write(`${line}\n`);
}

async function main(options: Options): Promise<void> {
  const { seed, gateways, tills } = options;
  const run = await runCluster({
    seed,
    gateways,
    tills,
    seconds: options.minutes * SECONDS_PER_MINUTE,
    hasStandby: options.standby,
    everyMs: EVERY_MS,
    onProgress: tell,
  });
  const { books, violations } = run;
  process.stdout.write(tableOf(run));
  process.stdout.write(`${JSON.stringify({ ...options, ...summarize(run) })}\n`);
  if (violations.length === 0) return;
  const flags = `--minutes ${options.minutes} --seed ${seed} --gateways ${gateways} --tills ${tills}`;
  process.stderr.write(`${report(books, violations)}\n`);
  process.stderr.write(
    `the same faults again: npm run test:cluster -- ${flags}${options.standby ? '' : ' --no-standby'}\n`,
  );
  process.exitCode = 1;
}

// Whoever stops the run leaves no process behind: those that were started end with this one.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

await new Command('test:cluster')
  .description('several gateways on one PostgreSQL, and a fault every few seconds')
  .option('--minutes <m>', 'how long faults come', minutes, 3)
  .option('--seed <s>', 'what is drawn from', String(Date.now()))
  .option('--gateways <n>', 'gateways on the database', several, 3)
  .option('--tills <n>', 'tills that sell at the same time', count, 16)
  .option('--no-standby', 'one database server, without a standby to promote')
  .action(main)
  .parseAsync();
