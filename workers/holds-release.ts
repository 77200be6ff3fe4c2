import { OVERDUE_HOLDS_BATCH, releaseOverdueHolds } from '../src/redemptions/settle-hold.ts';
import type { WorkerContext } from './context.ts';

/** So that a process can stop; what is left the next look finds. */
const BATCHES_AT_ONCE = 20;

/** Writes down that holds are over which nobody confirmed. */
export async function holdsRelease({ database }: WorkerContext): Promise<void> {
  for (let batch = 0; batch < BATCHES_AT_ONCE; batch++) {
    if ((await releaseOverdueHolds(database)) < OVERDUE_HOLDS_BATCH) return;
  }
}
