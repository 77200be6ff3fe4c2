import { drainClass } from '../src/claims/drain.ts';
import type { JobPayload } from '../src/queue/jobs.ts';
import type { WorkerContext } from './context.ts';

/** Decides the pending claims of a class until none wait. */
export async function claimsDrain(
  { database, metrics }: WorkerContext,
  { classId }: JobPayload<'claims.drain'>,
): Promise<void> {
  await drainClass(database, classId, (tally) => {
    for (const [outcome, count] of tally) metrics.claim(outcome, count);
  });
}
