import type { CouponInHand } from '../coupons/coupon-rules.ts';

/** Why a coupon is not given away, most final reason first. */
export const GIVING_REFUSALS = [
  'coupon-voided',
  'coupon-already-redeemed',
  'coupon-expired',
  'coupon-not-transferable',
  'coupon-held',
] as const;

export type GivingRefusal = (typeof GIVING_REFUSALS)[number];

/** Why a link gives nothing. A dead link tells nothing of its coupon, so these come first. */
export const LINK_REFUSALS = [
  'transfer-already-accepted',
  'transfer-revoked',
  'transfer-expired',
] as const;

export type LinkRefusal = (typeof LINK_REFUSALS)[number];

/** Why a coupon is not accepted, in order of precedence. */
export const ACCEPTANCE_REFUSALS = [
  ...LINK_REFUSALS,
  ...GIVING_REFUSALS,
  'transfer-to-self',
] as const;

export type AcceptanceRefusal = (typeof ACCEPTANCE_REFUSALS)[number];

/** A coupon that its holder wants to give away. */
export interface GivenCoupon extends CouponInHand {
  /** What its class says now. */
  readonly transferable: boolean;
}

/** The link by which a coupon goes to another wallet, once. */
export interface TransferLink {
  readonly id: string;
  readonly couponId: string;
  readonly classId: string;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly acceptedAt: Date | null;
}

export const LINK_STATUSES = ['open', 'accepted', 'revoked', 'expired'] as const;

export type LinkStatus = (typeof LINK_STATUSES)[number];
