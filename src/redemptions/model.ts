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
  'coupon-held',
  'coupon-not-yet-available',
  'outside-use-hours',
  'member-not-eligible',
  'store-not-eligible',
  'scene-not-allowed',
  'currency-mismatch',
  'scope-not-met',
  'min-spend-not-met',
] as const;

export type RedemptionRefusal = (typeof REDEMPTION_REFUSALS)[number];

/** Why a coupon of a basket is left out of it: for itself, or for the others. */
export type BasketRefusal = RedemptionRefusal | 'not-combinable';

export const REVERSAL_REFUSALS = [
  'redemption-already-reversed',
  'redemption-held',
  'hold-released',
  'clone-already-redeemed',
] as const;

export type ReversalRefusal = (typeof REVERSAL_REFUSALS)[number];

/** How far a redemption is; `held` until a time, after which it counts no more. */
export const REDEMPTION_STATES = ['held', 'confirmed', 'released'] as const;

export type RedemptionState = (typeof REDEMPTION_STATES)[number];

/** Why a hold is not confirmed. */
export const CONFIRMATION_REFUSALS = [
  'redemption-confirmed',
  'hold-expired',
  'hold-released',
  'coupon-voided',
] as const;

export type ConfirmationRefusal = (typeof CONFIRMATION_REFUSALS)[number];

/** Why a hold is not released. */
export type ReleaseRefusal = 'redemption-confirmed';

/** What a coupon is after its redemption was taken back: good again, or as its time or class is. */
export const RETURNED_STATUSES = [
  'issued',
  'expired',
  'voided',
] as const satisfies readonly CouponStatus[];

export type ReturnedStatus = (typeof RETURNED_STATUSES)[number];

/** A redemption as it is written, beside what its coupon tells. */
export interface NewRedemption extends Amounts {
  readonly id: string;
  readonly redemptionIssuerId: string;
  readonly collectorId: string;
  readonly terminalId: string | null;
  /** The store of the coupon's issuer that the till stands in. */
  readonly storeId: string | null;
  readonly order: Order;
}

/** A redemption as it stands, with its clone once the worker has made it. */
export interface Redemption extends NewRedemption {
  readonly couponId: string;
  readonly classId: string;
  readonly issuerId: string;
  readonly walletId: string;
  /** Coupons that were redeemed together on one order; null for one alone. */
  readonly basketId: string | null;
  readonly state: RedemptionState;
  /** A hold that is not confirmed by then counts no more; null when it never was one. */
  readonly heldUntil: Date | null;
  /** Null unless it is confirmed. */
  readonly redeemedAt: Date | null;
  readonly reversalId: string | null;
  readonly reversedAt: Date | null;
  readonly clone: {
    readonly couponId: string;
    readonly classId: string;
    readonly status: CouponStatus;
    /** A till holds it. */
    readonly held: boolean;
  } | null;
}
