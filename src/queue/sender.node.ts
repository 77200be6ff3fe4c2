import { type BulkJobOptions, type JobsOptions, Queue, type QueueOptions } from 'bullmq';
import { type JobName, queueName } from './jobs.ts';
import { backendFactory, openConnection, type QueuePlace } from './place.node.ts';

export interface NewJob {
  readonly name: string;
  readonly data: unknown;
  readonly opts: BulkJobOptions & JobsOptions;
}

/** The sending side of one queue. Each call ends in time, with an error when the queue is away. */
export interface Sender {
  add(job: NewJob): Promise<void>;
  addBulk(jobs: readonly NewJob[]): Promise<void>;
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

const PATIENCE_MS = 5000;
const READY_WITHIN_MS = 2000;
const REOPEN_AFTER_MS = 500;

/**
 * Opens the sending side. BullMQ keeps the failure of its first connection for good, so then the
 * queue is opened again.
 */
export function openSender(name: JobName, place: QueuePlace): Sender {
  let closed = false;
  let reopening: NodeJS.Timeout | undefined;
  let current = open();

  function open(): OpenQueue {
    const fresh = openQueue(name, place);
    fresh.queue.waitUntilReady().catch(() => reopen(fresh));
    return fresh;
  }

  function reopen(failed: OpenQueue): void {
    failed.close().catch(() => {});
    if (closed) return;
    reopening = setTimeout(() => {
      current = open();
    }, REOPEN_AFTER_MS);
  }

  return {
    add: async ({ name: job, data, opts }) =>
      void (await inTime(current.queue.add(job, data, opts))),
    addBulk: async (jobs) => void (await inTime(current.queue.addBulk([...jobs]))),
    isReady: () =>
      inTime(current.queue.getJobCounts('wait'), READY_WITHIN_MS).then(
        () => true,
        () => false,
      ),
    close: async () => {
      closed = true;
      clearTimeout(reopening);
      await current.close();
    },
  };
}

interface OpenQueue {
  readonly queue: Queue;
  close(): Promise<void>;
}

function openQueue(name: JobName, place: QueuePlace): OpenQueue {
  const connection = openConnection(place, 'send');
  const options = connection.options as QueueOptions;
  const queue = new Queue(queueName[name], options, backendFactory(place));
  // The queue is a doorbell: what is not heard now the sweep finds.
  queue.on('error', () => {});
  let closing: Promise<void> | null = null;
  const close = async () => {
    await queue.close();
    await connection.close();
  };
  return {
    queue,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** BullMQ never answers a call on a queue that is closing. */
async function inTime<T>(work: Promise<T>, milliseconds = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the queue does not answer')), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
