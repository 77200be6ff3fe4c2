import { EXPIRY_BATCH, expireDueCoupons } from '../src/coupons/expire.ts';
import type { WorkerContext } from './context.ts';
import { workForATurn } from './turn.ts';

/** Writes down that coupons are over, also those of a time in which no worker ran. */
export async function couponsExpire({ database }: WorkerContext): Promise<void> {
  await workForATurn(async () => {
    return (await expireDueCoupons(database)) < EXPIRY_BATCH ? 'done' : 'more';
  });
}
