import { isWithinHours, localTime } from '../coupons/calendar-rules.ts';
import { isUsed } from '../coupons/coupon-rules.ts';
import { type Coupon, type CouponClass, couponStatus } from '../coupons/model.ts';
import { isForMember } from '../coupons/rules.ts';
import { type OrderSums, sumsOf } from './amounts.ts';
import {
  type Amounts,
  type ConfirmationRefusal,
  type Order,
  REDEMPTION_REFUSALS,
  type RedemptionRefusal,
  type RedemptionState,
  type ReleaseRefusal,
  type ReturnedStatus,
  type ReversalRefusal,
} from './model.ts';

export type RedemptionTerms = Pick<
  CouponClass,
  | 'scene'
  | 'timeZone'
  | 'useHours'
  | 'discount'
  | 'minSpendMinor'
  | 'scope'
  | 'regularPriceOnly'
  | 'memberClasses'
  | 'plusOnly'
  | 'stores'
  | 'redemptionIssuers'
>;

/** Everything that the decision about one redemption needs. */
export interface RedemptionFacts {
  readonly coupon: Pick<Coupon, 'status' | 'availableAt' | 'expiresAt'> & {
    /** A till holds it for an order that is being paid. */
    readonly held: boolean;
  };
  readonly terms: RedemptionTerms;
  readonly member: { readonly plus: boolean; readonly passClasses: readonly string[] };
  /** The issuer whose collector ID the till presents. */
  readonly redemptionIssuerId: string;
  /** The store of the class's issuer that the till stands in. */
  readonly storeId: string | null;
  /** Where the member buys; null when the till does not tell. */
  readonly scene: 'in_store' | 'online' | null;
  readonly order: Order;
}

export type RedemptionDecision =
  | { readonly ok: true; readonly amounts: Amounts }
  | { readonly ok: false; readonly refusal: RedemptionRefusal };

type Rule = (facts: RedemptionFacts, sums: OrderSums, now: Date) => boolean;

const REFUSED_WHEN: Readonly<Record<RedemptionRefusal, Rule>> = {
  'issuer-not-authorised': ({ terms, redemptionIssuerId }) =>
    !terms.redemptionIssuers.includes(redemptionIssuerId),
  'coupon-voided': ({ coupon }) => coupon.status === 'voided',
  'coupon-already-redeemed': ({ coupon }) => isUsed(coupon),
  'coupon-expired': ({ coupon }, _sums, now) => couponStatus(coupon, now) === 'expired',
  'coupon-held': ({ coupon }) => coupon.held,
  'coupon-not-yet-available': ({ coupon }, _sums, now) => now < coupon.availableAt,
  // Most classes have no hours, and are not asked for the local time.
  'outside-use-hours': ({ terms: { useHours, timeZone } }, _sums, now) =>
    useHours.length > 0 && !isWithinHours(useHours, localTime(now, timeZone)),
  'member-not-eligible': ({ terms, member }) => !isForMember(terms, member),
  'store-not-eligible': ({ terms, storeId }) =>
    terms.stores.length > 0 && (storeId === null || !terms.stores.includes(storeId)),
  // A till that does not say where the member buys is taken at its word that all is well.
  'scene-not-allowed': ({ terms, scene }) =>
    terms.scene !== 'all' && scene !== null && scene !== terms.scene,
  'currency-mismatch': ({ terms, order }) =>
    terms.discount.kind === 'amount' && terms.discount.currency !== order.currency,
  'scope-not-met': (_facts, { inScope }) => inScope === null,
  // A coupon is not used up for nothing, however little it asks for.
  'min-spend-not-met': ({ terms }, { inScope }) =>
    inScope === null || inScope.totalMinor < terms.minSpendMinor || inScope.discountMinor === 0,
};

/** Decides a redemption at the database's time. */
export function decideRedemption(facts: RedemptionFacts, now: Date): RedemptionDecision {
  const sums = sumsOf(facts.terms, facts.order);
  const refusal = REDEMPTION_REFUSALS.find((code) => REFUSED_WHEN[code](facts, sums, now));
  if (refusal !== undefined) return { ok: false, refusal };
  const discountMinor = sums.inScope?.discountMinor ?? 0;
  const { orderTotalMinor } = sums;
  const payableMinor = orderTotalMinor - discountMinor;
  return { ok: true, amounts: { orderTotalMinor, discountMinor, payableMinor } };
}

/** What a reversal does with the coupon, and whether there is a clone to take back. */
export type ReversalDecision =
  | { readonly ok: true; readonly couponStatus: ReturnedStatus }
  | { readonly ok: false; readonly refusal: ReversalRefusal };

export function decideReversal(
  facts: {
    readonly state: RedemptionState;
    readonly reversed: boolean;
    /** The class was voided together with what was issued of it. */
    readonly withdrawn: boolean;
    readonly couponExpiresAt: Date;
    readonly clone: { readonly status: Coupon['status']; readonly held: boolean } | null;
  },
  now: Date,
): ReversalDecision {
  if (facts.reversed) return { ok: false, refusal: 'redemption-already-reversed' };
  if (facts.state === 'held') return { ok: false, refusal: 'redemption-held' };
  if (facts.state === 'released') return { ok: false, refusal: 'hold-released' };
  // What a till holds is as good as used: it may be confirmed at any moment.
  if (facts.clone !== null && (facts.clone.held || isUsed(facts.clone))) {
    return { ok: false, refusal: 'clone-already-redeemed' };
  }
  if (facts.withdrawn) return { ok: true, couponStatus: 'voided' };
  return { ok: true, couponStatus: now < facts.couponExpiresAt ? 'issued' : 'expired' };
}

/** A redemption that began as a hold, or one of a basket of them. */
export interface HeldFacts {
  readonly state: RedemptionState;
  readonly heldUntil: Date | null;
  readonly couponStatus: Coupon['status'];
}

/**
 * Decides whether a hold becomes a redemption; null lets it. Until it ends it counts, though the
 * time of the coupon itself ended in between.
 */
export function decideConfirmation(
  { state, heldUntil, couponStatus: status }: HeldFacts,
  now: Date,
): ConfirmationRefusal | null {
  if (state === 'confirmed' || heldUntil === null) return 'redemption-confirmed';
  if (now >= heldUntil) return 'hold-expired';
  if (state === 'released') return 'hold-released';
  return status === 'issued' || status === 'expired' ? null : 'coupon-voided';
}

/** Decides whether a hold is given up; null lets it, also one that is over already. */
export function decideRelease({ state }: Pick<HeldFacts, 'state'>): ReleaseRefusal | null {
  return state === 'confirmed' ? 'redemption-confirmed' : null;
}
