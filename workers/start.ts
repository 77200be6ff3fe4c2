import { newId } from '../src/platform/ids.ts';
import { leaveBeats } from '../src/queue/beat-store.ts';
import { concurrency, JOB_NAMES } from '../src/queue/jobs.ts';
import { openQueues, type QueuePlace } from '../src/queue/queue.node.ts';
import { openWorker } from '../src/queue/worker.node.ts';
import type { WorkerContext } from './context.ts';
import { process } from './processors.ts';
import { startSweeper } from './sweep.ts';

export interface RunningWorkers {
  /** Told of new outbox rows, so that they need not wait for the next turn. */
  relayNow(): void;
  /** Finishes what is running and stops. */
  stop(): Promise<void>;
}

/** Starts every worker and the sweep in this process. */
export async function startWorkers(
  context: WorkerContext,
  place: QueuePlace,
): Promise<RunningWorkers> {
  const workerId = newId('wrk');
  const queues = openQueues(place);
  const handling = { ...context, bells: queues };
  const workers = JOB_NAMES.map((name) =>
    openWorker(name, place, { concurrency: concurrency[name] }, (data) =>
      process(handling, name, data),
    ),
  );
  const sweeper = startSweeper(handling, queues, workerId);
  return {
    relayNow: sweeper.relayNow,
    stop: async () => {
      await sweeper.stop();
      await Promise.all(workers.map((worker) => worker.close()));
      await queues.close();
      await leaveBeats(context.database.single, workerId).catch(() => {});
    },
  };
}
