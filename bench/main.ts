/**
 * `npm run bench`: measures every figure, tells on stderr how far it is, prints the table, and writes `bench/results.json`,
 * from which `npm run docs` makes the table of `docs/performance.md`. A wrong answer of the gateway ends it with 1. Scenes
 * are in `scenes/`, the figures and their aims in `figures.ts`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { Samples } from './figures.ts';
import { resultsOf, terminalTable } from './report.ts';
import type { Scene } from './scene.ts';
import { calls } from './scenes/calls.ts';
import { consoleList } from './scenes/console-list.ts';
import { growth } from './scenes/growth.ts';
import { machine } from './scenes/machine.ts';
import { payments } from './scenes/payments.ts';
import { postgres } from './scenes/postgres.ts';
import { qrCodes } from './scenes/qr-codes.ts';
import { simulation } from './scenes/simulation.ts';
import { start } from './scenes/start.ts';

const SCENES: readonly Scene[] = [
  machine,
  start,
  calls,
  payments,
  postgres,
  qrCodes,
  growth,
  consoleList,
  simulation,
];
const RESULTS = join(import.meta.dirname, 'results.json');
const ROUNDS = 5;

type Options = { readonly rounds: number; readonly only?: string; readonly deep?: boolean };

const startMs = performance.now();

function progress(scene: string, step: string): void {
  const seconds = Math.round((performance.now() - startMs) / 1000);
  process.stderr.write(`${String(seconds).padStart(4)} s  ${scene}: ${step}\n`);
}

async function main({ rounds, only, deep = false }: Options): Promise<void> {
  const chosen = SCENES.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0)
    throw new Error(
      `No scene is called so; there are: ${SCENES.map(({ name }) => name).join(', ')}`,
    );
  const samples: Samples = {};
  for (const { name, measure } of chosen) {
    const tools = { rounds, deep, progress: (step: string) => progress(name, step) };
    Object.assign(samples, await measure(tools));
  }
  const results = resultsOf(samples, {
    day: new Date().toISOString().slice(0, 10),
    command: commandOf(process.argv.slice(2)),
    seconds: Math.round((performance.now() - startMs) / 1000),
  });
  process.stdout.write(`${terminalTable(results)}\n`);
  // A part of the figures does not replace the whole.
  if (only === undefined) writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`);
}

/** The command as it was typed. */
function commandOf(args: readonly string[]): string {
  return ['npm run bench', ...(args.length === 0 ? [] : ['--', ...args])].join(' ');
}

function whole(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('It must be a whole number of at least 1.');
}

await new Command('bench')
  .description('what the gateway costs, as ratios within one run')
  .option('--rounds <n>', 'how often each figure is measured', whole, ROUNDS)
  .option('--only <scene>', `one of ${SCENES.map(({ name }) => name).join(', ')}; writes no file`)
  .option('--deep', 'growth to ten million payments instead of one')
  .action(main)
  .parseAsync();
