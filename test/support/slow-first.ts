/**
 * In which order test files are run: those that take a minute first, so that none of them is still at it when all others have ended.
 * Without it the largest files go first, and the slowest of ours are small.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const SLOW = [
  'test/sim/crash-points.test.ts',
  'test/sim/sim.test.ts',
  'test/e2e/browser/cashier.test.ts',
  'test/e2e/browser/operator.test.ts',
  'test/e2e/browser/people.test.ts',
  'test/e2e/browser/connections.test.ts',
  'test/e2e/browser/webhooks.test.ts',
  'test/e2e/browser/shops.test.ts',
  'test/e2e/browser/account.test.ts',
  'test/api/crash.test.ts',
  'test/postgres/copy.test.ts',
  'test/postgres/copy-database.test.ts',
  'test/api/operations.test.ts',
  'test/api/v1-silence.test.ts',
  'test/api/v1-idempotency.test.ts',
  'test/e2e/browser/wallet.test.ts',
  'test/v2/merchant-lifecycle.test.ts',
  'test/v2/problems.test.ts',
  'test/v2/fuzz/fuzz.test.ts',
  'test/e2e/kill.test.ts',
  'test/cluster/short.test.ts',
  'test/api/guides.test.ts',
  'test/api/backup.test.ts',
  'bench/stage.test.ts',
];

// Vitest takes a class.
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number => {
      const place = SLOW.findIndex((path) => moduleId.endsWith(path));
      return place < 0 ? SLOW.length : place;
    };
    // oxlint-disable-next-line unicorn/no-array-sort -- this one gives a new array
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
