import { defineConfig } from 'vitest/config';

/** Tests that need no database; the cluster is not started for them. */
const PURE = ['test/unit/**/*.test.ts', 'test/property/**/*.test.ts', 'test/vectors/**/*.test.ts'];

/** Each takes the whole machine and most of the server's connections for itself. */
const RACES = ['test/integration/races/**/*.test.ts'];

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
          exclude: [...PURE, ...RACES],
          globalSetup: ['test/support/cluster.ts'],
        },
      },
      {
        test: {
          ...common,
          name: 'races',
          include: RACES,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          globalSetup: ['test/support/cluster.ts'],
        },
      },
    ],
  },
});
