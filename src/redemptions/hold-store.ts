import { STANDING_HOLD } from '../coupons/coupon-in-hand-store.ts';
import { only, rareStatement, statement, type Tx } from '../platform/database.ts';
import type { NewRedemption, Redemption } from './model.ts';

/** Ends holds, each with an audit entry by that actor. */
const endingOf = (overdue: string) => `with overdue as (${overdue}),
   released as (
     update redemptions r set state = 'released' from overdue where r.id = overdue.id
     returning r.*),
   audited as (
     insert into audit_entries (actor, action, subject, outcome, detail)
     select $2, 'release', r.id, 'hold-expired',
            jsonb_build_object('couponId', r.coupon_id, 'classId', r.class_id,
                               'rule', 'hold-expired', 'version', c.version,
                               'storeId', r.store_id,
                               'redemptionIssuerId', r.redemption_issuer_id,
                               'orderTotalMinor', r.order_total_minor,
                               'discountMinor', r.discount_minor)
       from released r join coupon_classes c on c.id = r.class_id)
   select count(*)::int as count from released`;

const endOfCoupons = rareStatement<{ count: number }>(
  endingOf(`select id from redemptions
             where coupon_id = any (array(select json_array_elements_text($1::json)))
               and ${STANDING_HOLD} and held_until <= clock_timestamp()
             order by id for no key update`),
);

/**
 * Ends the holds on coupons whose time is over. A hold is locked before its coupon, as by those who
 * confirm it, so that nobody is waited for in a circle.
 */
export async function endOverdueHolds(
  tx: Tx,
  actor: string,
  couponIds: readonly string[],
): Promise<void> {
  await tx.run(endOfCoupons, [JSON.stringify(couponIds), actor]);
}

const endSome = rareStatement<{ count: number }>(
  endingOf(`select id from redemptions
             where state = 'held' and held_until <= (select clock_timestamp())
             order by held_until limit $1 for no key update skip locked`),
);

/** Ends some of all holds whose time is over; gives how many. */
export async function endSomeOverdueHolds(tx: Tx, actor: string, limit: number): Promise<number> {
  return only(await tx.run(endSome, [limit, actor])).count;
}

const lockCoupons = statement<{ id: string }>(
  'redemptions.lock_together',
  `select id from coupons
    where id = any (array(select json_array_elements_text($1::json)))
    order by id for no key update`,
);

/** Locks coupons in order of id, so that two baskets never wait for each other in a circle. */
export async function lockCouponsInOrder(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.run(lockCoupons, [JSON.stringify(ids)]);
}

/** A redemption of a coupon that is locked and was decided on. */
export interface LockedUse
  extends NewRedemption,
    Pick<Redemption, 'couponId' | 'classId' | 'issuerId' | 'basketId' | 'state' | 'heldUntil'> {
  /** The code that was handed over. */
  readonly code: string;
  /** When it was decided. */
  readonly redeemedAt: Date;
}

// Coupons are reached by their codes, which have one index only.
const save = statement<{ saved: number; used: number }>(
  'redemptions.save_locked',
  `with asked as materialized (
     select * from json_to_recordset($1::json) as r(
       "id" text, "couponId" text, "code" text, "classId" text, "issuerId" text, "redemptionIssuerId" text,
       "collectorId" text, "terminalId" text, "storeId" text, "basketId" text, "state" text,
       "heldUntil" timestamptz, "order" jsonb, "orderTotalMinor" bigint, "discountMinor" bigint,
       "payableMinor" bigint, "redeemedAt" timestamptz)),
   saved as (
     insert into redemptions (id, coupon_id, class_id, issuer_id, redemption_issuer_id,
                              collector_id, terminal_id, store_id, basket_id, state, held_until,
                              "order", order_total_minor, discount_minor, payable_minor,
                              redeemed_at)
     select "id", "couponId", "classId", "issuerId", "redemptionIssuerId", "collectorId",
            "terminalId", "storeId", "basketId", "state", "heldUntil", "order",
            "orderTotalMinor", "discountMinor", "payableMinor", "redeemedAt"
       from asked
     returning id),
   used as (
     update coupons set status = 'redeemed'
      where code = any (array(select "code" from asked where "state" = 'confirmed'))
        and status = $2
     returning id)
   select (select count(*)::int from saved) as saved, (select count(*)::int from used) as used`,
);

/** Records redemptions of locked coupons; those confirmed use their coupon up, holds do not. */
export async function saveLockedUses(tx: Tx, uses: readonly LockedUse[]): Promise<void> {
  const { saved, used } = only(await tx.run(save, [JSON.stringify(uses), 'issued']));
  const confirmed = uses.filter(({ state }) => state === 'confirmed');
  if (saved !== uses.length || used !== confirmed.length)
    throw new Error('a locked coupon changed');
}

const lockTogether = rareStatement<{ id: string; coupon_id: string }>(
  `select id, coupon_id from redemptions
    where id = any (array(select o.id from redemptions r
                            join redemptions o on o.basket_id = r.basket_id
                           where r.id = $1
                          union
                          select $1))
    order by id for no key update`,
);

/** Locks a redemption with those of its basket, then their coupons; gives the redemptions' ids. */
export async function lockBasketOf(tx: Tx, id: string): Promise<string[]> {
  const rows = await tx.run(lockTogether, [id]);
  const couponIds = rows.map(({ coupon_id }) => coupon_id);
  await lockCouponsInOrder(tx, couponIds);
  return rows.map((row) => row.id);
}

const confirm = rareStatement<{ confirmed: number; used: number }>(
  `with confirmed as (
     update redemptions set state = 'confirmed', redeemed_at = $2
      where id = any (array(select json_array_elements_text($1::json))) and state = 'held'
     returning coupon_id),
   used as (
     update coupons set status = 'redeemed'
      where id = any (array(select coupon_id from confirmed)) and status in ('issued', 'expired')
     returning id)
   select (select count(*)::int from confirmed) as confirmed,
          (select count(*)::int from used) as used`,
);

/** Turns locked holds into redemptions of that time and uses their coupons up. */
export async function saveConfirmation(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  const values = [JSON.stringify(ids), now.toISOString()];
  const { confirmed, used } = only(await tx.run(confirm, values));
  if (confirmed !== ids.length || used !== ids.length) throw new Error('a locked hold changed');
}

const release = rareStatement<never>(
  `update redemptions set state = 'released'
    where id = any (array(select json_array_elements_text($1::json))) and state = 'held'`,
);

export async function saveRelease(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.run(release, [JSON.stringify(ids)]);
}
