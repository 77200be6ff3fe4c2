import { describe, expect, test } from 'vitest';
import type { CouponClass } from '../../src/coupons/model.ts';
import { type ClassChange, decideClassChange } from '../../src/coupons/rules.ts';

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
  ['the redemption issuers', { redemptionIssuers: ['1990', '456'] }],
  ['the stores', { stores: ['harbour'] }],
  ['transferable', { transferable: true }],
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
  ['the status, which is open', { draft: false }],
];

describe('before the first claim everything may change', () => {
  test.each([...PROMISES, ...FREE])('%s', (_what, change) => {
    expect(decideClassChange(CLASS, change)).toBeNull();
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
