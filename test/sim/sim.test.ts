/**
 * The simulation as a test: a hundred small runs, the runs that once found a mistake, and the promise that a seed does the
 * same in every process. `npm run sim` runs more of them, and longer ones.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { missingMarks } from './marks.ts';
import { createPrng } from './prng.ts';
import { REGRESSION_BILLS, REGRESSIONS } from './regressions.ts';
import { runSeed, type Run } from './simulation.ts';
import { drawSwarm } from './swarm.ts';

const BILLS = 8;
const PARTS = 10;
const SEEDS_OF_A_PART = 10;
const TIMEOUT_MS = 120_000;

/** What a failed run says, and the command that repeats it. */
function verdictOf({ seed, verdict, violations }: Run, bills: number): unknown {
  const [first] = violations;
  return first === undefined
    ? verdict
    : { ...first, again: `npm run sim -- --seed ${seed} --bills ${bills}` };
}

describe('a hundred seeds', () => {
  test.each(Array.from({ length: PARTS }, (_, part) => part * SEEDS_OF_A_PART + 1))(
    'ten from %i',
    async (from) => {
      for (let seed = from; seed < from + SEEDS_OF_A_PART; seed += 1) {
        const run = await runSeed({ seed: String(seed), bills: BILLS });
        expect(verdictOf(run, BILLS)).toBe('pass');
        expect(run.payments).toBeGreaterThan(0);
      }
    },
    TIMEOUT_MS,
  );
});

test.each(REGRESSIONS)('what once went wrong: $mistake', async ({ seed }) => {
  const run = await runSeed({ seed, bills: REGRESSION_BILLS });
  expect(verdictOf(run, REGRESSION_BILLS)).toBe('pass');
  expect(run.payments).toBeGreaterThan(0);
});

test.each([
  ['7', 'v1 alone'],
  ['24', 'v2 alone, with programs that read the feed and that are called'],
])('seed %s does the same in another process: %s', async (seed) => {
  const here = await runSeed({ seed, bills: BILLS });
  const again = await runSeed({ seed, bills: BILLS });
  expect(again.digest).toBe(here.digest);
  const args = [join(import.meta.dirname, 'main.ts'), '--seed', seed, '--bills', String(BILLS)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({
    seed,
    verdict: 'pass',
    digest: here.digest,
    steps: here.steps,
  });
  const other = await runSeed({ seed: '8', bills: BILLS });
  expect(other.digest).not.toBe(here.digest);
});

test('some seeds speak v1, some v2, and some both', () => {
  const seeds = Array.from({ length: 100 }, (_, index) => createPrng(`${index}/swarm`));
  const shares = seeds.map((prng) => drawSwarm(prng, BILLS).v2.share);
  const v1 = shares.filter((share) => share === 0).length;
  const v2 = shares.filter((share) => share === 1).length;
  expect(v1).toBeGreaterThan(25);
  expect(v2).toBeGreaterThan(10);
  expect(100 - v1 - v2).toBeGreaterThan(25);
});

test('a long run that misses a rare branch says which', () => {
  expect(missingMarks(new Map(), 19_999)).toStrictEqual([]);
  const missing = missingMarks(new Map([['end: qr closed', 1]]), 20_000);
  expect(missing).toContain('incident: late_payment');
  expect(missing).not.toContain('end: qr closed');
  expect(missing).not.toContain('incident: reversed_after_paid');
  expect(missingMarks(new Map(), 500_000)).toContain('incident: reversed_after_paid');
});
