import { describe, expect, test } from 'vitest';
import type { Discount, Scope } from '../../src/coupons/model.ts';
import { sumsOf, totalOf } from '../../src/redemptions/amounts.ts';
import type { Order, OrderLine } from '../../src/redemptions/model.ts';

const FIVE_OFF: Discount = { kind: 'amount', amountMinor: 500, currency: 'CNY' };
const ALL: Scope = { kind: 'all' };
const line = (sku: string, unitPriceMinor: number, more: Partial<OrderLine> = {}): OrderLine => ({
  sku,
  quantity: 1,
  unitPriceMinor,
  ...more,
});
const lines = (...some: OrderLine[]) => ({ lines: some });
const total = (totalMinor: number) => ({ totalMinor });

interface Terms {
  readonly discount?: Discount;
  readonly scope?: Scope;
  readonly regularPriceOnly?: boolean;
}

/** Order total, what is in scope of it and what comes off; null when nothing fits. */
type Told = readonly [order: number, inScope: number, discount: number] | null;
type Row = [what: string, Terms, Pick<Order, 'lines' | 'totalMinor'>, Told];

function check(rows: readonly Row[]): void {
  test.each(rows)('%s', (_what, terms, order, told) => {
    const complete = { discount: FIVE_OFF, scope: ALL, regularPriceOnly: false, ...terms };
    const sums = sumsOf(complete, { id: 'o', currency: 'CNY', ...order });
    const { orderTotalMinor, inScope } = sums;
    const shown = inScope && [orderTotalMinor, inScope.totalMinor, inScope.discountMinor];
    expect(shown).toEqual(told);
  });
}

describe('an amount off', () => {
  check([
    ['a larger order', {}, total(3000), [3000, 3000, 500]],
    ['an order of just that', {}, total(500), [500, 500, 500]],
    ['never more than the order', {}, total(300), [300, 300, 300]],
    ['nothing off nothing', {}, total(0), [0, 0, 0]],
  ]);
});

describe('a percentage off', () => {
  const percent = (value: number, maxMinor?: number): Terms => ({
    discount: { kind: 'percent', percent: value, ...(maxMinor !== undefined && { maxMinor }) },
  });
  check([
    ['a tenth', percent(10), total(3000), [3000, 3000, 300]],
    ['all of it', percent(100), total(3000), [3000, 3000, 3000]],
    ['rounded down to the minor unit', percent(10), total(999), [999, 999, 99]],
    ['a fraction of a percent', percent(12.5), total(800), [800, 800, 100]],
    ['exact where doubles are not', percent(0.57), total(10_000), [10_000, 10_000, 57]],
    [
      'exact in large amounts',
      percent(0.35),
      total(9_999_999_980_000),
      [9_999_999_980_000, 9_999_999_980_000, 34_999_999_930],
    ],
    ['below its cap', percent(10, 301), total(3000), [3000, 3000, 300]],
    ['up to its cap', percent(10, 299), total(3000), [3000, 3000, 299]],
  ]);
});

describe('goods for the coupon', () => {
  const cup: Terms = { discount: { kind: 'exchange', sku: 'cup' } };
  check([
    ['one piece is free', cup, lines(line('cup', 700), line('bun', 300)), [1000, 700, 700]],
    ['one of three pieces', cup, lines(line('cup', 700, { quantity: 3 })), [2100, 2100, 700]],
    ['the dearest of two lines', cup, lines(line('cup', 700), line('cup', 900)), [1600, 1600, 900]],
    ['half a piece by weight', cup, lines(line('cup', 700, { quantity: 0.5 })), [350, 350, 350]],
    ['none in the order', cup, lines(line('bun', 300)), null],
    ['nobody can tell from a sum', cup, total(1000), null],
    [
      'in a category that is out of scope',
      { ...cup, scope: { kind: 'categories', include: ['food'], exclude: [] } },
      lines(line('cup', 700, { category: 'drinks' })),
      null,
    ],
  ]);
});

describe('what is in scope', () => {
  const food: Terms = { scope: { kind: 'categories', include: ['food'], exclude: [] } };
  const noWine: Terms = {
    scope: { kind: 'categories', include: ['food', 'drinks'], exclude: ['wine', 'bun'] },
  };
  const buns: Terms = { scope: { kind: 'items', include: ['bun', 'roll'], exclude: ['stale'] } };
  check([
    [
      'one category',
      food,
      lines(line('bun', 900, { category: 'food' }), line('pen', 100)),
      [1000, 900, 500],
    ],
    ['no line of the category', food, lines(line('pen', 100, { category: 'goods' })), null],
    ['a line without a category', food, lines(line('bun', 900)), null],
    ['a sum tells no categories', food, total(3000), null],
    [
      'an item out of an included category',
      noWine,
      lines(line('bun', 900, { category: 'food' })),
      null,
    ],
    ['a category out of others', noWine, lines(line('red', 900, { category: 'wine' })), null],
    [
      'the rest of it',
      noWine,
      lines(line('roll', 900, { category: 'food' }), line('bun', 100, { category: 'food' })),
      [1000, 900, 500],
    ],
    ['named items', buns, lines(line('roll', 900), line('pen', 100)), [1000, 900, 500]],
    [
      'named items in a category left out',
      buns,
      lines(line('roll', 900, { category: 'stale' })),
      null,
    ],
    ['a category is no item', buns, lines(line('x', 900, { category: 'bun' })), null],
    [
      'never more off than is in scope',
      food,
      lines(line('bun', 300, { category: 'food' }), line('pen', 9000)),
      [9300, 300, 300],
    ],
  ]);
});

describe('at the regular price only', () => {
  const regular: Terms = { regularPriceOnly: true };
  check([
    [
      'goods on promotion do not count',
      regular,
      lines(line('a', 900), line('b', 600, { onPromotion: true })),
      [1500, 900, 500],
    ],
    ['all on promotion', regular, lines(line('a', 900, { onPromotion: true })), null],
    ['said not to be', regular, lines(line('a', 900, { onPromotion: false })), [900, 900, 500]],
    ['a sum does not tell', regular, total(900), null],
    [
      'otherwise promotion does not matter',
      {},
      lines(line('a', 900, { onPromotion: true })),
      [900, 900, 500],
    ],
  ]);
});

describe('the sum of an order', () => {
  test.each<[what: string, readonly [quantity: number, unitPriceMinor: number][], sum: number]>([
    [
      'pieces',
      [
        [2, 2400],
        [1, 150],
      ],
      4950,
    ],
    ['goods by weight', [[0.345, 1990]], 687],
    ['half a minor unit is one', [[0.5, 1]], 1],
    ['less is none', [[0.4999, 1]], 0],
    ['a half that doubles lose', [[1.005, 100]], 101],
    [
      'each line rounded by itself',
      [
        [0.5, 1],
        [0.5, 1],
        [0.5, 1],
      ],
      3,
    ],
    ['next to nothing', [[1e-7, 1000]], 0],
    ['much', [[1_000_000, 10_000_000]], 10_000_000_000_000],
  ])('%s', (_what, some, sum) => {
    expect(totalOf(some.map(([quantity, price]) => line('a', price, { quantity })))).toBe(sum);
  });
});
