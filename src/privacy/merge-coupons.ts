import type { MemberCaller } from '../access/model.ts';
import { auditCoupon } from '../coupons/coupon-audit.ts';
import { lockStandingCoupon } from '../coupons/coupon-in-hand-store.ts';
import { holdOffWithdrawal } from '../coupons/withdrawal-store.ts';
import type { Tx } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { newCouponCode, newId, newSecret } from '../platform/ids.ts';
import { insertLink, revokeOpenLink, saveAcceptance } from '../transfers/store.ts';
import { classesOf, lockCouponsOf, moveCoupons, unusedCouponsOf } from './merge-coupons-store.ts';

/**
 * Brings the coupons of one wallet into another. What the limits of the other wallet allow goes
 * there as it is and counts there; what is over them goes as if it had been given, with a new code.
 */
export async function mergeCoupons(
  tx: Tx,
  caller: MemberCaller,
  keepWalletId: string,
  goneWalletId: string,
): Promise<{ readonly moved: number; readonly given: number }> {
  const classIds = await classesOf(tx, goneWalletId);
  for (const id of classIds) await holdOffWithdrawal(tx, id);
  await lockCouponsOf(tx, goneWalletId, classIds);
  const moved = await moveCoupons(tx, keepWalletId, goneWalletId);
  const rest = await unusedCouponsOf(tx, goneWalletId);
  let given = 0;
  for (const id of rest) if (await giveOver(tx, caller, id, keepWalletId)) given += 1;
  return { moved, given };
}

const LINK_HOURS = 1;

/** A link that is accepted at once. What a till holds at this moment stays where it is. */
async function giveOver(
  tx: Tx,
  caller: MemberCaller,
  couponId: string,
  walletId: string,
): Promise<boolean> {
  const coupon = await lockStandingCoupon(tx, couponId);
  if (coupon === null || coupon.held) return false;
  await revokeOpenLink(tx, couponId);
  const id = newId('trf');
  const token = newSecret();
  const expiresAt = await insertLink(
    tx,
    { id, couponId, tokenSha256: sha256Hex(token) },
    LINK_HOURS,
  );
  // Of the link's own clock, so that it is not accepted before it was made.
  const madeAt = new Date(expiresAt.getTime() - LINK_HOURS * 3_600_000);
  const link = {
    id,
    couponId,
    classId: coupon.classId,
    expiresAt,
    revokedAt: null,
    acceptedAt: null,
  };
  const successor = { id: newId('cpn'), walletId, code: newCouponCode() };
  await saveAcceptance(tx, link, successor, madeAt);
  const entry = { action: 'transfer.accept', rule: 'accepted', transferId: id };
  await auditCoupon(tx, caller, coupon, { ...entry, couponId: successor.id });
  return true;
}
