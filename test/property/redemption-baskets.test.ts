import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Discount } from '../../src/coupons/model.ts';
import { type BasketCoupon, bestBasket, mayCombine } from '../../src/redemptions/basket-rules.ts';
import type { Order } from '../../src/redemptions/model.ts';

const SKUS = ['bun', 'cup', 'pen'];
const REFUSALS = [null, null, null, 'min-spend-not-met', 'coupon-held'] as const;

const DISCOUNT: fc.Arbitrary<Discount> = fc.oneof(
  fc.integer({ min: 1, max: 3000 }).map((amountMinor) => ({
    kind: 'amount' as const,
    amountMinor,
    currency: 'CNY',
  })),
  fc.record({ kind: fc.constant('percent' as const), percent: fc.integer({ min: 1, max: 100 }) }),
  fc.record({
    kind: fc.constant('percent' as const),
    percent: fc.integer({ min: 1, max: 100 }),
    maxMinor: fc.integer({ min: 1, max: 500 }),
  }),
  fc.record({ kind: fc.constant('exchange' as const), sku: fc.constantFrom(...SKUS) }),
);

const COUPON = fc.record({
  discount: DISCOUNT,
  skus: fc.option(fc.subarray(SKUS, { minLength: 1 })),
  classId: fc.constantFrom('1.a', '1.b', '1.c', '1.d', '1.e', '1.f'),
  group: fc.option(fc.constantFrom('g', 'h')),
  exclusive: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  refusal: fc.constantFrom(...REFUSALS),
});

const LINES = fc.array(
  fc.record({
    sku: fc.constantFrom(...SKUS),
    quantity: fc.integer({ min: 1, max: 3 }),
    unitPriceMinor: fc.integer({ min: 0, max: 2000 }),
  }),
  { minLength: 1, maxLength: 4 },
);

function basketOf(drawn: readonly (typeof COUPON extends fc.Arbitrary<infer T> ? T : never)[]) {
  return drawn.map(
    ({ discount, skus, classId, group, exclusive, refusal }, n): BasketCoupon => ({
      id: `cpn_${n}`,
      stacking: { classId, group, exclusive },
      terms: {
        discount,
        scope: skus === null ? { kind: 'all' } : { kind: 'items', include: skus, exclude: [] },
        regularPriceOnly: false,
      },
      refusal,
    }),
  );
}

const orderOf = (lines: Order['lines']): Order => ({ id: 'o', currency: 'CNY', lines });
const off = ({ applied }: ReturnType<typeof bestBasket>) =>
  applied.reduce((sum, { discountMinor }) => sum + discountMinor, 0);

/** The most that any order of any coupons that go together takes off; written apart from the code. */
function mostOff(coupons: readonly BasketCoupon[], { lines = [] }: Order): number {
  let most = 0;
  const walk = (used: readonly BasketCoupon[], lefts: readonly number[], sum: number) => {
    most = Math.max(most, sum);
    for (const next of coupons) {
      const clashes = used.some(
        ({ stacking: one }) =>
          one.exclusive ||
          next.stacking.exclusive ||
          one.classId === next.stacking.classId ||
          (one.group !== null && one.group === next.stacking.group),
      );
      if (clashes || next.refusal !== null || used.includes(next)) continue;
      const after = takenOff(next, lines, lefts);
      const taken = lefts.reduce((total, left, i) => total + left - (after[i] ?? 0), 0);
      walk([...used, next], after, sum + taken);
    }
  };
  walk(
    [],
    lines.map(({ quantity, unitPriceMinor }) => quantity * unitPriceMinor),
    0,
  );
  return most;
}

function takenOff(
  { terms: { discount, scope } }: BasketCoupon,
  lines: NonNullable<Order['lines']>,
  lefts: readonly number[],
): number[] {
  const counts = lines.map(
    ({ sku }) =>
      (scope.kind === 'all' || scope.include.includes(sku)) &&
      (discount.kind !== 'exchange' || discount.sku === sku),
  );
  const amounts = lefts.map((left, i) => (counts[i] ? left : 0));
  if (discount.kind === 'exchange') {
    const pieces = amounts.map((left, i) => Math.min(left, lines[i]?.unitPriceMinor ?? 0));
    const dearest = pieces.indexOf(Math.max(...pieces));
    return lefts.map((left, i) => (i === dearest ? left - (pieces[i] ?? 0) : left));
  }
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  const asked =
    discount.kind === 'amount'
      ? discount.amountMinor
      : Math.min(Math.floor((total * discount.percent) / 100), discount.maxMinor ?? total);
  const sum = Math.min(asked, total);
  const after = lefts.map((left, i) =>
    total === 0 ? left : left - Number((BigInt(amounts[i] ?? 0) * BigInt(sum)) / BigInt(total)),
  );
  let rest = sum - lefts.reduce((taken, left, i) => taken + left - (after[i] ?? 0), 0);
  for (const [i, left] of after.entries()) {
    const more = counts[i] ? Math.min(rest, left) : 0;
    after[i] = left - more;
    rest -= more;
  }
  return after;
}

test('of up to five coupons no other choice and no other order takes off more', () => {
  fc.assert(
    fc.property(fc.array(COUPON, { maxLength: 5 }), LINES, (drawn, lines) => {
      const coupons = basketOf(drawn);
      const order = orderOf(lines);
      expect(off(bestBasket(coupons, order))).toBe(mostOff(coupons, order));
    }),
    { numRuns: 1000 },
  );
});

test('every pair goes together, each takes something off, and all no more than the order', () => {
  fc.assert(
    fc.property(fc.array(COUPON, { maxLength: 10 }), LINES, (drawn, lines) => {
      const coupons = basketOf(drawn);
      const basket = bestBasket(coupons, orderOf(lines));
      const used = coupons.filter(({ id }) => basket.applied.some((one) => one.id === id));
      for (const one of used) {
        expect(one.refusal).toBeNull();
        const others = used.filter((other) => other !== one);
        expect(others.every((other) => mayCombine(one.stacking, other.stacking))).toBe(true);
      }
      for (const { discountMinor } of basket.applied) expect(discountMinor).toBeGreaterThan(0);
      const total = lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0);
      expect(off(basket)).toBeLessThanOrEqual(total);
      expect(basket.applied.length + basket.notApplied.length).toBe(coupons.length);
    }),
    { numRuns: 500 },
  );
});

test('with many coupons it is at least as good as the best of them alone', () => {
  fc.assert(
    fc.property(fc.array(COUPON, { minLength: 6, maxLength: 10 }), LINES, (drawn, lines) => {
      const coupons = basketOf(drawn);
      const order = orderOf(lines);
      const alone = coupons.map((one) => off(bestBasket([one], order)));
      expect(off(bestBasket(coupons, order))).toBeGreaterThanOrEqual(Math.max(...alone));
    }),
    { numRuns: 300 },
  );
});

test('the order of the codes does not matter', () => {
  const shuffled = fc
    .array(COUPON, { minLength: 2, maxLength: 8 })
    .map(basketOf)
    .chain((coupons) =>
      fc.tuple(
        fc.constant(coupons),
        fc.shuffledSubarray(coupons, { minLength: coupons.length, maxLength: coupons.length }),
      ),
    );
  const byId = (basket: ReturnType<typeof bestBasket>) =>
    [...basket.applied, ...basket.notApplied].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  fc.assert(
    fc.property(shuffled, LINES, ([coupons, others], lines) => {
      const order = orderOf(lines);
      expect(byId(bestBasket(others, order))).toEqual(byId(bestBasket(coupons, order)));
    }),
    { numRuns: 300 },
  );
});
