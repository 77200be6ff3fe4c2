import type { ClaimRefusal } from '../../claims/model.ts';
import type { OwnedCoupon } from '../../stands/session-model.ts';
import type { Offer } from '../../stands/session-offer-rules.ts';
import type { ShownOffer, Words } from './view.ts';

/**
 * The offers with the words for why one is not claimable, and with the coupon that came of one just
 * now. What a member cannot have again and still has in hand stands among the own coupons only.
 */
export function shownOffers(
  offers: readonly Offer[],
  owned: readonly OwnedCoupon[],
  wordsOf: (refusal: ClaimRefusal) => Words,
): ShownOffer[] {
  const inHand = new Map(owned.map((coupon) => [coupon.classId, coupon]));
  return offers
    .filter(({ state, classId }) => state !== 'member-limit-reached' || !inHand.has(classId))
    .map((offer) => {
      const { state, classId } = offer;
      const isOpen = state === 'claimable' || state === 'pending' || state === 'claimed';
      const coupon = state === 'claimed' ? (inHand.get(classId) ?? null) : null;
      return { ...offer, why: isOpen ? null : wordsOf(state), coupon };
    });
}

/** The own coupons without those that the offers show as claimed just now. */
export function besidesClaimed(
  owned: readonly OwnedCoupon[],
  shown: readonly ShownOffer[],
): OwnedCoupon[] {
  const claimed = new Set(shown.map(({ coupon }) => coupon?.id));
  return owned.filter(({ id }) => !claimed.has(id));
}
