import { decideClaim } from '../claims/decide.ts';
import type { Claimant, ClaimRefusal, ClaimTap, ClaimTerms } from '../claims/model.ts';
import { claimedIn, type MemberPeriod, periodsOf } from '../claims/period-rules.ts';
import type { LocalizedText } from '../coupons/model.ts';

/** A tap-to-claim class of an issuer with what this member had of it. */
export interface OfferFacts {
  readonly classId: string;
  readonly name: LocalizedText;
  readonly minSpendMinor: number;
  readonly terms: ClaimTerms;
  readonly claimed: number;
  readonly periods: readonly MemberPeriod[];
  /** How the claim stands that was handed in during this session. */
  readonly handedIn: 'pending' | 'issued' | 'refused' | null;
}

/** What is on offer, and what the rules must know of the member. */
export interface Offering {
  readonly now: Date;
  readonly member: Pick<Claimant, 'plus' | 'passClasses'>;
  readonly offers: readonly OfferFacts[];
}

export type OfferState = 'claimable' | 'pending' | 'claimed' | ClaimRefusal;

/** A coupon class as it stands for who touched. */
export interface Offer extends OfferFacts {
  readonly state: OfferState;
}

/** What is not for this member or this store is not shown at all. */
const NOT_SHOWN: ReadonlySet<OfferState> = new Set([
  'wallet-not-found',
  'coupon-class-voided',
  'tap-required',
  'tap-expired',
  'store-not-eligible',
  'member-not-eligible',
]);
const FIRST: readonly OfferState[] = ['claimable', 'pending', 'claimed', 'claim-not-started'];

/** What a member is shown of an offering at that tap, what can be claimed first. */
export function offersAt({ now, member, offers }: Offering, tap: ClaimTap): Offer[] {
  return offers
    .map((offer) => ({ ...offer, state: stateOf(offer, member, tap, now) }))
    .filter(({ state }) => !NOT_SHOWN.has(state))
    .sort((left, right) => rankOf(left.state) - rankOf(right.state));
}

function stateOf(
  offer: OfferFacts,
  member: Offering['member'],
  tap: ClaimTap,
  now: Date,
): OfferState {
  const { terms, claimed, handedIn } = offer;
  if (handedIn === 'issued') return 'claimed';
  if (handedIn === 'pending') return 'pending';
  const had = { claimed, ...claimedIn(periodsOf(terms, now), offer.periods) };
  return decideClaim(terms, { known: true, ...member, ...had, tap }, now) ?? 'claimable';
}

function rankOf(state: OfferState): number {
  const rank = FIRST.indexOf(state);
  return rank === -1 ? FIRST.length : rank;
}
