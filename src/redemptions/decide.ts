import type { Coupon, CouponClass } from '../coupons/model.ts';
import { couponStatus } from '../coupons/model.ts';
import { isForMember } from '../coupons/rules.ts';
import { type OrderSums, sumsOf } from './amounts.ts';
import {
  type Amounts,
  type Order,
  REDEMPTION_REFUSALS,
  type RedemptionRefusal,
  type ReversalRefusal,
} from './model.ts';

export type RedemptionTerms = Pick<
  CouponClass,
  | 'scene'
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
  readonly coupon: Pick<Coupon, 'status' | 'availableAt' | 'expiresAt'>;
  readonly terms: RedemptionTerms;
  readonly member: { readonly plus: boolean; readonly passClasses: readonly string[] };
  /** The issuer whose collector ID the till presents. */
  readonly redemptionIssuerId: string;
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
  'coupon-already-redeemed': ({ coupon }) =>
    coupon.status === 'redeemed' || coupon.status === 'transferred',
  'coupon-expired': ({ coupon }, _sums, now) => couponStatus(coupon, now) === 'expired',
  'coupon-not-yet-available': ({ coupon }, _sums, now) => now < coupon.availableAt,
  'member-not-eligible': ({ terms, member }) => !isForMember(terms, member),
  'store-not-eligible': ({ terms, storeId }) =>
    terms.stores.length > 0 && (storeId === null || !terms.stores.includes(storeId)),
  'scene-not-allowed': ({ terms, scene }) =>
    terms.scene !== 'all' && scene !== null && scene !== terms.scene,
  'currency-mismatch': ({ terms, order }) =>
    terms.discount.kind === 'amount' && terms.discount.currency !== order.currency,
  'scope-not-met': (_facts, { inScope }) => inScope === null,
  'min-spend-not-met': ({ terms }, { inScope }) =>
    inScope === null || inScope.totalMinor < terms.minSpendMinor,
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
  | { readonly ok: true; readonly couponStatus: 'issued' | 'expired' }
  | { readonly ok: false; readonly refusal: ReversalRefusal };

export function decideReversal(
  facts: {
    readonly reversed: boolean;
    readonly couponExpiresAt: Date;
    readonly cloneStatus: Coupon['status'] | null;
  },
  now: Date,
): ReversalDecision {
  if (facts.reversed) return { ok: false, refusal: 'redemption-already-reversed' };
  if (facts.cloneStatus === 'redeemed' || facts.cloneStatus === 'transferred') {
    return { ok: false, refusal: 'clone-already-redeemed' };
  }
  return { ok: true, couponStatus: now < facts.couponExpiresAt ? 'issued' : 'expired' };
}

/** Whether a redemption earns a clone, and at which place of the lineage. */
export function decideClone(
  facts: {
    readonly reversed: boolean;
    readonly maxClones: number | null;
    readonly clonesInLineage: number;
    readonly cloneExpiresAt: Date;
  },
  now: Date,
): { readonly generation: number } | null {
  const { reversed, maxClones, clonesInLineage, cloneExpiresAt } = facts;
  if (reversed || maxClones === null || clonesInLineage >= maxClones) return null;
  return now < cloneExpiresAt ? { generation: clonesInLineage + 1 } : null;
}
