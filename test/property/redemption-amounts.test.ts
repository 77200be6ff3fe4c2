import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Discount, Scope } from '../../src/coupons/model.ts';
import { sumsOf } from '../../src/redemptions/amounts.ts';
import { decideRedemption, type RedemptionFacts } from '../../src/redemptions/decide.ts';
import type { OrderLine } from '../../src/redemptions/model.ts';

const MAX_MINOR = 10_000_000_000_000;
const SKUS = ['bun', 'cup', 'pen', 'tea'];
const CATEGORIES = ['food', 'drinks', 'goods'];

const percent = fc.integer({ min: 1, max: 10_000 }).map((hundredths) => hundredths / 100);
const DISCOUNT: fc.Arbitrary<Discount> = fc.oneof(
  fc.integer({ min: 1, max: MAX_MINOR }).map((amountMinor) => ({
    kind: 'amount' as const,
    amountMinor,
    currency: 'CNY',
  })),
  fc.record({ kind: fc.constant('percent' as const), percent }),
  fc.record({
    kind: fc.constant('percent' as const),
    percent,
    maxMinor: fc.integer({ min: 1, max: 100_000 }),
  }),
  fc.record({ kind: fc.constant('exchange' as const), sku: fc.constantFrom(...SKUS) }),
);

const SCOPE: fc.Arbitrary<Scope> = fc.oneof(
  fc.constant({ kind: 'all' as const }),
  fc.record({
    kind: fc.constantFrom('categories' as const, 'items' as const),
    include: fc.subarray([...SKUS, ...CATEGORIES], { minLength: 1 }),
    exclude: fc.subarray([...SKUS, ...CATEGORIES]),
  }),
);

const LINE: fc.Arbitrary<OrderLine> = fc.record(
  {
    sku: fc.constantFrom(...SKUS),
    category: fc.constantFrom(...CATEGORIES),
    quantity: fc.oneof(
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0.001, max: 100, noNaN: true }),
    ),
    unitPriceMinor: fc.integer({ min: 0, max: 1_000_000 }),
    onPromotion: fc.boolean(),
  },
  { requiredKeys: ['sku', 'quantity', 'unitPriceMinor'] },
);

const ORDER = fc.oneof(
  fc.record({ lines: fc.array(LINE, { minLength: 1, maxLength: 8 }) }),
  fc.record({ totalMinor: fc.integer({ min: 0, max: MAX_MINOR }) }),
);

function factsOf(
  discount: Discount,
  scope: Scope,
  regularPriceOnly: boolean,
  order: { lines?: OrderLine[]; totalMinor?: number },
): RedemptionFacts {
  const terms = { discount, scope, regularPriceOnly, scene: 'all', minSpendMinor: 0 } as const;
  const always = { timeZone: 'UTC', useHours: [] };
  const open = { memberClasses: [], plusOnly: false, stores: [], redemptionIssuers: ['1'] };
  return {
    coupon: { status: 'issued', held: false, availableAt: new Date(0), expiresAt: new Date(2) },
    terms: { ...terms, ...always, ...open },
    member: { plus: false, passClasses: [] },
    redemptionIssuerId: '1',
    storeId: null,
    scene: null,
    order: { id: 'o', currency: 'CNY', ...order },
  };
}

test('what is paid and what is off come to the order; something is off, or it is refused', () => {
  fc.assert(
    fc.property(DISCOUNT, SCOPE, fc.boolean(), ORDER, (discount, scope, regular, order) => {
      const facts = factsOf(discount, scope, regular, order);
      const decision = decideRedemption(facts, new Date(1));
      if (!decision.ok) {
        const off = sumsOf(facts.terms, facts.order).inScope?.discountMinor;
        expect(decision.refusal).toBe(off === 0 ? 'min-spend-not-met' : 'scope-not-met');
        return;
      }
      const { orderTotalMinor, discountMinor, payableMinor } = decision.amounts;
      expect(payableMinor + discountMinor).toBe(orderTotalMinor);
      expect(discountMinor).toBeGreaterThan(0);
      for (const amount of Object.values(decision.amounts)) {
        expect(Number.isSafeInteger(amount)).toBe(true);
        expect(amount).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 2000 },
  );
});

test('no more comes off than is in scope', () => {
  fc.assert(
    fc.property(DISCOUNT, SCOPE, fc.boolean(), ORDER, (discount, scope, regular, order) => {
      const { orderTotalMinor, inScope } = sumsOf(
        { discount, scope, regularPriceOnly: regular },
        { id: 'o', currency: 'CNY', ...order },
      );
      if (inScope === null) return;
      expect(inScope.discountMinor).toBeLessThanOrEqual(inScope.totalMinor);
      expect(inScope.totalMinor).toBeLessThanOrEqual(orderTotalMinor);
    }),
    { numRuns: 2000 },
  );
});

/** What that many hundredths of a percent take off a sum. */
function percentOff(hundredths: number, totalMinor: number): number {
  const discount = { kind: 'percent', percent: hundredths / 100 } as const;
  const terms = { discount, scope: { kind: 'all' }, regularPriceOnly: false } as const;
  return sumsOf(terms, { id: 'o', currency: 'CNY', totalMinor }).inScope?.discountMinor ?? -1;
}

const hundredths = fc.integer({ min: 1, max: 10_000 });
const sum = fc.integer({ min: 0, max: MAX_MINOR });

test('a percentage is exact, rounded down', () => {
  fc.assert(
    fc.property(hundredths, sum, (rate, total) => {
      const exact = (BigInt(total) * BigInt(rate)) / 10_000n;
      expect(percentOff(rate, total)).toBe(Number(exact));
    }),
    { numRuns: 5000 },
  );
});

test('a higher percentage or a larger order takes no less off', () => {
  fc.assert(
    fc.property(hundredths, hundredths, sum, sum, (rate, otherRate, total, otherTotal) => {
      const less = percentOff(Math.min(rate, otherRate), Math.min(total, otherTotal));
      const more = percentOff(Math.max(rate, otherRate), Math.max(total, otherTotal));
      expect(less).toBeLessThanOrEqual(more);
    }),
    { numRuns: 2000 },
  );
});
