import { createPostgresBackend } from 'bullmq';
import { openPool } from '../platform/pool.node.ts';

/** Where BullMQ keeps its jobs: Redis or Valkey when there is one, else the same PostgreSQL. */
export type QueuePlace =
  | { readonly kind: 'postgres'; readonly connectionString: string }
  | { readonly kind: 'redis'; readonly url: string; readonly prefix: string };

/** What a queue or worker of BullMQ stands on. */
export interface QueueConnection {
  /** For BullMQ's options. */
  readonly options: object;
  /** To be called when the queue or worker is closed. */
  close(): Promise<void>;
}

export function openConnection(place: QueuePlace, side: 'send' | 'work'): QueueConnection {
  if (place.kind === 'redis') return { options: redisOptions(place, side), close: async () => {} };
  // The pool is ours, because BullMQ listens to the death of its own a moment too late.
  const pool = openPool({
    connectionString: place.connectionString,
    applicationName: 'tapline-queue',
    // A worker keeps one to wait on.
    max: side === 'send' ? 2 : 3,
    answerMs: 10_000,
    // A "completed" that a crash loses is only done again, and every handler allows that.
    settings: { search_path: 'bullmq', synchronous_commit: 'off' },
  });
  return { options: { connection: pool }, close: () => pool.end() };
}

function redisOptions({ url, prefix }: { url: string; prefix: string }, side: 'send' | 'work') {
  const sending = { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 3000 };
  const connection = side === 'send' ? { url, ...sending } : { url, maxRetriesPerRequest: null };
  return { prefix, connection };
}

/**
 * BullMQ's types tie a queue to its backend, ours only knows at start which it is: the factory is
 * passed as if it were Redis's, which BullMQ takes when there is none.
 */
export function backendFactory(place: QueuePlace): undefined {
  return (place.kind === 'redis' ? undefined : createPostgresBackend) as undefined;
}
