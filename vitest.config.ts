import { defineConfig } from 'vitest/config';

/** Tests that need no database; the cluster is not started for them. */
const PURE = ['test/unit/**/*.test.ts', 'test/property/**/*.test.ts', 'test/vectors/**/*.test.ts'];

const common = { pool: 'forks', testTimeout: 30_000, hookTimeout: 60_000 } as const;

export default defineConfig({
  test: {
    // Two cores: one file more at a time only makes timings worse.
    maxWorkers: 2,
    teardownTimeout: 30_000,
    projects: [
      { test: { ...common, name: 'pure', include: PURE } },
      {
        test: {
          ...common,
          name: 'database',
          include: ['test/**/*.test.ts'],
          exclude: PURE,
          globalSetup: ['test/support/cluster.ts'],
        },
      },
    ],
  },
});
