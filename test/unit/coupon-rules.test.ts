import { describe, expect, test } from 'vitest';
import type { CouponClass } from '../../src/coupons/model.ts';
import {
  type ClassChange,
  changed,
  decideClassChange,
  flawsOf,
  isCurrency,
} from '../../src/coupons/rules.ts';

const CLASS: CouponClass = {
  id: '1990.lunch',
  issuerId: '1990',
  name: { en: 'Lunch', 'zh-CN': '午餐' },
  description: null,
  issueType: 'manual',
  scene: 'all',
  claimStart: new Date('2026-11-01T00:00:00Z'),
  claimEnd: new Date('2026-12-01T00:00:00Z'),
  perMemberLimit: 1,
  stock: 100,
  claimed: 0,
  validity: { kind: 'relative', availableAfterHours: 0, validDays: 7 },
  discount: { kind: 'amount', amountMinor: 500, currency: 'CNY' },
  minSpendMinor: 3000,
  scope: { kind: 'categories', include: ['food'], exclude: ['wine', 'beer'] },
  regularPriceOnly: false,
  memberClasses: [],
  plusOnly: false,
  stores: [],
  redemptionIssuers: ['1990'],
  maxClones: 3,
  cloneClassId: null,
  cloneAfterHours: 24,
  timeZone: 'Asia/Shanghai',
  claimHours: [],
  useHours: [],
  perMemberDayLimit: null,
  perMemberWeekLimit: null,
  stackingGroup: null,
  exclusive: false,
  budgetMinor: 100_000,
  committedMinor: 0,
  expiryNoticeDays: -1,
  transferable: false,
  draft: false,
  voidedAt: null,
};

const PROMISES: readonly [what: string, ClassChange][] = [
  ['another discount', { discount: { kind: 'amount', amountMinor: 501, currency: 'CNY' } }],
  ['another currency', { discount: { kind: 'amount', amountMinor: 500, currency: 'EUR' } }],
  ['a discount of another kind', { discount: { kind: 'percent', percent: 10 } }],
  ['a lower minimum spend', { minSpendMinor: 0 }],
  ['a longer validity', { validity: { kind: 'relative', availableAfterHours: 0, validDays: 8 } }],
  ['another scope', { scope: { kind: 'all' } }],
  ['another coupon in return', { cloneClassId: '1990.dinner' }],
  ['a longer wait for what comes back', { cloneAfterHours: 25 }],
  ['another zone', { timeZone: 'UTC' }],
  ['hours of use', { useHours: [{ days: ['mon'], from: '08:00', to: '09:00' }] }],
  ['a stacking group', { stackingGroup: 'lunch' }],
  ['to stand alone', { exclusive: true }],
  ['a smaller budget', { budgetMinor: 99_999 }],
  ['a scope in another order', { scope: { ...CLASS.scope, exclude: ['beer', 'wine'] } as never }],
  ['more clones', { maxClones: 4 }],
  ['no clones', { maxClones: null }],
  ['less stock', { stock: 99 }],
];

const FREE: readonly [what: string, ClassChange][] = [
  ['nothing', {}],
  ['the name', { name: 'Late lunch' }],
  ['the description', { description: 'Weekdays' }],
  ['the claim window', { claimEnd: new Date('2027-01-01T00:00:00Z') }],
  ['the limit', { perMemberLimit: 5 }],
  ['more stock', { stock: 101 }],
  ['the same stock', { stock: 100 }],
  [
    'the same discount, its names in another order',
    {
      discount: { currency: 'CNY', amountMinor: 500, kind: 'amount' },
    },
  ],
  [
    'the same scope said again',
    {
      scope: { kind: 'categories', include: ['food'], exclude: ['wine', 'beer'] },
    },
  ],
  ['the same promise said again', { minSpendMinor: 3000, maxClones: 3 }],
  ['a shorter wait for what comes back', { cloneAfterHours: 0 }],
  ['hours of claiming', { claimHours: [{ days: ['mon'], from: '08:00', to: '09:00' }] }],
  ['limits of a day and a week', { perMemberDayLimit: 1, perMemberWeekLimit: 2 }],
  ['a larger budget', { budgetMinor: 100_001 }],
  ['no budget', { budgetMinor: null }],
  ['the status, which is open', { draft: false }],
];

/** Where and by whom a coupon may be used: what is wider, and what is less than was promised. */
const REACH: readonly [
  what: string,
  Partial<CouponClass>,
  wider: ClassChange,
  less: ClassChange,
][] = [
  ['the scene', { scene: 'in_store' }, { scene: 'all' }, { scene: 'online' }],
  ['every scene', { scene: 'all' }, { scene: 'all' }, { scene: 'in_store' }],
  ['the stores', { stores: ['a', 'b'] }, { stores: ['c', 'b', 'a'] }, { stores: ['a', 'c'] }],
  ['some stores', { stores: ['a'] }, { stores: [] }, { stores: ['b'] }],
  ['every store', { stores: [] }, { stores: [] }, { stores: ['a'] }],
  [
    'the member classes',
    { memberClasses: ['1990.gold'] },
    { memberClasses: ['1990.gold', '1990.silver'] },
    { memberClasses: ['1990.silver'] },
  ],
  ['everyone', { memberClasses: [] }, { memberClasses: [] }, { memberClasses: ['1990.gold'] }],
  [
    'the redemption issuers',
    { redemptionIssuers: ['1990', '456'] },
    { redemptionIssuers: ['789', '456', '1990'] },
    { redemptionIssuers: ['1990'] },
  ],
  [
    'regular prices',
    { regularPriceOnly: true },
    { regularPriceOnly: false },
    { regularPriceOnly: true, plusOnly: true },
  ],
  ['every price', {}, { regularPriceOnly: false }, { regularPriceOnly: true }],
  ['PLUS', { plusOnly: true }, { plusOnly: false }, { plusOnly: true, stores: ['a'] }],
  ['everyone, PLUS or not', {}, { plusOnly: false }, { plusOnly: true }],
  ['giving away', { transferable: true }, { transferable: true }, { transferable: false }],
  ['keeping', {}, { transferable: true }, { transferable: true, scene: 'online' }],
];

describe('before the first claim everything may change', () => {
  test.each([...PROMISES, ...FREE])('%s', (_what, change) => {
    expect(decideClassChange(CLASS, change)).toBeNull();
  });

  test.each(REACH)('%s', (_what, current, wider, less) => {
    expect(decideClassChange({ ...CLASS, ...current }, wider)).toBeNull();
    expect(decideClassChange({ ...CLASS, ...current }, less)).toBeNull();
  });
});

describe('after the first claim', () => {
  const claimed = { ...CLASS, claimed: 1 };
  test.each(PROMISES)('the promise is locked: %s', (_what, change) => {
    expect(decideClassChange(claimed, change)).toBe('locked-after-first-claim');
  });

  test.each(FREE)('the rest is free: %s', (_what, change) => {
    expect(decideClassChange(claimed, change)).toBeNull();
  });

  test.each(REACH)('%s may become wider, not less', (_what, current, wider, less) => {
    expect(decideClassChange({ ...claimed, ...current }, wider)).toBeNull();
    expect(decideClassChange({ ...claimed, ...current }, less)).toBe('locked-after-first-claim');
  });

  test('one locked field locks the whole change', () => {
    const change = { name: 'Late lunch', minSpendMinor: 1 };
    expect(decideClassChange(claimed, change)).toBe('locked-after-first-claim');
  });
});

describe('drafts and voided classes', () => {
  test.each<[what: string, Partial<CouponClass>, ClassChange, string | null]>([
    ['a draft is published', { draft: true }, { draft: false }, null],
    ['a draft stays one', { draft: true }, { draft: true }, null],
    ['a published class becomes no draft', {}, { draft: true }, 'already-published'],
    ['nor after claims', { claimed: 1 }, { draft: true, stock: 1 }, 'already-published'],
    [
      'a voided class does not change',
      { voidedAt: new Date(0) },
      { name: 'x' },
      'coupon-class-voided',
    ],
    [
      'nor does it become a draft',
      { voidedAt: new Date(0) },
      { draft: true },
      'coupon-class-voided',
    ],
    [
      'nor a voided draft a class',
      { voidedAt: new Date(0), draft: true },
      { draft: false },
      'coupon-class-voided',
    ],
  ])('%s', (_what, current, change, told) => {
    expect(decideClassChange({ ...CLASS, ...current }, change)).toBe(told);
  });
});

describe('a class that nobody could use', () => {
  const fixed = (start: string, end: string): Partial<CouponClass> => ({
    validity: { kind: 'fixed', start, end },
  });
  test.each<[what: string, Partial<CouponClass>, fields: string[]]>([
    ['is not this one', {}, []],
    ['has a window that ends as it starts', { claimEnd: CLASS.claimStart }, ['claimWindow']],
    [
      'is over before its window starts',
      fixed('2026-10-01T00:00:00Z', '2026-10-31T23:59:59.999Z'),
      ['validity'],
    ],
    ['is over just then', fixed('2026-10-01T00:00:00Z', '2026-11-01T00:00:00Z'), ['validity']],
    [
      'is not one that is over a moment later, in another zone',
      fixed('2026-10-01T00:00:00Z', '2026-11-01T08:00:00.001+08:00'),
      [],
    ],
    ['is not one that begins later', fixed('2027-01-01T00:00:00Z', '2027-02-01T00:00:00Z'), []],
    [
      'has both',
      { claimEnd: new Date(0), ...fixed('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z') },
      ['claimWindow', 'validity'],
    ],
  ])('%s', (_what, fields, expected) => {
    expect(flawsOf({ ...CLASS, ...fields }).map(({ field }) => field)).toEqual(expected);
  });
});

test('a change replaces what it says and nothing else', () => {
  const change: ClassChange = { stock: 7, maxClones: null, name: undefined };
  expect(changed(CLASS, change)).toEqual({ ...CLASS, stock: 7, maxClones: null });
});

test.each([
  ['CNY', true],
  ['EUR', true],
  ['USD', true],
  ['ZZZ', false],
  ['XTS', false],
  ['cny', false],
])('%s is money in use: %s', (code, expected) => {
  expect(isCurrency(code)).toBe(expected);
});
