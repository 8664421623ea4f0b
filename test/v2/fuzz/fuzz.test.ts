/**
 * Sequences of requests that are made from the OpenAPI document, sent to a world in which other things happen, too: whatever comes,
 * nothing undocumented is answered, no fault is ours, and nobody sees what is another's. What is held is in `world.ts` and
 * `endings.ts`. For a longer search: `F2F_FUZZ_RUNS=1000 F2F_FUZZ_SEED=1 npx vitest run --project sqlite test/v2/fuzz`.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { OPERATIONS, problemsOf, type Operation } from '../document.ts';
import { requireEnd } from './endings.ts';
import { COLLECTIONS, collectionOf } from './requests.ts';
import { answered, createFuzzWorld, stepsOf, take, type Step } from './world.ts';

const { F2F_FUZZ_RUNS = '1', F2F_FUZZ_SEED = '20261130' } = process.env;
const PAGE_LIMITS = fc.integer({ min: 1, max: 10 });
/** Operations for which one run is made. */
const OPERATIONS_OF_RUN = 6;
const ROUNDS_MAX = 8;
const MINUTE_MS = 60_000;

/** What takes a limit, an outage or a long story: `problems.test.ts` brings each about. */
const RARE: readonly string[] = [
  'internal_error',
  'database_unavailable',
  'rate_limited',
  'sign_in_locked',
  'too_many_exports',
  'too_many_webhook_endpoints',
  'key_too_short',
  'merchant_not_configured',
  'merchant_suspended',
  'payment_in_doubt',
  'credentials_not_proven',
  'totp_required',
  'totp_already_on',
  'precondition_failed',
  'idempotency_key_required',
  'alipay_silent',
];

/** What must be seen, with an operation that answers it: a success of each, and each refusal but the rare ones. */
const GOALS: ReadonlyMap<string, Operation> = new Map([
  ...OPERATIONS.map((operation) => [operation.operationId, operation] as const),
  ...OPERATIONS.toReversed().flatMap((operation) =>
    problemsOf(operation)
      .filter((code) => !RARE.includes(code))
      .map((code) => [code, operation] as const),
  ),
]);

test('whatever is sent, in any order, every answer is documented and true', async () => {
  const seen = new Set<string>();
  let left = [...GOALS];
  // Once about everything, and then about what was not reached yet.
  for (let round = 0; round < ROUNDS_MAX && left.length > 0; round += 1) {
    const collections = new Set(left.map(([, operation]) => collectionOf(operation)));
    for (const collection of collections) await runAbout(collection, round, seen);
    left = left.filter(([goal]) => !seen.has(goal));
  }
  expect(left.map(([goal]) => goal)).toEqual([]);
}, 600_000);

/** Sequences that are mostly about one collection. */
async function runAbout(collection: string, round: number, seen: Set<string>): Promise<void> {
  const operations = COLLECTIONS.get(collection) ?? [];
  const property = fc.asyncProperty(stepsOf(operations), PAGE_LIMITS, (steps, limit) =>
    run(seen, steps, limit),
  );
  await fc.assert(property, {
    numRuns: Math.ceil(operations.length / OPERATIONS_OF_RUN) * Number(F2F_FUZZ_RUNS),
    seed: fc.hash(`${F2F_FUZZ_SEED} ${collection} ${round}`),
    // What is found is made shorter for no longer than that.
    interruptAfterTimeLimit: MINUTE_MS * Number(F2F_FUZZ_RUNS),
    markInterruptAsFailure: true,
    reporter: ({ failed, errorInstance }) => {
      // The story says it better than the generated values do.
      if (failed) throw new Error(`${collection}: ${told(errorInstance)}`);
    },
  });
}

async function run(seen: Set<string>, steps: readonly Step[], limit: number): Promise<void> {
  const fuzz = await createFuzzWorld(seen);
  try {
    for (const step of steps) await take(fuzz, step);
    await requireEnd(fuzz, limit);
  } catch (error) {
    throw new Error([told(error), ...fuzz.story].join('\n'), { cause: error });
  } finally {
    // What is under way at Alipay has to end first.
    await answered(fuzz.world, fuzz.world.close());
  }
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
