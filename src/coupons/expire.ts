import { audit } from '../audit/store.ts';
import type { Database } from '../platform/database.ts';
import { expireCoupons, lockBudgetsOfExpired } from './expiry-store.ts';

/** How many coupons one transaction expires. */
export const EXPIRY_BATCH = 1000;

/**
 * Writes down that some coupons are over, with an audit entry a class; gives how many, and fewer
 * than `EXPIRY_BATCH` means that no more wait. They count as expired from the instant itself: this
 * frees what they held of their budget and makes the numbers know.
 */
export function expireDueCoupons(database: Database): Promise<number> {
  return database.transact(async (tx) => {
    const budgets = await lockBudgetsOfExpired(tx, EXPIRY_BATCH);
    const expired = await expireCoupons(tx, EXPIRY_BATCH, budgets);
    const entries = expired.map(({ classId, version, count }) => ({
      actor: 'worker',
      action: 'expire',
      subject: classId,
      outcome: 'expired',
      detail: { classId, rule: 'expired', version, count },
    }));
    await audit(tx, ...entries);
    return expired.reduce((sum, { count }) => sum + count, 0);
  });
}
