import { describe, expect, test } from 'vitest';
import type { Discount, Scope } from '../../src/coupons/model.ts';
import { type BasketCoupon, bestBasket, mayCombine } from '../../src/redemptions/basket-rules.ts';
import type { Order, RedemptionRefusal } from '../../src/redemptions/model.ts';

const amount = (amountMinor: number): Discount => ({
  kind: 'amount',
  amountMinor,
  currency: 'CNY',
});
const percent = (off: number, maxMinor?: number): Discount => ({
  kind: 'percent',
  percent: off,
  ...(maxMinor !== undefined && { maxMinor }),
});
const piece = (sku: string): Discount => ({ kind: 'exchange', sku });
const items = (...include: string[]): Scope => ({ kind: 'items', include, exclude: [] });

interface More {
  readonly scope?: Scope;
  readonly classId?: string;
  readonly group?: string;
  readonly exclusive?: true;
  readonly refusal?: RedemptionRefusal;
}

/** A coupon of a class of its own that goes with every other. */
function coupon(id: string, discount: Discount, more: More = {}): BasketCoupon {
  const { scope = { kind: 'all' }, classId = `class of ${id}`, group = null } = more;
  return {
    id,
    stacking: { classId, group, exclusive: more.exclusive === true },
    terms: { discount, scope, regularPriceOnly: false },
    refusal: more.refusal ?? null,
  };
}

const order = (totalMinor: number): Order => ({ id: 'o', currency: 'CNY', totalMinor });
const goods = (...lines: (readonly [sku: string, unitPriceMinor: number])[]): Order => ({
  id: 'o',
  currency: 'CNY',
  lines: lines.map(([sku, unitPriceMinor]) => ({ sku, quantity: 1, unitPriceMinor })),
});

/** What comes off by which coupon, and why the others are left out. */
function told(coupons: readonly BasketCoupon[], bought: Order): Record<string, number | string> {
  const { applied, notApplied } = bestBasket(coupons, bought);
  return Object.fromEntries([
    ...applied.map(({ id, discountMinor }) => [id, discountMinor] as const),
    ...notApplied.map(({ id, refusal }) => [id, refusal] as const),
  ]);
}

describe('an order with several coupons', () => {
  type Row = [string, readonly BasketCoupon[], Order, Record<string, number | string>];
  const no = 'not-combinable';
  test.each<Row>([
    [
      'takes all that go together',
      [coupon('a', amount(500)), coupon('b', amount(300))],
      order(4800),
      { a: 500, b: 300 },
    ],
    [
      'takes the percentage of all of it first',
      [coupon('a', amount(500)), coupon('b', percent(10))],
      order(5000),
      { a: 500, b: 500 },
    ],
    [
      'also a capped one',
      [coupon('a', amount(500)), coupon('b', percent(50, 100))],
      order(600),
      { a: 500, b: 100 },
    ],
    [
      'takes no more than there is',
      [coupon('a', amount(500)), coupon('b', amount(300))],
      order(700),
      { a: 500, b: 200 },
    ],
    [
      'uses none up for nothing',
      [coupon('a', amount(500)), coupon('b', amount(300))],
      order(500),
      { a: 500, b: no },
    ],
    [
      'takes one of a group, the better',
      [coupon('a', amount(300), { group: 'g' }), coupon('b', amount(500), { group: 'g' })],
      order(4800),
      { a: no, b: 500 },
    ],
    [
      'takes several groups',
      [coupon('a', amount(300), { group: 'g' }), coupon('b', amount(500), { group: 'h' })],
      order(4800),
      { a: 300, b: 500 },
    ],
    [
      'takes one of a class',
      [coupon('b', amount(500), { classId: 'c' }), coupon('a', amount(500), { classId: 'c' })],
      order(4800),
      { a: 500, b: no },
    ],
    [
      'takes an exclusive one alone where that is better',
      [
        coupon('a', amount(900), { exclusive: true }),
        coupon('b', amount(500)),
        coupon('c', amount(300)),
      ],
      order(4800),
      { a: 900, b: no, c: no },
    ],
    [
      'and leaves it where it is not',
      [
        coupon('a', amount(700), { exclusive: true }),
        coupon('b', amount(500)),
        coupon('c', amount(300)),
      ],
      order(4800),
      { a: no, b: 500, c: 300 },
    ],
    [
      'leaves out what could not be used alone, and says why',
      [coupon('a', amount(900), { refusal: 'min-spend-not-met' }), coupon('b', amount(500))],
      order(4800),
      { a: 'min-spend-not-met', b: 500 },
    ],
    [
      'a refused exclusive one stands in nobody’s way',
      [
        coupon('a', amount(900), { exclusive: true, refusal: 'coupon-expired' }),
        coupon('b', amount(500)),
      ],
      order(4800),
      { a: 'coupon-expired', b: 500 },
    ],
    [
      'takes none of which none is good',
      [coupon('a', amount(9), { refusal: 'coupon-voided' })],
      order(4800),
      { a: 'coupon-voided' },
    ],
    [
      'among equals takes the fewest',
      [
        coupon('a', amount(400), { group: 'g' }),
        coupon('b', amount(100)),
        coupon('c', amount(500), { group: 'g' }),
      ],
      order(500),
      { a: no, b: no, c: 500 },
    ],
  ])('%s', (_what, coupons, bought, expected) => {
    expect(told(coupons, bought)).toEqual(expected);
    expect(told(coupons.toReversed(), bought)).toEqual(expected);
  });
});

describe('what is left of each line', () => {
  const bunAndPen = goods(['bun', 1000], ['pen', 1000]);
  test('an amount on everything is shared out over the lines', () => {
    const coupons = [coupon('a', amount(1000)), coupon('b', amount(900), { scope: items('bun') })];
    // First the bun's own 900, then all of 1000; the other way 500 of the bun were gone.
    expect(told(coupons, bunAndPen)).toEqual({ a: 1000, b: 900 });
  });

  test('a free piece is free once', () => {
    const coupons = [coupon('a', piece('bun')), coupon('b', percent(50), { scope: items('bun') })];
    expect(told(coupons, bunAndPen)).toEqual({ a: 1000, b: 'not-combinable' });
    const two = goods(['bun', 1000], ['bun', 600]);
    expect(told(coupons, two)).toEqual({ a: 1000, b: 300 });
  });

  test('what does not divide comes off all the same', () => {
    const three = goods(['bun', 1], ['bun', 1], ['pen', 1]);
    const coupons = [coupon('a', amount(2)), coupon('b', amount(2))];
    expect(told(coupons, three)).toEqual({ a: 2, b: 1 });
  });
});

test('ten coupons on a long bill are decided in a moment', () => {
  const bill = goods(...Array.from({ length: 1000 }, (_, n) => [`sku-${n}`, 100 + n] as const));
  const kinds = [amount(500), percent(3), piece('sku-7')];
  const coupons = Array.from({ length: 10 }, (_, n) =>
    coupon(`cpn_${n}`, kinds[n % 3] ?? amount(1)),
  );
  const begun = performance.now();
  expect(bestBasket(coupons, bill).applied.length).toBeGreaterThan(3);
  expect(performance.now() - begun).toBeLessThan(2000);
});

test('an exclusive coupon combines with none, and no two of a class or a group do', () => {
  const free = { classId: 'a', group: null, exclusive: false };
  expect(mayCombine(free, { ...free, classId: 'b' })).toBe(true);
  expect(mayCombine(free, free)).toBe(false);
  expect(mayCombine(free, { ...free, classId: 'b', exclusive: true })).toBe(false);
  expect(mayCombine({ ...free, group: 'g' }, { ...free, classId: 'b' })).toBe(true);
  expect(mayCombine({ ...free, group: 'g' }, { ...free, classId: 'b', group: 'g' })).toBe(false);
});
