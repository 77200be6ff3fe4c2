import { createPostgresBackend } from 'bullmq';

/** Where BullMQ keeps its jobs: Redis or Valkey when there is one, else the same PostgreSQL. */
export type QueuePlace =
  | { readonly kind: 'postgres'; readonly connectionString: string }
  | { readonly kind: 'redis'; readonly url: string; readonly prefix: string };

/** The connection options of BullMQ's two sides. */
export function connectionOptions(place: QueuePlace, side: 'send' | 'work') {
  if (place.kind === 'postgres') return { connection: postgresOptions(place.connectionString) };
  const { url, prefix } = place;
  const sending = { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 3000 };
  return {
    prefix,
    connection: side === 'send' ? { url, ...sending } : { url, maxRetriesPerRequest: null },
  };
}

function postgresOptions(connectionString: string) {
  return {
    connectionString,
    max: 2,
    application_name: 'tapline-queue',
    connectionTimeoutMillis: 5000,
    query_timeout: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // A "completed" that a crash loses is only done again, and every handler allows that.
    options: '-c synchronous_commit=off',
  };
}

/**
 * BullMQ's types tie a queue to its backend, ours only knows at start which it is: the factory is
 * passed as if it were Redis's, which BullMQ takes when there is none.
 */
export function backendFactory(place: QueuePlace): undefined {
  return (place.kind === 'redis' ? undefined : createPostgresBackend) as undefined;
}
