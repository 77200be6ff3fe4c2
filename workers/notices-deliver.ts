import { DELIVERY_BATCH, deliverDue } from '../src/notices/deliver.ts';
import type { WorkerContext } from './context.ts';
import { workForATurn } from './turn.ts';

/** Attempts the deliveries of notices that are due. */
export async function noticesDeliver({ database, channels }: WorkerContext): Promise<void> {
  await workForATurn(async () => {
    return (await deliverDue(database, channels)) < DELIVERY_BATCH ? 'done' : 'more';
  });
}
