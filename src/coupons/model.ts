import type { Numbers } from '../numbers/model.ts';

/** A text in the languages it was written in; a plain string stands for both. */
export type LocalizedText = string | { readonly 'zh-CN'?: string; readonly en?: string };

export type IssueType = 'tap_claim' | 'manual' | 'registration' | 'after_payment' | 'reward';

export type Scene = 'all' | 'in_store' | 'online';

/** When a coupon may be used; instants are RFC 3339 texts. */
export type Validity =
  | { readonly kind: 'fixed'; readonly start: string; readonly end: string }
  | {
      readonly kind: 'relative';
      readonly availableAfterHours: number;
      readonly validDays: number;
    };

export type Discount =
  | { readonly kind: 'amount'; readonly amountMinor: number; readonly currency: string }
  | { readonly kind: 'percent'; readonly percent: number; readonly maxMinor?: number }
  | { readonly kind: 'exchange'; readonly sku: string };

/** Which lines of an order the coupon is about. */
export type Scope =
  | { readonly kind: 'all' }
  | {
      readonly kind: 'categories' | 'items';
      readonly include: readonly string[];
      readonly exclude: readonly string[];
    };

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** Hours that recur each week; `from` and `to` are HH:MM of the class's zone, `to` exclusive. */
export interface Hours {
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
}

/** What marketing staff define: the campaign. */
export interface CouponClass {
  readonly id: string;
  readonly issuerId: string;
  readonly name: LocalizedText;
  readonly description: LocalizedText | null;
  readonly issueType: IssueType;
  readonly scene: Scene;
  readonly claimStart: Date;
  readonly claimEnd: Date;
  readonly perMemberLimit: number;
  readonly stock: number;
  readonly claimed: number;
  readonly validity: Validity;
  readonly discount: Discount;
  readonly minSpendMinor: number;
  readonly scope: Scope;
  readonly regularPriceOnly: boolean;
  /** Pass classes; a member qualifies by holding an active pass of one. Empty: everyone. */
  readonly memberClasses: readonly string[];
  readonly plusOnly: boolean;
  /** Store ids; empty: every store. */
  readonly stores: readonly string[];
  readonly redemptionIssuers: readonly string[];
  readonly maxClones: number | null;
  /** The class of what comes back for a redemption; null: the same class. */
  readonly cloneClassId: string | null;
  /** The gap before what comes back is usable. */
  readonly cloneAfterHours: number;
  /** By this zone hours, days and weeks are told. */
  readonly timeZone: string;
  readonly claimHours: readonly Hours[];
  readonly useHours: readonly Hours[];
  readonly perMemberDayLimit: number | null;
  readonly perMemberWeekLimit: number | null;
  /** Of the coupons of one group an order takes one. */
  readonly stackingGroup: string | null;
  /** An order with this coupon takes no other. */
  readonly exclusive: boolean;
  /** The most that the discounts of the class may cost; null: no cap. */
  readonly budgetMinor: number | null;
  /** What its coupons have cost, and those in hand may still cost. */
  readonly committedMinor: number;
  readonly expiryNoticeDays: number;
  readonly transferable: boolean;
  readonly draft: boolean;
  readonly voidedAt: Date | null;
}

/** A coupon class as it is asked for: what the service counts begins at nothing. */
export type ClassInput = Omit<CouponClass, 'claimed' | 'committedMinor' | 'voidedAt'>;

/** A coupon class as stored, with the database's time beside it, by which its status is told. */
export interface StoredClass extends CouponClass {
  /** Counts the changes, so that a decision can name the rules it was made by. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly now: Date;
}

/** What is counted of a class besides its claims. */
export type ClassStats = Pick<Numbers, 'redeemed' | 'cloned' | 'orderTotalMinor'>;

export type ClassStatus = 'draft' | 'scheduled' | 'open' | 'ended' | 'voided';

export function classStatus(
  couponClass: Pick<CouponClass, 'draft' | 'voidedAt' | 'claimStart' | 'claimEnd'>,
  now: Date,
): ClassStatus {
  if (couponClass.voidedAt !== null) return 'voided';
  if (couponClass.draft) return 'draft';
  if (now < couponClass.claimStart) return 'scheduled';
  return now < couponClass.claimEnd ? 'open' : 'ended';
}

export type CouponStatus = 'issued' | 'redeemed' | 'expired' | 'voided' | 'transferred';

/** One issued piece. */
export interface Coupon {
  readonly id: string;
  readonly issuerId: string;
  readonly classId: string;
  readonly walletId: string;
  readonly code: string;
  readonly status: CouponStatus;
  readonly availableAt: Date;
  readonly expiresAt: Date;
  readonly generation: number;
  readonly lineageId: string;
  readonly clonedFrom: string | null;
}

/** A coupon whose time is over counts as expired from that instant, before a worker writes it. */
export function couponStatus(
  coupon: Pick<Coupon, 'status' | 'expiresAt'>,
  now: Date,
): CouponStatus {
  return coupon.status === 'issued' && now >= coupon.expiresAt ? 'expired' : coupon.status;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The span in which a coupon issued at `issuedAt` may be used; its end is exclusive. */
export function usePeriod(
  validity: Validity,
  issuedAt: Date,
): { readonly availableAt: Date; readonly expiresAt: Date } {
  if (validity.kind === 'fixed') {
    return { availableAt: new Date(validity.start), expiresAt: new Date(validity.end) };
  }
  const availableAt = new Date(issuedAt.getTime() + validity.availableAfterHours * HOUR_MS);
  return { availableAt, expiresAt: new Date(availableAt.getTime() + validity.validDays * DAY_MS) };
}
