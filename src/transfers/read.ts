import { findStandingCoupon } from '../coupons/coupon-in-hand-store.ts';
import type { Db } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { decideOffer, linkStatus } from './decide.ts';
import type { GivingRefusal, LinkRefusal, LinkStatus } from './model.ts';
import { findLink, findOfferedCoupon, type OfferedCoupon } from './store.ts';

/** What a link offers: the coupon and whether it can still be had; nothing of who gives it. */
export interface TransferOffer {
  readonly id: string;
  readonly status: LinkStatus;
  /** Why it can not be accepted now; null when it can. */
  readonly refusal: LinkRefusal | GivingRefusal | null;
  readonly expiresAt: Date;
  readonly coupon: OfferedCoupon;
}

/** What a link offers, to whoever holds its token; null when the token is none. */
export async function readOffer(db: Db, token: string): Promise<TransferOffer | null> {
  const link = await findLink(db, sha256Hex(token));
  const coupon = link === null ? null : await findStandingCoupon(db, link.couponId);
  if (link === null || coupon === null) return null;
  return {
    id: link.id,
    status: linkStatus(link, coupon.now),
    refusal: decideOffer(link, coupon, coupon.now),
    expiresAt: link.expiresAt,
    coupon: await findOfferedCoupon(db, link.couponId),
  };
}
