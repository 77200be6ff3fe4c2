import { decideRedemption, type RedemptionTerms } from '../redemptions/decide.ts';
import type { RedemptionRefusal } from '../redemptions/model.ts';
import type { CounterTerms, HeldCoupon } from './model.ts';

/** Who holds the phone and where it is tapped. */
export interface Counter {
  /** The issuer behind the collector ID. */
  readonly redemptionIssuerId: string;
  /** The store of the terminal, when its issuer has registered it. */
  readonly storeId: string | null;
  readonly member: { readonly plus: boolean; readonly passClasses: readonly string[] };
}

/** Why a redemption at this counter would be refused whatever is bought; null when it would not. */
export function refusalAt(
  { redemptionIssuerId, storeId, member }: Counter,
  coupon: HeldCoupon,
  now: Date,
): RedemptionRefusal | null {
  const { availableAt, expiresAt } = coupon;
  const decision = decideRedemption(
    {
      coupon: { status: 'issued', held: false, availableAt, expiresAt },
      terms: termsForAnyOrder(coupon),
      member,
      redemptionIssuerId,
      // Store ids are an issuer's own: a partner's store of the same id is another store.
      storeId: redemptionIssuerId === coupon.issuerId ? storeId : null,
      // A phone that is tapped is where the terminal is.
      scene: 'in_store',
      order: ANY_ORDER,
    },
    now,
  );
  return decision.ok ? null : decision.refusal;
}

// When a phone is tapped nobody knows yet what is bought, so no term about that may count.
const ANY_ORDER = { id: '', currency: 'XTS', totalMinor: 1 };
const DISCOUNT = { kind: 'amount', amountMinor: 1, currency: ANY_ORDER.currency } as const;
const SCOPE = { kind: 'all' } as const;

function termsForAnyOrder(coupon: CounterTerms): RedemptionTerms {
  return {
    redemptionIssuers: coupon.redemptionIssuers,
    stores: coupon.stores,
    scene: coupon.scene,
    timeZone: coupon.timeZone,
    useHours: coupon.useHours,
    memberClasses: coupon.memberClasses,
    plusOnly: coupon.plusOnly,
    discount: DISCOUNT,
    scope: SCOPE,
    minSpendMinor: 0,
    regularPriceOnly: false,
  };
}
