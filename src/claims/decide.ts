import { budgetAllowsOneMore, reservationOf } from '../coupons/budget-rules.ts';
import { isWithinHours, localTime } from '../coupons/calendar-rules.ts';
import { usePeriod } from '../coupons/model.ts';
import { isForMember } from '../coupons/rules.ts';
import {
  CLAIM_REFUSALS,
  type Claimant,
  type ClaimRefusal,
  type ClaimTerms,
  TAP_COUNTS_MS,
} from './model.ts';

type Rule = (terms: ClaimTerms, claimant: Claimant, now: Date) => boolean;

/** Each refusal with the condition that gives it. */
const REFUSED_WHEN: Readonly<Record<ClaimRefusal, Rule>> = {
  'wallet-not-found': (_terms, claimant) => !claimant.known,
  'coupon-class-voided': (terms) => terms.voidedAt !== null,
  'claim-not-started': (terms, _claimant, now) => terms.draft || now < terms.claimStart,
  // Nobody claims a coupon whose time is over.
  'claim-ended': (terms, _claimant, now) =>
    now >= terms.claimEnd || now >= usePeriod(terms.validity, now).expiresAt,
  'outside-claim-hours': ({ claimHours, timeZone }, _claimant, now) =>
    claimHours.length > 0 && !isWithinHours(claimHours, localTime(now, timeZone)),
  'tap-required': (terms, { tap }) => terms.issueType === 'tap_claim' && tap === null,
  'tap-expired': (terms, { tap }, now) =>
    terms.issueType === 'tap_claim' &&
    tap !== null &&
    now.getTime() - tap.tappedAt.getTime() > TAP_COUNTS_MS,
  'store-not-eligible': (terms, { tap }) =>
    terms.issueType === 'tap_claim' &&
    terms.stores.length > 0 &&
    !(tap?.storeId != null && terms.stores.includes(tap.storeId)),
  'member-not-eligible': (terms, claimant) => !isForMember(terms, claimant),
  'member-limit-reached': (terms, { claimed }) => claimed >= terms.perMemberLimit,
  'member-day-limit-reached': ({ perMemberDayLimit }, { claimedToday }) =>
    perMemberDayLimit !== null && claimedToday >= perMemberDayLimit,
  'member-week-limit-reached': ({ perMemberWeekLimit }, { claimedThisWeek }) =>
    perMemberWeekLimit !== null && claimedThisWeek >= perMemberWeekLimit,
  'sold-out': (terms) => terms.claimed >= terms.stock,
  'budget-exhausted': (terms) => !budgetAllowsOneMore(terms),
};

/** Decides one claim at the database's time: null lets it through. */
export function decideClaim(terms: ClaimTerms, claimant: Claimant, now: Date): ClaimRefusal | null {
  return CLAIM_REFUSALS.find((code) => REFUSED_WHEN[code](terms, claimant, now)) ?? null;
}

/** One claim of a batch, in order of arrival. */
export interface BatchClaim {
  readonly id: string;
  readonly walletId: string;
  readonly claimant: Claimant;
}

/**
 * Decides a batch as if the claims came one after the other: what one takes of stock, budget and
 * limits is gone for those behind it.
 */
export function decideBatch(
  terms: ClaimTerms,
  batch: readonly BatchClaim[],
  now: Date,
): ReadonlyMap<string, ClaimRefusal | null> {
  const outcomes = new Map<string, ClaimRefusal | null>();
  const taken = new Map<string, number>();
  let left = terms;
  for (const { id, walletId, claimant } of batch) {
    const before = taken.get(walletId) ?? 0;
    const refusal = decideClaim(left, having(claimant, before), now);
    outcomes.set(id, refusal);
    if (refusal !== null) continue;
    left = afterOne(left);
    taken.set(walletId, before + 1);
  }
  return outcomes;
}

function having(claimant: Claimant, more: number): Claimant {
  if (more === 0) return claimant;
  return {
    ...claimant,
    claimed: claimant.claimed + more,
    claimedToday: claimant.claimedToday + more,
    claimedThisWeek: claimant.claimedThisWeek + more,
  };
}

function afterOne(terms: ClaimTerms): ClaimTerms {
  const committedMinor = terms.committedMinor + (reservationOf(terms) ?? 0);
  return { ...terms, claimed: terms.claimed + 1, committedMinor };
}
