import { Worker, type WorkerOptions } from 'bullmq';
import { type JobName, queueName } from './jobs.ts';
import { backendFactory, openConnection, type QueuePlace } from './place.node.ts';

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

type Options = Pick<WorkerOptions, 'concurrency'>;
type Handle = (data: unknown) => Promise<void>;

/**
 * Opens the working side of one queue. BullMQ keeps the failure of its first connection for good,
 * and a worker that runs in spite of it spins without ever yielding; so a worker runs only once it
 * is ready, and is made anew when it is not or its loop has ended.
 */
export function openWorker(
  name: JobName,
  place: QueuePlace,
  options: Options,
  handle: Handle,
): RunningWorker {
  let closing = false;
  let restart: NodeJS.Timeout | undefined;
  let current = start();

  function start(): RunningWorker {
    const { ended, ...worker } = runWorker(name, place, options, handle);
    ended
      .catch(() => {})
      .then(() => {
        if (closing) return;
        worker.close().catch(() => {});
        restart = setTimeout(() => {
          current = start();
        }, RESTART_AFTER_MS);
      });
    return worker;
  }

  return {
    close: async () => {
      closing = true;
      clearTimeout(restart);
      await current.close();
    },
  };
}

/** One life of a worker; `ended` when it was never ready or its loop is over. */
function runWorker(name: JobName, place: QueuePlace, options: Options, handle: Handle) {
  const connection = openConnection(place, 'work');
  const worker = new Worker(
    queueName[name],
    ({ data }) => handle(data),
    { ...options, ...SETTINGS, ...connection.options } as WorkerOptions,
    backendFactory(place),
  );
  worker.on('error', () => {});
  const ended = worker.waitUntilReady().then(() => worker.run());
  let closing: Promise<void> | null = null;
  const close = async () => {
    await worker.close();
    await connection.close();
  };
  return {
    ended,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
