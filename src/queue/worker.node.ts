import { Worker, type WorkerOptions } from 'bullmq';
import { type JobName, queueName } from './jobs.ts';
import { backendFactory, connectionOptions, type QueuePlace } from './place.node.ts';

export interface RunningWorker {
  /** Finishes the jobs that are running and stops. */
  close(): Promise<void>;
}

const SETTINGS = {
  autorun: false,
  // A worker that dies in a job loses it after 5 seconds; the sweep finds it sooner or later too.
  lockDuration: 5000,
  stalledInterval: 2000,
  maxStalledCount: 5,
  // What BullMQ waits after a lost connection; by default 15 seconds.
  runRetryDelay: 500,
} as const;

const RESTART_AFTER_MS = 500;

/**
 * Opens the working side of one queue. BullMQ keeps the failure of its first connection for good,
 * and a worker that runs in spite of it spins without ever yielding; so a worker runs only once it
 * is ready, and is made anew when it is not or its loop ended.
 */
export function openWorker(
  name: JobName,
  place: QueuePlace,
  options: Pick<WorkerOptions, 'concurrency'>,
  handle: (data: unknown) => Promise<void>,
): RunningWorker {
  let closing = false;
  let restart: NodeJS.Timeout | undefined;
  let worker = start();

  function start(): Worker {
    const fresh = new Worker(
      queueName[name],
      ({ data }) => handle(data),
      { ...options, ...SETTINGS, ...connectionOptions(place, 'work') } as WorkerOptions,
      backendFactory(place),
    );
    fresh.on('error', () => {});
    const ended = fresh.waitUntilReady().then(() => fresh.run());
    ended.catch(() => {}).then(() => startAgain(fresh));
    return fresh;
  }

  function startAgain(ended: Worker): void {
    if (closing) return;
    ended.close().catch(() => {});
    restart = setTimeout(() => {
      worker = start();
    }, RESTART_AFTER_MS);
  }

  return {
    close: async () => {
      closing = true;
      clearTimeout(restart);
      await worker.close();
    },
  };
}
