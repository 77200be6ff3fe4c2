import { describe, expect, it } from 'vitest';
import { localDate } from '../../src/numbers/day-rules.ts';
import type { Audited, Cell } from '../../src/numbers/model.ts';
import { auditedOf, cellsOf, idToLookUp, numbersOf } from '../../src/numbers/rules.ts';

const LUNCH = '1990.lunch';
const SWEETS = '1990.sweets';

function entry(action: string, outcome: string, detail: Audited['detail'], subject = 'x'): Audited {
  return { at: '2026-11-21T04:59:59.999Z', action, outcome, subject, detail };
}

const EMPTY: Cell = {
  classId: LUNCH,
  hour: '2026-11-21T04:00:00.000Z',
  measure: 'claimed',
  reason: '',
  storeId: '',
  redemptionIssuerId: '',
  count: 1,
  orderTotalMinor: 0,
  discountMinor: 0,
};

const ofLunch = { classId: LUNCH, rule: 'r', version: 3 };
const till = { ...ofLunch, storeId: 'harbour', redemptionIssuerId: '456' };
const amounts = { orderTotalMinor: 3900, discountMinor: 500 };
const atTill = { storeId: 'harbour', redemptionIssuerId: '456' };

describe('what an audit entry adds to the numbers', () => {
  it.each<[action: string, outcome: string, detail: Audited['detail'], cells: Partial<Cell>[]]>([
    ['claim', 'issued', ofLunch, [{ measure: 'claimed' }]],
    ['claim', 'issued', { ...ofLunch, storeId: 'h' }, [{ measure: 'claimed', storeId: 'h' }]],
    ['claim', 'sold-out', ofLunch, [{ measure: 'refused', reason: 'sold-out' }]],
    ['claim', 'tap-expired', ofLunch, [{ measure: 'refused', reason: 'tap-expired' }]],
    [
      'redeem',
      'redeemed',
      { ...till, ...amounts },
      [{ measure: 'redeemed', ...atTill, ...amounts }],
    ],
    [
      'redeem',
      'coupon-expired',
      { ...till, ...amounts },
      [{ measure: 'refused', reason: 'coupon-expired', ...atTill }],
    ],
    [
      'reverse',
      'reversed',
      { ...till, ...amounts },
      [{ measure: 'reversed', ...atTill, ...amounts }],
    ],
    [
      'reverse',
      'reversed',
      { ...till, ...amounts, cloneClassId: SWEETS },
      [
        { measure: 'reversed', ...atTill, ...amounts },
        { measure: 'unmade', classId: SWEETS, ...atTill },
      ],
    ],
    [
      'reverse',
      'clone-already-redeemed',
      till,
      [{ measure: 'refused', reason: 'clone-already-redeemed', ...atTill }],
    ],
    ['clone', 'made', ofLunch, [{ measure: 'cloned' }]],
    [
      'clone',
      'made',
      { ...ofLunch, cloneClassId: SWEETS },
      [{ measure: 'cloned', classId: SWEETS }],
    ],
    ['clone', 'none-due', ofLunch, []],
    ['hold', 'held', { ...till, ...amounts }, []],
    ['hold', 'coupon-held', till, [{ measure: 'refused', reason: 'coupon-held', ...atTill }]],
    ['confirm', 'hold-expired', till, [{ measure: 'refused', reason: 'hold-expired', ...atTill }]],
    ['release', 'released', till, []],
    ['release', 'hold-expired', till, []],
    [
      'release',
      'redemption-confirmed',
      till,
      [{ measure: 'refused', reason: 'redemption-confirmed', ...atTill }],
    ],
    ['expire', 'expired', { ...ofLunch, count: 41 }, [{ measure: 'expired', count: 41 }]],
    ['expire', 'expired', { ...ofLunch, count: 0 }, []],
    ['coupon.void', 'voided', ofLunch, [{ measure: 'voided' }]],
    ['coupon.void', 'unchanged', ofLunch, []],
    [
      'coupon.void',
      'coupon-already-redeemed',
      ofLunch,
      [{ measure: 'refused', reason: 'coupon-already-redeemed' }],
    ],
    ['transfer.create', 'created', ofLunch, []],
    [
      'transfer.create',
      'not-transferable',
      ofLunch,
      [{ measure: 'refused', reason: 'not-transferable' }],
    ],
    ['transfer.accept', 'accepted', ofLunch, [{ measure: 'transferred' }]],
    [
      'transfer.accept',
      'coupon-expired',
      ofLunch,
      [{ measure: 'refused', reason: 'coupon-expired' }],
    ],
    ['transfer.revoke', 'revoked', ofLunch, []],
    ['wallet.create', 'created', ofLunch, []],
    ['constructor', 'name', ofLunch, []],
    ['claim', 'constructor', ofLunch, [{ measure: 'refused', reason: 'constructor' }]],
    // Of an earlier release, or of somebody else's making.
    ['claim', 'issued', {}, []],
    ['claim', 'issued', { classId: 7 }, []],
    [
      'redeem',
      'redeemed',
      { ...till, orderTotalMinor: '7', discountMinor: -1 },
      [{ measure: 'redeemed', ...atTill }],
    ],
    ['claim', 'issued', { ...ofLunch, count: 1.5 }, []],
  ])('%s %s %j: %j', (action, outcome, detail, cells) => {
    const expected = cells.map((cell) => ({ ...EMPTY, ...cell }));
    expect(cellsOf(entry(action, outcome, detail))).toEqual(expected);
  });

  it('counts the coupons that went with their class, by the name of the class', () => {
    const voided = entry('coupon-class.void', 'done', { voidedCoupons: 12 }, LUNCH);
    expect(cellsOf(voided)).toEqual([{ ...EMPTY, measure: 'voided', count: 12 }]);
    expect(cellsOf({ ...voided, detail: { voidedCoupons: 0 } })).toEqual([]);
  });

  it.each(['infinity', '-infinity', '2026-11-21 04:00:00+00 BC', '20260-11-21T04:00:00.000Z'])(
    'is nothing at a time such as %s',
    (at) => {
      expect(cellsOf({ ...entry('claim', 'issued', ofLunch), at })).toEqual([]);
    },
  );

  it.each(['null', '7', '"text"', '[]', '[7]'])('is nothing when its detail is %s', (detail) => {
    const { detail: _, ...rest } = entry('claim', 'issued', {});
    expect(cellsOf(auditedOf({ ...rest, detail }))).toEqual([]);
  });
});

describe('where the class of an entry is looked up that does not tell it', () => {
  it.each<[action: string, outcome: string, detail: Audited['detail'], id: string | null]>([
    ['redeem', 'redeemed', { redemptionId: 'red_1' }, 'red_1'],
    ['redeem', 'coupon-expired', { redemptionId: null }, 'subject'],
    ['reverse', 'reversed', {}, 'subject'],
    ['clone', 'made', { couponId: 'cpn_2' }, 'subject'],
    ['redeem', 'redeemed', { ...ofLunch, redemptionId: 'red_1' }, null],
    ['claim', 'issued', {}, null],
    ['wallet.create', 'created', {}, null],
  ])('%s %s %j: %s', (action, outcome, detail, id) => {
    expect(idToLookUp(entry(action, outcome, detail, 'subject'))).toBe(id);
  });
});

describe('the numbers', () => {
  const cell = (measure: Cell['measure'], more: Partial<Cell> = {}) => ({
    ...EMPTY,
    measure,
    ...more,
  });

  it('are those that stand after reversals', () => {
    const cells = [
      cell('claimed', { count: 10 }),
      cell('redeemed', { count: 6, orderTotalMinor: 6000, discountMinor: 600 }),
      cell('reversed', { count: 2, orderTotalMinor: 2500, discountMinor: 200 }),
      cell('cloned', { count: 5 }),
      cell('unmade', { count: 1 }),
      cell('refused', { reason: 'sold-out', count: 3 }),
      cell('refused', { reason: 'sold-out' }),
      cell('refused', { reason: 'coupon-expired' }),
      cell('expired', { count: 2 }),
      cell('voided'),
      cell('transferred', { count: 7 }),
    ];
    expect(numbersOf(cells)).toEqual({
      claimed: 10,
      redeemed: 4,
      reversed: 2,
      cloned: 4,
      expired: 2,
      voided: 1,
      transferred: 7,
      refused: { 'sold-out': 4, 'coupon-expired': 1 },
      orderTotalMinor: 3500,
      discountMinor: 400,
    });
  });

  it('stop where a double would lose them', () => {
    const most = cell('redeemed', { orderTotalMinor: Number.MAX_SAFE_INTEGER });
    expect(numbersOf([most, most]).orderTotalMinor).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('the day of an instant', () => {
  it.each([
    ['2026-11-21T15:59:59.999Z', 'Asia/Shanghai', '2026-11-21'],
    ['2026-11-21T16:00:00.000Z', 'Asia/Shanghai', '2026-11-22'],
    ['2026-11-21T16:00:00.000Z', 'UTC', '2026-11-21'],
    ['2026-03-08T07:59:00.000Z', 'America/Los_Angeles', '2026-03-07'],
    ['2026-12-31T23:00:00.000Z', 'Pacific/Kiritimati', '2027-01-01'],
    ['2026-11-21T18:00:00.000Z', 'Asia/Kolkata', '2026-11-21'],
  ])('%s in %s is %s', (instant, zone, day) => {
    expect(localDate(new Date(instant), zone)).toBe(day);
  });
});
