import type { Caller } from '../access/model.ts';
import { lockStandingCoupon, type StandingCoupon } from '../coupons/coupon-in-hand-store.ts';
import { actsForHolder } from '../coupons/coupon-rules.ts';
import type { Tx } from '../platform/database.ts';

/** The coupon, locked, for a caller that acts for its holder; null for anyone else. */
export async function lockCouponToGive(
  tx: Tx,
  caller: Caller,
  couponId: string,
): Promise<StandingCoupon | null> {
  const coupon = await lockStandingCoupon(tx, couponId);
  if (coupon === null) return null;
  const wallet = { id: coupon.walletId, issuerId: coupon.keeperId };
  return actsForHolder(caller, wallet, coupon.issuerId) ? coupon : null;
}
