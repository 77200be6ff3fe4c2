import { rareStatement, type Tx } from '../platform/database.ts';
import { STANDING_HOLD } from './coupon-in-hand-store.ts';

// The time is asked for once, so that it bounds the walk through the index of unused coupons.
const OVER = `status = 'issued' and expires_at <= (select clock_timestamp())`;

const lockClasses = rareStatement<{ id: string }>(
  `select id from coupon_classes
    where id = any (array(select class_id from coupons
                           where ${OVER} and reserved_minor is not null
                           order by expires_at limit $1))
    order by id for no key update`,
);

/**
 * Locks the classes to whose budgets coupons that are over give something back. Classes are locked
 * before coupons, and those are never waited for, so that nobody is waited for in a circle.
 */
export async function lockBudgetsOfExpired(tx: Tx, limit: number): Promise<string[]> {
  return (await tx.run(lockClasses, [limit])).map(({ id }) => id);
}

// A coupon that holds something of a class that is not locked waits for another time; so does one
// that a till holds, since it may still be confirmed.
const expire = rareStatement<{ class_id: string; version: number; count: number }>(
  `with due as materialized (
     select id, class_id, reserved_minor from coupons
      where ${OVER}
        and (reserved_minor is null
             or class_id = any (array(select json_array_elements_text($2::json))))
        and not exists (select from redemptions
                         where coupon_id = coupons.id and ${STANDING_HOLD}
                           and held_until > clock_timestamp())
      order by expires_at limit $1 for no key update skip locked),
   gone as (
     update coupons q set status = 'expired', reserved_minor = null, notice_due_at = null
       from due where q.id = due.id returning due.class_id, due.reserved_minor),
   sums as (
     select class_id, count(*)::int as count, coalesce(sum(reserved_minor), 0) as held
       from gone group by class_id),
   freed as (
     update coupon_classes c set committed_minor = c.committed_minor - sums.held
       from sums where c.id = sums.class_id and sums.held > 0)
   select sums.class_id, sums.count, c.version
     from sums join lateral (select version from coupon_classes
                              where id = sums.class_id offset 0) c on true
    order by sums.class_id`,
);

/** How many coupons of a class have expired in a batch. */
export interface ExpiredOfClass {
  readonly classId: string;
  /** The version of the class's rules. */
  readonly version: number;
  readonly count: number;
}

/**
 * Writes that some coupons are over, those over for the longest first, and gives what they held of
 * their class's budget back to it.
 */
export async function expireCoupons(
  tx: Tx,
  limit: number,
  lockedClassIds: readonly string[],
): Promise<ExpiredOfClass[]> {
  const rows = await tx.run(expire, [limit, JSON.stringify(lockedClassIds)]);
  return rows.map(({ class_id: classId, version, count }) => ({ classId, version, count }));
}
