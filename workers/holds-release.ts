import { OVERDUE_HOLDS_BATCH, releaseOverdueHolds } from '../src/redemptions/settle-hold.ts';
import type { WorkerContext } from './context.ts';
import { workForATurn } from './turn.ts';

/** Writes down that holds are over which nobody confirmed. */
export async function holdsRelease({ database }: WorkerContext): Promise<void> {
  await workForATurn(async () => {
    return (await releaseOverdueHolds(database)) < OVERDUE_HOLDS_BATCH ? 'done' : 'more';
  });
}
