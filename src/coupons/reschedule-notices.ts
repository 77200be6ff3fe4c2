import type { Tx } from '../platform/database.ts';
import { owe } from '../queue/outbox-store.ts';

/**
 * Owes a new time for the expiry notices of a class whose `expiryNoticeDays` or zone has changed, in
 * the transaction of that change. A worker works through its coupons, of which there may be many.
 */
export async function rescheduleNotices(tx: Tx, classId: string): Promise<void> {
  await owe(tx, 'notices.reschedule', { classId, after: '' });
}
