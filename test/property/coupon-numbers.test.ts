import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Audited, Cell } from '../../src/numbers/model.ts';
import { added, cellsOf, numbersOf } from '../../src/numbers/rules.ts';
import { couponEntry } from '../support/coupon-entries.ts';

const CLASSES = ['1990.lunch', '1990.sweets', '456.tea'];

const AUDITED: fc.Arbitrary<Audited> = fc
  .tuple(
    couponEntry(CLASSES),
    fc.date({ min: new Date('2026-01-01'), max: new Date('2026-01-02') }),
  )
  .filter(([, at]) => !Number.isNaN(at.getTime()))
  .map(([entry, at]) => ({ ...entry, detail: entry.detail ?? {}, at: at.toISOString() }));

/** Cuts at those places, in any order of them. */
function cutInto<T>(items: readonly T[], places: readonly number[]): T[][] {
  const sorted = [0, ...places.map((at) => at % (items.length + 1)), items.length];
  sorted.sort((left, right) => left - right);
  return sorted.slice(1).map((end, i) => items.slice(sorted[i], end));
}

const inOrder = (cells: readonly Cell[]) => cells.map((cell) => JSON.stringify(cell)).sort();

test('wherever the entries are cut into batches, the cells come to the same', () => {
  fc.assert(
    fc.property(
      fc.array(AUDITED, { maxLength: 60 }),
      fc.array(fc.nat({ max: 60 }), { maxLength: 8 }),
      (entries, places) => {
        const whole = added(entries.flatMap(cellsOf));
        const batches = cutInto(entries, places).map((batch) => added(batch.flatMap(cellsOf)));
        expect(inOrder(added(batches.flat()))).toEqual(inOrder(whole));
      },
    ),
    { numRuns: 300 },
  );
});

/** Counted from the entries by hand, without cells. */
function counted(entries: readonly Audited[], classId: string) {
  const of = (action: string, outcome: string, inDetail = 'classId') =>
    entries.filter(
      (entry) =>
        entry.action === action && entry.outcome === outcome && entry.detail[inDetail] === classId,
    );
  const sum = (some: readonly Audited[], field: string) =>
    some.reduce((total, { detail }) => total + Number(detail[field] ?? 0), 0);
  const [redeemed, reversed] = [of('redeem', 'redeemed'), of('reverse', 'reversed')];
  return {
    claimed: of('claim', 'issued').length,
    redeemed: redeemed.length - reversed.length,
    reversed: reversed.length,
    cloned: of('clone', 'made').length - of('reverse', 'reversed', 'cloneClassId').length,
    expired: sum(of('expire', 'expired'), 'count'),
    voided: of('coupon.void', 'voided').length,
    transferred: of('transfer.accept', 'accepted').length,
    orderTotalMinor: sum(redeemed, 'orderTotalMinor') - sum(reversed, 'orderTotalMinor'),
    discountMinor: sum(redeemed, 'discountMinor') - sum(reversed, 'discountMinor'),
    soldOut: of('claim', 'sold-out').length + of('redeem', 'sold-out').length,
  };
}

test('the numbers of a class are what counting its entries gives', () => {
  fc.assert(
    fc.property(fc.array(AUDITED, { maxLength: 60 }), (entries) => {
      for (const classId of CLASSES) {
        const cells = entries.flatMap(cellsOf).filter((cell) => cell.classId === classId);
        const { refused, ...numbers } = numbersOf(cells);
        const soldOut = refused['sold-out'] ?? 0;
        expect({ ...numbers, soldOut }).toEqual(counted(entries, classId));
      }
    }),
    { numRuns: 300 },
  );
});
