import { noticeDue } from '../coupons/notice-due.ts';
import type { Database } from '../platform/database.ts';
import { finishOutbox, owe } from '../queue/outbox-store.ts';
import { lockUnnoticedCoupons, noticeRules, settleNotices } from './notice-store.ts';

/** How many coupons one transaction changes. */
export const RESCHEDULE_BATCH = 1000;

export interface RescheduleJob {
  readonly outboxId: number;
  readonly classId: string;
  /** The last coupon of the step before. */
  readonly after: string;
}

/**
 * Gives some coupons of a class the time of notice that its rules now say, and owes the next step in
 * the same transaction, so that each step is done once. The rules are read under the locks: whoever
 * changes them meanwhile owes a job of its own, which comes after.
 */
export function rescheduleCoupons(
  database: Database,
  { outboxId, classId, after }: RescheduleJob,
): Promise<void> {
  return database.transact(async (tx) => {
    if (!(await finishOutbox(tx, outboxId))) return;
    const coupons = await lockUnnoticedCoupons(tx, classId, after, RESCHEDULE_BATCH);
    const rules = await noticeRules(tx, classId);
    if (rules === null) return;
    const settled = coupons.map(({ id: couponId, expiresAt }) => {
      const dueAt = noticeDue(expiresAt, rules.days, rules.timeZone);
      return { couponId, dueAt, told: false };
    });
    await settleNotices(tx, settled);
    const last = coupons.at(-1);
    if (last === undefined || coupons.length < RESCHEDULE_BATCH) return;
    await owe(tx, 'notices.reschedule', { classId, after: last.id });
  });
}
