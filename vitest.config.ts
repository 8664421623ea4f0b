import { defineConfig } from 'vitest/config';

/** One project for everything: unit tests beside their files, the rest under test/. */
export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'simulator/**/*.test.ts',
      'test/**/*.test.ts',
      'tools/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    environment: 'node',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // Most of the time of the slow files is waiting for processes, not computing.
    maxWorkers: 4,
  },
});
