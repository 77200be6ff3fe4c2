import { JOB_NAMES, type JobName } from './jobs.ts';
import type { QueuePlace } from './place.node.ts';
import type { SentJob } from './relay.ts';
import { openSender, type Sender } from './sender.node.ts';

export type { QueuePlace };

export interface Queues {
  /** Rings for a lane: one waiting job a lane, and one more after a running one. */
  ringClaims(lane: number): Promise<void>;
  /** Rings for a bulk issue, in the same way. */
  ringBulk(bulkId: string): Promise<void>;
  /** Rings for deliveries of notices. */
  ringDeliveries(): Promise<void>;
  send(jobs: readonly SentJob[]): Promise<void>;
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

const FORGET_WHEN_DONE = { removeOnComplete: true, removeOnFail: true } as const;

/** Opens the sending side of every queue. */
export function openQueues(place: QueuePlace): Queues {
  const senders = new Map(JOB_NAMES.map((name) => [name, openSender(name, place)]));
  const of = (name: JobName): Sender => {
    const sender = senders.get(name);
    if (sender === undefined) throw new Error(`there is no queue for ${name}`);
    return sender;
  };
  const all = [...senders.values()];
  return {
    ringClaims: (lane) => of('claims.drain').add(bell('claims.drain', `lane-${lane}`, { lane })),
    ringBulk: (bulkId) => of('bulk.issue').add(bell('bulk.issue', bulkId, { bulkId })),
    ringDeliveries: () => of('notices.deliver').add(bell('notices.deliver', 'due', {})),
    send: async (jobs) => {
      for (const name of JOB_NAMES) {
        const some = jobs.filter((job) => job.name === name);
        if (some.length > 0) await of(name).addBulk(some.map(bulkJob));
      }
    },
    ready: async () => (await Promise.all(all.map((sender) => sender.isReady()))).every(Boolean),
    close: async () => void (await Promise.all(all.map((sender) => sender.close()))),
  };
}

/** One that waits is enough, and one more after one that runs. */
function bell(name: JobName, id: string, data: Readonly<Record<string, unknown>>) {
  const deduplication = { id, keepLastIfActive: true };
  return { name, data, opts: { ...FORGET_WHEN_DONE, deduplication } };
}

function bulkJob({ name, data, jobId }: SentJob) {
  return { name, data, opts: { ...FORGET_WHEN_DONE, jobId } };
}
