import type { CouponStatus } from '../coupons/model.ts';

export interface OrderLine {
  readonly sku: string;
  readonly category?: string | undefined;
  /** Weighed goods have fractions. */
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly onPromotion?: boolean | undefined;
}

/** What the member is buying: its lines, or only their sum. */
export interface Order {
  readonly id: string;
  readonly currency: string;
  readonly lines?: readonly OrderLine[] | undefined;
  readonly totalMinor?: number | undefined;
}

export interface Amounts {
  readonly orderTotalMinor: number;
  readonly discountMinor: number;
  readonly payableMinor: number;
}

/** Why a coupon is not redeemed, most final reason first. */
export const REDEMPTION_REFUSALS = [
  'issuer-not-authorised',
  'coupon-voided',
  'coupon-already-redeemed',
  'coupon-expired',
  'coupon-not-yet-available',
  'member-not-eligible',
  'store-not-eligible',
  'scene-not-allowed',
  'currency-mismatch',
  'scope-not-met',
  'min-spend-not-met',
] as const;

export type RedemptionRefusal = (typeof REDEMPTION_REFUSALS)[number];

export const REVERSAL_REFUSALS = ['redemption-already-reversed', 'clone-already-redeemed'] as const;

export type ReversalRefusal = (typeof REVERSAL_REFUSALS)[number];

/** A redemption as it is written. */
export interface NewRedemption {
  readonly id: string;
  readonly couponId: string;
  readonly classId: string;
  readonly issuerId: string;
  readonly redemptionIssuerId: string;
  readonly collectorId: string;
  readonly terminalId: string | null;
  readonly order: Order;
  readonly orderTotalMinor: number;
  readonly discountMinor: number;
  readonly payableMinor: number;
}

/** A redemption as it stands, with its clone once the worker has made it. */
export interface Redemption extends NewRedemption {
  readonly walletId: string;
  readonly redeemedAt: Date;
  readonly reversalId: string | null;
  readonly reversedAt: Date | null;
  readonly clone: { readonly couponId: string; readonly status: CouponStatus } | null;
}
