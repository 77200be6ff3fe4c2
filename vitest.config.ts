import { defineConfig } from 'vitest/config';
import BrowserReporter from './tools/browser-reporter.ts';
import { chromiumPath } from './tools/chromium.ts';
import ProofReporter from './tools/proof/reporter.ts';

/** Tests that need no database; the cluster is not started for them. */
const PURE = ['test/unit/**/*.test.ts', 'test/property/**/*.test.ts', 'test/vectors/**/*.test.ts'];
/** The contract, file by file on a database of its own, all over the same modules. */
const HTTP = ['test/http/**/*.test.ts'];
/** Each takes the whole machine and most of the server's connections for itself. */
const RACES = ['test/integration/races/**/*.test.ts'];

/** In a real browser; a machine without one leaves them out and says so. */
const BROWSER = ['test/e2e/**/*.test.ts'];

const common = { pool: 'forks', testTimeout: 30_000, hookTimeout: 60_000 } as const;
const onCluster = { ...common, globalSetup: ['test/support/cluster.ts'] };

export default defineConfig({
  test: {
    // Two cores: one file more at a time only makes timings worse.
    maxWorkers: 2,
    teardownTimeout: 30_000,
    reporters: ['default', new ProofReporter(), new BrowserReporter()],
    projects: [
      { test: { ...common, name: 'pure', include: PURE } },
      { test: { ...onCluster, name: 'http', include: HTTP, isolate: false } },
      {
        test: {
          ...onCluster,
          name: 'database',
          include: ['test/**/*.test.ts'],
          exclude: [...PURE, ...HTTP, ...RACES, ...BROWSER],
        },
      },
      {
        test: {
          ...onCluster,
          name: 'races',
          include: RACES,
          // A herd takes its time on a small machine, and more beside another.
          testTimeout: 120_000,
          isolate: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...onCluster,
          name: 'browser',
          include: chromiumPath() === null ? [] : BROWSER,
          testTimeout: 60_000,
          expect: { poll: { timeout: 10_000 } },
          // Pages are timed, and a till that waits for its turn is no till.
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
