import type { Caller } from '../access/model.ts';
import { auditCoupon } from '../coupons/coupon-audit.ts';
import type { Tx } from '../platform/database.ts';
import { lockCouponToGive } from './coupon-to-give.ts';
import { revokeOpenLink } from './store.ts';

/** Takes the open link of a coupon back; false when there is none, or no such coupon. */
export async function revokeTransfer(tx: Tx, caller: Caller, couponId: string): Promise<boolean> {
  const coupon = await lockCouponToGive(tx, caller, couponId);
  if (coupon === null) return false;
  const transferId = await revokeOpenLink(tx, couponId);
  if (transferId === null) return false;
  const entry = { action: 'transfer.revoke', rule: 'revoked', transferId };
  await auditCoupon(tx, caller, coupon, entry);
  return true;
}
