import { workOnBulkIssue } from '../src/bulk/advance.ts';
import type { JobPayload } from '../src/queue/jobs.ts';
import { finishOutbox } from '../src/queue/outbox-store.ts';
import type { HandlerContext } from './context.ts';

/** Short, so that a process can stop and other jobs get their turn. */
const TURN_MS = 1000;

/**
 * Takes a bulk issue further for one turn and rings for the next. The bell has done its part when
 * it is heard: what a dead worker leaves, the sweep finds by the job's own row.
 */
export async function bulkIssue(
  { database, bells }: HandlerContext,
  { bulkId, outboxId }: JobPayload<'bulk.issue'>,
): Promise<void> {
  if (outboxId !== undefined) await finishOutbox(database.single, outboxId);
  const isUnfinished = await workOnBulkIssue(database, bulkId, TURN_MS, (lane) => {
    bells.ringClaims(lane).catch(() => {});
  });
  if (isUnfinished) await bells.ringBulk(bulkId).catch(() => {});
}
