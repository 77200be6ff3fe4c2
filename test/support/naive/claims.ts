import { randomUUID } from 'node:crypto';
import type { Scratch } from './scratch.ts';

export interface NaiveClaim {
  readonly classId: string;
  readonly walletId: string;
}

/**
 * A claim as it is often written: read the counters, compare, write them back. In READ COMMITTED
 * all who read before the first writes see room for themselves. With `now` the window is judged by
 * the clock of the process that asks.
 */
export function claimNaively(
  scratch: Scratch,
  { classId, walletId }: NaiveClaim,
  now: () => Date,
): Promise<boolean> {
  return scratch.transaction(async (client) => {
    const { rows: classes } = await client.query<{
      claimed: number;
      stock: number;
      per_member_limit: number;
      claim_start: Date;
      claim_end: Date;
    }>('select * from coupon_classes where id = $1', [classId]);
    const [couponClass] = classes;
    const { rows: members } = await client.query<{ claimed: number }>(
      'select claimed from class_members where class_id = $1 and wallet_id = $2',
      [classId, walletId],
    );
    if (couponClass === undefined) return false;
    const own = members[0]?.claimed ?? 0;
    const isOpen = now() >= couponClass.claim_start && now() < couponClass.claim_end;
    const isLeft = couponClass.claimed < couponClass.stock;
    if (!isOpen || !isLeft || own >= couponClass.per_member_limit) return false;
    await client.query('update coupon_classes set claimed = $2 where id = $1', [
      classId,
      couponClass.claimed + 1,
    ]);
    await client.query(
      `insert into class_members (class_id, wallet_id, claimed, member_limit) values ($1, $2, $3, $4)
       on conflict on constraint class_members_pair do update set claimed = excluded.claimed`,
      [classId, walletId, own + 1, couponClass.per_member_limit],
    );
    const couponId = `cpn_${randomUUID()}`;
    await client.query(
      `insert into coupons (id, issuer_id, class_id, wallet_id, code, status, available_at,
                            expires_at, generation, lineage_id)
       values ($1, split_part($2, '.', 1), $2, $3, $1, 'issued', clock_timestamp(),
               clock_timestamp() + interval '7 d', 0, $1)`,
      [couponId, classId, walletId],
    );
    await client.query(
      `insert into claims (id, class_id, lane, wallet_id, actor, request_id, status, coupon_id,
                           decided_at)
       values ($1, $2, 0, $3, 'naive', 'naive', 'issued', $4, clock_timestamp())`,
      [`clm_${randomUUID()}`, classId, walletId, couponId],
    );
    return true;
  });
}
