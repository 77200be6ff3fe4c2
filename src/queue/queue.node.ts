import {
  createPostgresBackend,
  Queue,
  type QueueOptions,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { JOB_NAMES, type JobName, queueName } from './jobs.ts';
import type { SentJob } from './relay.ts';

/** Where BullMQ keeps its jobs: Redis or Valkey when there is one, else the same PostgreSQL. */
export type QueuePlace =
  | { readonly kind: 'postgres'; readonly connectionString: string }
  | { readonly kind: 'redis'; readonly url: string; readonly prefix: string };

export interface Queues {
  /** Rings for a lane: one waiting job a lane, and one more after a running one. */
  ringClaims(lane: number): Promise<void>;
  send(jobs: readonly SentJob[]): Promise<void>;
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

const FORGET_WHEN_DONE = { removeOnComplete: true, removeOnFail: true } as const;

/** Opens the sending side of every queue. */
export function openQueues(place: QueuePlace): Queues {
  const queues = new Map(JOB_NAMES.map((name) => [name, openQueue(name, place)]));
  const of = (name: JobName): Queue => {
    const queue = queues.get(name);
    if (queue === undefined) throw new Error(`there is no queue for ${name}`);
    return queue;
  };
  return {
    ringClaims: async (lane) => {
      const deduplication = { id: `lane-${lane}`, keepLastIfActive: true };
      await of('claims.drain').add(
        'claims.drain',
        { lane },
        { ...FORGET_WHEN_DONE, deduplication },
      );
    },
    send: async (jobs) => {
      for (const name of JOB_NAMES) {
        const some = jobs.filter((job) => job.name === name);
        if (some.length > 0) await of(name).addBulk(some.map(bulkJob));
      }
    },
    ready: async () => {
      const answers = JOB_NAMES.map((name) => within(2000, of(name).getJobCounts('wait')));
      return (await Promise.all(answers)).every(Boolean);
    },
    close: async () => void (await Promise.all(JOB_NAMES.map((name) => of(name).close()))),
  };
}

/** Opens the working side of one queue; the caller listens to its events and closes it. */
export function openWorker(
  name: JobName,
  place: QueuePlace,
  options: Pick<WorkerOptions, 'concurrency'>,
  handle: (data: unknown) => Promise<void>,
): Worker {
  const settings = {
    ...options,
    ...backendOptions(place, 'work'),
    // A worker that dies in a job loses it after 5 seconds; the sweep finds it sooner or later too.
    lockDuration: 5000,
    stalledInterval: 2000,
    maxStalledCount: 5,
  };
  const worker = new Worker(
    queueName[name],
    ({ data }) => handle(data),
    settings as WorkerOptions,
    backendFactory(place),
  );
  worker.on('error', () => {});
  return worker;
}

function openQueue(name: JobName, place: QueuePlace): Queue {
  const queue = new Queue(
    queueName[name],
    backendOptions(place, 'send') as QueueOptions,
    backendFactory(place),
  );
  // The queue is a doorbell: what is not heard now the sweep finds.
  queue.on('error', () => {});
  return queue;
}

function backendOptions(place: QueuePlace, side: 'send' | 'work') {
  if (place.kind === 'postgres') {
    const { connectionString } = place;
    // A "completed" that a crash loses is only done again, and every handler allows that.
    return { connection: { connectionString, max: 2, options: '-c synchronous_commit=off' } };
  }
  const { url, prefix } = place;
  const sending = { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 3000 };
  return {
    prefix,
    connection: side === 'send' ? { url, ...sending } : { url, maxRetriesPerRequest: null },
  };
}

/**
 * BullMQ's types tie a queue to its backend, ours only knows at start which it is: the factory is
 * passed as if it were Redis's, which BullMQ takes when there is none.
 */
function backendFactory(place: QueuePlace): undefined {
  return (place.kind === 'redis' ? undefined : createPostgresBackend) as undefined;
}

function bulkJob({ name, data, jobId }: SentJob) {
  return { name, data, opts: { ...FORGET_WHEN_DONE, jobId } };
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([
      work.then(
        () => true,
        () => false,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
