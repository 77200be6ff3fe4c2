import type { Database } from '../platform/database.ts';
import type { JobName } from './jobs.ts';
import { type OutboxRow, takeUndone } from './outbox-store.ts';

/** A job that was sent and not begun after this long is sent again. */
const RESEND_SECONDS = 15;
/**
 * How many jobs are sent and not done at a time. What is beyond waits here, where it costs nothing,
 * and not in the queue, where it would grow old and be sent again.
 */
const MOST_IN_FLIGHT = 200;

export interface SentJob {
  readonly name: JobName;
  readonly data: Readonly<Record<string, unknown>>;
  /** New for every time it is sent: a queue silently drops an id it remembers. */
  readonly jobId: string;
}

/**
 * Hands owed jobs to the queue; gives how many. The rows stay locked until the queue has taken the
 * jobs, so that a queue that is away leaves them unsent.
 */
export function relayOutbox(
  database: Database,
  send: (jobs: readonly SentJob[]) => Promise<void>,
): Promise<number> {
  return database.transact(async (tx) => {
    const limits = { resendSeconds: RESEND_SECONDS, mostInFlight: MOST_IN_FLIGHT };
    const rows = await takeUndone(tx, limits);
    if (rows.length > 0) await send(rows.map(jobOf));
    return rows.length;
  });
}

function jobOf({ id, job, payload }: OutboxRow): SentJob {
  const jobId = `outbox-${id}-${crypto.randomUUID()}`;
  return { name: job, data: { ...payload, outboxId: id }, jobId };
}
