/**
 * A short storm over two gateways on one PostgreSQL: a fault of nearly every kind, and then the books must agree. The long one
 * is `npm run test:cluster`.
 */
import { expect, test } from 'vitest';
import { report } from '../e2e/report.ts';
import { runCluster } from './run.ts';

const SECONDS = 12;
/** Far beyond what a loaded machine needs to start everything, to settle and to stop. */
const MS_MAX = 300_000;

test(
  'gateways that die and a database that fails lose no cent and double none',
  async () => {
    const { books, violations, struck } = await runCluster({
      seed: 'short',
      gateways: 2,
      tills: 8,
      seconds: SECONDS,
      hasStandby: false,
      everyMs: [500, 1500],
    });
    expect(report(books, violations)).toBe('');
    expect(struck.length).toBeGreaterThan(4);
    expect(books.rows.length).toBeGreaterThan(0);
  },
  MS_MAX,
);
