import type { LocalizedText } from '../coupons/model.ts';
import type { Amounts, RedemptionRefusal } from '../redemptions/model.ts';

/** A coupon in a wallet, as a till shows it. */
export interface CouponInHand {
  readonly couponId: string;
  readonly code: string;
  readonly classId: string;
  readonly name: LocalizedText;
  readonly expiresAt: Date;
}

/** What it would come to alone. */
export interface Quoted {
  readonly decision:
    | { readonly ok: true; readonly amounts: Amounts }
    | { readonly ok: false; readonly refusal: RedemptionRefusal };
  readonly missingMinor: number | null;
}

export type RankedOffer = CouponInHand & Quoted & { readonly best: boolean };

/**
 * Usable coupons first, of these what saves most, of equals what ends first; exactly one is the
 * best. Then those that want a little more to be bought, and the rest.
 */
export function rankOffers(coupons: readonly (CouponInHand & Quoted)[]): RankedOffer[] {
  return coupons
    .toSorted((one, other) => byUse(one, other) || byEnd(one, other))
    .map((coupon, place) => ({ ...coupon, best: place === 0 && coupon.decision.ok }));
}

function byUse(one: Quoted, other: Quoted): number {
  return savingOf(other) - savingOf(one) || missingOf(one) - missingOf(other);
}

/** What is not usable saves less than nothing. */
function savingOf({ decision }: Quoted): number {
  return decision.ok ? decision.amounts.discountMinor : -1;
}

function missingOf({ decision, missingMinor }: Quoted): number {
  if (decision.ok) return 0;
  return missingMinor ?? Number.MAX_SAFE_INTEGER;
}

function byEnd(one: CouponInHand, other: CouponInHand): number {
  const sooner = one.expiresAt.getTime() - other.expiresAt.getTime();
  return sooner || (one.couponId < other.couponId ? -1 : 1);
}
