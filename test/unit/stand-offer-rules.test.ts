import { describe, expect, test } from 'vitest';
import type { ClaimTerms } from '../../src/claims/model.ts';
import { claimedIn, periodsOf } from '../../src/claims/period-rules.ts';
import { type OfferFacts, offersAt } from '../../src/stands/session-offer-rules.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
const hours = (count: number) => new Date(NOW.getTime() + count * 3_600_000);
const TAP = { tappedAt: new Date(NOW.getTime() - 60_000), storeId: 'main' };
const MEMBER = { plus: false, passClasses: [] };

const TERMS: ClaimTerms = {
  issueType: 'tap_claim',
  claimStart: hours(-1),
  claimEnd: hours(1),
  timeZone: 'Asia/Shanghai',
  claimHours: [],
  perMemberLimit: 1,
  perMemberDayLimit: null,
  perMemberWeekLimit: null,
  discount: { kind: 'amount', amountMinor: 500, currency: 'CNY' },
  budgetMinor: null,
  committedMinor: 0,
  stock: 10,
  claimed: 0,
  validity: { kind: 'relative', availableAfterHours: 0, validDays: 7 },
  memberClasses: [],
  plusOnly: false,
  stores: [],
  draft: false,
  voidedAt: null,
};

function offer(terms: Partial<ClaimTerms> = {}, facts: Partial<OfferFacts> = {}): OfferFacts {
  return {
    classId: '1.a',
    name: 'A',
    minSpendMinor: 0,
    terms: { ...TERMS, ...terms },
    claimed: 0,
    periods: [],
    handedIn: null,
    ...facts,
  };
}

const stateOf = (facts: OfferFacts) =>
  offersAt({ now: NOW, member: MEMBER, offers: [facts] }, TAP)[0]?.state ?? 'not shown';

describe('an offer is', () => {
  test.each([
    ['claimable', offer()],
    ['claimed', offer({}, { claimed: 1, handedIn: 'issued' })],
    ['claimed', offer({ claimEnd: hours(-0.5) }, { claimed: 1, handedIn: 'issued' })],
    ['pending', offer({}, { handedIn: 'pending' })],
    ['claimable', offer({}, { handedIn: 'refused' })],
    ['member-limit-reached', offer({}, { claimed: 1 })],
    ['sold-out', offer({ claimed: 10 })],
    ['budget-exhausted', offer({ budgetMinor: 499 })],
    ['claim-not-started', offer({ claimStart: hours(0.5) })],
    ['claim-ended', offer({ claimEnd: hours(-0.5) })],
    ['outside-claim-hours', offer({ claimHours: [{ days: ['mon'], from: '08:00', to: '09:00' }] })],
    ['not shown', offer({ stores: ['elsewhere'] })],
    ['claimable', offer({ stores: ['elsewhere', 'main'] })],
    ['not shown', offer({ memberClasses: ['1.gold'] })],
    ['not shown', offer({ plusOnly: true })],
    ['not shown', offer({ voidedAt: hours(-2) })],
    [
      'member-day-limit-reached',
      offer(
        { perMemberLimit: 5, perMemberDayLimit: 1 },
        { claimed: 1, periods: [{ period: 'day', start: '2026-11-22', claimed: 1 }] },
      ),
    ],
    [
      'claimable',
      offer(
        { perMemberLimit: 5, perMemberDayLimit: 1 },
        { claimed: 1, periods: [{ period: 'day', start: '2026-11-21', claimed: 1 }] },
      ),
    ],
  ])('%s', (state, facts) => {
    expect(stateOf(facts)).toBe(state);
  });

  test('first when it can be claimed, and what comes later before what is over', () => {
    const offers = [
      offer({ claimed: 10 }, { classId: '1.gone' }),
      offer({ claimStart: hours(0.5) }, { classId: '1.later' }),
      offer({}, { classId: '1.had', claimed: 1, handedIn: 'issued' }),
      offer({}, { classId: '1.now' }),
    ];
    const shown = offersAt({ now: NOW, member: MEMBER, offers }, TAP);
    expect(shown.map(({ classId }) => classId)).toEqual(['1.now', '1.had', '1.later', '1.gone']);
  });
});

describe('days and weeks', () => {
  test('are told by the zone of the class', () => {
    const late = new Date('2026-11-22T17:00:00Z');
    const terms = { timeZone: 'Asia/Shanghai', perMemberDayLimit: 1, perMemberWeekLimit: 3 };
    expect(periodsOf(terms, late)).toEqual([
      { period: 'day', start: '2026-11-23', memberLimit: 1 },
      { period: 'week', start: '2026-11-23', memberLimit: 3 },
    ]);
  });

  test('that have no limit count nothing', () => {
    const terms = { timeZone: 'UTC', perMemberDayLimit: null, perMemberWeekLimit: null };
    expect(periodsOf(terms, NOW)).toEqual([]);
    const had = [{ period: 'day' as const, start: '2026-11-22', claimed: 4 }];
    expect(claimedIn([], had)).toEqual({ claimedToday: 0, claimedThisWeek: 0 });
  });
});
