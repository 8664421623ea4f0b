/**
 * `npm run sim:mutants`: plants each mistake of `mutants.ts` in a copy of the program, one at a time, and runs seeds until
 * one catches it, that of `regressions.ts` first where there is one. A mutant that lives through all of them fails the run, and
 * so do a patch that no longer fits and a seed of `regressions.ts` that no longer shows its mistake.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { MUTANTS, type Edit, type Mutant } from './mutants.ts';
import { REGRESSION_BILLS, REGRESSIONS } from './regressions.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const COPIED = ['src', 'simulator', 'test', 'package.json'];
/** Most are caught by the first few; the rarest takes some hundreds. */
const SEEDS = 600;

type Catch = {
  readonly name: string;
  readonly caught: boolean;
  readonly seed?: string;
  readonly rule?: string;
  readonly detail?: string;
  readonly seeds: number;
  /** The seed of `regressions.ts` that did not show the mistake: what a seed does has changed, and it must be replaced. */
  readonly staleSeed?: string;
};

/** Copies the program, with the mistake in it. */
function plant({ name, also = [], ...first }: Mutant): string {
  const folder = mkdtempSync(join(tmpdir(), 'f2f-mutant-'));
  for (const path of COPIED) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  for (const edit of [first, ...also]) apply(folder, name, edit);
  return folder;
}

function apply(folder: string, name: string, { file, find, replace }: Edit): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(find).length !== 2)
    throw new Error(`${name}: the patch does not fit ${file} once`);
  writeFileSync(
    path,
    text.replace(find, () => replace),
  );
}

/** What a patch that does not run says: nobody would have shipped it, so it shows nothing about the checks. */
const BROKEN_PATCH = /ReferenceError|SyntaxError|TypeError/;

type Line = { seed?: string; verdict?: string; violations?: { rule: string; detail: string }[] };

async function hunt(mutant: Mutant): Promise<Catch> {
  const folder = plant(mutant);
  try {
    const known = REGRESSIONS.find(({ mistake }) => mistake === mutant.name);
    if (known === undefined) return await runUntilCaught(folder, mutant, ['--seeds', `${SEEDS}`]);
    const again = await runUntilCaught(folder, mutant, ['--seed', known.seed]);
    if (again.caught) return again;
    const found = await runUntilCaught(folder, mutant, ['--seeds', `${SEEDS}`]);
    return { ...found, staleSeed: known.seed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs seeds until one fails. */
async function runUntilCaught(
  folder: string,
  { name }: Mutant,
  seedArgs: readonly string[],
): Promise<Catch> {
  const bills = ['--bills', `${REGRESSION_BILLS}`];
  const args = ['test/sim/main.ts', '--jobs', '1', '--stop', '--no-story', ...bills, ...seedArgs];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
  const ended = new Promise((resolve) => child.on('close', resolve));
  let seeds = 0;
  let last: Line = {};
  for await (const text of createInterface({ input: child.stdout })) {
    const line: Line = JSON.parse(text);
    if (line.seed === undefined) continue;
    seeds += 1;
    last = line;
  }
  await ended;
  const [first] = last.violations ?? [];
  const seed = last.seed ?? '';
  if (first !== undefined) {
    return { name, caught: !BROKEN_PATCH.test(first.detail), seed, ...first, seeds };
  }
  if (last.verdict === 'inconclusive') {
    return { name, caught: true, seed, rule: 'it comes to an end', seeds };
  }
  return { name, caught: false, detail: errors.slice(0, 300), seeds };
}

async function main({ only }: { only?: string }): Promise<void> {
  const waiting = MUTANTS.filter(({ name }) => only === undefined || name.includes(only));
  const total = waiting.length;
  const lived: string[] = [];
  const stale: string[] = [];
  const hunter = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const caught = await hunt(mutant);
      process.stdout.write(`${JSON.stringify(caught)}\n`);
      if (!caught.caught) lived.push(mutant.name);
      if (caught.staleSeed !== undefined) stale.push(mutant.name);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, hunter));
  process.stdout.write(`${JSON.stringify({ summary: { mutants: total, lived, stale } })}\n`);
  if (lived.length > 0 || stale.length > 0) process.exitCode = 1;
}

await new Command('sim:mutants')
  .description('plants known mistakes and shows that the simulation catches each')
  .option('--only <text>', 'mutants whose name contains this')
  .action(main)
  .parseAsync();
