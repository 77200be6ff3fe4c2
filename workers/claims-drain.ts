import { drainLane } from '../src/claims/drain.ts';
import type { JobPayload } from '../src/queue/jobs.ts';
import type { WorkerContext } from './context.ts';

/** Decides the pending claims of a lane until none wait. */
export async function claimsDrain(
  { database, metrics }: WorkerContext,
  { lane }: JobPayload<'claims.drain'>,
): Promise<void> {
  await drainLane(database, lane, (tally) => {
    for (const [outcome, count] of tally) metrics.claim(outcome, count);
  });
}
