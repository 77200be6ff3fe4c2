import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BatchClaim, decideBatch, decideClaim } from '../../src/claims/decide.ts';
import type { Claimant, ClaimRefusal, ClaimTerms } from '../../src/claims/model.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

const RELATIVE = { kind: 'relative', availableAfterHours: 0, validDays: 7 } as const;
const FIXED_AND_OVER = {
  kind: 'fixed',
  start: minutesAgo(60).toISOString(),
  end: NOW.toISOString(),
} as const;

const TERMS: fc.Arbitrary<ClaimTerms> = fc
  .record({
    issueType: fc.constantFrom('manual' as const, 'tap_claim' as const),
    claimStart: fc.constantFrom(minutesAgo(60), minutesAgo(-1)),
    claimEnd: fc.constantFrom(minutesAgo(-60), minutesAgo(0)),
    perMemberLimit: fc.integer({ min: 1, max: 3 }),
    left: fc.integer({ min: 0, max: 6 }),
    claimed: fc.integer({ min: 0, max: 5 }),
    validity: fc.constantFrom(RELATIVE, RELATIVE, FIXED_AND_OVER),
    timeZone: fc.constant('Asia/Shanghai'),
    claimHours: fc.constant([]),
    perMemberDayLimit: fc.option(fc.integer({ min: 1, max: 3 })),
    perMemberWeekLimit: fc.option(fc.integer({ min: 1, max: 3 })),
    discount: fc.constant({ kind: 'amount' as const, amountMinor: 500, currency: 'CNY' }),
    budgetMinor: fc.option(fc.integer({ min: 0, max: 5000 })),
    memberClasses: fc.constantFrom([], ['1.gold']),
    plusOnly: fc.boolean(),
    stores: fc.constantFrom([], ['harbour']),
    draft: fc.constantFrom(false, false, true),
    voidedAt: fc.constantFrom(null, null, minutesAgo(1)),
  })
  .map(({ left, ...terms }) => ({
    ...terms,
    stock: terms.claimed + left,
    committedMinor: terms.budgetMinor === null ? 0 : terms.claimed * 500,
  }));

const CLAIMANT = fc.record({
  known: fc.constantFrom(true, true, true, false),
  plus: fc.boolean(),
  passClasses: fc.constantFrom([], ['1.gold']),
  tap: fc.constantFrom(
    null,
    { tappedAt: minutesAgo(1), storeId: 'harbour' },
    { tappedAt: minutesAgo(11), storeId: null },
  ),
});

const NOTHING = { claimed: 0, claimedToday: 0, claimedThisWeek: 0 };

function having(claimant: Claimant, more: number): Claimant {
  const { claimed, claimedToday, claimedThisWeek } = claimant;
  return {
    ...claimant,
    claimed: claimed + more,
    claimedToday: claimedToday + more,
    claimedThisWeek: claimedThisWeek + more,
  };
}

function after(terms: ClaimTerms, issued: number): ClaimTerms {
  const committedMinor = terms.budgetMinor === null ? 0 : terms.committedMinor + 500 * issued;
  return { ...terms, claimed: terms.claimed + issued, committedMinor };
}

const MEMBERS = ['ana', 'bo', 'cy'];
/** Claims of three members in any order; each had some coupons of the class before. */
const BATCH: fc.Arbitrary<BatchClaim[]> = fc
  .tuple(
    fc.array(fc.nat({ max: 3 }), { minLength: 3, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat({ max: 2 }), CLAIMANT), { maxLength: 20 }),
  )
  .map(([had, claims]) =>
    claims.map(([member, claimant], index) => ({
      id: `claim ${index}`,
      walletId: MEMBERS[member] ?? '',
      claimant: having({ ...claimant, ...NOTHING }, had[member] ?? 0),
    })),
  );

/** Each claim by itself, with the counters as the claims before have left them. */
function oneByOne(terms: ClaimTerms, batch: readonly BatchClaim[]) {
  const outcomes = new Map<string, ClaimRefusal | null>();
  const issued: BatchClaim[] = [];
  for (const claim of batch) {
    const own = issued.filter(({ walletId }) => walletId === claim.walletId).length;
    const refusal = decideClaim(after(terms, issued.length), having(claim.claimant, own), NOW);
    if (refusal === null) issued.push(claim);
    outcomes.set(claim.id, refusal);
  }
  return { outcomes, issued };
}

test('a batch is decided as its claims would be one by one', () => {
  fc.assert(
    fc.property(TERMS, BATCH, (terms, batch) => {
      expect(decideBatch(terms, batch, NOW)).toEqual(oneByOne(terms, batch).outcomes);
    }),
    { numRuns: 2000 },
  );
});

test('wherever it is cut in two, the outcome is the same', () => {
  fc.assert(
    fc.property(TERMS, BATCH, fc.nat({ max: 20 }), (terms, batch, cut) => {
      const first = batch.slice(0, cut);
      const { outcomes, issued } = oneByOne(terms, first);
      const rest = batch.slice(cut).map((claim) => {
        const own = issued.filter(({ walletId }) => walletId === claim.walletId).length;
        return { ...claim, claimant: having(claim.claimant, own) };
      });
      const second = decideBatch(after(terms, issued.length), rest, NOW);
      const whole = decideBatch(terms, batch, NOW);
      expect(new Map([...outcomes, ...second])).toEqual(whole);
    }),
    { numRuns: 1000 },
  );
});

test('never more than the stock, never more than the limit a member', () => {
  fc.assert(
    fc.property(TERMS, BATCH, (terms, batch) => {
      const outcomes = decideBatch(terms, batch, NOW);
      const issued = batch.filter(({ id }) => outcomes.get(id) === null);
      expect(terms.claimed + issued.length).toBeLessThanOrEqual(terms.stock);
      const { committedMinor } = after(terms, issued.length);
      expect(issued.length === 0 || committedMinor <= (terms.budgetMinor ?? 0)).toBe(true);
      for (const member of MEMBERS) {
        const own = issued.filter(({ walletId }) => walletId === member);
        const had = own[0]?.claimant.claimed ?? 0;
        const { perMemberLimit, perMemberDayLimit, perMemberWeekLimit } = terms;
        const limit = Math.min(perMemberLimit, perMemberDayLimit ?? 9, perMemberWeekLimit ?? 9);
        expect(own.length === 0 || had + own.length <= limit).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});
