import { defineConfig } from 'vitest/config';
import { SlowFirst } from './test/support/slow-first.ts';

/** Everything once, unit tests beside their files and the rest under test/; what touches SQL also on PostgreSQL; pages in a browser. */
export default defineConfig({
  test: {
    environment: 'node',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // Files of one worker share what they import: loading the gateway anew for each took longer than most of them run.
    // No test may leave anything behind in a module.
    isolate: false,
    // Most of the time of the slow files is waiting for processes, not computing.
    maxWorkers: 4,
    sequence: { sequencer: SlowFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'sqlite',
          include: ['{src,simulator,console,test,tools,bench}/**/*.test.ts'],
          exclude: [
            'test/postgres/**',
            'test/cluster/{short,database}.test.ts',
            'test/e2e/browser/**',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: [
            'src/{store,flows,worker}/**/*.test.ts',
            'test/postgres/**/*.test.ts',
            // Virtual days are thousands of statements: those that are done sooner.
            'test/flows/{merchant,odd-text}.test.ts',
            'test/v2/{idempotency,events,merchants,merchant-lifecycle}.test.ts',
            'test/cluster/{short,database}.test.ts',
          ],
          // The files of SQLite.
          exclude: [
            'src/store/{sqlite,sqlite-copy,sqlite-restore,group-sync,migrate}.test.ts',
            'src/flows/restore-database.test.ts',
          ],
          globalSetup: 'test/support/postgres-setup.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/e2e/browser/**/*.test.ts'],
          globalSetup: 'test/support/browser-setup.ts',
          // Stories of a whole day, on a machine that may be busy: what is waited for is seen at once where it is not.
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
