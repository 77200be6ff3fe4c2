import type { NoticeChannels } from '../src/notices/model.ts';
import type { Database } from '../src/platform/database.ts';
import type { Log } from '../src/platform/log.ts';
import type { Metrics } from '../src/platform/metrics.ts';
import type { Queues } from '../src/queue/queue.node.ts';

/** What a process gives its workers. */
export interface WorkerContext {
  readonly database: Database;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The ways on which notices leave this process. */
  readonly channels: NoticeChannels;
}

/** What the handlers of jobs stand on. */
export interface HandlerContext extends WorkerContext {
  readonly bells: Pick<Queues, 'ringClaims' | 'ringBulk'>;
}
