import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BatchClaim, decideBatch, decideClaim } from '../../src/claims/decide.ts';
import type { Claimant, ClaimRefusal, ClaimTerms } from '../../src/claims/model.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

const TERMS: fc.Arbitrary<ClaimTerms> = fc
  .record({
    issueType: fc.constantFrom('manual' as const, 'tap_claim' as const),
    claimStart: fc.constantFrom(minutesAgo(60), minutesAgo(-1)),
    claimEnd: fc.constantFrom(minutesAgo(-60), minutesAgo(0)),
    perMemberLimit: fc.integer({ min: 1, max: 3 }),
    left: fc.integer({ min: 0, max: 6 }),
    claimed: fc.integer({ min: 0, max: 5 }),
    memberClasses: fc.constantFrom([], ['1.gold']),
    plusOnly: fc.boolean(),
    stores: fc.constantFrom([], ['harbour']),
    draft: fc.constantFrom(false, false, true),
    voidedAt: fc.constantFrom(null, null, minutesAgo(1)),
  })
  .map(({ left, ...terms }) => ({ ...terms, stock: terms.claimed + left }));

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
      claimant: { ...claimant, claimed: had[member] ?? 0 } satisfies Claimant,
    })),
  );

/** Each claim by itself, with the counters as the claims before have left them. */
function oneByOne(terms: ClaimTerms, batch: readonly BatchClaim[]) {
  const outcomes = new Map<string, ClaimRefusal | null>();
  const issued: BatchClaim[] = [];
  for (const claim of batch) {
    const own = issued.filter(({ walletId }) => walletId === claim.walletId).length;
    const refusal = decideClaim(
      { ...terms, claimed: terms.claimed + issued.length },
      { ...claim.claimant, claimed: claim.claimant.claimed + own },
      NOW,
    );
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
        const claimant = { ...claim.claimant, claimed: claim.claimant.claimed + own };
        return { ...claim, claimant };
      });
      const after = decideBatch({ ...terms, claimed: terms.claimed + issued.length }, rest, NOW);
      const whole = decideBatch(terms, batch, NOW);
      expect(new Map([...outcomes, ...after])).toEqual(whole);
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
      for (const member of MEMBERS) {
        const own = issued.filter(({ walletId }) => walletId === member);
        const had = own[0]?.claimant.claimed ?? 0;
        expect(own.length === 0 || had + own.length <= terms.perMemberLimit).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});
