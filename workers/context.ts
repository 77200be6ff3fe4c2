import type { Database } from '../src/platform/database.ts';
import type { Log } from '../src/platform/log.ts';
import type { Metrics } from '../src/platform/metrics.ts';

/** What the handlers of jobs stand on. */
export interface WorkerContext {
  readonly database: Database;
  readonly log: Log;
  readonly metrics: Metrics;
}
