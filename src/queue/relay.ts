import type { Database } from '../platform/database.ts';
import type { JobName } from './jobs.ts';
import { type OutboxRow, takeUndone } from './outbox-store.ts';

/** A job that was sent and is not done after this long is sent again. */
const RESEND_SECONDS = 15;

export interface SentJob {
  readonly name: JobName;
  readonly data: Readonly<Record<string, unknown>>;
  /** New for every attempt: a queue silently drops an id it remembers. */
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
    const rows = await takeUndone(tx, RESEND_SECONDS);
    if (rows.length > 0) await send(rows.map(jobOf));
    return rows.length;
  });
}

function jobOf({ id, job, payload, attempts }: OutboxRow): SentJob {
  return { name: job, data: { ...payload, outboxId: id }, jobId: `outbox-${id}-${attempts}` };
}
