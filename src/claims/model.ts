import type { CouponClass } from '../coupons/model.ts';

/** Why a coupon is not claimed, in the order in which the reasons are told. */
export const CLAIM_REFUSALS = [
  'wallet-not-found',
  'coupon-class-voided',
  'claim-not-started',
  'claim-ended',
  'outside-claim-hours',
  'tap-required',
  'tap-expired',
  'store-not-eligible',
  'member-not-eligible',
  'member-limit-reached',
  'member-day-limit-reached',
  'member-week-limit-reached',
  'sold-out',
  'budget-exhausted',
] as const;

export type ClaimRefusal = (typeof CLAIM_REFUSALS)[number];

/** How long a tap counts for a tap-to-claim coupon. */
export const TAP_COUNTS_MS = 10 * 60_000;

/** A tap of the claiming wallet at a terminal of the class's issuer. */
export interface ClaimTap {
  readonly tappedAt: Date;
  /** The store of the terminal, when the terminal is registered. */
  readonly storeId: string | null;
}

/** What the decision knows of the one who claims. */
export interface Claimant {
  /** The wallet exists and the caller may claim for it. */
  readonly known: boolean;
  readonly plus: boolean;
  /** The classes of the active passes in the wallet. */
  readonly passClasses: readonly string[];
  /** First-generation coupons of this class that the wallet has had. */
  readonly claimed: number;
  /** How many of them today, and how many this week; told by the class's zone. */
  readonly claimedToday: number;
  readonly claimedThisWeek: number;
  readonly tap: ClaimTap | null;
}

export type ClaimTerms = Pick<
  CouponClass,
  | 'issueType'
  | 'claimStart'
  | 'claimEnd'
  | 'timeZone'
  | 'claimHours'
  | 'perMemberLimit'
  | 'perMemberDayLimit'
  | 'perMemberWeekLimit'
  | 'discount'
  | 'budgetMinor'
  | 'committedMinor'
  | 'stock'
  | 'claimed'
  | 'validity'
  | 'memberClasses'
  | 'plusOnly'
  | 'stores'
  | 'draft'
  | 'voidedAt'
>;

/** How many lines pending claims wait in; a class's claims all wait in one. */
export const LANES = 4;

/** The line in which claims of a class wait: FNV-1a of its id. */
export function laneOf(classId: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < classId.length; i++) {
    hash = Math.imul(hash ^ classId.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % LANES;
}
