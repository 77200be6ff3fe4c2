import { describe, expect, test } from 'vitest';
import type { Validity } from '../../src/coupons/model.ts';
import { type CloneFacts, clonePeriod, decideClone } from '../../src/redemptions/clone-rules.ts';

const NOON = Date.UTC(2026, 10, 21, 12);
const HOUR_MS = 3_600_000;
/** Milliseconds from noon, when all is decided here. */
const noon = (milliseconds: number) => new Date(NOON + milliseconds);
const hours = (count: number) => noon(count * HOUR_MS);

const EARNED: CloneFacts = {
  confirmed: true,
  reversed: false,
  withdrawn: false,
  maxClones: 3,
  clonesInLineage: 0,
  availableAt: noon(0),
  expiresAt: noon(1000),
  budget: {
    budgetMinor: null,
    committedMinor: 0,
    discount: { kind: 'amount', amountMinor: 500, currency: 'CNY' },
  },
};
const budget = (budgetMinor: number, committedMinor: number) => ({
  budget: { ...EARNED.budget, budgetMinor, committedMinor },
});

describe('a clone', () => {
  test.each<[what: string, Partial<CloneFacts>, told: number | string]>([
    ['is the first of its lineage', {}, 1],
    ['is the last of it', { clonesInLineage: 2 }, 3],
    ['is not made past maxClones', { clonesInLineage: 3 }, 'lineage-full'],
    ['nor when maxClones has been lowered', { clonesInLineage: 5 }, 'lineage-full'],
    ['nor by a class that does not clone', { maxClones: null }, 'no-clones'],
    ['nor for a hold', { confirmed: false }, 'not-confirmed'],
    ['nor for a reversed redemption', { reversed: true }, 'reversed'],
    ['nor of a withdrawn class', { withdrawn: true }, 'withdrawn'],
    ['nor once the validity has ended', { expiresAt: noon(0) }, 'validity-ended'],
    ['but up to a millisecond before', { expiresAt: noon(1) }, 1],
    ['nor when the gap outlasts it', { availableAt: noon(1000) }, 'validity-ended'],
    ['while the budget just pays for it', budget(1000, 500), 1],
    ['and no longer', budget(1000, 501), 'budget-exhausted'],
    ['of several reasons the first is told', { reversed: true, maxClones: null }, 'reversed'],
  ])('%s', (_what, change, expected) => {
    const decision = decideClone({ ...EARNED, ...change }, noon(0));
    expect(decision.ok ? decision.generation : decision.rule).toBe(expected);
  });
});

describe('the period of a clone', () => {
  const relative: Validity = { kind: 'relative', availableAfterHours: 2, validDays: 1 };
  const fixed: Validity = {
    kind: 'fixed',
    start: hours(-1).toISOString(),
    end: hours(48).toISOString(),
  };
  test.each<[what: string, Validity, gap: number, from: Date, until: Date]>([
    ['is what its class says', relative, 0, hours(2), hours(26)],
    ['is put off by the gap', relative, 24, hours(26), hours(50)],
    ['stays where dates are fixed', fixed, 0, hours(-1), hours(48)],
    ['begins later there with a gap', fixed, 24, hours(24), hours(48)],
    [
      'but not before the dates do',
      { ...fixed, start: hours(30).toISOString() },
      24,
      hours(30),
      hours(48),
    ],
    ['and may come to nothing', fixed, 72, hours(72), hours(48)],
  ])('%s', (_what, validity, gap, availableAt, expiresAt) => {
    expect(clonePeriod(validity, noon(0), gap)).toEqual({ availableAt, expiresAt });
  });
});
