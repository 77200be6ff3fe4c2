import { randomUUID } from 'node:crypto';
import type { Scratch } from './scratch.ts';

/** Reads whether the coupon is free and then holds it, without a lock or a guard in between. */
export function holdNaively(
  scratch: Scratch,
  couponId: string,
  seconds = 60,
): Promise<string | null> {
  return scratch.transaction(async (client) => {
    const { rows } = await client.query<{ class_id: string; issuer_id: string }>(
      `select class_id, issuer_id from coupons q where id = $1 and status = 'issued'
          and not exists (select from redemptions r where r.coupon_id = q.id
                             and r.state = 'held' and r.held_until > clock_timestamp())`,
      [couponId],
    );
    const [coupon] = rows;
    if (coupon === undefined) return null;
    const id = `red_${randomUUID()}`;
    await client.query(
      `insert into redemptions (id, coupon_id, class_id, issuer_id, redemption_issuer_id,
         collector_id, "order", order_total_minor, discount_minor, payable_minor, state,
         held_until)
       values ($1, $2, $3, $4, $4, $4, '{}', 4800, 500, 4300, 'held',
               clock_timestamp() + make_interval(secs => $5))`,
      [id, couponId, coupon.class_id, coupon.issuer_id, seconds],
    );
    return id;
  });
}

/** Reads that it is still held and then ends it so; true when it takes itself for the one that did. */
export function settleNaively(
  scratch: Scratch,
  redemptionId: string,
  state: 'confirmed' | 'released',
): Promise<boolean> {
  return scratch.transaction(async (client) => {
    const { rows } = await client.query<{ coupon_id: string }>(
      `select coupon_id from redemptions where id = $1 and state = 'held'`,
      [redemptionId],
    );
    const [held] = rows;
    if (held === undefined) return false;
    await client.query('update redemptions set state = $2 where id = $1', [redemptionId, state]);
    if (state === 'confirmed') {
      await client.query(`update coupons set status = 'redeemed' where id = $1`, [held.coupon_id]);
    }
    return true;
  });
}

/** Locks and uses coupons one after the other as they were handed over. */
export function redeemAllNaively(scratch: Scratch, couponIds: readonly string[]): Promise<boolean> {
  return scratch.transaction(async (client) => {
    for (const id of couponIds) {
      const { rows } = await client.query(
        `select from coupons where id = $1 and status = 'issued' for update`,
        [id],
      );
      if (rows.length === 0) return false;
    }
    await client.query(`update coupons set status = 'redeemed' where id = any ($1)`, [couponIds]);
    return true;
  });
}
