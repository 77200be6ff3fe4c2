import { setTimeout as pause } from 'node:timers/promises';
import { logChannel } from '../../src/notices/log-channel.ts';
import { openDatabase } from '../../src/platform/database.node.ts';
import { openLog } from '../../src/platform/log.node.ts';
import { silentLog } from '../../src/platform/log.ts';
import { noMetrics } from '../../src/platform/metrics.ts';
import { openQueues, type QueuePlace } from '../../src/queue/queue.node.ts';
import { relayOutbox } from '../../src/queue/relay.ts';
import { openWorker } from '../../src/queue/worker.node.ts';
import { makeClone } from '../../src/redemptions/clone.ts';
import { startWorkers } from '../../workers/start.ts';
import { type Strike, striker, watchClones } from '../support/clone-strikes.ts';
import { type CloneJob, cloneAndThenNote, workTirelessly } from '../support/naive/cloning.ts';

/**
 * Run as a process of its own, to be struck: `clone-worker-child.ts <ours|naive|tireless>
 * <database URL> <strike as JSON>` makes clones until then and says `working` when it begins. All
 * that a worker of ours does differently is that it is struck.
 */
const [kind, connectionString = '', strike = 'null'] = process.argv.slice(2);
const watch = striker(JSON.parse(strike) as Strike | null);
const database = openDatabase({ connectionString, max: 8 });
const watched = watchClones(database, watch);
const place: QueuePlace = { kind: 'postgres', connectionString };

const kinds: Readonly<Record<string, () => Promise<unknown>>> = {
  ours: () =>
    startWorkers(
      {
        database: watched,
        log: openLog('error'),
        metrics: noMetrics,
        channels: { log: logChannel(silentLog) },
      },
      place,
    ),
  /** Marks a job done after it is done, and not with it. */
  naive: async () => {
    const queues = openQueues(place);
    openWorker('clones.make', place, { concurrency: 4 }, (data) =>
      cloneAndThenNote(database, data as CloneJob, watch),
    );
    for (;;) {
      await relayOutbox(database, queues.send).catch(() => {});
      await pause(100);
    }
  },
  /** Begins whatever is owed, however often it has crashed. */
  tireless: () => workTirelessly(database, (job) => makeClone(watched, job)),
};

// Whoever killed the test did not kill this.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(1), 1000).unref();
process.stdout.write('working\n');
await kinds[kind ?? '']?.();
